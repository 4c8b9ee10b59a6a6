//! Which video nodes are there, and which USB devices are they? Read from sysfs, without opening anything.
use crate::identity::{CameraId, UsbUnit};
use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// A video node of the system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoNode {
    /// Name of the node below `/dev`, for example `video0`.
    pub node: String,
    /// Its number.
    pub number: u32,
    /// Its number among the nodes of one device; 0 is the one that captures, the next carries metadata.
    pub index: u32,
    /// The name the driver gives it.
    pub name: String,
    /// The USB device; absent for cameras made by software.
    pub usb: Option<UsbDevice>,
}

/// A USB device as sysfs shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsbDevice {
    /// Vendor number.
    pub vendor: u16,
    /// Product number.
    pub product: u16,
    /// Serial number; absent when it reports none.
    pub serial: Option<String>,
    /// The port it is plugged into, for example `1-4.2`.
    pub port: String,
}

/// Longest text taken from one file of sysfs, in characters.
const MAX_TEXT: usize = 128;

/// Lists the video nodes by number. A folder that cannot be read counts as empty: then there is no camera either.
pub fn video_nodes(sys: &Path) -> Vec<VideoNode> {
    let Ok(entries) = fs::read_dir(sys.join("class/video4linux")) else {
        return Vec::new();
    };
    let mut nodes: Vec<_> = entries
        .flatten()
        .filter_map(|entry| video_node(&entry.path()))
        .collect();
    nodes.sort_by_key(|node| node.number);
    nodes
}

fn video_node(folder: &Path) -> Option<VideoNode> {
    let node = folder.file_name()?.to_str()?.to_owned();
    let number = node.strip_prefix("video")?.parse().ok()?;
    Some(VideoNode {
        number,
        index: text(&folder.join("index")).and_then(|t| t.parse().ok()).unwrap_or(0),
        name: text(&folder.join("name")).unwrap_or_else(|| node.clone()),
        usb: usb_device(folder),
        node,
    })
}

/// `device` points to the USB interface; its parent folder is the USB device.
fn usb_device(folder: &Path) -> Option<UsbDevice> {
    let interface = fs::canonicalize(folder.join("device")).ok()?;
    let device = interface.parent()?;
    let number = |file: &str| u16::from_str_radix(&text(&device.join(file))?, 16).ok();
    Some(UsbDevice {
        vendor: number("idVendor")?,
        product: number("idProduct")?,
        serial: text(&device.join("serial")),
        port: device.file_name()?.to_str()?.to_owned(),
    })
}

fn text(file: &Path) -> Option<String> {
    let bytes = fs::read(file).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let text: String = text.trim().chars().filter(|c| !c.is_control()).take(MAX_TEXT).collect();
    (!text.is_empty()).then_some(text)
}

/// Gives each node its identity: by serial number, or by port where there is none or several cameras report the same.
pub fn identify(nodes: Vec<VideoNode>) -> Vec<(CameraId, VideoNode)> {
    let mut seen: HashMap<(u16, u16, String), usize> = HashMap::new();
    for usb in nodes.iter().filter_map(|node| node.usb.as_ref()) {
        if let Some(serial) = &usb.serial {
            *seen.entry((usb.vendor, usb.product, serial.clone())).or_default() += 1;
        }
    }
    let identity = |node: &VideoNode| {
        let Some(usb) = &node.usb else {
            return CameraId::Node(node.node.clone());
        };
        let unique = |serial: &&String| {
            seen.get(&(usb.vendor, usb.product, (*serial).clone()))
                .is_some_and(|count| *count == 1)
        };
        CameraId::Usb {
            vendor: usb.vendor,
            product: usb.product,
            unit: match usb.serial.as_ref().filter(unique) {
                Some(serial) => UsbUnit::Serial(serial.clone()),
                None => UsbUnit::Port(usb.port.clone()),
            },
        }
    };
    nodes.into_iter().map(|node| (identity(&node), node)).collect()
}

/// Finds the node of an identity. A camera known by its port that was plugged into another one is still found when it is the
/// only one of its model.
pub fn find<'a>(wanted: &CameraId, present: &'a [(CameraId, VideoNode)]) -> Option<&'a VideoNode> {
    if let Some((_, node)) = present.iter().find(|(id, _)| id == wanted) {
        return Some(node);
    }
    let CameraId::Usb { vendor, product, unit } = wanted else {
        return None;
    };
    let mut of_model = present.iter().filter(|(_, node)| {
        node.usb
            .as_ref()
            .is_some_and(|usb| usb.vendor == *vendor && usb.product == *product)
    });
    let only = of_model.next().filter(|_| of_model.next().is_none())?;
    let same = match (unit, &only.0) {
        (UsbUnit::Port(_), _) => true,
        // Alone now, it is listed by its serial number or vice versa; another serial number is another camera.
        (UsbUnit::Serial(serial), _) => only.1.usb.as_ref().and_then(|usb| usb.serial.as_ref()) == Some(serial),
    };
    same.then_some(&only.1)
}
