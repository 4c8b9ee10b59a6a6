//! What is in the lab's memory disk? Busybox, the drivers with all they need, the cases, their libraries and the frames.
use super::kernel::Kernel;
use crate::program::{Fault, command, succeed};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The drivers the cases use; what these need is found by the kernel's own list.
const DRIVERS: [&str; 3] = ["vhci-hcd", "uvcvideo", "vivid"];

/// Starts the drivers and the cases, and switches the machine off.
const INIT: &str = "#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
/bin/busybox mount -t devtmpfs dev /dev
/bin/busybox --install -s /bin
export PATH=/bin:/sbin
for driver in vhci-hcd uvcvideo; do modprobe $driver || echo \"lab FAILED loading $driver\"; done
modprobe vivid node_types=0x1 num_inputs=1 input_types=0x0 || echo 'lab FAILED loading vivid'
/bin/camera-lab $(sed -n 's/.*lab=\\([a-z0-9_,]*\\).*/\\1/p' /proc/cmdline | tr , ' ')
poweroff -f
";

/// Packs the memory disk.
pub fn pack(folder: &Path, kernel: &Kernel, program: &Path, frames: &Path) -> Result<PathBuf, Fault> {
    let root = folder.join("root");
    if root.exists() {
        std::fs::remove_dir_all(&root).map_err(|e| at(&root, e))?;
    }
    for inside in ["bin", "sbin", "dev", "proc", "sys", "tmp", "lib64"] {
        make(&root.join(inside))?;
    }
    copy(Path::new("/bin/busybox"), &root.join("bin/busybox"))?;
    let stripped = root.join("bin/camera-lab");
    succeed(command("strip -o").arg(&stripped).arg(program))?;
    for library in libraries(program)? {
        copy(&library, &root.join(library.strip_prefix("/").unwrap_or(&library)))?;
    }
    drivers(kernel, &root)?;
    succeed(command("cp -r").arg(frames).arg(root.join("frames")))?;
    let init = root.join("init");
    std::fs::write(&init, INIT).map_err(|e| at(&init, e))?;
    succeed(command("chmod 755").arg(&init))?;
    archive(&root, &folder.join("initrd"))
}

fn at(path: &Path, source: std::io::Error) -> Fault {
    Fault::File {
        path: path.to_owned(),
        source,
    }
}

fn make(folder: &Path) -> Result<(), Fault> {
    std::fs::create_dir_all(folder).map_err(|e| at(folder, e))
}

fn copy(from: &Path, to: &Path) -> Result<(), Fault> {
    if let Some(folder) = to.parent() {
        make(folder)?;
    }
    std::fs::copy(from, to).map(|_| ()).map_err(|e| at(from, e))
}

/// The shared libraries of a program and its loader, by their full names.
fn libraries(program: &Path) -> Result<Vec<PathBuf>, Fault> {
    let asked = Command::new("ldd").arg(program).output();
    let text = asked.map_err(|source| Fault::Start {
        program: "ldd".to_owned(),
        source,
    })?;
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    Ok(text
        .split_whitespace()
        .filter(|w| w.starts_with('/'))
        .map(PathBuf::from)
        .collect())
}

/// Copies the drivers and what `modules.dep` says they need.
fn drivers(kernel: &Kernel, root: &Path) -> Result<(), Fault> {
    let inside = PathBuf::from("lib/modules").join(&kernel.release);
    let from = kernel.root.join(&inside);
    let list = from.join("modules.dep");
    let text = std::fs::read_to_string(&list).map_err(|e| at(&list, e))?;
    let mut needed = BTreeSet::new();
    for line in text.lines() {
        let Some((module, needs)) = line.split_once(':') else {
            continue;
        };
        let name = Path::new(module)
            .file_name()
            .and_then(|n| n.to_str())
            .unwrap_or_default();
        let name = name.split('.').next().unwrap_or_default();
        if DRIVERS.contains(&name) {
            needed.insert(module.to_owned());
            needed.extend(needs.split_whitespace().map(str::to_owned));
        }
    }
    for module in &needed {
        copy(&from.join(module), &root.join(&inside).join(module))?;
    }
    for list in ["modules.order", "modules.builtin", "modules.builtin.modinfo"] {
        copy(&from.join(list), &root.join(&inside).join(list))?;
    }
    succeed(command("depmod -b").arg(root).arg(&kernel.release))
}

fn archive(root: &Path, image: &Path) -> Result<PathBuf, Fault> {
    let file = std::fs::File::create(image).map_err(|e| at(image, e))?;
    let pack = Command::new("sh")
        .args(["-c", "find . | cpio -o -H newc --quiet"])
        .current_dir(root)
        .stdout(Stdio::from(file))
        .status();
    match pack {
        Ok(status) if status.success() => Ok(image.to_owned()),
        Ok(status) => Err(Fault::Failed {
            program: "cpio".to_owned(),
            status,
        }),
        Err(source) => Err(Fault::Start {
            program: "cpio".to_owned(),
            source,
        }),
    }
}
