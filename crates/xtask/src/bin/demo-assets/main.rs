//! How is `assets/demo` made? Run `cargo xtask demo-assets`; the same input gives the same bytes.
#![allow(clippy::print_stdout, clippy::print_stderr)]
mod campaign;
mod codes;
mod people;
mod roster;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{fs, process::ExitCode};

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    match make(&root.join("tests/portraits"), &root.join("assets/demo")) {
        Ok(count) => {
            println!("assets/demo: {count} files written");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("demo-assets: {error}");
            ExitCode::from(2)
        }
    }
}

fn make(portraits: &Path, demo: &Path) -> Result<usize, Box<dyn Error>> {
    let people = people::all()?;
    for folder in ["codes", "frames"] {
        fs::create_dir_all(demo.join(folder))?;
    }
    let mut count = 0;
    let mut write = |name: &Path, bytes: &[u8]| {
        count += 1;
        fs::write(demo.join(name), bytes).map_err(|e| format!("writing {}: {e}", name.display()))
    };
    for person in people.iter().filter(|p| p.frame.is_some()) {
        let Some(frame) = person.frame else { continue };
        let picture = PathBuf::from("frames").join(format!("{frame}.jpg"));
        let source = portraits.join("studio").join(format!("{frame}.jpg"));
        write(
            &picture,
            &fs::read(&source).map_err(|e| format!("reading {}: {e}", source.display()))?,
        )?;
        write(
            &PathBuf::from("codes").join(format!("{frame}.png")),
            &codes::png(&person.code(frame))?,
        )?;
    }
    write(Path::new("roster.xlsx"), &roster::xlsx(&people)?)?;
    write(Path::new("roster-gbk.csv"), &roster::gbk_csv(&people)?)?;
    write(Path::new("people.csv"), roster::key_to_frames(&people).as_bytes())?;
    for kind in campaign::ALL {
        write(Path::new(kind.file), campaign::toml(&kind)?.as_bytes())?;
    }
    Ok(count)
}
