//! The link to the center.
use super::commands;

commands! {
    sync() => Sync;
    sync_now() => SyncNow;
    retry_quarantined(op_id: String) => RetryQuarantined;
    ask_center(method: String, target: String, token: Option<String>, body_base64: Option<String>) => AskCenter;
    enrol(url: String, code: String) => Enrol;
}
