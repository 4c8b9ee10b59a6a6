//! `kill -9` in the middle of writes: whatever was acknowledged is there, and everything fits together.
use crate::kit;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use store::{Depth, orders, slots};

const CHILD: &str = "STORE_CRASH_CHILD";
const KILLS: u64 = 25;

/// Runs in a process of its own: photos, shots, orders, ops and entries, one head after the other, until it is killed. Each head is
/// printed once its change is durable.
#[test]
fn child() {
    let Some(dir) = std::env::var_os(CHILD) else { return };
    let store = kit::open(dir.as_ref());
    let next = store
        .read(|c| Ok(orders::counts(c, None)?.iter().map(|(_, n)| u64::from(*n)).sum::<u64>()))
        .unwrap()
        + 1;
    store
        .write(|tx| match slots::open_now(tx)? {
            Some(open) => slots::close(tx, open.id, kit::NOW),
            None => Ok(()),
        })
        .unwrap();
    let mut out = std::io::stdout();
    for n in next.. {
        store.blobs().put(&kit::bytes(n)).unwrap();
        store.write(|tx| head(tx, n)).unwrap();
        writeln!(out, "acknowledged {n}").unwrap();
        out.flush().unwrap();
    }
}

fn head(tx: &store::Tx, n: u64) -> Result<(), store::StoreError> {
    use store::shots::{self, NewShot};
    let person = domain::PersonKey::Roster(format!("S{n}"));
    let new = slots::NewSlot {
        campaign: kit::campaign().id,
        person,
        retake_of: None,
        opened_at: kit::NOW,
    };
    let slot = slots::open(tx, &new)?;
    let shot = NewShot {
        id: domain::ShotId(kit::uuid(n)),
        campaign: Some(kit::campaign().id),
        slot: Some(slot),
        blob: kit::photo(n).blob,
        bytes: kit::bytes(n).len() as u64,
        captured_at: kit::NOW,
        camera_sequence: n,
        original: domain::SizePx {
            width: 1920,
            height: 1080,
        },
    };
    shots::put(tx, &shot)?;
    kit::submit(tx, n)?;
    shots::accept(tx, shot.id, kit::order(n).id, kit::NOW)?;
    slots::close(tx, slot, kit::NOW)
}

#[test]
fn nothing_acknowledged_is_lost_when_the_station_is_killed() {
    let (dir, store) = kit::store();
    drop(store);
    let mut acknowledged = 0;
    for kill in 0..KILLS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::child", "--nocapture"])
            .env(CHILD, dir.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap())
            .lines()
            .map_while(Result::ok);
        let mut heard = |line: String| {
            if let Some(n) = line.strip_prefix("acknowledged ").and_then(|n| n.parse().ok()) {
                acknowledged = n;
                return true;
            }
            false
        };
        // Killed at another place each time: right after an answer, or while the next heads are on their way.
        let answers = (kill * 7) % 12 + 1;
        let mut count = 0;
        while count < answers {
            count += u64::from(heard(lines.next().expect("the child ended by itself")));
        }
        for _ in 0..kill % 5 * 20_000 {
            std::hint::spin_loop();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // What it still said before it died counts as well.
        for line in lines {
            heard(line);
        }
        let store = kit::open(dir.path());
        let report = store.verify(Depth::Bytes).unwrap();
        assert_eq!(report.problems, [], "after kill {kill}");
        for n in 1..=acknowledged {
            let found = store.read(|c| orders::get(c, kit::order(n).id)).unwrap();
            assert_eq!(
                found.map(|f| (f.order, f.last_rev)),
                Some((kit::order(n), 1)),
                "order {n} after kill {kill}"
            );
        }
        // At most one head was written and not yet answered.
        assert!(
            (acknowledged..=acknowledged + 1).contains(&u64::from(report.orders)),
            "after kill {kill}"
        );
        assert!(store.found_on_open().unnamed.len() <= 1 + kill as usize);
    }
    println!("{KILLS} kills, {acknowledged} acknowledged heads, none lost");
}
