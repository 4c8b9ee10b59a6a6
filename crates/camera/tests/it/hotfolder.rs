//! Is every picture another program writes into a folder taken once, whole, and never touched?
use crate::make::{PATIENCE, encoded, jpeg, noise, until};
use camera::hotfolder::{Arrival, HotFolder, Limits, Mark, Seen, Taken, Taker, inventory, whole};
use domain::SizePx;
use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Fast enough to test by, in the same proportions.
const LIMITS: Limits = Limits {
    quiet: Duration::from_millis(140),
    quiet_closed: Duration::from_millis(10),
    rescan: Duration::from_millis(100),
    stuck: Duration::from_millis(800),
};

/// Keeps what it is given; refuses as often as it is told to.
#[derive(Clone, Default)]
struct Tray {
    kept: Arc<Mutex<Vec<Arc<[u8]>>>>,
    /// When each was first seen, and when its turn came.
    seen: Arc<Mutex<Vec<(Seen, Instant)>>>,
    /// How long each takes to be kept.
    slow: Arc<Mutex<Duration>>,
    before: Arc<Mutex<HashSet<[u8; 32]>>>,
    refusals: Arc<Mutex<u32>>,
}

impl Taker for Tray {
    fn holds(&mut self, sha256: &[u8; 32]) -> bool {
        self.before.lock().unwrap().contains(sha256)
    }

    fn take(&mut self, arrival: Arrival) -> Taken {
        let mut refusals = self.refusals.lock().unwrap();
        if *refusals > 0 {
            *refusals -= 1;
            return Taken::Later;
        }
        assert_eq!(arrival.sha256, photo::sha256(&arrival.jpeg));
        self.seen.lock().unwrap().push((arrival.seen, Instant::now()));
        std::thread::park_timeout(*self.slow.lock().unwrap());
        self.kept.lock().unwrap().push(arrival.jpeg);
        Taken::Stored
    }
}

struct Desk {
    folder: TempDir,
    kept: Tray,
    hot: HotFolder,
}

fn desk() -> Desk {
    desk_at(tempfile::tempdir().unwrap(), Tray::default(), HashSet::new())
}

fn desk_at(folder: TempDir, kept: Tray, passed: HashSet<Mark>) -> Desk {
    let taker = Box::new(kept.clone());
    let hot = HotFolder::start(folder.path().to_owned(), LIMITS, passed, taker).unwrap();
    Desk { folder, kept, hot }
}

impl Desk {
    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn count(&self) -> usize {
        self.kept.kept.lock().unwrap().len()
    }

    /// Waits for so many, then for long enough that a further one would have come; each must be one of the wanted.
    #[track_caller]
    fn has_exactly(&self, wanted: &[Arc<[u8]>]) {
        until("all are taken", || self.count() >= wanted.len());
        let settled = Instant::now() + LIMITS.quiet + LIMITS.rescan * 3;
        until("nothing more comes", || {
            self.count() > wanted.len() || Instant::now() >= settled
        });
        let kept = self.kept.kept.lock().unwrap();
        assert_eq!(kept.len(), wanted.len(), "taken more than once");
        for picture in wanted {
            assert!(
                kept.iter().any(|k| k == picture),
                "one is missing or not what was written"
            );
        }
    }
}

#[test]
fn a_picture_is_taken_once_and_left_where_it_is() {
    let desk = desk();
    fs::write(desk.path("DSC_0001.JPG"), jpeg(1)).unwrap();
    desk.has_exactly(&[jpeg(1)]);
    assert_eq!(fs::read(desk.path("DSC_0001.JPG")).unwrap()[..], jpeg(1)[..]);
    let report = desk.hot.report();
    assert!(
        report.is_there && report.taken == 1 && report.waiting == 0,
        "{report:?}"
    );
}

#[test]
fn a_writer_that_closes_half_way_and_goes_on() {
    let desk = desk();
    let (bytes, path) = (jpeg(2), desk.path("a.jpg"));
    let half = bytes.len() / 2;
    fs::write(&path, &bytes[..half]).unwrap();
    until("it was seen", || desk.hot.report().waiting == 1);
    std::thread::park_timeout(LIMITS.quiet * 2);
    assert_eq!(desk.count(), 0, "taken by half");
    let mut file = File::options().append(true).open(&path).unwrap();
    file.write_all(&bytes[half..]).unwrap();
    drop(file);
    desk.has_exactly(&[bytes]);
}

#[test]
fn a_file_that_has_its_size_before_its_bytes() {
    let desk = desk();
    let bytes = jpeg(3);
    let mut file = File::create(desk.path("a.jpg")).unwrap();
    file.set_len(bytes.len() as u64).unwrap();
    file.sync_all().unwrap();
    std::thread::park_timeout(LIMITS.quiet * 2);
    // Block by block, as a network share fills it.
    for (nth, block) in bytes.chunks(1000).enumerate() {
        assert_eq!(desk.count(), 0, "taken while empty");
        file.seek(SeekFrom::Start(nth as u64 * 1000)).unwrap();
        file.write_all(block).unwrap();
    }
    drop(file);
    desk.has_exactly(&[bytes]);
}

#[test]
fn a_file_renamed_into_place() {
    let desk = desk();
    fs::write(desk.path("upload.tmp"), jpeg(4)).unwrap();
    fs::write(desk.path(".hidden.jpg"), jpeg(5)).unwrap();
    std::thread::park_timeout(LIMITS.quiet * 2);
    assert_eq!(desk.count(), 0, "not a picture by its name");
    fs::rename(desk.path("upload.tmp"), desk.path("a.jpg")).unwrap();
    desk.has_exactly(&[jpeg(4)]);
}

#[test]
fn the_same_bytes_under_two_names_are_one_picture() {
    let desk = desk();
    fs::write(desk.path("a.jpg"), jpeg(6)).unwrap();
    desk.has_exactly(&[jpeg(6)]);
    fs::write(desk.path("b.jpg"), jpeg(6)).unwrap();
    fs::copy(desk.path("a.jpg"), desk.path("c.JPEG")).unwrap();
    until("both were looked at", || desk.hot.report().same == 2);
    desk.has_exactly(&[jpeg(6)]);
}

#[test]
fn another_picture_under_the_same_name_is_another_picture() {
    let desk = desk();
    fs::write(desk.path("a.jpg"), jpeg(7)).unwrap();
    desk.has_exactly(&[jpeg(7)]);
    fs::write(desk.path("a.jpg"), jpeg(8)).unwrap();
    desk.has_exactly(&[jpeg(7), jpeg(8)]);
}

#[test]
fn a_shorter_picture_over_a_longer_one_waits_until_it_is_cut() {
    let desk = desk();
    let long = encoded(&noise(
        SizePx {
            width: 160,
            height: 120,
        },
        9,
    ));
    let short = jpeg(10);
    assert!(short.len() < long.len());
    fs::write(desk.path("a.jpg"), &long).unwrap();
    desk.has_exactly(std::slice::from_ref(&long));
    let mut file = File::options().write(true).open(desk.path("a.jpg")).unwrap();
    file.write_all(&short).unwrap();
    file.sync_all().unwrap();
    // The new one's head with the old one's tail behind it.
    std::thread::park_timeout(LIMITS.quiet * 2);
    assert_eq!(desk.count(), 1);
    file.set_len(short.len() as u64).unwrap();
    drop(file);
    desk.has_exactly(&[long, short]);
}

#[test]
fn a_torn_file_counts_as_stuck_and_heals() {
    let desk = desk();
    let bytes = jpeg(11);
    fs::write(desk.path("a.jpg"), &bytes[..bytes.len() - 40]).unwrap();
    fs::write(desk.path("b.jpg"), jpeg(12)).unwrap();
    until("it counts as stuck", || desk.hot.report().stuck == 1);
    assert_eq!(desk.hot.report().stuck_names, ["a.jpg"]);
    desk.has_exactly(&[jpeg(12)]);
    fs::write(desk.path("a.jpg"), &bytes).unwrap();
    desk.has_exactly(&[jpeg(12), bytes]);
    until("nothing waits", || desk.hot.report().waiting == 0);
}

#[test]
fn what_cannot_be_kept_now_is_offered_again() {
    let desk = desk();
    *desk.kept.refusals.lock().unwrap() = 2;
    fs::write(desk.path("a.jpg"), jpeg(13)).unwrap();
    desk.has_exactly(&[jpeg(13)]);
}

#[test]
fn what_came_while_the_station_was_down_is_taken_and_what_it_has_is_not() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("102_0611")).unwrap();
    fs::write(folder.path().join("old.jpg"), jpeg(14)).unwrap();
    fs::write(folder.path().join("102_0611/new.jpg"), jpeg(15)).unwrap();
    let kept = Tray::default();
    kept.before.lock().unwrap().insert(photo::sha256(&jpeg(14)));
    let desk = desk_at(folder, kept, HashSet::new());
    desk.has_exactly(&[jpeg(15)]);
}

#[test]
fn what_was_there_before_anybody_wanted_it_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("last-year.jpg"), jpeg(16)).unwrap();
    let passed = inventory(folder.path()).unwrap();
    assert_eq!(passed.len(), 1);
    let desk = desk_at(folder, Tray::default(), passed);
    fs::write(desk.path("today.jpg"), jpeg(17)).unwrap();
    desk.has_exactly(&[jpeg(17)]);
}

#[test]
fn a_folder_that_goes_away_and_comes_back() {
    let desk = desk();
    fs::write(desk.path("a.jpg"), jpeg(18)).unwrap();
    desk.has_exactly(&[jpeg(18)]);
    let away = desk.folder.path().with_extension("away");
    fs::rename(desk.folder.path(), &away).unwrap();
    until("it is gone", || !desk.hot.report().is_there);
    fs::write(away.join("b.jpg"), jpeg(19)).unwrap();
    fs::rename(&away, desk.folder.path()).unwrap();
    desk.has_exactly(&[jpeg(18), jpeg(19)]);
    fs::write(desk.path("c.jpg"), jpeg(20)).unwrap();
    desk.has_exactly(&[jpeg(18), jpeg(19), jpeg(20)]);
}

/// A file that comes over a slow line: pauses longer and shorter than it takes to count as quiet.
#[test]
fn a_file_that_grows_slowly() {
    let desk = desk();
    let (bytes, path) = (jpeg(30), desk.path("a.jpg"));
    let mut file = File::create(&path).unwrap();
    let eighth = bytes.len() / 8 + 1;
    for (nth, piece) in bytes.chunks(eighth).enumerate() {
        let pause = if nth % 2 == 0 {
            LIMITS.quiet / 3
        } else {
            LIMITS.quiet * 2
        };
        std::thread::park_timeout(pause);
        assert_eq!(desk.count(), 0, "taken after {nth} of 8 pieces");
        file.write_all(piece).unwrap();
        file.sync_all().unwrap();
    }
    drop(file);
    desk.has_exactly(&[bytes]);
}

/// As on a share another machine writes to: the system tells nothing of what is written. The bytes go in through another name of the
/// same file, outside the watched folder, which makes no event in it.
#[test]
fn written_from_elsewhere_without_an_event() {
    let desk = desk();
    let outside = tempfile::tempdir_in(desk.folder.path().parent().unwrap()).unwrap();
    let all: Vec<_> = (31..36).map(jpeg).collect();
    let mut writers = Vec::new();
    for nth in 0..all.len() {
        let (there, here) = (outside.path().join(format!("{nth}")), desk.path(&format!("{nth}.jpg")));
        writers.push(File::create(&there).unwrap());
        fs::hard_link(&there, here).unwrap();
    }
    until("all are seen", || desk.hot.report().waiting == 5);
    for (writer, bytes) in writers.iter_mut().zip(&all) {
        writer.write_all(&bytes[..bytes.len() / 2]).unwrap();
    }
    std::thread::park_timeout(LIMITS.quiet * 2);
    assert_eq!(desk.count(), 0, "taken by half");
    for (writer, bytes) in writers.iter_mut().zip(&all) {
        writer.write_all(&bytes[bytes.len() / 2..]).unwrap();
    }
    desk.has_exactly(&all);
    // Written over, again from elsewhere.
    let last = jpeg(36);
    fs::write(outside.path().join("4"), &last).unwrap();
    desk.has_exactly(&[&all[..], &[last]].concat());
}

#[test]
fn an_empty_file_and_what_is_no_jpeg() {
    let desk = desk();
    File::create(desk.path("empty.jpg")).unwrap();
    fs::write(desk.path("really.jpg"), b"\x89PNG\r\n\x1a\n and so on").unwrap();
    fs::write(desk.path("notes.jpeg"), "three pictures of the second class").unwrap();
    fs::write(desk.path("raw.NEF"), jpeg(37)).unwrap();
    fs::write(desk.path("picture.png"), jpeg(38)).unwrap();
    fs::create_dir(desk.path("folder.jpg")).unwrap();
    fs::write(desk.path("a.jpg"), jpeg(39)).unwrap();
    desk.has_exactly(&[jpeg(39)]);
    // They are not pictures and may become some: they wait, and then somebody is told.
    until("they count as stuck", || desk.hot.report().stuck == 3);
    // An empty one is filled at last.
    fs::write(desk.path("empty.jpg"), jpeg(40)).unwrap();
    desk.has_exactly(&[jpeg(39), jpeg(40)]);
    assert_eq!(desk.hot.report().waiting, 2);
}

#[test]
fn five_hundred_at_once() {
    let desk = desk();
    let all: Vec<_> = (100..600).map(jpeg).collect();
    for (nth, bytes) in all.iter().enumerate() {
        fs::write(desk.path(&format!("{nth:04}.jpg")), bytes).unwrap();
    }
    desk.has_exactly(&all);
}

/// Frames of 24 megapixels, written at once by several writers in pieces, as a burst comes over a cable.
#[test]
fn a_burst_of_24_megapixels() {
    let desk = desk();
    let size = SizePx {
        width: 6000,
        height: 4000,
    };
    let smooth = |seed: u32| {
        let picture = photo::Picture::from_fn(size, |x, y| domain::Rgb {
            r: ((x / 16 + seed * 9) % 256) as u8,
            g: ((y / 16 + seed * 5) % 256) as u8,
            b: ((x * y / 4096 + seed) % 256) as u8,
        });
        encoded(&picture.unwrap())
    };
    let all: Vec<_> = (0..4).map(smooth).collect();
    std::thread::scope(|scope| {
        for (nth, bytes) in all.iter().enumerate() {
            let path = desk.path(&format!("burst-{nth}.jpg"));
            scope.spawn(move || write_in_pieces(&path, bytes));
        }
    });
    desk.has_exactly(&all);
}

fn write_in_pieces(path: &Path, bytes: &[u8]) {
    let mut file = File::create(path).unwrap();
    for piece in bytes.chunks(256 << 10) {
        file.write_all(piece).unwrap();
        file.flush().unwrap();
        std::thread::yield_now();
    }
}

#[test]
fn a_file_of_several_pictures_is_whole_and_the_rest_of_another_is_not() {
    let one = jpeg(21);
    // An index segment (APP2, "MPF") in front, a small preview behind.
    let mut several = one[..2].to_vec();
    several.extend([0xFF, 0xE2, 0, 8]);
    several.extend(b"MPF\0\0\0");
    several.extend(&one[2..]);
    several.extend(&jpeg(22)[..]);
    assert!(whole(&several).is_ok());
    assert!(whole(&several[..several.len() / 4]).is_err());
    let other = [&one[..], &jpeg(22)[..]].concat();
    assert!(whole(&other).is_err());
}

/// Many are being kept, each for a while, when another one appears: it is as old as its first byte, not as the turn it waited for.
#[test]
fn a_file_is_timed_when_it_appears_and_not_when_its_turn_comes() {
    let folder = tempfile::tempdir().unwrap();
    for seed in 20..26 {
        fs::write(folder.path().join(format!("{seed}.jpg")), jpeg(seed)).unwrap();
    }
    let kept = Tray::default();
    *kept.slow.lock().unwrap() = LIMITS.rescan;
    let desk = desk_at(folder, kept, HashSet::new());
    until("the first is kept", || desk.count() == 1);
    let before = Instant::now();
    fs::write(desk.path("late.jpg"), jpeg(30)).unwrap();
    until("all are kept", || desk.count() == 7);
    let seen = desk.kept.seen.lock().unwrap();
    assert!(seen[..6].iter().all(|(s, _)| *s == Seen::Before), "{seen:?}");
    let (Seen::Told(at), its_turn) = seen[6] else {
        panic!("{seen:?}");
    };
    assert!(before <= at && at < seen[5].1 && seen[5].1 < its_turn, "{seen:?}");
}

/// Pictures of 24 megapixels while five hundred others come, as when a card is copied into the folder during the day.
#[test]
fn five_hundred_at_once_and_large_ones_among_them() {
    let desk = desk();
    let size = SizePx {
        width: 6000,
        height: 4000,
    };
    let picture = photo::Picture::from_fn(size, |x, y| domain::Rgb {
        r: ((x / 16) % 256) as u8,
        g: ((y / 16) % 256) as u8,
        b: 90,
    });
    let plain = encoded(&picture.unwrap());
    // Each is another file: with a comment of its own.
    let large = |nth: u8| -> Arc<[u8]> { [&plain[..2], &[0xFF, 0xFE, 0, 3, nth], &plain[2..]].concat().into() };
    let large: Vec<_> = (0..8).map(large).collect();
    let small: Vec<_> = (100..600).map(jpeg).collect();
    for (nth, bytes) in small.iter().enumerate() {
        fs::write(desk.path(&format!("old-{nth}.jpg")), bytes).unwrap();
        if nth % 64 == 0 {
            write_in_pieces(&desk.path(&format!("burst-{nth}.jpg")), &large[nth / 64]);
        }
    }
    // A strict look at eight large ones takes longer than anything else here.
    let end = Instant::now() + PATIENCE * 6;
    while desk.count() < 508 && Instant::now() < end {
        std::thread::park_timeout(LIMITS.rescan);
    }
    desk.has_exactly(&[small, large].concat());
    until("all are accounted for", || {
        let report = desk.hot.report();
        (report.taken, report.same, report.waiting) == (508, 0, 0)
    });
}
