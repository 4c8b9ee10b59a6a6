//! How does the station treat the program that drives a camera on a cable? Here that program is a few lines of shell; with a camera
//! behind it, it is tried in `cargo xtask test --only tether`.
#![cfg(target_os = "linux")]
use crate::make::{PATIENCE, limits, until, until_state};
use camera::tether::{Places, TetherCamera};
use camera::{CameraHandle, CameraState};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Writes the program.
fn program(folder: &Path, script: &str) -> PathBuf {
    let path = folder.join("driver");
    // Under another name first: a file that is open for writing cannot be started.
    let coming = folder.join("coming");
    std::fs::write(&coming, format!("#!/bin/sh\ncd '{}'\n{script}", folder.display())).unwrap();
    std::fs::set_permissions(&coming, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::rename(coming, &path).unwrap();
    path
}

fn started(folder: &TempDir, script: &str) -> CameraHandle {
    let program = program(folder.path(), script);
    let places = Places {
        dev: folder.path().to_owned(),
        ..Places::default()
    };
    let camera = TetherCamera::new("Nikon".to_owned(), program).with_places(places);
    CameraHandle::start(Box::new(camera), limits())
}

const OPENED: &str = "echo $$ > pid; echo '{\"event\":\"opened\"}'\n";

fn is_running(folder: &TempDir) -> bool {
    let pid = std::fs::read_to_string(folder.path().join("pid")).unwrap();
    Path::new("/proc").join(pid.trim()).exists()
}

#[test]
fn it_is_asked_to_end_and_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let script = format!(
        "{OPENED}while read word; do echo $word >> heard; [ $word = quit ] && break; done; echo yes > put_away"
    );
    let camera = started(&folder, &script);
    until_state(&camera, &CameraState::Streaming);
    camera.stop();
    let written = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap_or_default();
    assert_eq!(
        (written("heard").as_str(), written("put_away").as_str()),
        ("quit\n", "yes\n")
    );
}

#[test]
fn one_that_does_not_listen_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    // It floods its output besides, which must not keep it from being heard or ended.
    let camera = started(
        &folder,
        &format!("{OPENED}while :; do echo '{{\"event\":\"alive\"}}'; done"),
    );
    until_state(&camera, &CameraState::Streaming);
    assert!(is_running(&folder));
    camera.stop();
    assert!(!is_running(&folder));
}

#[test]
fn an_opening_nobody_waits_for_is_given_up() {
    let folder = tempfile::tempdir().unwrap();
    let camera = started(
        &folder,
        "echo $$ > pid; while read word; do [ $word = quit ] && break; done",
    );
    until("it has begun", || folder.path().join("pid").exists());
    camera.let_go();
    assert!(camera.wait_closed(PATIENCE));
}

#[test]
fn who_holds_the_camera_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let bus = folder.path().join("bus/usb/001");
    std::fs::create_dir_all(&bus).unwrap();
    std::fs::write(bus.join("004"), "").unwrap();
    let mut other = std::process::Command::new("tail")
        .args(["-f"])
        .arg(bus.join("004"))
        .spawn()
        .unwrap();
    let busy = "echo '{\"event\":\"failed\",\"code\":\"busy\",\"port\":\"usb:001,004\"}'; exit 1";
    let camera = started(&folder, busy);
    let holder = |name: Option<&str>| CameraState::Busy {
        holder: name.map(str::to_owned),
    };
    until("the holder is named", || camera.state() == holder(Some("tail")));
    other.kill().unwrap();
    other.wait().unwrap();
    until("nobody known holds it", || camera.state() == holder(None));
}
