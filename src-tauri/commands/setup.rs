//! Campaigns, rosters, cameras and preferences.
use super::commands;

commands! {
    campaigns() => Campaigns;
    choose_campaign(id: String) => ChooseCampaign;
    import_campaign(text: String) => ImportCampaign;
    preview_roster(file_name: String, base64: String, encoding: Option<String>, sheet: Option<String>) => PreviewRoster;
    import_roster(file_name: String, base64: String, encoding: Option<String>, sheet: Option<String>, mapping: Option<Vec<Option<String>>>) => ImportRoster;
    cameras() => Cameras;
    choose_camera(id: String) => ChooseCamera;
    swap_camera() => SwapCamera;
    choose_spare_camera(id: Option<String>) => ChooseSpareCamera;
    camera_knobs() => CameraKnobs;
    set_camera_knob(knob: String, value: i64) => SetCameraKnob;
    watch_folder(path: Option<String>, adopt: bool) => WatchFolder;
    set_check() => SetCheck;
    turn_camera(turns: u8) => TurnCamera;
    heard(what: String) => Heard;
    replay(command: String) => Replay;
    preferences() => Preferences;
    set_preferences(preferences: ipc::Preferences) => SetPreferences;
    set_operator(name: String) => SetOperator;
}
