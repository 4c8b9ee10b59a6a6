//! Input that lies, is broken, or cannot be kept: a clear code each time, and nothing lost.
use crate::kit::{self, Center, Desk, SITTERS, Undo, code, until};
use assess::{Assessor, Specs};
use domain::{SpecId, Verdict};
use fast_qr::QRBuilder;
use station::rehearse::Dice;
use station::session::Acceptance;
use station::{CameraUse, Opening, RosterFile, Station, Trouble};
use std::io::Write;
use std::path::Path;
use std::process::Command;
use store::migrations::{ALL, Migration};
use store::{SealedFile, Store, StoreError};

/// Pictures no camera sends.
fn broken() -> Vec<(&'static str, Vec<u8>)> {
    let good = std::fs::read(kit::frames().join(format!("{}.jpg", SITTERS[0]))).unwrap();
    vec![
        ("empty", Vec::new()),
        ("truncated", good[..good.len() / 2].to_vec()),
        ("header alone", good[..20].to_vec()),
        ("0 pixels", with_size(&good, 0, 0)),
        ("100 megapixels", with_size(&good, 10_000, 10_000)),
        ("text", "这不是照片".as_bytes().to_vec()),
        ("program", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0".to_vec()),
    ]
}

/// The same JPEG with another size in its frame header.
fn with_size(jpeg: &[u8], width: u16, height: u16) -> Vec<u8> {
    let mut bytes = jpeg.to_vec();
    let mut at = 2;
    while !matches!(bytes[at + 1], 0xC0..=0xC2) {
        at += 2 + usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]));
    }
    bytes[at + 5..at + 7].copy_from_slice(&height.to_be_bytes());
    bytes[at + 7..at + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

#[test]
fn broken_pictures_are_told_apart_from_photos() {
    let assessor = Assessor::new().unwrap();
    let specs = Specs::builtin().unwrap();
    let spec = specs.get(&SpecId("chsi-graduate-2017".to_owned())).unwrap();
    for (what, bytes) in broken() {
        assert_eq!(code(station::codes_in(&bytes)), "picture", "{what}");
        let (assessment, finished) = assessor.assess_and_finish(&bytes, spec);
        assert_eq!(assessment.verdict, Verdict::Fail, "{what}");
        assert!(
            assessment
                .findings
                .iter()
                .any(|f| f.reason.is_some() && f.remedy.is_some()),
            "{what}: says why"
        );
        assert!(finished.is_none(), "{what}");
    }
}

#[test]
fn broken_pictures_are_not_played_as_a_camera() {
    let (data, frames) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let station = Station::open(Opening {
        camera: CameraUse::ShotsOnly,
        ..Opening::new(data.path().to_owned(), Some(frames.path().to_owned()))
    })
    .unwrap();
    station.import_campaign(&campaign_text("graduate")).unwrap();
    station.scan(b"somebody").unwrap();
    let choose = || code(station.choose_camera("replay:frames"));
    assert_eq!(choose(), "replay", "an empty folder");
    for (what, bytes) in broken() {
        std::fs::write(frames.path().join("1.jpg"), bytes).unwrap();
        let chosen = choose();
        if what == "100 megapixels" {
            // Its markers hold; no picture of it is taken all the same.
            assert_eq!(chosen, "done");
            assert_no_picture(&station);
        } else {
            assert_eq!(chosen, "replay", "{what}");
        }
    }
    std::fs::copy(kit::frames().join("rand-paul.jpg"), frames.path().join("1.jpg")).unwrap();
    assert_eq!(choose(), "done");
    until("the camera streams", || {
        station.snapshot().status.camera.state == "streaming"
    });
    station.shoot().unwrap();
    until("a verdict", || {
        station.snapshot().desk.current.is_some_and(|s| s.stage == "verdict")
    });
}

/// Either the camera is not ready to take one, or the shutter falls and the operator hears that nothing came.
fn assert_no_picture(station: &Station) {
    until("the camera has looked at it", || {
        station.snapshot().status.camera.state != "opening"
    });
    if code(station.shoot()) == "done" {
        let missed = || station.snapshot().desk.notices.iter().any(|n| n.code == "shot_missed");
        until("the miss is told", missed);
    }
    let desk = station.snapshot().desk;
    assert_eq!(
        (desk.current.unwrap().stage.as_str(), desk.filmstrip.len()),
        ("ready", 0)
    );
}

#[test]
fn torn_frames_and_a_pulled_cable_cost_no_photo() {
    let center = Center::with("graduate");
    let desk = Desk::of_graduates(&center, Undo::No);
    desk.scan(&kit::collection_code(SITTERS[0])).unwrap();
    desk.show(SITTERS[0]);
    desk.replay("torn 5").unwrap();
    desk.shoot().unwrap();
    assert_ne!(desk.wait_verdict(), "fail");
    let order = desk.accept(Acceptance::Passed).unwrap();
    assert_eq!(
        desk.detail(order).photo_sha256,
        kit::frame_hash(SITTERS[0]),
        "the whole picture, not a torn one"
    );

    desk.scan(&kit::collection_code(SITTERS[1])).unwrap();
    desk.show(SITTERS[1]);
    desk.replay("unplug").unwrap();
    until("the camera is gone", || desk.snapshot().status.camera.state == "absent");
    assert_eq!(code(desk.shoot()), "camera_absent");
    assert_eq!(desk.seat().stage, "ready", "the person still sits");
    desk.replay("replug").unwrap();
    until("the camera is back", || {
        desk.snapshot().status.camera.state == "streaming"
    });
    desk.shoot().unwrap();
    desk.wait_verdict();
    let order = desk.accept(Acceptance::Passed).unwrap();
    assert_eq!(desk.detail(order).photo_sha256, kit::frame_hash(SITTERS[1]));
    desk.assert_holds();
}

fn bomb() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let entries = ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"];
    for entry in entries {
        zip.start_file(entry, zip::write::SimpleFileOptions::default()).unwrap();
        if entry.ends_with("sheet1.xml") {
            let blanks = vec![b' '; 1 << 20];
            (0..300).for_each(|_| zip.write_all(&blanks).unwrap());
        }
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_hostile_roster_is_named_and_the_one_before_it_stays() {
    let desk = Desk::new(Undo::No);
    desk.import_campaign(&campaign_text("freshman")).unwrap();
    let good = std::fs::read(kit::repository("assets/demo/roster-gbk.csv")).unwrap();
    let import = |name: &str, bytes: &[u8], encoding: Option<&str>| {
        let file = RosterFile {
            name,
            bytes,
            encoding,
            sheet: None,
            mapping: None,
        };
        match desk.import_roster(&file) {
            Ok(_) => "done".to_owned(),
            Err(trouble) => {
                let fault = trouble.fault();
                assert_eq!((fault.code.as_str(), fault.retry), ("roster", false));
                fault.values["problem"].clone()
            }
        }
    };
    assert_eq!(import("good.csv", &good, None), "done");
    for (name, bytes, encoding, problem) in [
        ("bomb.xlsx", bomb(), None, "roster_bomb"),
        ("setup.xlsx", b"MZ\x90\0\x03\0\0\0".to_vec(), None, "roster_not_a_sheet"),
        ("empty.csv", Vec::new(), None, "roster_empty"),
        ("gbk-as-utf8.csv", good.clone(), Some("utf-8"), "roster_wrong_encoding"),
        ("cut.xlsx", bomb()[..200].to_vec(), None, "roster_damaged"),
    ] {
        assert_eq!(import(name, &bytes, encoding), problem, "{name}");
        assert_eq!(desk.snapshot().status.campaign.unwrap().roster_size, Some(30), "{name}");
    }
    assert_eq!(desk.search("jyf", 10).unwrap().len(), 1);
}

#[test]
fn any_bytes_are_a_collection_code() {
    let desk = Desk::new(Undo::No);
    desk.import_campaign(&campaign_text("graduate")).unwrap();
    let mut dice = Dice(7);
    for length in [1, 16, 300, 1_000] {
        let payload: Vec<u8> = (0..length).map(|_| u8::try_from(1 + dice.roll(255)).unwrap()).collect();
        let read = station::codes_in(&qr(&payload)).unwrap();
        assert_eq!(read, std::slice::from_ref(&payload), "{length} bytes");
        desk.scan(&payload).unwrap();
        let seat = desk.seat().person;
        assert_eq!(seat.key, format!("code:{}", kit::sha256(payload.trim_ascii())));
        assert_eq!((seat.name, seat.id_masked), (None, None), "nothing is made up");
        desk.undo().unwrap();
    }
    for payload in [&b""[..], b" \r\n", &[b'x'; 5_000]] {
        assert_eq!(code(desk.scan(payload)), "bad_code");
    }
    assert!(desk.view().current.is_none());
}

fn qr(payload: &[u8]) -> Vec<u8> {
    const MODULE_PX: u32 = 6;
    const QUIET: u32 = 4;
    let code = QRBuilder::new(payload.to_vec()).build().unwrap();
    let modules = u32::try_from(code.size).unwrap();
    let side = (modules + 2 * QUIET) * MODULE_PX;
    let inside = |v: u32| (v / MODULE_PX).checked_sub(QUIET).filter(|m| *m < modules);
    let size = domain::SizePx {
        width: side,
        height: side,
    };
    let picture = photo::Picture::from_fn(size, |x, y| {
        let dark = inside(x)
            .zip(inside(y))
            .is_some_and(|(c, r)| code[r as usize][c as usize].value());
        let v = if dark { 20 } else { 245 };
        domain::Rgb { r: v, g: v, b: v }
    });
    photo::encode_jpeg(&picture.unwrap(), 90, 72).unwrap()
}

fn campaign_text(job: &str) -> String {
    std::fs::read_to_string(kit::repository(&format!("assets/demo/campaign-{job}.toml"))).unwrap()
}

/// A data folder with one order in it that has not been sent, and nobody at work.
fn folder_with_an_order() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::new(Undo::No);
    desk.import_campaign(&campaign_text("graduate")).unwrap();
    desk.enter_feature_code(kit::FEATURE_CODE).unwrap();
    desk.collect(SITTERS[0]);
    let from = desk.path().to_owned();
    desk.close();
    copy_folder(&from, folder.path());
    folder
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

fn open(data: &Path) -> Result<Station, station::OpenError> {
    Station::open(Opening {
        camera: CameraUse::None,
        ..Opening::new(data.to_owned(), None)
    })
}

fn opening_code(data: &Path) -> &'static str {
    open(data).map(|_| ()).map_err(|e| e.code()).err().unwrap_or("done")
}

#[test]
fn a_wrong_secret_opens_nothing_and_breaks_nothing() {
    let folder = folder_with_an_order();
    let secret = folder.path().join("key.secret");
    let right = std::fs::read(&secret).unwrap();
    std::fs::write(&secret, b"not the secret").unwrap();
    assert_eq!(opening_code(folder.path()), "wrong_secret");
    std::fs::remove_file(&secret).unwrap();
    assert_eq!(
        opening_code(folder.path()),
        "key_secret",
        "a lost secret is not made anew over the data"
    );
    std::fs::write(&secret, right).unwrap();
    assert_eq!(open(folder.path()).unwrap().orders(None, None, 0, 10).unwrap().total, 1);
}

#[test]
fn a_key_of_another_station_is_told_apart() {
    let (folder, other) = (folder_with_an_order(), Desk::new(Undo::No));
    for file in ["key.sealed", "key.secret"] {
        std::fs::copy(other.path().join(file), folder.path().join(file)).unwrap();
    }
    assert_eq!(opening_code(folder.path()), "wrong_key");
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    let folder = folder_with_an_order();
    let secret = std::fs::read(folder.path().join("key.secret")).unwrap();
    let key = SealedFile::open(&folder.path().join("key.sealed"), &secret).unwrap();
    let number = ALL.last().unwrap().number + 1;
    let newer = Migration {
        number,
        may_older_open: number,
        sql: "CREATE TABLE later (x INTEGER) STRICT;",
    };
    let known: Vec<_> = ALL.iter().copied().chain([newer]).collect();
    let store = folder.path().join("store");
    drop(Store::open_knowing(&store, &key, &known).unwrap());
    assert_eq!(opening_code(folder.path()), "newer_database");
    let still = Store::open_knowing(&store, &key, &known).unwrap();
    let counts = still.read(|c| store::orders::counts(c, None)).unwrap();
    assert_eq!(counts.iter().map(|(_, n)| n).sum::<u32>(), 1);
}

const FULL: &str = "STATION_FULL_DISK_CHILD";
const PEOPLE: u32 = 6_000;

fn import_many(station: &Station) -> Result<ipc::RosterReport, Trouble> {
    let rows = (0..PEOPLE).map(|n| format!("20260{n:05},新生{n},信息学院"));
    let sheet = "学号,姓名,学院\n".to_owned() + &rows.collect::<Vec<_>>().join("\n");
    station.import_roster(&RosterFile {
        name: "many.csv",
        bytes: sheet.as_bytes(),
        encoding: None,
        sheet: None,
        mapping: None,
    })
}

/// Runs in a process of its own, whose folder is a small file system that only it sees.
#[test]
fn child_on_a_full_disk() {
    let Some(data) = std::env::var_os(FULL) else { return };
    let data = Path::new(&data);
    let station = open(data).unwrap();
    station.import_campaign(&campaign_text("freshman")).unwrap();
    let fault = import_many(&station).unwrap_err().fault();
    assert_eq!((fault.code.as_str(), fault.retry), ("disk_full", true));
    // What was there is whole and can be worked with; the next shot says why not.
    assert_eq!(station.campaigns().unwrap().len(), 1);
    assert_eq!(station.verify().unwrap(), Vec::<String>::new());
    assert_eq!(station.snapshot().status.disk.level, "blocked");
    // Room again: the same sheet goes on where it stopped.
    std::fs::remove_file(data.join("ballast")).unwrap();
    let report = import_many(&station).unwrap();
    assert_eq!(report.imported + report.updated + report.unchanged, PEOPLE);
    assert!(report.imported > 0);
    drop(station);
    assert_eq!(open(data).unwrap().verify().unwrap(), Vec::<String>::new());
}

#[test]
fn a_full_disk_has_its_own_code_and_work_goes_on_with_room() {
    let full = Trouble::from(StoreError::DiskFull {
        doing: "keeping a photo",
    })
    .fault();
    assert_eq!((full.code.as_str(), full.retry), ("disk_full", true));
    // A mount name space of its own: nothing is left mounted, whatever happens. With a user name space it needs no root.
    let folder = tempfile::tempdir().unwrap();
    let script = "exec unshare -rm sh -c 'mount -t tmpfs -o size=24m tmpfs \"$0\" && \
         head -c 22020096 /dev/zero > \"$0/ballast\" && exec \"$@\"' \"$STATION_FULL_DISK_CHILD\" \"$@\"";
    let output = Command::new("sh")
        .args(["-c", script, "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "hostile::child_on_a_full_disk"])
        .env(FULL, folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    // Where the system lets nobody mount, the store's own test of a full disk has to do.
    let mounted = !said.contains("unshare:") && !said.contains("mount:");
    assert!(!mounted || output.status.success(), "{said}");
}
