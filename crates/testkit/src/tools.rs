//! Programs of other people that tests run against, from PyPI: one environment for all, made at the first need.
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// What is installed. S3 by moto, a tus client nobody here wrote.
const PACKAGES: &[&str] = &["moto[s3]==5.2.5", "flask==3.*", "flask-cors==6.*", "tuspy==1.1.0"];

/// A program of the Python environment, `target/tools/python`.
///
/// # Panics
/// When the environment cannot be made: Debian needs python3-venv.
#[must_use]
pub fn python(program: &str) -> PathBuf {
    let tools = target().join("tools");
    std::fs::create_dir_all(&tools).expect("a folder for tools");
    let lock = std::fs::File::create(tools.join("python.lock")).expect("a lock for the environment");
    lock.lock().expect("waiting for others that make the environment");
    let home = tools.join("python");
    let (mark, wanted) = (home.join("installed"), PACKAGES.join("\n"));
    if std::fs::read_to_string(&mark).ok().as_deref() != Some(&wanted) {
        run(Command::new("python3").args(["-m", "venv"]).arg(&home));
        let mut pip = Command::new(home.join("bin/python"));
        run(pip
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(PACKAGES));
        std::fs::write(&mark, wanted).expect("marking the environment");
    }
    home.join("bin").join(program)
}

fn run(command: &mut Command) {
    let output = command.output().expect("starting Python");
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The build folder: the one the running test is in.
fn target() -> PathBuf {
    let program = std::env::current_exe().expect("the test's own path");
    let found = program
        .ancestors()
        .find(|p| p.join("CACHEDIR.TAG").exists())
        .map(Path::to_owned);
    found.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target"))
}

/// A port nobody listens on now.
pub(crate) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}

/// Waits until something holds.
///
/// # Panics
/// When it does not hold in time.
pub(crate) fn until(what: &str, most: Duration, holds: impl Fn() -> bool) {
    let begun = std::time::Instant::now();
    while !holds() {
        assert!(begun.elapsed() < most, "{what} took too long");
        std::thread::sleep(Duration::from_millis(20));
    }
}
