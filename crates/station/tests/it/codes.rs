//! Which codes may seat somebody without anybody's doing?
use station::code_shape::{CodeShapes, Fit};

fn after(codes: &[&str]) -> CodeShapes {
    let mut shapes = CodeShapes::default();
    codes.iter().for_each(|code| shapes.learn(code.as_bytes()));
    shapes
}

#[test]
fn before_anything_is_learnt_only_what_looks_like_something_else_is_odd() {
    let none = CodeShapes::default();
    assert_eq!(none.fit(b"XYDEMO1|0001|z*|430102********0011"), Fit::Unknown);
    assert_eq!(none.fit(b"\xff\x00anything"), Fit::Unknown);
    assert_eq!(none.fit(b"https://example.org/poster"), Fit::Odd);
    assert_eq!(none.fit(b"wxp://f2f0aBcD"), Fit::OtherUse);
}

#[test]
fn three_people_with_codes_alike_make_another_one_odd() {
    let two = after(&["A1B2C3D4E5F6", "B1B2C3D4E5F6"]);
    assert_eq!(two.fit(b"hello, world"), Fit::Unknown);
    let three = after(&["A1B2C3D4E5F6", "B1B2C3D4E5F6", "C1B2C3D4E5F6"]);
    assert_eq!(three.fit(b"D1B2C3D4E5F6"), Fit::Fits);
    assert_eq!(three.fit(b"D1B2C3D4E5F67"), Fit::Fits, "one more letter");
    assert_eq!(three.fit(b"D1"), Fit::Odd);
    assert_eq!(three.fit(b"hello, world"), Fit::Odd);
    assert_eq!(three.fit(b"https://example.org/poster"), Fit::Odd);
}

#[test]
fn a_school_whose_codes_are_addresses_teaches_them_with_the_gun() {
    let learnt = after(&[
        "https://codes.example.org/c?1",
        "https://codes.example.org/c?2",
        "https://CODES.example.org/c?3",
    ]);
    assert_eq!(learnt.fit(b"https://codes.example.org/c?4"), Fit::Fits);
    assert_eq!(learnt.fit(b"https://example.org/poster-of-the"), Fit::Odd);
    // A payment code that was scanned by a slip teaches nothing.
    let slips = after(&["wxp://a1", "wxp://b2", "wxp://c3"]);
    assert_eq!(slips.fit(b"wxp://d4"), Fit::OtherUse);
}

#[test]
fn what_was_learnt_survives_the_store_and_holds_nobodys_code() {
    let learnt = after(&["https://codes.example.org/c?1", "A1B2C3D4E5F6", "\u{5f20}|1"]);
    let text = learnt.text();
    assert_eq!(CodeShapes::from_text(&text), learnt);
    assert!(!text.contains("A1B2") && !text.contains("c?1"), "{text}");
    assert_eq!(
        CodeShapes::from_text("nonsense\nword 1 2\nword a b c\n"),
        CodeShapes::default()
    );
}
