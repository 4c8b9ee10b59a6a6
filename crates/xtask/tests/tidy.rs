//! The house rules a machine can check: which crate may use which, first lines, file length, nothing unwrapped.
#![allow(clippy::unwrap_used, missing_docs)]
use cargo_metadata::{DependencyKind, MetadataCommand};
use std::path::{Path, PathBuf};

/// Who may use whom. `dev` edges (tests) are free, as long as cargo finds no cycle.
const ARROWS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("ipc", &[]),
    ("wire", &["domain"]),
    ("photo", &["domain"]),
    ("face", &["domain", "photo"]),
    ("check", &["domain", "photo"]),
    ("assess", &["domain", "photo", "face", "check"]),
    ("camera", &["domain", "photo"]),
    // A program of its own: what it opens is under another licence.
    ("tether", &[]),
    ("roster", &["domain"]),
    ("store", &["domain", "wire"]),
    ("sync", &["domain", "wire"]),
    ("lan", &["domain"]),
    ("delivery", &["domain"]),
    ("pay", &["domain"]),
    // The payment sandbox. Nothing that is shipped may depend on it.
    ("paysim", &["domain", "pay"]),
    ("bundle", &["domain", "wire"]),
    (
        "central",
        &[
            "domain", "wire", "photo", "assess", "bundle", "delivery", "pay", "roster",
        ],
    ),
    (
        "station",
        &[
            "domain", "photo", "assess", "camera", "roster", "store", "wire", "bundle", "sync", "lan", "ipc",
            "central", "delivery",
        ],
    ),
    ("xueying", &["domain", "ipc", "station"]),
    ("testkit", &["domain", "wire", "photo"]),
    ("xtask", &["domain", "wire", "roster", "photo", "camera"]),
];

/// Packages that only one crate may use directly.
const SOLE_USERS: &[(&str, &[&str])] = &[
    ("rten", &["face"]),
    ("rusqlite", &["store", "central"]),
    ("tokio-postgres", &["central"]),
    ("tauri", &["xueying"]),
    ("libloading", &["tether"]),
    (
        "serde",
        &[
            "wire", "bundle", "ipc", "station", "central", "assess", "delivery", "pay", "paysim", "xueying",
        ],
    ),
    ("tokio", &["sync", "lan", "central", "paysim", "station", "xueying"]),
    ("reqwest", &["sync", "pay", "paysim", "central"]),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap()
        .to_owned()
}

#[test]
fn arrows_point_down() {
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .unwrap();
    let ours: Vec<&str> = metadata.packages.iter().map(|p| p.name.as_str()).collect();
    let mut wrong = Vec::new();
    for package in &metadata.packages {
        let name = package.name.as_str();
        let Some((_, allowed)) = ARROWS.iter().find(|(n, _)| *n == name) else {
            wrong.push(format!("{name} is not in the table of arrows"));
            continue;
        };
        for dependency in package.dependencies.iter().filter(|d| d.kind == DependencyKind::Normal) {
            let used = dependency.name.as_str();
            if ours.contains(&used) && !allowed.contains(&used) {
                wrong.push(format!("{name} → {used}"));
            }
            if let Some((_, users)) = SOLE_USERS.iter().find(|(n, _)| *n == used)
                && !users.contains(&name)
            {
                wrong.push(format!("{name} uses {used}; only {users:?} may"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_file_says_what_it_answers_and_stays_short() {
    let mut wrong = Vec::new();
    for file in sources() {
        let text = std::fs::read_to_string(&file).unwrap();
        let name = file.strip_prefix(root()).unwrap().display().to_string();
        if file.extension().is_some_and(|e| e == "rs") && !text.starts_with("//!") {
            wrong.push(format!("{name}: no //! line"));
        }
        let lines = text.lines().count();
        if lines > 500 {
            wrong.push(format!("{name}: {lines} lines; look for the second noun"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// `unwrap`, `todo!`, `dbg!` and `unsafe` are refused by clippy, in every crate that takes the workspace's lints.
#[test]
fn every_crate_takes_the_house_lints() {
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .unwrap();
    let wrong: Vec<_> = metadata
        .packages
        .iter()
        .filter(|p| {
            !std::fs::read_to_string(&p.manifest_path)
                .unwrap()
                .contains("[lints]\nworkspace = true")
        })
        .map(|p| p.name.as_str())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let house = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    for lint in ["unsafe_code", "unwrap_used", "dbg_macro", "todo", "unimplemented"] {
        assert!(house.contains(&format!("{lint} = \"deny\"")), "{lint}");
    }
}

#[test]
fn only_the_door_knows_tauri() {
    let door = root().join("ui/src/lib/host");
    let outside = sources()
        .into_iter()
        .filter(|f| !f.starts_with(&door) && f.starts_with(root().join("ui")));
    let wrong: Vec<_> = outside
        .filter(|f| std::fs::read_to_string(f).unwrap().contains("@tauri-apps"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_project_stands_alone() {
    let wrong: Vec<_> = sources()
        .into_iter()
        .filter(|f| !f.ends_with("tidy.rs"))
        .filter(|f| {
            let text = std::fs::read_to_string(f).unwrap();
            text.contains("../shared") || text.contains("/work/")
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Every source file of ours.
fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = ["crates", "src-tauri", "ui/src", "tests"]
        .map(|f| root().join(f))
        .to_vec();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                if !path.ends_with("ui/src/lib/ipc") && !path.ends_with("node_modules") {
                    folders.push(path);
                }
            } else if path
                .extension()
                .and_then(|e| e.to_str())
                .is_some_and(|e| matches!(e, "rs" | "ts" | "svelte"))
            {
                found.push(path);
            }
        }
    }
    found
}
