//! How are many files checked side by side, and their results kept in order?
use assess::{Assessment, Assessor};
use domain::PhotoSpec;
use photo::{Finished, Limits};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};

/// The result for one file under one standard.
pub(crate) struct Checked<'a> {
    pub(crate) file: PathBuf,
    pub(crate) spec: &'a PhotoSpec,
    /// Whether each file is judged against this standard only.
    pub(crate) alone: bool,
    /// Whether this is the file's last result.
    pub(crate) last: bool,
    pub(crate) assessment: Assessment,
    pub(crate) finished: Option<Finished>,
}

/// Results that wait to be written. What overtook a slow file waits beside, a few dozen small pictures at most.
const QUEUE: usize = 4;

/// Checks all files with one assessor for each job; `each` gets the results in the order of the files and may stop the work
/// with an error.
pub(crate) fn check_all<'a, E>(
    files: &[PathBuf],
    specs: &'a [PhotoSpec],
    assessors: &[Assessor],
    mut each: impl FnMut(Checked<'a>) -> Result<(), E>,
) -> Result<(), E> {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let (send, receive) = sync_channel(QUEUE);
        for assessor in assessors {
            let (send, next) = (send.clone(), &next);
            scope.spawn(move || work(files, specs, assessor, next, &send));
        }
        drop(send);
        let mut waiting = BTreeMap::new();
        let mut wanted = 0;
        for (index, checked) in receive {
            waiting.insert(index, checked);
            while let Some(checked) = waiting.remove(&wanted) {
                wanted += 1;
                for result in checked {
                    each(result)?;
                }
            }
        }
        Ok(())
    })
}

fn work<'a>(
    files: &[PathBuf],
    specs: &'a [PhotoSpec],
    assessor: &Assessor,
    next: &AtomicUsize,
    send: &SyncSender<(usize, Vec<Checked<'a>>)>,
) {
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some(file) = files.get(index) else { return };
        // The other end is gone when the work was stopped.
        if send.send((index, check(file, specs, assessor))).is_err() {
            return;
        }
    }
}

fn check<'a>(file: &Path, specs: &'a [PhotoSpec], assessor: &Assessor) -> Vec<Checked<'a>> {
    // A file that cannot be opened goes the same way as one that cannot be decoded: no bytes, a failing finding.
    let bytes = read(file).unwrap_or_default();
    let results = assessor.assess_each(&bytes, specs);
    let each = |(i, (spec, (assessment, finished)))| Checked {
        file: file.to_owned(),
        spec,
        alone: specs.len() == 1,
        last: i + 1 == specs.len(),
        assessment,
        finished,
    };
    specs.iter().zip(results).enumerate().map(each).collect()
}

/// Reads a file of at most one byte more than a picture may have, so that a huge one is refused without filling the memory.
fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read;
    let mut bytes = Vec::new();
    let limit = Limits::default().max_bytes + 1;
    std::fs::File::open(file)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}
