//! What must a backend be able to do?
//!
//! Both traits are used by the owner thread only: a source is sent there, and the streams it opens never leave it.
use crate::card::OwnShutter;
use crate::controls::Knob;
use crate::fault::CameraError;
use crate::frame::RawFrame;
use crate::identity::CameraId;
use crate::shared::Shared;
use domain::SizePx;
use std::sync::Arc;
use std::time::Duration;

/// A camera that can be opened again and again by its identity.
pub trait Source: Send {
    /// Which camera this is.
    fn id(&self) -> CameraId;
    /// Its name for people.
    fn name(&self) -> String;
    /// Finds the camera and starts it.
    ///
    /// # Errors
    /// `Absent`, `Busy`, or what the driver refused.
    fn open(&mut self) -> Result<Box<dyn Stream>, CameraError>;
    /// Hands over the sign by which a long opening is given up; called once, before the first one.
    fn heed(&mut self, _stop: StopSign) {}
}

/// Whether the handle was told to stop.
#[derive(Debug, Clone)]
pub struct StopSign(pub(crate) Arc<Shared>);

impl StopSign {
    /// Whether nobody wants the camera any more.
    pub fn is_up(&self) -> bool {
        self.0.stopping()
    }
}

/// An open camera. Dropping it closes the camera and never panics.
pub trait Stream {
    /// What was agreed with the camera.
    fn negotiated(&self) -> Negotiated;
    /// Waits for the next frame, at most `timeout`.
    ///
    /// # Errors
    /// `NoFrame` after the timeout and `DamagedFrame` leave the stream usable; after any other error it is to be dropped.
    fn next(&mut self, timeout: Duration) -> Result<RawFrame, CameraError>;
    /// The camera's shutter and card, where its shots are files of their own and not frames of the stream.
    fn own_shutter(&mut self) -> Option<&mut dyn OwnShutter> {
        None
    }
    /// Knobs the camera refused to have set when it was opened.
    fn refused_knobs(&self) -> Vec<Knob> {
        Vec::new()
    }
}

/// What was agreed with a camera.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Negotiated {
    /// The size every frame must have; absent where pictures of any size come (a camera on a cable).
    pub size: Option<SizePx>,
    /// How frames come.
    pub cadence: Cadence,
    /// How many first frames are thrown away: after a change of format the first ones have the old size or are half exposed.
    pub settle_frames: u32,
}

/// How frames come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cadence {
    /// All the time, so many a second; silence means trouble.
    Steady {
        /// Frames a second.
        fps: f32,
    },
    /// When the camera has one (on a cable, some never); silence is normal and the watchdog stays quiet.
    OnDemand,
}
