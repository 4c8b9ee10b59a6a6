//! Where does the lab's kernel come from? Debian's stock package, fetched but never installed, and of it only what is needed.
use crate::program::{Fault, command, succeed};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The parts of the package that are unpacked.
const PARTS: [&str; 6] = [
    "./boot/vmlinuz-*",
    "./lib/modules/*/modules.*",
    "./lib/modules/*/kernel/drivers/media/*",
    "./lib/modules/*/kernel/drivers/usb/*",
    "./lib/modules/*/kernel/drivers/input/*",
    "./lib/modules/*/kernel/drivers/hid/*",
];

/// An unpacked kernel.
pub struct Kernel {
    /// What boots.
    pub image: PathBuf,
    /// The folder below which `lib/modules` is.
    pub root: PathBuf,
    /// Its release, as in the name of its module folder.
    pub release: String,
}

/// Fetches and unpacks the kernel, or takes the one that is there.
pub fn ready(folder: &Path) -> Result<Kernel, Fault> {
    let root = folder.join("kernel");
    if let Some(kernel) = found(&root) {
        return Ok(kernel);
    }
    // A machine that has everything else may never have fetched the lists.
    let package = package().or_else(|_| {
        update()?;
        package()
    })?;
    let fetch = folder.join("fetch");
    let file = |path: &Path, source| Fault::File {
        path: path.to_owned(),
        source,
    };
    for needed in [&fetch, &root] {
        std::fs::create_dir_all(needed).map_err(|e| file(needed, e))?;
    }
    let download = || succeed(command("apt-get download -q").arg(&package).current_dir(&fetch));
    if download().is_err() {
        update()?;
        download()?;
    }
    let entries = std::fs::read_dir(&fetch).map_err(|e| file(&fetch, e))?;
    let deb = entries
        .flatten()
        .map(|e| e.path())
        .find(|p| p.extension().is_some_and(|x| x == "deb"));
    let deb = deb.ok_or_else(|| missing("the kernel's package"))?;
    unpack(&deb, &root)?;
    std::fs::remove_dir_all(&fetch).map_err(|e| file(&fetch, e))?;
    let kernel = found(&root).ok_or_else(|| missing("the kernel in its package"))?;
    succeed(command("depmod -b").arg(&root).arg(&kernel.release))?;
    Ok(kernel)
}

fn update() -> Result<(), Fault> {
    succeed(&mut command("apt-get update -q"))
}

fn missing(what: &str) -> Fault {
    Fault::NeedsPerson(format!("looking for {what}: it is not there"))
}

/// The package the meta package points to: its number changes with every update.
fn package() -> Result<String, Fault> {
    let asked = command("apt-cache depends linux-image-amd64").output();
    let text = asked
        .map(|o| String::from_utf8_lossy(&o.stdout).into_owned())
        .unwrap_or_default();
    let named = text
        .lines()
        .find_map(|l| l.trim().strip_prefix("Depends:").map(|p| p.trim().to_owned()));
    named.ok_or_else(|| missing("the kernel linux-image-amd64 stands for (apt-get update?)"))
}

fn unpack(deb: &Path, root: &Path) -> Result<(), Fault> {
    let start = |program: &str, source| Fault::Start {
        program: program.to_owned(),
        source,
    };
    let mut reader = Command::new("dpkg-deb")
        .arg("--fsys-tarfile")
        .arg(deb)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|e| start("dpkg-deb", e))?;
    let mut tar = command("tar -x --wildcards -C");
    tar.arg(root).args(PARTS);
    if let Some(output) = reader.stdout.take() {
        tar.stdin(output);
    }
    succeed(&mut tar)?;
    reader.wait().map_err(|e| start("dpkg-deb", e))?;
    Ok(())
}

fn found(root: &Path) -> Option<Kernel> {
    let first = |folder: &str| {
        std::fs::read_dir(root.join(folder))
            .ok()?
            .flatten()
            .next()
            .map(|e| e.path())
    };
    let image = first("boot")?;
    let modules = first("lib/modules")?;
    let release = modules.file_name()?.to_str()?.to_owned();
    Some(Kernel {
        image,
        root: root.to_owned(),
        release,
    })
}
