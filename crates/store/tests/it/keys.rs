//! The sealed file: made once, opened by its secret alone.
use expect_test::expect;
use std::fs;
use store::{Cost, KeyError, KeyProvider, SealedFile};

/// The cheapest cost Argon2 takes, so that the tests are quick.
const CHEAP: Cost = Cost {
    memory_kib: 8,
    passes: 1,
};

fn id(file: &SealedFile) -> store::KeyId {
    file.data_key().unwrap().id()
}

#[test]
fn a_sealed_key_opens_with_its_secret_and_no_other() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("keys/station.key");
    assert!(matches!(SealedFile::open(&path, b"secret"), Err(KeyError::Missing)));
    let made = SealedFile::create(&path, b"secret", CHEAP).unwrap();
    assert_eq!(made.name(), "sealed file");
    assert_eq!(id(&SealedFile::open(&path, b"secret").unwrap()), id(&made));
    assert!(matches!(SealedFile::open(&path, b"Secret"), Err(KeyError::WrongSecret)));
    assert!(matches!(SealedFile::open(&path, b""), Err(KeyError::WrongSecret)));
    assert!(matches!(
        SealedFile::create(&path, b"secret", CHEAP),
        Err(KeyError::AlreadyThere)
    ));
    let other = SealedFile::create(&dir.path().join("other.key"), b"secret", CHEAP).unwrap();
    assert_ne!(id(&other), id(&made));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn another_secret_opens_the_same_key() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("station.key");
    let made = SealedFile::create(&path, b"old", CHEAP).unwrap();
    made.change_secret(
        b"new",
        Cost {
            memory_kib: 16,
            passes: 2,
        },
    )
    .unwrap();
    assert_eq!(id(&SealedFile::open(&path, b"new").unwrap()), id(&made));
    assert!(matches!(SealedFile::open(&path, b"old"), Err(KeyError::WrongSecret)));
    let impossible = made.change_secret(
        b"newer",
        Cost {
            memory_kib: 1,
            passes: 0,
        },
    );
    assert!(matches!(impossible, Err(KeyError::BadCost)));
    assert_eq!(id(&SealedFile::open(&path, b"new").unwrap()), id(&made));
    assert_eq!(
        fs::read_dir(dir.path()).unwrap().count(),
        1,
        "no temporary file is left"
    );
}

#[test]
fn damage_has_its_own_errors() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("station.key");
    SealedFile::create(&path, b"secret", CHEAP).unwrap();
    let whole = fs::read(&path).unwrap();
    let open = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        SealedFile::open(&path, b"secret").unwrap_err().to_string()
    };
    let with = |at: usize, byte: u8| {
        let mut bytes = whole.clone();
        bytes[at] = byte;
        bytes
    };
    expect!["opening the sealed key: the file is damaged"].assert_eq(&open(b""));
    expect!["opening the sealed key: the file is damaged"].assert_eq(&open(&whole[..50]));
    expect!["opening the sealed key: the file is damaged"].assert_eq(&open(b"another file altogether"));
    expect!["opening the sealed key: it has format 9, which this version does not know"].assert_eq(&open(&with(7, 9)));
    // A cost of 4 TiB is refused before any memory is asked for.
    expect!["opening the sealed key: the file is damaged"].assert_eq(&open(&with(11, 0xff)));
    expect!["opening the sealed key: the secret does not fit"].assert_eq(&open(&with(whole.len() - 1, 0)));
}
