//! Declares every command, so that a window may call only what its capability file lists.
fn main() {
    let commands = &[
        "watch",
        "scan",
        "read_codes",
        "search_people",
        "choose_person",
        "add_temporary_person",
        "remove_on_deck",
        "enter_feature_code",
        "shoot",
        "accept",
        "override_check",
        "retake",
        "undo",
        "skip",
        "orphans",
        "assign_orphan",
        "discard_shot",
        "keep_unconfirmed",
        "orders",
        "order",
        "reveal",
        "close_order",
        "reprint",
        "recalls",
        "open_recall",
        "sync",
        "sync_now",
        "retry_quarantined",
        "enrol",
        "campaigns",
        "choose_campaign",
        "import_campaign",
        "preview_roster",
        "import_roster",
        "cameras",
        "choose_camera",
        "replay",
        "preferences",
        "set_preferences",
        "set_operator",
    ];
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("src-tauri/capabilities/**/*.json")
        .app_manifest(tauri_build::AppManifest::new().commands(commands));
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error={error:#}");
        std::process::exit(1);
    }
}
