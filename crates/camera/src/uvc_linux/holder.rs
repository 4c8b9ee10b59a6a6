//! Which program holds a device node? So that "busy" can be said with a name.
use std::fs;
use std::path::Path;

/// Most processes looked at.
const MAX_PROCESSES: usize = 8192;
/// Most open files of a process looked at.
const MAX_FILES: usize = 4096;

/// Names another process that has the node open. Absent when it belongs to another user (then its files cannot be listed) or
/// has just let go.
pub fn holder(proc: &Path, node: &Path) -> Option<String> {
    let own = std::process::id();
    let entries = fs::read_dir(proc).ok()?;
    entries.flatten().take(MAX_PROCESSES).find_map(|entry| {
        let process: u32 = entry.file_name().to_str()?.parse().ok()?;
        if process == own || !has_open(&entry.path(), node) {
            return None;
        }
        let name = fs::read_to_string(entry.path().join("comm")).ok()?;
        let name: String = name.trim().chars().filter(|c| !c.is_control()).take(64).collect();
        (!name.is_empty()).then_some(name)
    })
}

fn has_open(process: &Path, node: &Path) -> bool {
    let Ok(files) = fs::read_dir(process.join("fd")) else {
        return false;
    };
    files
        .flatten()
        .take(MAX_FILES)
        .any(|file| fs::read_link(file.path()).is_ok_and(|target| target == node))
}
