//! Does any standard, common file or receiver make their reading panic, hang or fill the memory? The first byte says which it is.
#![no_main]
use assess::Specs;
use libfuzzer_sys::fuzz_target;
use std::path::PathBuf;
use std::sync::LazyLock;

/// A folder of this process; the last input stays in it.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("standards-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("receivers")).expect("a folder for the inputs");
    folder
});

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, text)) = bytes.split_first() else { return };
    let names = ["a.toml", "common.toml", "receivers/r.toml"];
    let file = FOLDER.join(names[usize::from(*kind) % names.len()]);
    std::fs::write(&file, text).expect("writing the input");
    let _ = Specs::load_dir(&FOLDER);
    std::fs::remove_file(&file).expect("removing the input");
});
