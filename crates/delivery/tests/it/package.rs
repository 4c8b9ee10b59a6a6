//! Which files a package holds, under which names.
use crate::world::{School, absent, files, item, make, subject};
use delivery::{Form, ListKind, Profile};
use domain::UtcMs;

fn school() -> School {
    School {
        items: vec![
            item(1, subject("2026001", "欧阳一", "1 班")),
            item(2, subject("2026002", "司马二", "1 班")),
            item(3, subject("2026003", "诸葛三", "2/3 班")),
            item(4, Default::default()),
        ],
        lists: vec![absent("2026009", "缺席者")],
    }
}

#[test]
fn a_folder_for_each_class_and_every_list_in_every_form() {
    let made = make(&school(), &Profile::find("school").unwrap());
    let names: Vec<_> = files(&made.pictures).into_keys().collect();
    expect_test::expect![[r#"
        absent.csv
        absent.dbf
        absent.json
        absent.xlsx
        checksums.txt
        images/1 班/2026001.jpg
        images/1 班/2026002.jpg
        images/2_3 班/2026003.jpg
        manifest.csv
        manifest.dbf
        manifest.json
        manifest.xlsx
        receipt.json
        rejected.csv
        rejected.dbf
        rejected.json
        rejected.xlsx
        unmatched.csv
        unmatched.dbf
        unmatched.json
        unmatched.xlsx"#]]
    .assert_eq(&names.join("\n"));
    let body = made.receipt.body;
    assert_eq!(
        (body.pictures, body.unmatched, body.rejected, body.absent),
        (3, 1, 0, 1)
    );
    assert!(made.papers.is_empty());
}

#[test]
fn each_picture_lies_under_its_own_persons_name() {
    let made = make(&school(), &Profile::find("school").unwrap());
    let files = files(&made.pictures);
    assert_eq!(files["images/1 班/2026002.jpg"], b"picture of AB12CD-20260901000000002");
}

#[test]
fn two_pictures_of_one_name_are_both_refused_and_listed() {
    let mut school = school();
    school.items.push(item(5, subject("2026001", "另一人", "1 班")));
    let made = make(&school, &Profile::find("school").unwrap());
    let files = files(&made.pictures);
    assert!(!files.contains_key("images/1 班/2026001.jpg"));
    let unmatched = String::from_utf8(files["unmatched.csv"].clone()).unwrap();
    assert_eq!(unmatched.matches("same_name").count(), 2, "{unmatched}");
    assert_eq!(unmatched.matches("no_student_number").count(), 1, "{unmatched}");
    assert_eq!(made.receipt.body.pictures, 2);
    assert_eq!(made.receipt.body.unmatched, 3);
}

#[test]
fn names_that_differ_only_in_case_are_one_name_on_windows() {
    let school = School {
        items: vec![item(1, subject("a1", "甲", "1")), item(2, subject("A1", "乙", "1"))],
        lists: Vec::new(),
    };
    let made = make(&school, &Profile::find("school").unwrap());
    assert_eq!((made.receipt.body.pictures, made.receipt.body.unmatched), (0, 2));
}

#[test]
fn a_receiver_of_pictures_only_gets_nothing_else() {
    let made = make(&school(), &Profile::find("pictures-only").unwrap());
    let names: Vec<_> = files(&made.pictures).into_keys().collect();
    assert_eq!(
        names,
        [
            "430102200501012026001.jpg",
            "430102200501012026002.jpg",
            "430102200501012026003.jpg"
        ]
    );
    let papers = files(&made.papers);
    for name in ["manifest.csv", "absent.json", "checksums.txt", "receipt.json"] {
        assert!(papers.contains_key(name), "{name}");
    }
}

#[test]
fn the_lists_of_the_source_follow_ours() {
    let mut school = school();
    school.lists.push((ListKind::Unmatched, absent("77", "孤片").1));
    let made = make(&school, &Profile::find("school").unwrap());
    assert_eq!(made.receipt.body.unmatched, 2);
}

#[test]
fn the_same_contents_make_the_same_bytes() {
    let profile = Profile::find("school").unwrap();
    assert_eq!(make(&school(), &profile).pictures, make(&school(), &profile).pictures);
}

#[test]
fn what_a_package_would_hold_is_known_before_it_is_made() {
    let mut school = school();
    school.items.push(item(5, subject("2026001", "重名者", "1 班")));
    let folder = tempfile::tempdir().unwrap();
    for profile in Profile::built_in() {
        let made = make(&school, &profile).receipt.body;
        let counts = delivery::count(&school, &profile).unwrap();
        assert_eq!(counts.pictures, made.pictures, "{}", profile.id);
        assert_eq!(
            counts.lists,
            [made.unmatched, made.rejected, made.absent],
            "{}",
            profile.id
        );
        let mut csv = Vec::new();
        let kind = ListKind::Unmatched;
        let rows = delivery::list(&school, &profile, kind, Form::Csv, UtcMs(0), folder.path(), &mut csv).unwrap();
        assert_eq!(rows, made.unmatched);
        assert_eq!(String::from_utf8(csv).unwrap().lines().count() as u64, rows + 1);
    }
}
