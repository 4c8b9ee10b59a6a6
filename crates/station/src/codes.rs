//! Codes held before the camera: read from the preview off the capture thread, and taken as if scanned.
use crate::core::Core;
use camera::code::{CodeReader, Pace};
use camera::{CameraId, FrameWatch};
use std::time::Duration;

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

    fn take_sighting(&self, payload: &[u8]) {
        if self.campaign().is_err() {
            return;
        }
        if self.kiosk_takes_code(payload) {
            return;
        }
        if let Err(trouble) = self.scan(payload) {
            let fault = trouble.fault();
            self.notify("warn", &fault.code, &[]);
        }
    }
}
