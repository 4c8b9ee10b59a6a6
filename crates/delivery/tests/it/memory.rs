//! Fifty thousand photos cost no more memory than fifty.
use crate::world::{head, item, key, subject};
use delivery::{Item, ListKind, ListRow, Outputs, Profile, Source, SourceError};

const PHOTOS: u32 = 50_000;
const PICTURE_BYTES: usize = 40_000;
/// 2 GB of pictures go through; the names' hashes and the zip's directory are what may stay.
const MAX_GROWTH_KB: u64 = 96 << 10;

struct Large;

impl Source for Large {
    fn items(&self, each: &mut dyn FnMut(Item) -> Result<(), SourceError>) -> Result<(), SourceError> {
        (0..PHOTOS).try_for_each(|n| {
            each(item(
                n,
                subject(&format!("{n:07}"), "某某某", &format!("{} 班", n / 40)),
            ))
        })
    }
    fn picture(&self, _: &Item) -> Result<Vec<u8>, SourceError> {
        Ok(vec![0x5a; PICTURE_BYTES])
    }
    fn list(&self, _: ListKind, _: &mut dyn FnMut(ListRow) -> Result<(), SourceError>) -> Result<(), SourceError> {
        Ok(())
    }
}

/// The most memory this process ever held, in KB.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn fifty_thousand_photos_stream_through() {
    let folder = tempfile::tempdir().unwrap();
    let before = peak_kb();
    let out = Outputs {
        pictures: std::io::sink(),
        papers: None,
    };
    let package = delivery::write(
        &Large,
        &Profile::find("school").unwrap(),
        &head(),
        &key(),
        folder.path(),
        out,
    )
    .unwrap();
    assert_eq!(package.receipt.body.pictures, u64::from(PHOTOS));
    let growth = peak_kb() - before;
    eprintln!("{PHOTOS} photos of {PICTURE_BYTES} bytes: {growth} KB");
    assert!(growth < MAX_GROWTH_KB, "{growth} KB");
}
