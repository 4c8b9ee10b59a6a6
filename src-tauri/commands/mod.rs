//! One command for each call of a window: it unpacks, makes the call and wraps the answer.
mod day;
mod desk;
mod kiosk;
mod link;
mod orders;
mod people;
mod setup;
mod windows;

use crate::Desk;
use ipc::{Call, Fault};
use std::sync::Arc;

/// Makes one call off the main thread.
async fn call(desk: tauri::State<'_, Desk>, call: Call) -> Result<serde_json::Value, Fault> {
    let desk = Arc::clone(&desk);
    tauri::async_runtime::spawn_blocking(move || desk.call(call))
        .await
        .map_err(|_| Fault {
            code: "interrupted".to_owned(),
            values: Default::default(),
            retry: true,
        })?
}

/// Writes a command for each line `name(arguments) => Call variant;`.
macro_rules! commands {
    ($($name:ident($($argument:ident: $kind:ty),*) => $variant:ident;)+) => {$(
        #[tauri::command(rename_all = "snake_case")]
        pub(crate) async fn $name(
            desk: tauri::State<'_, crate::Desk>,
            $($argument: $kind),*
        ) -> Result<serde_json::Value, ipc::Fault> {
            super::call(desk, ipc::Call::$variant { $($argument),* }).await
        }
    )+};
}
pub(crate) use commands;

/// All commands. Each is declared in `build.rs` and granted in `capabilities/`.
pub(crate) fn handler() -> impl Fn(tauri::ipc::Invoke) -> bool + Send + Sync + 'static {
    tauri::generate_handler![
        desk::watch,
        desk::scan,
        desk::read_codes,
        desk::enter_feature_code,
        desk::shoot,
        desk::accept,
        desk::override_check,
        desk::retake,
        desk::undo,
        desk::skip,
        desk::orphans,
        desk::assign_orphan,
        desk::discard_shot,
        desk::keep_unconfirmed,
        desk::choose_shot,
        people::search_people,
        people::choose_person,
        people::add_temporary_person,
        people::remove_on_deck,
        orders::orders,
        orders::order,
        orders::reveal,
        orders::close_order,
        orders::reprint,
        orders::neighbours,
        orders::shift_photos,
        orders::undo_shift,
        orders::recalls,
        orders::open_recall,
        link::sync,
        link::sync_now,
        link::retry_quarantined,
        link::enrol,
        link::ask_center,
        setup::campaigns,
        setup::choose_campaign,
        setup::import_campaign,
        setup::preview_roster,
        setup::import_roster,
        setup::cameras,
        setup::choose_camera,
        setup::swap_camera,
        setup::choose_spare_camera,
        setup::camera_knobs,
        setup::set_camera_knob,
        setup::watch_folder,
        setup::set_check,
        setup::turn_camera,
        setup::heard,
        setup::replay,
        setup::preferences,
        setup::set_preferences,
        setup::set_operator,
        day::today,
        day::defect_shots,
        day::end_of_day,
        day::absent,
        day::settle_card,
        day::standards,
        kiosk::kiosk_watch,
        kiosk::kiosk_enter,
        kiosk::kiosk_phone_code,
        kiosk::kiosk_phone_enter,
        kiosk::kiosk_choose,
        kiosk::kiosk_expect_code,
        kiosk::kiosk_consent,
        kiosk::kiosk_fill,
        kiosk::kiosk_feature_code,
        kiosk::kiosk_begin,
        kiosk::kiosk_shoot,
        kiosk::kiosk_retake,
        kiosk::kiosk_submit,
        kiosk::kiosk_use_file,
        kiosk::kiosk_order,
        kiosk::kiosk_reprint,
        kiosk::kiosk_pay,
        kiosk::kiosk_edit_address,
        kiosk::kiosk_withdraw,
        kiosk::kiosk_erase,
        kiosk::kiosk_characters,
        kiosk::kiosk_my_data,
        kiosk::kiosk_messages,
        kiosk::kiosk_write,
        kiosk::kiosk_leave,
        kiosk::set_kiosk_pin,
        kiosk::contact,
        kiosk::set_contact,
        kiosk::messages,
        kiosk::answer_message,
        windows::open_window,
        windows::keep_document,
        windows::keep_center_file,
        windows::kiosk_exit,
    ]
}
