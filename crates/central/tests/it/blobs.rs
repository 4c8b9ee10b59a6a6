//! What every place for photos must do: the folder and an S3 server (moto).
use central::CentralError;
use central::blobs::{BlobStore, FolderBlobs, ObjectBlobs};
use domain::BlobId;
use testkit::s3::S3;

fn check(blobs: &dyn BlobStore) {
    let (bytes, id) = (b"a photo".to_vec(), BlobId::of(b"a photo"));
    assert!(!blobs.has(&id).unwrap());
    assert_eq!(blobs.get(&id).unwrap(), None);
    assert!(matches!(blobs.put(&id, b"another"), Err(CentralError::Digest)));
    blobs.put(&id, &bytes).unwrap();
    blobs.put(&id, &bytes).unwrap();
    assert!(blobs.has(&id).unwrap());
    assert_eq!(blobs.get(&id).unwrap(), Some(bytes));
    blobs.put_piece("u1", "0-x", b"piece").unwrap();
    blobs.put_piece("u2", "0-x", b"other").unwrap();
    assert_eq!(blobs.get_piece("u1", "0-x").unwrap().as_deref(), Some(&b"piece"[..]));
    blobs.drop_pieces("u1").unwrap();
    blobs.drop_pieces("u1").unwrap();
    assert_eq!(blobs.get_piece("u1", "0-x").unwrap(), None);
    assert!(blobs.get_piece("u2", "0-x").unwrap().is_some());
    let mut kept = Vec::new();
    blobs.each(&mut |id| kept.push(id)).unwrap();
    assert_eq!(kept, [id], "pieces are no photos");
    blobs.ready().unwrap();
}

#[test]
fn folder() {
    let dir = tempfile::tempdir().unwrap();
    check(&FolderBlobs::open(dir.path()).unwrap());
}

#[test]
fn objects() {
    let mut server = S3::start();
    let bucket = server.bucket("photos");
    check(&ObjectBlobs::open(&bucket).unwrap());
    let prefixed = ObjectBlobs::open(&bucket.replace("photos?", "photos/2027/spring?")).unwrap();
    check(&prefixed);
    server.kill();
    let away = prefixed.put(&BlobId::of(b"x"), b"x");
    assert!(matches!(away, Err(CentralError::Away { .. })), "{away:?}");
}
