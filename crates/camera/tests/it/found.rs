//! Is a camera recognised by what it is, not by where it is plugged in?
use camera::{CameraId, UsbUnit};
use std::str::FromStr;

#[test]
fn an_identity_survives_being_written_down() {
    let ids = [
        CameraId::Usb {
            vendor: 0x046d,
            product: 0x085e,
            unit: UsbUnit::Serial("AB:C@1".to_owned()),
        },
        CameraId::Usb {
            vendor: 0x0001,
            product: 0xffff,
            unit: UsbUnit::Port("1-4.2".to_owned()),
        },
        CameraId::Node("video3".to_owned()),
        CameraId::Named(r"\\?\usb#vid_046d".to_owned()),
        CameraId::Replay("studio".to_owned()),
    ];
    for id in ids {
        assert_eq!(CameraId::from_str(&id.to_string()).unwrap(), id, "{id}");
    }
    for text in ["", "usb", "usb:46d:1:x", "usb:046d:085e", "usb:046dé85e:x", "cam:1"] {
        assert!(CameraId::from_str(text).is_err(), "{text}");
    }
}

#[test]
fn a_replay_is_not_built_from_its_identity() {
    assert!(camera::source(&CameraId::Replay("x".to_owned()), Default::default()).is_err());
}

#[cfg(target_os = "linux")]
mod linux {
    use camera::uvc_linux::{Roots, UvcCamera, VideoNode, find, holder, identify, video_nodes};
    use camera::{CameraError, CameraId, Source, mode::Wish};
    use expect_test::expect;
    use std::fmt::Write;
    use std::os::unix::fs::symlink;
    use std::path::Path;

    /// Writes a node as sysfs shows it; `usb` is vendor, product, serial, port.
    fn plug(sys: &Path, number: u32, index: u32, name: &str, usb: Option<(&str, &str, &str, &str)>) {
        let class = sys.join(format!("class/video4linux/video{number}"));
        std::fs::create_dir_all(&class).unwrap();
        std::fs::write(class.join("name"), format!("{name}\n")).unwrap();
        std::fs::write(class.join("index"), format!("{index}\n")).unwrap();
        let Some((vendor, product, serial, port)) = usb else {
            return;
        };
        let device = sys.join("devices/usb1").join(port);
        let interface = device.join(format!("{port}:1.{index}"));
        std::fs::create_dir_all(&interface).unwrap();
        std::fs::write(device.join("idVendor"), vendor).unwrap();
        std::fs::write(device.join("idProduct"), product).unwrap();
        if !serial.is_empty() {
            std::fs::write(device.join("serial"), serial).unwrap();
        }
        symlink(&interface, class.join("device")).unwrap();
    }

    fn listed(sys: &Path) -> Vec<(CameraId, VideoNode)> {
        // The node with index 0 is the one that captures; asking the device itself needs a device.
        identify(video_nodes(sys).into_iter().filter(|node| node.index == 0).collect())
    }

    #[test]
    fn cameras_are_named_by_serial_number_or_port() {
        let sys = tempfile::tempdir().unwrap();
        plug(sys.path(), 10, 0, "Dummy video device", None);
        plug(sys.path(), 0, 0, "C920", Some(("046d", "082d", "5A1B", "1-1")));
        plug(sys.path(), 1, 1, "C920", Some(("046d", "082d", "5A1B", "1-1")));
        plug(sys.path(), 2, 0, "Cheap cam", Some(("1bcf", "2284", "SN0001", "1-2")));
        plug(sys.path(), 4, 0, "Cheap cam", Some(("1bcf", "2284", "SN0001", "1-3")));
        plug(sys.path(), 6, 0, "Nameless", Some(("0c45", "6366", "", "1-4.2")));
        let mut out = String::new();
        for (id, node) in listed(sys.path()) {
            writeln!(out, "{} {} {id}", node.node, node.name).unwrap();
        }
        expect![[r#"
            video0 C920 usb:046d:082d:5A1B
            video2 Cheap cam usb:1bcf:2284@1-2
            video4 Cheap cam usb:1bcf:2284@1-3
            video6 Nameless usb:0c45:6366@1-4.2
            video10 Dummy video device node:video10
        "#]]
        .assert_eq(&out);
    }

    #[test]
    fn a_camera_is_found_again_on_another_port() {
        let sys = tempfile::tempdir().unwrap();
        plug(sys.path(), 7, 0, "Nameless", Some(("0c45", "6366", "", "3-1")));
        plug(sys.path(), 8, 0, "C920", Some(("046d", "082d", "5A1B", "3-2")));
        let present = listed(sys.path());
        let node = |id: &str| find(&id.parse().unwrap(), &present).map(|node| node.node.clone());
        assert_eq!(
            node("usb:0c45:6366@1-4.2").as_deref(),
            Some("video7"),
            "the only one of its model"
        );
        assert_eq!(node("usb:046d:082d:5A1B").as_deref(), Some("video8"));
        assert_eq!(
            node("usb:046d:082d:OTHER"),
            None,
            "another serial number is another camera"
        );
        assert_eq!(node("node:video7"), None);
    }

    #[test]
    fn a_twin_that_stays_alone_is_found_by_its_serial_number() {
        let sys = tempfile::tempdir().unwrap();
        plug(sys.path(), 2, 0, "Cheap cam", Some(("1bcf", "2284", "SN0001", "1-2")));
        let present = listed(sys.path());
        assert!(find(&"usb:1bcf:2284@1-3".parse().unwrap(), &present).is_some());
    }

    #[test]
    fn what_is_not_plugged_in_is_absent() {
        let roots = tempfile::tempdir().unwrap();
        let none = Roots {
            sys: roots.path().join("sys"),
            dev: roots.path().join("dev"),
            proc: roots.path().join("proc"),
        };
        assert!(camera::uvc_linux::discover(&none).is_empty());
        let id: CameraId = "usb:046d:082d:5A1B".parse().unwrap();
        let mut camera = UvcCamera::new(id.clone(), Wish::default(), none);
        assert!(matches!(camera.open(), Err(CameraError::Absent { camera }) if camera == id));
    }

    #[test]
    fn a_file_that_is_no_camera_is_not_listed() {
        let roots = tempfile::tempdir().unwrap();
        let (sys, dev) = (roots.path().join("sys"), roots.path().join("dev"));
        plug(&sys, 0, 0, "Fake", Some(("046d", "082d", "5A1B", "1-1")));
        std::fs::create_dir_all(&dev).unwrap();
        std::fs::write(dev.join("video0"), b"no device").unwrap();
        let proc = roots.path().join("proc");
        assert!(camera::uvc_linux::discover(&Roots { sys, dev, proc }).is_empty());
    }

    #[test]
    fn the_holder_is_named() {
        let proc = tempfile::tempdir().unwrap();
        let node = Path::new("/dev/video0");
        for (process, comm, target) in [("11", "idle", "/dev/null"), ("22", "cheese\n", "/dev/video0")] {
            let files = proc.path().join(process).join("fd");
            std::fs::create_dir_all(&files).unwrap();
            symlink(target, files.join("5")).unwrap();
            std::fs::write(proc.path().join(process).join("comm"), comm).unwrap();
        }
        std::fs::create_dir_all(proc.path().join("self")).unwrap();
        assert_eq!(holder(proc.path(), node).as_deref(), Some("cheese"));
        assert_eq!(holder(proc.path(), Path::new("/dev/video1")), None);
        assert_eq!(holder(&proc.path().join("none"), node), None);
    }
}
