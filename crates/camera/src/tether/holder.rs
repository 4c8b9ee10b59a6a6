//! Which program holds a camera on a cable? Found by the node of its USB port; on Linux only, elsewhere nothing says so.
use std::path::PathBuf;

/// Where the system's folders are; other ones in tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// `/dev`.
    pub dev: PathBuf,
    /// `/proc`.
    pub proc: PathBuf,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            dev: "/dev".into(),
            proc: "/proc".into(),
        }
    }
}

impl Places {
    /// The name of the program that has the port open; mostly a file manager's helper (`gvfsd-gphoto2`).
    pub(super) fn holder(&self, port: &str) -> Option<String> {
        let node = self.dev.join("bus/usb").join(node(port)?);
        #[cfg(target_os = "linux")]
        return crate::uvc_linux::holder(&self.proc, &node);
        #[cfg(not(target_os = "linux"))]
        return {
            drop(node);
            None
        };
    }
}

/// The node of a port as libgphoto2 names it, `usb:001,004`, below `/dev/bus/usb`.
fn node(port: &str) -> Option<PathBuf> {
    let (bus, device) = port.strip_prefix("usb:")?.split_once(',')?;
    let number = |text: &str| text.len() == 3 && text.bytes().all(|b| b.is_ascii_digit());
    (number(bus) && number(device)).then(|| PathBuf::from(bus).join(device))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_number_of_a_port_becomes_a_path() {
        assert_eq!(node("usb:001,004"), Some("001/004".into()));
        for other in [
            "usb:",
            "usb:001",
            "usb:001,../",
            "usb:1,4",
            "ptpip:192.168.1.1",
            "usb:001,0a4",
        ] {
            assert_eq!(node(other), None, "{other}");
        }
    }
}
