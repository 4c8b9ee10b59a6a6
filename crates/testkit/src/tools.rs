//! Programs of other people that tests run against, from PyPI and npm: one environment of each for all, made at the first need.
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// What is installed. S3 by moto, a tus client nobody here wrote.
const PACKAGES: &[&str] = &["moto[s3]==5.2.5", "flask==3.*", "flask-cors==6.*", "tuspy==1.1.0"];

/// What asks by a document of routes; with many packages of its own, so that only those who need it install them.
const SCHEMATHESIS: &[&str] = &["schemathesis==4.32.5"];

/// A program of the Python environment, `target/tools/python`.
///
/// # Panics
/// When the environment cannot be made: Debian needs python3-venv.
#[must_use]
pub fn python(program: &str) -> PathBuf {
    environment("python", PACKAGES).join(program)
}

/// Schemathesis, in an environment of its own.
///
/// # Panics
/// As [`python`].
#[must_use]
pub fn schemathesis() -> PathBuf {
    environment("schemathesis", SCHEMATHESIS).join("schemathesis")
}

/// The programs of an environment with these packages.
fn environment(name: &str, packages: &[&str]) -> PathBuf {
    let tools = target().join("tools");
    std::fs::create_dir_all(&tools).expect("a folder for tools");
    let lock = std::fs::File::create(tools.join(format!("{name}.lock"))).expect("a lock for the environment");
    lock.lock().expect("waiting for others that make the environment");
    let home = tools.join(name);
    let (mark, wanted) = (home.join("installed"), packages.join("\n"));
    if std::fs::read_to_string(&mark).ok().as_deref() != Some(&wanted) {
        run(Command::new("python3").args(["-m", "venv"]).arg(&home));
        let mut pip = Command::new(home.join("bin/python"));
        run(pip
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(packages));
        std::fs::write(&mark, wanted).expect("marking the environment");
    }
    home.join("bin")
}

/// The folder of npm's packages for tests, `target/tools/node`: programs of other people in JavaScript. The lock file lies beside this
/// crate; run `node` in this folder and it finds them.
///
/// # Panics
/// When they cannot be installed: Node and npm are needed, as for the screens.
#[must_use]
pub fn node() -> PathBuf {
    let tools = target().join("tools");
    std::fs::create_dir_all(&tools).expect("a folder for tools");
    let lock = std::fs::File::create(tools.join("node.lock")).expect("a lock for the packages");
    lock.lock().expect("waiting for others that install the packages");
    let (home, from) = (tools.join("node"), Path::new(env!("CARGO_MANIFEST_DIR")).join("node"));
    let wanted = std::fs::read_to_string(from.join("package-lock.json")).expect("the lock file of the packages");
    let mark = home.join("installed");
    if std::fs::read_to_string(&mark).ok().as_deref() != Some(&wanted) {
        std::fs::create_dir_all(&home).expect("a folder for the packages");
        for name in ["package.json", "package-lock.json"] {
            std::fs::copy(from.join(name), home.join(name)).expect("copying the list of packages");
        }
        let mut npm = Command::new("npm");
        run(npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(&home));
        std::fs::write(&mark, wanted).expect("marking the packages");
    }
    home
}

fn run(command: &mut Command) {
    let output = command.output().expect("starting a program");
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
