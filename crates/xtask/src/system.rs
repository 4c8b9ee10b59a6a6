//! The Debian packages the build and the tests need, and how a fresh machine gets them.
use crate::program::{Fault, cargo, command, succeed, target};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

/// What building the station needs.
pub const BUILD: &[&str] = &[
    "build-essential",
    "clang",
    "cmake",
    "libayatana-appindicator3-dev",
    "libclang-dev",
    "librsvg2-dev",
    "libssl-dev",
    "libwebkit2gtk-4.1-dev",
    "libxdo-dev",
    "nasm",
    "perl",
    "pkg-config",
];
/// What opening the window needs beyond that: Chinese letters.
pub const WINDOW: &[&str] = &["fonts-noto-cjk"];
/// What the tests of the real window, the browser, the center's database and the virtual machine need.
pub const TESTS: &[&str] = &[
    "busybox-static",
    "chromium",
    "cpio",
    "dbus",
    "fonts-noto-cjk",
    "imagemagick",
    "kmod",
    "openssl",
    "postgresql-15",
    "python3",
    "python3-venv",
    "qemu-system-x86",
    "webkit2gtk-driver",
    "x11-utils",
    "xauth",
    "xdotool",
    "xvfb",
];

/// What building libgphoto2 with its emulated camera needs.
pub const TETHER: &[&str] = &["dpkg-dev", "libexif-dev", "libltdl-dev", "patch", "procps", "xz-utils"];
/// What the benchmark of the center needs: its peer.
pub const LOAD: &[&str] = &["curl"];

/// What a cluster of database servers needs.
pub const CLUSTER: &[&str] = &["etcd-server", "haproxy", "patroni", "postgresql-15"];

/// What the peers of the benchmark of the verdict need: a place for Python's packages, and what its OpenCV is linked to.
pub const PEERS: &[&str] = &["libgl1", "libglib2.0-0", "python3", "python3-venv"];

/// Whether the person has agreed to installing things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    /// `--yes`.
    Given,
    /// Ask on a terminal, as root go on.
    Ask,
}

/// Installs the packages that are missing. Says which; asks unless root or told to go on.
pub fn install(groups: &[&[&str]], consent: Consent) -> Result<(), Fault> {
    if !cfg!(target_os = "linux") || command("dpkg-query --version").output().is_err() {
        eprintln!("This is no Debian system: the packages named in README.md must be there already.");
        return Ok(());
    }
    let mut missing: Vec<&str> = groups.concat().into_iter().filter(|p| !is_installed(p)).collect();
    missing.sort_unstable();
    missing.dedup();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    eprintln!("Missing system packages: {list}");
    let is_root = command("id -u").output().is_ok_and(|o| o.stdout.trim_ascii() == b"0");
    if !is_root && consent == Consent::Ask && !agrees() {
        return Err(Fault::NeedsPerson(format!(
            "install them with: sudo apt-get install {list}"
        )));
    }
    let sudo = if is_root { "" } else { "sudo " };
    succeed(&mut command(&format!("{sudo}apt-get update -q")))?;
    let line = format!("{sudo}apt-get install -q -y --no-install-recommends {list}");
    succeed(command(&line).env("DEBIAN_FRONTEND", "noninteractive"))
}

/// Installs the driver of the real window, unless it is there; the folder its `bin` lies in.
pub fn tauri_driver() -> Result<PathBuf, Fault> {
    let tools = target().join("tools");
    if !tools.join("bin/tauri-driver").exists() {
        succeed(cargo("install tauri-driver --version ^2 --locked --root").arg(&tools))?;
    }
    Ok(tools)
}

fn is_installed(package: &str) -> bool {
    let query = command("dpkg-query -W -f ${Status}").arg(package).output();
    query.is_ok_and(|o| o.stdout.ends_with(b"install ok installed"))
}

fn agrees() -> bool {
    if !std::io::stdin().is_terminal() {
        return false;
    }
    eprint!("Install them now? [Y/n] ");
    let _ = std::io::stderr().flush();
    let mut answer = String::new();
    let read = std::io::stdin().read_line(&mut answer);
    read.is_ok() && matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes")
}
