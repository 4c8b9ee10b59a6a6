//! A package proves what it is, and shows when it is not.
use crate::world::{School, files, item, key, make, subject};
use delivery::{BadPackage, CHECKSUMS, Profile, verify};
use ed25519_dalek::SigningKey;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn school() -> School {
    School {
        items: (1..=5)
            .map(|n| item(n, subject(&format!("202600{n}"), "某人", "1 班")))
            .collect(),
        lists: Vec::new(),
    }
}

/// The package with one file changed, taken away or added.
fn with(package: &[u8], change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>, more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files(package) {
        if let Some(bytes) = change(&name, bytes) {
            zip.start_file(name, SimpleFileOptions::default()).unwrap();
            zip.write_all(&bytes).unwrap();
        }
    }
    for (name, bytes) in more {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn check(package: Vec<u8>) -> Result<(), BadPackage> {
    verify(vec![Cursor::new(package)], &key().verifying_key()).map(drop)
}

#[test]
fn an_untouched_package_holds_in_one_zip_and_in_two() {
    let made = make(&school(), &Profile::find("school").unwrap());
    check(made.pictures).unwrap();
    let made = make(&school(), &Profile::find("pictures-only").unwrap());
    let zips = vec![Cursor::new(made.pictures), Cursor::new(made.papers)];
    let receipt = verify(zips, &key().verifying_key()).unwrap();
    assert_eq!(receipt, made.receipt);
}

#[test]
fn every_change_is_seen() {
    let made = make(&school(), &Profile::find("school").unwrap()).pictures;
    let picture = "images/1 班/2026003.jpg";
    let changed = with(
        &made,
        |n, b| Some(if n == picture { b"another".to_vec() } else { b }),
        &[],
    );
    assert!(matches!(check(changed), Err(BadPackage::Changed(n)) if n == picture));
    let missing = with(&made, |n, b| (n != picture).then_some(b), &[]);
    assert!(matches!(check(missing), Err(BadPackage::Missing(n)) if n == picture));
    let added = with(&made, |_, b| Some(b), &[("images/1 班/x.jpg", b"x")]);
    assert!(matches!(check(added), Err(BadPackage::Added(n)) if n == "images/1 班/x.jpg"));
    let hashes = with(
        &made,
        |n, b| {
            Some(if n == CHECKSUMS {
                [b, b"\n".to_vec()].concat()
            } else {
                b
            })
        },
        &[],
    );
    assert!(matches!(check(hashes), Err(BadPackage::Changed(n)) if n == CHECKSUMS));
    let counts = with(
        &made,
        |n, b| {
            Some(if n == "receipt.json" {
                String::from_utf8(b)
                    .unwrap()
                    .replace("\"pictures\": 5", "\"pictures\": 4")
                    .into_bytes()
            } else {
                b
            })
        },
        &[],
    );
    assert!(matches!(check(counts), Err(BadPackage::NotSigned)));
    let stranger = SigningKey::from_bytes(&[9; 32]).verifying_key();
    assert!(matches!(
        verify(vec![Cursor::new(made)], &stranger),
        Err(BadPackage::NotSigned)
    ));
}

#[test]
fn sha256sum_reads_the_hashes() {
    let made = make(&school(), &Profile::find("school").unwrap());
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files(&made.pictures) {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    let sum = std::process::Command::new("sha256sum")
        .args(["--check", "--strict", CHECKSUMS])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(sum.status.success(), "{}", String::from_utf8_lossy(&sum.stderr));
    assert_eq!(
        String::from_utf8_lossy(&sum.stdout)
            .lines()
            .filter(|l| l.ends_with(": OK"))
            .count(),
        5 + 16
    );
}
