//! Uploads: each piece counts once, and only where it belongs.
use super::{read, school, station, write};
use central::store::{CentralStore, UploadPiece, UploadRow};
use domain::{BlobId, UtcMs};

pub fn come_in_pieces(store: &dyn CentralStore) {
    let begun = |id: &str, at: i64| UploadRow {
        school: school(),
        id: id.to_owned(),
        station: station(1).id,
        blob: BlobId::of(b"large"),
        bytes: 10,
        received: 0,
        created_at: UtcMs(at),
        expires_at: UtcMs(at + 100),
    };
    let (old, new) = (begun("a", 1), begun("b", 2));
    write(store, |rows| rows.add_upload(&old));
    write(store, |rows| rows.add_upload(&new));
    assert_eq!(read(store, |rows| rows.upload("a")), Some(old.clone()));
    assert_eq!(
        read(store, |rows| rows.upload_of(&station(1), &old.blob)),
        Some(new.clone())
    );
    assert_eq!(read(store, |rows| rows.upload_of(&station(2), &old.blob)), None);
    assert_eq!(read(store, |rows| rows.uploads(&station(1))).len(), 2);
    let piece = |start: u64, bytes: u64| UploadPiece {
        start,
        bytes,
        name: format!("{start}-x"),
    };
    let add = |start, bytes| {
        write(store, |rows| {
            rows.add_upload_piece(&new, &piece(start, bytes), UtcMs(500))
        })
    };
    assert!(add(0, 4) && !add(0, 4) && !add(5, 1) && add(4, 3), "only what follows");
    let now = read(store, |rows| rows.upload("b")).unwrap();
    assert_eq!((now.received, now.expires_at), (7, UtcMs(500)));
    write(store, |rows| rows.cut_upload(&new, 6, 0));
    assert_eq!(
        read(store, |rows| rows.upload_pieces(&new)).len(),
        2,
        "it was elsewhere by then"
    );
    write(store, |rows| rows.cut_upload(&new, 7, 4));
    assert_eq!(read(store, |rows| rows.upload_pieces(&new)), [piece(0, 4)]);
    assert_eq!(
        read(store, |rows| rows.uploads_expired(UtcMs(200), 10)),
        std::slice::from_ref(&old)
    );
    write(store, |rows| rows.finish_upload(&new));
    assert_eq!(read(store, |rows| rows.upload("b")).unwrap().received, 10);
    assert!(read(store, |rows| rows.upload_pieces(&new)).is_empty());
    write(store, |rows| rows.drop_upload(&old));
    assert_eq!(read(store, |rows| rows.upload("a")), None);
    write(store, |rows| rows.put_setting("colour", "red"));
    write(store, |rows| rows.put_setting("colour", "blue"));
    assert_eq!(read(store, |rows| rows.setting("colour")).as_deref(), Some("blue"));
    assert_eq!(read(store, |rows| rows.setting("size")), None);
}
