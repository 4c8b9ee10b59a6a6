//! How are many files checked side by side, and their results kept in order?
use assess::{Assessment, Assessor};
use domain::PhotoSpec;
use photo::{Finished, Limits};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};

/// The result for one file.
pub(crate) struct Checked {
    pub(crate) file: PathBuf,
    pub(crate) assessment: Assessment,
    pub(crate) finished: Option<Finished>,
}

/// Results that wait to be written. What overtook a slow file waits beside, a few dozen small pictures at most.
const QUEUE: usize = 4;

/// Checks all files with one assessor for each job; `each` gets the results in the order of the files and may stop the work
/// with an error.
pub(crate) fn check_all<E>(
    files: &[PathBuf],
    spec: &PhotoSpec,
    assessors: &[Assessor],
    mut each: impl FnMut(Checked) -> Result<(), E>,
) -> Result<(), E> {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let (send, receive) = sync_channel(QUEUE);
        for assessor in assessors {
            let (send, next) = (send.clone(), &next);
            scope.spawn(move || work(files, spec, assessor, next, &send));
        }
        drop(send);
        let mut waiting = BTreeMap::new();
        let mut wanted = 0;
        for (index, checked) in receive {
            waiting.insert(index, checked);
            while let Some(checked) = waiting.remove(&wanted) {
                wanted += 1;
                each(checked)?;
            }
        }
        Ok(())
    })
}

fn work(
    files: &[PathBuf],
    spec: &PhotoSpec,
    assessor: &Assessor,
    next: &AtomicUsize,
    send: &SyncSender<(usize, Checked)>,
) {
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some(file) = files.get(index) else { return };
        // The other end is gone when the work was stopped.
        if send.send((index, check(file, spec, assessor))).is_err() {
            return;
        }
    }
}

fn check(file: &Path, spec: &PhotoSpec, assessor: &Assessor) -> Checked {
    // A file that cannot be opened goes the same way as one that cannot be decoded: no bytes, a failing finding.
    let bytes = read(file).unwrap_or_default();
    let (assessment, finished) = assessor.assess_and_finish(&bytes, spec);
    Checked {
        file: file.to_owned(),
        assessment,
        finished,
    }
}

/// Reads a file of at most one byte more than a picture may have, so that a huge one is refused without filling the memory.
fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read;
    let mut bytes = Vec::new();
    let limit = Limits::default().max_bytes + 1;
    std::fs::File::open(file)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}
