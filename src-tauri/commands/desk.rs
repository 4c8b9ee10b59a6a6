//! The capture screen: scanning, the shutter and the answer to a verdict.
use super::commands;

commands! {
    watch(seen: Option<u64>) => Watch;
    scan(text: String, source: String) => Scan;
    read_codes(picture_base64: String) => ReadCodes;
    enter_feature_code(code: String) => EnterFeatureCode;
    shoot() => Shoot;
    accept() => Accept;
    override_check(reason: String) => OverrideCheck;
    retake() => Retake;
    undo() => Undo;
    skip() => Skip;
    orphans() => Orphans;
    assign_orphan(shot_id: String, key: String) => AssignOrphan;
    discard_shot(shot_id: String) => DiscardShot;
    keep_unconfirmed(shot_id: String) => KeepUnconfirmed;
    choose_shot(shot_id: String) => ChooseShot;
}
