//! An invented school for the tests.
use delivery::{Head, Item, ListKind, ListRow, Outputs, Profile, Receipt, Source, SourceError};
use domain::order::{LocalCheck, PhotoRevision};
use domain::order_number::OrderNumber;
use domain::{BlobId, Measure, OrderId, PersonKey, RectPx, SizePx, Subject, UtcMs};
use ed25519_dalek::SigningKey;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

pub fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

pub fn head() -> Head {
    Head {
        id: "0198c0de-0000-7000-8000-000000000001".to_owned(),
        school_code: "10533".to_owned(),
        campaign: "0198c0de-0000-7000-8000-000000000002".to_owned(),
        title: "2026 级新生采集".to_owned(),
        made_at: UtcMs(1_790_000_000_000),
        made_by: "central".to_owned(),
    }
}

pub fn subject(student_number: &str, name: &str, class: &str) -> Subject {
    Subject {
        name: Some(name.to_owned()),
        student_number: Some(student_number.to_owned()),
        id_number: Some(format!("43010220050101{student_number:0>4}")),
        class: Some(class.to_owned()),
        ..Subject::default()
    }
}

pub fn item(n: u32, subject: Subject) -> Item {
    Item {
        order: OrderId("0198c0de-0000-7000-8000-0000000000aa".parse().unwrap()),
        number: OrderNumber::parse(&format!("AB12CD-20260901{n:09}")).unwrap(),
        person: PersonKey::Roster(n.to_string()),
        subject,
        photo: PhotoRevision {
            revision: 1,
            blob: BlobId([1; 32]),
            original: SizePx {
                width: 1920,
                height: 1080,
            },
            crop: RectPx {
                x: 10,
                y: 20,
                width: 480,
                height: 640,
            },
            captured_at: UtcMs(1_788_000_000_000),
            check: LocalCheck::Overridden {
                failed: vec![Measure::ALL[0]],
                reason: domain::order::OverrideReason::Disability,
            },
            warned: Vec::new(),
        },
        spec: "chsi-graduate-2017".to_owned(),
        spec_version: "2".to_owned(),
        size: SizePx {
            width: 480,
            height: 640,
        },
        dpi: 300,
        station: "一号点".to_owned(),
        operator: "张".to_owned(),
    }
}

/// A source in memory.
#[derive(Default)]
pub struct School {
    pub items: Vec<Item>,
    pub lists: Vec<(ListKind, ListRow)>,
}

impl Source for School {
    fn items(&self, each: &mut dyn FnMut(Item) -> Result<(), SourceError>) -> Result<(), SourceError> {
        self.items.iter().try_for_each(|i| each(i.clone()))
    }
    fn picture(&self, item: &Item) -> Result<Vec<u8>, SourceError> {
        Ok(format!("picture of {}", item.number).into_bytes())
    }
    fn list(
        &self,
        kind: ListKind,
        each: &mut dyn FnMut(ListRow) -> Result<(), SourceError>,
    ) -> Result<(), SourceError> {
        let rows = self.lists.iter().filter(|(k, _)| *k == kind);
        rows.into_iter().try_for_each(|(_, row)| each(row.clone()))
    }
}

pub struct Made {
    pub receipt: Receipt,
    pub pictures: Vec<u8>,
    pub papers: Vec<u8>,
}

pub fn make(source: &dyn Source, profile: &Profile) -> Made {
    let folder = tempfile::tempdir().unwrap();
    let (mut pictures, mut papers) = (Vec::new(), Vec::new());
    let out = Outputs {
        pictures: &mut pictures,
        papers: Some(&mut papers),
    };
    let package = delivery::write(source, profile, &head(), &key(), folder.path(), out).unwrap();
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        0,
        "nothing is left behind"
    );
    Made {
        receipt: package.receipt,
        pictures,
        papers,
    }
}

pub fn files(zip: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut out = BTreeMap::new();
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        assert!(
            out.insert(file.name().unwrap().into_owned(), bytes).is_none(),
            "one name, one file"
        );
    }
    out
}

pub fn absent(student_number: &str, name: &str) -> (ListKind, ListRow) {
    let row = ListRow {
        number: None,
        person: None,
        subject: subject(student_number, name, "1 班"),
        reason: "no_photo".to_owned(),
    };
    (ListKind::Absent, row)
}
