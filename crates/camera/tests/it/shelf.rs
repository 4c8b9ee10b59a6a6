//! Which pictures can be played?
use crate::make::{SMALL, encoded, jpeg, noise};
use camera::replay::{Pace, Replay};
use camera::{CameraId, Kind, Source};
use domain::SizePx;
use expect_test::expect;
use std::path::Path;

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::Builder::new()
        .prefix("pics-")
        .rand_bytes(6)
        .tempdir()
        .unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

fn problem(path: &Path) -> String {
    let error = Replay::open(path, Pace::default())
        .err()
        .map_or("none".to_owned(), |error| error.to_string());
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    error
        .replace(&path.display().to_string(), "PATH")
        .replace(&name, "NAME")
}

#[test]
fn a_folder_is_played_in_name_order_and_other_files_are_passed_over() {
    let folder = folder(&[
        ("02-b.jpg", &jpeg(2)),
        ("01-a.JPEG", &jpeg(1)),
        ("README.md", b"about"),
        ("labels.csv", b"x"),
        ("10-c.jpg", &jpeg(3)),
    ]);
    let replay = Replay::open(folder.path(), Pace::default()).unwrap();
    assert_eq!(replay.control().names(), ["01-a", "02-b", "10-c"]);
    assert_eq!(replay.control().current(), "01-a");
    let descriptor = replay.descriptor();
    assert_eq!(descriptor.kind, Kind::Replay);
    assert_eq!(
        descriptor.id,
        CameraId::Replay(folder.path().file_name().unwrap().to_string_lossy().into_owned())
    );
    assert_eq!(replay.id(), descriptor.id);
}

#[test]
fn a_film_is_cut_into_its_frames() {
    let mut film = jpeg(1).to_vec();
    film.extend([0, 0, 0]);
    film.extend_from_slice(&jpeg(2));
    film.extend_from_slice(&jpeg(3));
    let folder = folder(&[("day.mjpeg", &film)]);
    let replay = Replay::open(&folder.path().join("day.mjpeg"), Pace::default()).unwrap();
    assert_eq!(replay.control().names(), ["000001", "000002", "000003"]);
}

#[test]
fn what_cannot_be_played_is_refused_with_its_place() {
    let other = encoded(&noise(SizePx { width: 64, height: 48 }, 1));
    let whole = jpeg(1);
    let cut = &whole[..600];
    let mut out = String::new();
    let mut told = |name: &str, problem: String| out.push_str(&format!("{name}: {problem}\n"));
    told("nothing", problem(folder(&[("notes.txt", b"x")]).path()));
    told(
        "a png",
        problem(folder(&[("a.jpg", &whole), ("b.png", b"\x89PNG\r\n\x1a\n____")]).path()),
    );
    told("a renamed text", problem(folder(&[("a.jpg", b"hello")]).path()));
    told("an empty file", problem(folder(&[("a.jpg", b"")]).path()));
    told(
        "a torn one",
        problem(folder(&[("a.jpg", &whole), ("b.jpg", cut)]).path()),
    );
    told(
        "another size",
        problem(folder(&[("a.jpg", &whole), ("b.jpg", &other)]).path()),
    );
    told("no folder", problem(&folder(&[]).path().join("gone")));
    let film: Vec<u8> = whole.iter().chain(cut).copied().collect();
    told(
        "a cut film",
        problem(&folder(&[("f.mjpeg", &film)]).path().join("f.mjpeg")),
    );
    told(
        "an empty film",
        problem(&folder(&[("f.mjpeg", b"")]).path().join("f.mjpeg")),
    );
    expect![[r#"
        nothing: reading the replay NAME: no pictures in it
        a png: reading picture 2 of the replay NAME: reading a JPEG: the bytes are Png
        a renamed text: reading picture 1 of the replay NAME: reading a JPEG: the bytes are Unknown
        an empty file: reading picture 1 of the replay NAME: reading a picture: the file is empty
        a torn one: reading picture 2 of the replay NAME: reading a JPEG: it ends after 600 bytes, before the end of the picture
        another size: reading picture 2 of the replay NAME: 64x48 pixels where the first has 96x64
        no folder: reading the replay PATH: No such file or directory (os error 2)
        a cut film: reading picture 2 of the replay NAME: reading a JPEG: it ends after 600 bytes, before the end of the picture
        an empty film: reading the replay NAME: no pictures in it
    "#]]
    .assert_eq(&out);
}

#[test]
fn names_of_people_stay_out_of_errors() {
    let folder = folder(&[("zhang-san-110101200001011234.jpg", b"x")]);
    let error = Replay::open(folder.path(), Pace::default()).err().unwrap();
    assert!(!format!("{error} {error:?}").contains("zhang"), "{error:?}");
}

#[test]
fn a_picture_from_elsewhere_must_fit_the_camera() {
    let replay = Replay::of_pictures("mem", vec![("a".to_owned(), jpeg(1))], Pace::default()).unwrap();
    let control = replay.control();
    control.show_picture("guest", jpeg(9)).unwrap();
    assert_eq!(control.current(), "guest");
    let other = encoded(&noise(SizePx { width: 8, height: 8 }, 1));
    assert!(control.show_picture("small", other).is_err());
    assert!(control.show_picture("none", b"nothing"[..].into()).is_err());
    assert_eq!(control.current(), "guest");
    control.show_index(0).unwrap();
    assert_eq!(control.current(), "a");
    assert!(control.show_index(1).is_err());
    assert!(control.show("b").is_err());
    assert_eq!(SMALL.width, 96);
}
