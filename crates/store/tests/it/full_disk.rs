//! A full disk: told apart, nothing acknowledged lost, and work goes on once there is room.
use crate::kit;
use std::path::Path;
use std::process::{Command, Stdio};
use store::{Depth, StoreError, orders};

const CHILD: &str = "STORE_FULL_DISK_CHILD";

/// Runs in a process of its own, whose folder is a file system of 6 MiB that only it sees. Where the system lets nobody mount one,
/// the largest file it may write is limited instead.
#[test]
fn child() {
    let Some(dir) = std::env::var_os(CHILD) else { return };
    let dir = Path::new(&dir);
    let store = kit::open(dir);
    store.write(|tx| store::campaigns::put(tx, &kit::campaign())).unwrap();
    let mut full = Vec::new();
    let mut done = 0;
    // Photos first, as in life: each head is a photo and then a change.
    for n in 1..2000 {
        let photo = kit::bytes(n).repeat(8);
        let result = store
            .blobs()
            .put(&photo)
            .and_then(|_| store.write(|tx| kit::submit(tx, n)));
        match result {
            Ok(()) => done = n,
            Err(e) => {
                full.push(e);
                break;
            }
        }
    }
    assert!(matches!(full.as_slice(), [StoreError::DiskFull { .. }]), "{full:?}");
    assert!(full[0].is_retryable());
    // Now the database alone, to its own end.
    let mut last = None;
    for n in 10_000..12_000 {
        if let Err(e) = store.write(|tx| kit::submit(tx, n)) {
            last = Some(e);
            break;
        }
        done += 1;
    }
    assert!(matches!(last, Some(StoreError::DiskFull { .. })), "{last:?}");
    assert_eq!(
        std::fs::read_dir(dir.join("photos/incoming")).unwrap().count(),
        0,
        "no half photo is left"
    );
    let made =
        |s: &store::Store| s.read(|c| Ok(orders::counts(c, None)?.iter().map(|(_, n)| u64::from(*n)).sum::<u64>()));
    assert_eq!(made(&store).unwrap(), done);
    // Room again: the same store goes on.
    std::fs::remove_file(dir.join("ballast")).unwrap();
    store.write(|tx| kit::submit(tx, 20_000)).unwrap();
    drop(store);
    let store = kit::open(dir);
    assert_eq!(made(&store).unwrap(), done + 1);
    let report = store.verify(Depth::Rows).unwrap();
    assert!(
        report
            .problems
            .iter()
            .all(|p| matches!(p, store::Problem::Photo { .. })),
        "{:?}",
        report.problems
    );
    println!("full after {done} changes");
}

fn run(script: &str) -> std::process::Output {
    let dir = tempfile::tempdir().unwrap();
    Command::new("sh")
        .args(["-c", script, "sh"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "full_disk::child", "--nocapture"])
        .env(CHILD, dir.path())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[test]
fn a_full_disk_is_its_own_error_and_loses_nothing() {
    // A mount name space of its own: nothing is left mounted, whatever happens. With a user name space it needs no root.
    let output = run("exec unshare -rm sh -c 'mount -t tmpfs -o size=6m tmpfs \"$0\" && \
         head -c 3145728 /dev/zero > \"$0/ballast\" && exec \"$@\"' \"$STORE_FULL_DISK_CHILD\" \"$@\"");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    println!("{said}");
    let mounted = !said.contains("unshare:") && !said.contains("mount:");
    if mounted {
        assert!(output.status.success(), "{said}");
    } else {
        too_large_a_file_is_a_full_disk();
    }
}

/// The same by another way, for systems where nobody may mount: files may not grow beyond 512 KiB.
fn too_large_a_file_is_a_full_disk() {
    let output =
        run("trap '' XFSZ; ulimit -f 1024; export STORE_FULL_DISK_FILES=1; exec \"$1\" --exact full_disk::limited");
    assert!(output.status.success(), "{output:?}");
}

/// Runs in a process of its own under `ulimit -f`.
#[test]
fn limited() {
    let (Some(dir), Some(_)) = (std::env::var_os(CHILD), std::env::var_os("STORE_FULL_DISK_FILES")) else {
        return;
    };
    let store = kit::open(dir.as_ref());
    let small = store.blobs().put(&kit::bytes(1)).unwrap();
    let large = store.blobs().put(&vec![7; 1 << 20]);
    assert!(matches!(large, Err(StoreError::DiskFull { .. })), "{large:?}");
    assert_eq!(
        std::fs::read_dir(Path::new(&dir).join("photos/incoming"))
            .unwrap()
            .count(),
        0
    );
    assert_eq!(store.blobs().get(&small).unwrap(), kit::bytes(1));
}

#[test]
fn the_limit_of_a_file_is_met_without_a_trace() {
    too_large_a_file_is_a_full_disk();
}
