//! Codes held before the camera: read from the preview off the capture thread, and taken as if scanned.
use crate::code_shape::{CodeShapes, Fit};
use crate::core::Core;
use crate::trouble::Trouble;
use camera::code::{CodeReader, Pace};
use camera::{CameraId, FrameWatch};
use domain::code::CollectionCode;
use domain::foreign::{Foreign, foreign};
use domain::{Campaign, PersonKey};
use std::time::Duration;
use store::{people, settings};

/// How often the thread looks whether the camera was changed.
const LOOK: Duration = Duration::from_millis(500);

impl Core {
    /// Follows the camera in use and takes the codes it sees. Runs on the codes thread until the station closes.
    pub(crate) fn watch_codes(&self) {
        let mut reading: Option<(CameraId, FrameWatch, CodeReader)> = None;
        while !self.is_stopping() {
            let Some(seat) = self.seat() else {
                reading = None;
                std::thread::sleep(LOOK);
                continue;
            };
            // The same camera opened anew is another one to read from: the reader of the old one has ended.
            let is_over =
                |(id, watch, _): &(CameraId, FrameWatch, CodeReader)| id != seat.handle.id() || watch.is_closed();
            if reading.as_ref().is_none_or(is_over) {
                let watch = seat.handle.watch();
                reading = None;
                if !watch.is_closed() {
                    let reader = CodeReader::start(seat.handle.watch(), Pace::default());
                    reading = reader.ok().map(|r| (seat.handle.id().clone(), watch, r));
                }
            }
            drop(seat);
            match &reading {
                Some((_, _, reader)) => {
                    if let Some(sighting) = reader.next(LOOK) {
                        self.take_sighting(&sighting.code.payload);
                    }
                }
                None => std::thread::sleep(LOOK),
            }
        }
    }

    /// A code came into view. Nobody scanned it on purpose, so it seats somebody only when it looks like the collection codes of this
    /// campaign, or when its person is known here already.
    fn take_sighting(&self, payload: &[u8]) {
        let Ok((campaign, _)) = self.campaign() else {
            return;
        };
        let against = foreign(payload);
        if against == Some(Foreign::OtherUse) {
            return self.pass_over("code_of_other_use");
        }
        let fit = match campaign.job.is_blind() {
            true if self.knows_code(&campaign, payload) => Fit::Fits,
            true => self.code_shapes(&campaign).fit(payload),
            false => Fit::Unknown,
        };
        // A poster logs nobody in at the kiosk either.
        if (against.is_none() || fit == Fit::Fits) && self.kiosk_takes_code(payload) {
            return;
        }
        match fit {
            Fit::OtherUse => self.pass_over("code_of_other_use"),
            Fit::Odd => self.pass_over("code_by_gun"),
            Fit::Unknown | Fit::Fits => {
                if let Err(trouble) = self.seat_code(payload) {
                    let fault = trouble.fault();
                    self.notify("warn", &fault.code, &[]);
                }
            }
        }
    }

    fn pass_over(&self, code: &str) {
        let at = self.now().0;
        self.desk().notify_once(code, &[], at);
        self.board.bump();
    }

    /// The code of somebody of this campaign who was here before.
    fn knows_code(&self, campaign: &Campaign, payload: &[u8]) -> bool {
        let Ok(code) = CollectionCode::new(payload) else {
            return false;
        };
        let key = PersonKey::Code(code.hash());
        matches!(self.store.read(|c| people::get(c, campaign.id, &key)), Ok(Some(_)))
    }

    /// What the codes of this campaign look like. A shape that cannot be read was not learnt.
    fn code_shapes(&self, campaign: &Campaign) -> CodeShapes {
        let text = self.store.read(|c| settings::get(c, &shapes_key(campaign)));
        CodeShapes::from_text(&text.ok().flatten().unwrap_or_default())
    }

    /// A code that was scanned on purpose seats its person, and teaches what codes look like; one unlike the others is told of.
    pub(crate) fn seat_scanned(&self, campaign: &Campaign, payload: &[u8]) -> Result<(), Trouble> {
        let is_new = campaign.job.is_blind() && !self.knows_code(campaign, payload);
        self.seat_code(payload)?;
        if is_new {
            let mut shapes = self.code_shapes(campaign);
            if shapes.fit(payload) == Fit::Odd {
                self.notify("warn", "code_odd", &[]);
            }
            shapes.learn(payload);
            let learnt = self
                .store
                .write(|tx| settings::put(tx, &shapes_key(campaign), &shapes.text()));
            // Who sits, sits: what could not be written was not learnt.
            if let Err(error) = learnt {
                tracing::warn!(%error, "the shape of a code was not written");
            }
        }
        Ok(())
    }
}

fn shapes_key(campaign: &Campaign) -> String {
    format!("code_shapes:{}", campaign.id)
}
