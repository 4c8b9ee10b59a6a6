//! The link to the center.
use super::commands;

commands! {
    sync() => Sync;
    sync_now() => SyncNow;
    retry_quarantined(op_id: String) => RetryQuarantined;
    enrol(url: String, code: String) => Enrol;
}
