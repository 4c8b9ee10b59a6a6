//! Both doors end here: one call of a window, one use case, the answer as JSON.
use crate::card::CardWish;
use crate::core::Core;
use crate::kiosk::Filled;
use crate::session::Acceptance;
use crate::setup::RosterFile;
use crate::trouble::Trouble;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use camera::code::{Effort, Luma};
use domain::order::OverrideReason;
use ipc::{Call, CodesInPicture, Fault};
use serde::Serialize;
use serde_json::Value;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Longest wait of `watch`.
const WATCH: Duration = Duration::from_secs(20);

impl Core {
    /// Makes one call.
    ///
    /// # Errors
    /// A code the window words, and values for the words.
    pub fn call(self: &Arc<Self>, call: Call) -> Result<Value, Fault> {
        self.carry_out(call).map_err(|trouble| trouble.fault())
    }

    fn carry_out(self: &Arc<Self>, call: Call) -> Result<Value, Trouble> {
        match call {
            Call::Watch { seen } => {
                self.board.wait(seen, WATCH);
                json(&self.snapshot())
            }
            Call::Scan { text, source } => {
                if source == "gun" {
                    self.desk().heard_gun = Some(Instant::now());
                }
                done(self.scan(text.as_bytes()))
            }
            Call::ReadCodes { picture_base64 } => json(&self.read_codes(&decoded(&picture_base64)?)?),
            Call::SearchPeople { query, limit } => json(&self.search(&query, limit)?),
            Call::ChoosePerson { key } => done(self.choose(&key)),
            Call::AddTemporaryPerson { name, note } => done(self.add_temporary(&name, &note)),
            Call::RemoveOnDeck { key } => done(self.remove_on_deck(&key)),
            Call::EnterFeatureCode { code } => done(self.enter_feature_code(&code)),
            Call::Shoot => {
                self.desk().heard_key = Some(Instant::now());
                done(self.press())
            }
            Call::Accept => done(self.accept(Acceptance::Passed).map(|_| ())),
            Call::OverrideCheck { reason } => {
                let reason = OverrideReason::from_id(&reason).ok_or(Trouble::Bad("there is no such reason"))?;
                done(self.accept(Acceptance::Override(reason)).map(|_| ()))
            }
            Call::Retake => done(self.retake()),
            Call::Undo => done(self.undo()),
            Call::Skip => done(self.skip()),
            Call::Orphans => json(&self.orphans()?),
            Call::AssignOrphan { shot_id, key } => done(self.assign_orphan(&shot_id, &key)),
            Call::DiscardShot { shot_id } => done(self.discard_shot(&shot_id)),
            Call::KeepUnconfirmed { shot_id } => done(self.keep_unconfirmed(&shot_id)),
            Call::ChooseShot { shot_id } => done(self.choose_shot(&shot_id)),
            Call::Orders {
                state,
                text,
                offset,
                limit,
            } => json(&self.orders(state.as_deref(), text, offset, limit)?),
            Call::Order { id } => json(&self.order(&id)?),
            Call::Reveal { order_id } => json(&self.reveal(&order_id)?),
            Call::CloseOrder { order_id } => done(self.close_order(&order_id)),
            Call::Reprint { order_id } => done(self.reprint(&order_id)),
            Call::Neighbours { order_id } => json(&self.neighbours(&order_id)?),
            Call::ShiftPhotos { first, last, later } => json(&self.shift_photos(&first, &last, later)?),
            Call::UndoShift { repair } => done(self.undo_shift(&repair)),
            Call::Recalls => json(&self.recalls()?),
            Call::OpenRecall { order_id } => done(self.open_recall(&order_id)),
            Call::Sync => json(&self.sync_view()?),
            Call::SyncNow => done(self.sync_now()),
            Call::RetryQuarantined { op_id } => done(self.retry_quarantined(&op_id)),
            Call::Enrol { url, code } => done(self.enrol(&url, &code)),
            Call::AskCenter {
                method,
                target,
                token,
                body_base64,
            } => json(&self.ask_center(&method, &target, token.as_deref(), body_base64.as_deref())?),
            Call::Campaigns => json(&self.campaigns()?),
            Call::ChooseCampaign { id } => done(self.choose_campaign(&id)),
            Call::ImportCampaign { text } => done(self.import_campaign(&text).map(|_| ())),
            Call::PreviewRoster {
                file_name,
                base64,
                encoding,
                sheet,
            } => {
                let bytes = decoded(&base64)?;
                let encoding = encoding.as_deref();
                json(&self.preview_roster(&RosterFile {
                    name: &file_name,
                    bytes: &bytes,
                    encoding,
                    sheet,
                    mapping: None,
                })?)
            }
            Call::ImportRoster {
                file_name,
                base64,
                encoding,
                sheet,
                mapping,
            } => {
                let bytes = decoded(&base64)?;
                let encoding = encoding.as_deref();
                json(&self.import_roster(&RosterFile {
                    name: &file_name,
                    bytes: &bytes,
                    encoding,
                    sheet,
                    mapping,
                })?)
            }
            Call::Cameras => json(&self.cameras_view()),
            Call::ChooseCamera { id } => done(self.choose_camera(&id)),
            Call::SwapCamera => done(self.swap_camera()),
            Call::ChooseSpareCamera { id } => done(self.choose_spare(id.as_deref())),
            Call::CameraKnobs => json(&self.camera_knobs()?),
            Call::SetCameraKnob { knob, value } => json(&self.set_camera_knob(&knob, value)?),
            Call::WatchFolder { path, adopt } => done(self.watch_folder(path.as_deref(), adopt)),
            Call::SetCheck => json(&self.set_check()?),
            Call::TurnCamera { turns } => done(self.turn_camera(turns)),
            Call::Heard { what } => done(self.heard(&what)),
            Call::Replay { command } => done(self.replay(&command)),
            Call::Preferences => json(&self.preferences()?),
            Call::SetPreferences { preferences } => json(&self.set_preferences(preferences)?),
            Call::SetOperator { name } => done(self.set_operator(&name)),
            Call::Today => json(&self.today()?),
            Call::DefectShots { reason } => json(&self.defect_shots(&reason)?),
            Call::EndOfDay => json(&self.end_of_day()?),
            Call::Absent => json(&self.absent()?),
            Call::SettleCard { wish } => {
                let wish = CardWish::from_id(&wish).ok_or(Trouble::Bad("the wish is fetch or pass"))?;
                done(self.settle_card(wish))
            }
            Call::Standards => json(&self.standards()),
            Call::KioskWatch { seen } => json(&self.kiosk_watch(seen)?),
            Call::KioskEnter { job, text, proof } => done(self.kiosk_enter(&job, &text, proof.as_deref())),
            Call::KioskPhoneCode { job, phone } => json(&self.kiosk_phone_code(&job, &phone)?),
            Call::KioskPhoneEnter { job, phone, code } => json(&self.kiosk_phone_enter(&job, &phone, &code)?),
            Call::KioskChoose { place } => done(self.kiosk_choose(place)),
            Call::KioskExpectCode => done(self.kiosk_expect_code()),
            Call::KioskConsent { version, language } => done(self.kiosk_consent(&version, &language)),
            Call::KioskFill {
                student_number,
                faculty,
                major,
                class,
                phone,
            } => done(self.kiosk_fill(&Filled {
                student_number: student_number.as_deref(),
                faculty: faculty.as_deref(),
                major: major.as_deref(),
                class: class.as_deref(),
                phone: phone.as_deref(),
            })),
            Call::KioskFeatureCode { code } => done(self.kiosk_feature_code(&code)),
            Call::KioskBegin => done(self.kiosk_begin()),
            Call::KioskShoot => done(self.kiosk_shoot()),
            Call::KioskRetake => done(self.kiosk_retake()),
            Call::KioskSubmit { messages } => json(&self.kiosk_submit(messages.as_deref())?),
            Call::KioskUseFile { base64 } => done(self.kiosk_use_file(&decoded(&base64)?)),
            Call::KioskOrder { id } => json(&self.kiosk_order(&id)?),
            Call::KioskReprint { order_id } => done(self.kiosk_reprint(&order_id)),
            Call::KioskPay { order_id } => json(&self.kiosk_pay(&order_id)?),
            Call::KioskEditAddress { order_id, address } => done(self.kiosk_edit_address(&order_id, &address)),
            Call::KioskWithdraw { order_id } => done(self.kiosk_withdraw(&order_id)),
            Call::KioskErase => json(&self.kiosk_erase()?.id()),
            Call::KioskCharacters { reading } => json(&crate::kiosk::characters(&reading)),
            Call::KioskMyData => json(&self.kiosk_my_data()?),
            Call::KioskMessages => json(&self.kiosk_messages()?),
            Call::KioskWrite { text } => done(self.kiosk_write(&text)),
            Call::KioskLeave => done(self.kiosk_leave()),
            Call::KioskExit { pin } => done(self.kiosk_exit(&pin)),
            Call::SetKioskPin { pin } => done(self.set_kiosk_pin(&pin)),
            Call::Contact => json(&self.contact()?),
            Call::SetContact { contact } => done(self.set_contact(&contact)),
            Call::Messages => json(&self.messages()?),
            Call::AnswerMessage { key, text } => done(self.answer_message(&key, &text)),
        }
    }

    /// The codes in a picture file. A code that is no text cannot go through a window and is left out here.
    pub fn read_codes(&self, picture: &[u8]) -> Result<CodesInPicture, Trouble> {
        let began = Instant::now();
        let codes = codes_in(picture)?;
        let codes = codes.into_iter().filter_map(|c| String::from_utf8(c).ok()).collect();
        Ok(CodesInPicture {
            codes,
            elapsed_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        })
    }
}

/// The payloads of the codes in a picture file (JPEG, PNG or BMP), as bytes.
///
/// # Errors
/// When the picture cannot be decoded.
pub fn codes_in(picture: &[u8]) -> Result<Vec<Vec<u8>>, Trouble> {
    let (size, grey) = photo::decode_grey(picture, &photo::Limits::default())?;
    let luma = Luma::new(size, grey).ok_or(photo::DecodeError::NoPixels { size })?;
    let codes = camera::code::read(&luma, Effort::Thorough);
    Ok(codes.into_iter().map(|c| c.payload).collect())
}

fn json<T: Serialize>(value: &T) -> Result<Value, Trouble> {
    serde_json::to_value(value).map_err(|_| Trouble::Bad("the answer cannot be written as JSON"))
}

fn done(outcome: Result<(), Trouble>) -> Result<Value, Trouble> {
    outcome.map(|()| Value::Null)
}

fn decoded(base64: &str) -> Result<Vec<u8>, Trouble> {
    STANDARD
        .decode(base64)
        .map_err(|_| Trouble::Bad("the file did not arrive as base64"))
}
