//! A camera for the tests of cameras on a cable: Debian's source of libgphoto2, built with the emulated Nikon its own tests use. Our
//! patch gives that one a scene, a live picture, a button and a cable that can be pulled. Built once and kept.
use crate::program::{Fault, command, name, root, succeed, target};
use crate::system;
use std::path::{Path, PathBuf};

/// Signs what Debian's own mirrors hold, wherever they are.
const KEYS: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";
const PATCH: &str = include_str!("../../../tests/tether/vusb.patch");
const CONFIGURE: &str = "--enable-vusb --with-camlibs=ptp2 --disable-nls --without-libusb --without-libusb1 --disable-serial --disable-disk \
     --disable-ptpip --without-libcurl --without-gdlib --without-jpeg --without-libxml-2.0 --disable-docs";

/// The library's folder, and the emulated camera's.
pub struct Camera {
    /// To be searched for libraries first.
    pub libraries: PathBuf,
    /// Card and scene.
    pub home: PathBuf,
}

/// Builds the library, unless it is there for this patch.
pub fn ready() -> Result<Camera, Fault> {
    system::install(&[system::TETHER], system::Consent::Given)?;
    let home = target().join("tether");
    let camera = Camera {
        libraries: home.join("installed/lib"),
        home: home.join("camera"),
    };
    let stamp = home.join("stamp");
    if std::fs::read_to_string(&stamp).is_ok_and(|built| built == PATCH) {
        return Ok(camera);
    }
    let _ = std::fs::remove_dir_all(&home);
    let source = unpack(&home)?;
    let patch = root().join("tests/tether/vusb.patch");
    succeed(command("patch --strip 1 --input").arg(patch).current_dir(&source))?;
    let mut configure = command("./configure");
    configure.arg("--prefix").arg(home.join("installed"));
    configure.args(CONFIGURE.split_whitespace()).arg("CFLAGS=-O1 -g0 -w");
    succeed(configure.current_dir(&source))?;
    succeed(command("make --silent -j2 install").current_dir(&source))?;
    write(&stamp, PATCH)?;
    Ok(camera)
}

/// Fetches and unpacks the source.
fn unpack(home: &Path) -> Result<PathBuf, Fault> {
    for folder in ["lists/partial", "cache/archives/partial", "source"] {
        let path = home.join(folder);
        std::fs::create_dir_all(&path).map_err(|source| Fault::File { path, source })?;
    }
    let sources = home.join("debian.sources");
    write(&sources, &mirrors()?)?;
    let apt = |line: &str| {
        let mut apt = command("apt-get -q");
        for (name, value) in [
            ("Dir::Etc::SourceList", sources.clone()),
            ("Dir::Etc::SourceParts", PathBuf::from("/nonexistent")),
            ("Dir::State::Lists", home.join("lists")),
            ("Dir::Cache", home.join("cache")),
        ] {
            apt.arg("-o").arg(format!("{name}={}", value.display()));
        }
        apt.args(line.split_whitespace()).current_dir(home);
        apt
    };
    succeed(&mut apt("update"))?;
    succeed(&mut apt("source --download-only libgphoto2"))?;
    let packed = std::fs::read_dir(home).into_iter().flatten().flatten();
    let packed = packed
        .map(|e| e.path())
        .find(|p| p.to_string_lossy().contains(".orig.tar.") && p.extension().is_some_and(|e| e != "asc"))
        .ok_or_else(|| Fault::NeedsPerson("apt brought no source of libgphoto2".to_owned()))?;
    let source = home.join("source");
    succeed(
        command("tar --strip-components 1 -xf")
            .arg(packed)
            .arg("-C")
            .arg(&source),
    )?;
    Ok(source)
}

/// The sources beside the packages this machine already gets; apt's own lists stay as they are.
fn mirrors() -> Result<String, Fault> {
    let mut ask = command("apt-get indextargets");
    ask.args([
        "--format",
        "$(REPO_URI) $(RELEASE) $(COMPONENT)",
        "Created-By: Packages",
    ]);
    let answer = ask.output().map_err(|source| Fault::Start {
        program: name(&ask),
        source,
    })?;
    let lines = String::from_utf8_lossy(&answer.stdout).into_owned();
    let mut known: Vec<&str> = lines.lines().filter(|line| line.ends_with(" main")).collect();
    known.dedup();
    let stanza = |line: &&str| {
        let mut words = line.split(' ');
        let (uri, suite) = (words.next()?, words.next()?);
        Some(format!(
            "Types: deb-src\nURIs: {uri}\nSuites: {suite}\nComponents: main\nSigned-By: {KEYS}\n\n"
        ))
    };
    let all: String = known.iter().filter_map(stanza).collect();
    match all.is_empty() {
        true => Err(Fault::NeedsPerson("apt knows no Debian mirror".to_owned())),
        false => Ok(all),
    }
}

fn write(path: &Path, text: &str) -> Result<(), Fault> {
    std::fs::write(path, text).map_err(|source| Fault::File {
        path: path.to_owned(),
        source,
    })
}
