//! What does a camera's process do? It opens the camera and sends what comes, until its input is closed.
use super::WORD;
use super::pipe::{self, Word};
use crate::controls::Settings;
use crate::fault::CameraError;
use crate::identity::CameraId;
use crate::monotonic;
use crate::replay::{Pace, Replay};
use crate::source::Source;
use std::io::{BufWriter, Read, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Longest wait for a frame, which is how fast the end is heard.
const PATIENCE: Duration = Duration::from_millis(100);
/// Longest time from the station's end to ours: a driver that hangs must not hold the camera when nobody is left to kill it.
const ORPHANED: Duration = Duration::from_secs(5);

/// Runs this program as a camera's process, when its arguments (without its name) say so; to be asked before anything else.
pub fn asked(mut arguments: impl Iterator<Item = String>) -> Option<ExitCode> {
    if arguments.next()? != WORD {
        return None;
    }
    let mut output = BufWriter::with_capacity(1 << 18, std::io::stdout().lock());
    let source = source(arguments.next().as_deref(), arguments.next().as_deref());
    let served = source.and_then(|mut source| serve(source.as_mut(), std::io::stdin(), &mut output));
    let Err(error) = served else {
        return Some(ExitCode::SUCCESS);
    };
    // Whoever listened may be gone; the exit code says the same.
    let _ = pipe::write(&mut output, &pipe::failed(&error));
    Some(ExitCode::from(1))
}

/// The camera named by its identity, and for a replay by its pictures.
fn source(id: Option<&str>, pictures: Option<&str>) -> Result<Box<dyn Source>, CameraError> {
    let named = id.unwrap_or_default();
    let id: CameraId = named.parse().unwrap_or_else(|_| CameraId::Named(named.to_owned()));
    match pictures {
        Some(folder) => Ok(Box::new(Replay::open(Path::new(folder), Pace::default())?)),
        None => crate::inside(&id, Settings::default()),
    }
}

fn serve(
    source: &mut dyn Source,
    input: impl Read + Send + 'static,
    output: &mut impl Write,
) -> Result<(), CameraError> {
    let unwanted = Arc::new(AtomicBool::new(false));
    watch(input, Arc::clone(&unwanted));
    let mut stream = source.open()?;
    // A pipe that is closed at the other end is the end, and no failure.
    let mut say = |word: &Word| pipe::write(output, word).is_ok() && !unwanted.load(Ordering::Relaxed);
    let mut goes_on = say(&Word::Opened(stream.negotiated()));
    while goes_on && !unwanted.load(Ordering::Relaxed) {
        goes_on = match stream.next(PATIENCE) {
            Ok(frame) => say(&Word::Frame {
                began: stamp(frame.began),
                jpeg: frame.jpeg,
            }),
            Err(CameraError::NoFrame { .. }) => true,
            Err(CameraError::DamagedFrame { .. }) => say(&Word::Damaged),
            Err(error) => return Err(error),
        };
    }
    Ok(())
}

/// A moment in the clock both processes share.
fn stamp(moment: Instant) -> Duration {
    monotonic::now().saturating_sub(moment.elapsed())
}

/// Raises the flag when the input is closed, and ends the process when that does not.
fn watch(mut input: impl Read + Send + 'static, unwanted: Arc<AtomicBool>) {
    let work = move || {
        let mut nothing = [0; 64];
        while matches!(input.read(&mut nothing), Ok(1..)) {}
        unwanted.store(true, Ordering::Relaxed);
        std::thread::sleep(ORPHANED);
        std::process::exit(1);
    };
    // Without a thread it ends at the closed pipe.
    let _ = std::thread::Builder::new().name("camera-input".to_owned()).spawn(work);
}
