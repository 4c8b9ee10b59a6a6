//! Collection codes, person keys, masks, identifiers.
use domain::code::{CodeError, CollectionCode, CollectionCodeDecoder, DemoDecoder, MAX_PAYLOAD_BYTES, OpaqueDecoder};
use domain::{BlobId, PersonKey, RosterEntry, Subject, mask};
use proptest::prelude::*;

#[test]
fn a_code_is_any_bytes_and_keyed_by_its_hash() {
    let code = CollectionCode::new(b"  \xff\x00abc\r\n").unwrap();
    assert_eq!(code.payload(), b"\xff\x00abc");
    assert_eq!(code.hash(), CollectionCode::new(b"\xff\x00abc").unwrap().hash());
    assert_eq!(CollectionCode::new(b" \t\n"), Err(CodeError::Empty));
    assert_eq!(
        CollectionCode::new(&vec![b'x'; MAX_PAYLOAD_BYTES + 1]),
        Err(CodeError::TooLong)
    );
    assert_eq!(OpaqueDecoder.decode(&code), Default::default());
    assert_eq!(DemoDecoder.decode(&code), Default::default());
    let demo = DemoDecoder::encode("0001", "张*", "430102********1234");
    let read = DemoDecoder.decode(&CollectionCode::new(demo.as_bytes()).unwrap());
    assert_eq!(read.masked_name.as_deref(), Some("张*"));
    assert_eq!(read.masked_id.as_deref(), Some("430102********1234"));
}

proptest! {
    #[test]
    fn decoders_take_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(code) = CollectionCode::new(&bytes) {
            DemoDecoder.decode(&code);
            let key = PersonKey::Code(code.hash());
            prop_assert_eq!(PersonKey::from_text(&key.text()), Some(key));
        }
    }
}

#[test]
fn masks() {
    assert_eq!(mask::name("张三丰"), "张**");
    assert_eq!(mask::name(""), "");
    assert_eq!(mask::id_number("430102200001011234"), "430102********1234");
    assert_eq!(mask::id_number("H12345678"), "H1***5678");
    assert_eq!(mask::id_number("12"), "12");
    assert_eq!(mask::phone("13812341234"), "138****1234");
    assert_eq!(
        mask::address("湖南省长沙市岳麓区麓山南路 932 号"),
        "湖南省长沙市*************"
    );
    assert_eq!(mask::address("三号楼"), "三**");
    assert_eq!(mask::address(""), "");
}

#[test]
fn a_roster_entry_is_keyed_by_the_best_number_it_has() {
    let subject = |student: Option<&str>, id: Option<&str>| Subject {
        name: Some("李明".into()),
        student_number: student.map(Into::into),
        id_number: id.map(Into::into),
        ..Subject::default()
    };
    let key = |s| RosterEntry::new(s).map(|e| e.key.text());
    assert_eq!(
        key(subject(Some("2026001"), Some("430102…"))).as_deref(),
        Some("roster:2026001")
    );
    assert_eq!(key(subject(None, Some("H123"))).as_deref(), Some("roster:H123"));
    assert_eq!(key(subject(None, None)), None);
}

#[test]
fn a_blob_id_reads_back() {
    let id = BlobId::of(b"photo");
    assert_eq!(id.to_string().parse::<BlobId>(), Ok(id));
    assert!("sha256:xyz".parse::<BlobId>().is_err());
    assert!(id.hex().parse::<BlobId>().is_err());
}
