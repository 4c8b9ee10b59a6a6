//! How are cameras found and opened on Windows and macOS? NOT TESTED ON HARDWARE: type-checked only, from nokhwa's source.
//!
//! nokhwa reads with a call that waits without end, and its camera must stay in the thread that made it (COM apartment). So a
//! thread of its own reads, and the newest frame is handed over; a reader that hangs is left behind, and until it ends the
//! camera counts as busy, so there is never more than one. On Linux this backend is not used: see `uvc_linux`.
use crate::fault::CameraError;
use crate::frame::RawFrame;
use crate::identity::{CameraId, Descriptor, Kind};
use crate::mode::{self, Coding, Mode, Wish};
use crate::raw::{self, Layout, Range};
use crate::source::{Cadence, Negotiated, Source, Stream};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};
use domain::SizePx;
use nokhwa::utils::{ApiBackend, CameraFormat, CameraInfo, FrameFormat, RequestedFormat, RequestedFormatType};
use nokhwa::{Camera, NokhwaError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Frames thrown away at first.
const SETTLE_FRAMES: u32 = 5;
/// Longest time until a camera is open; Media Foundation takes its time.
const OPEN_TIMEOUT: Duration = Duration::from_secs(10);
/// Formats that are understood.
const FORMATS: [FrameFormat; 3] = [FrameFormat::MJPEG, FrameFormat::YUYV, FrameFormat::NV12];

/// Lists the cameras the system names.
pub fn discover() -> Vec<Descriptor> {
    present()
        .into_iter()
        .map(|info| Descriptor {
            id: identity(&info),
            name: info.human_name(),
            kind: Kind::Nokhwa,
        })
        .collect()
}

fn present() -> Vec<CameraInfo> {
    catch_unwind(|| nokhwa::query(ApiBackend::Auto).unwrap_or_default()).unwrap_or_default()
}

/// `misc` holds the symbolic link (Windows) or the unique id (macOS), which survive unplugging.
fn identity(info: &CameraInfo) -> CameraId {
    let id = info.misc();
    CameraId::Named(if id.is_empty() { info.human_name() } else { id })
}

/// A camera by its identity.
#[derive(Debug)]
pub struct NokhwaCamera {
    id: CameraId,
    wish: Wish,
    name: String,
    /// Alive as long as a reader is.
    reader: Arc<()>,
}

impl NokhwaCamera {
    /// Prepares a camera; it need not be plugged in.
    pub fn new(id: CameraId, wish: Wish) -> Self {
        let found = present().into_iter().find(|info| identity(info) == id);
        let name = found.map_or_else(|| id.to_string(), |info| info.human_name());
        Self {
            id,
            wish,
            name,
            reader: Arc::new(()),
        }
    }
}

impl Source for NokhwaCamera {
    fn id(&self) -> CameraId {
        self.id.clone()
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn open(&mut self) -> Result<Box<dyn Stream>, CameraError> {
        let camera = self.id.clone();
        if Arc::strong_count(&self.reader) > 1 {
            let holder = Some("an earlier reader of this program".to_owned());
            return Err(CameraError::Busy { camera, holder });
        }
        let info = present().into_iter().find(|info| identity(info) == self.id);
        let info = info.ok_or_else(|| CameraError::Absent { camera: camera.clone() })?;
        self.name = info.human_name();
        let (opened, opening) = bounded(1);
        let (sender, frames) = bounded(1);
        let stop = Arc::new(AtomicBool::new(false));
        let reader = Reader {
            camera: camera.clone(),
            stop: Arc::clone(&stop),
            frames: sender,
            // The reader throws the older frame away when a newer one comes.
            stale: frames.clone(),
            _alive: Arc::clone(&self.reader),
        };
        let wish = self.wish;
        let work = move || {
            let failed = |message: &str| reader.fault("reading", message.to_owned());
            let run = || reader.run(&info, &wish, &opened);
            if catch_unwind(AssertUnwindSafe(run)).is_err() {
                let _ = opened.try_send(Err(failed("nokhwa panicked")));
            }
        };
        let spawned = std::thread::Builder::new().name("camera-device".to_owned()).spawn(work);
        spawned.map_err(|source| CameraError::Device {
            camera: camera.clone(),
            doing: "starting a reader of",
            source,
        })?;
        let playing = |negotiated| Playing {
            camera: camera.clone(),
            stop: Arc::clone(&stop),
            frames,
            negotiated,
        };
        match opening.recv_timeout(OPEN_TIMEOUT) {
            Ok(negotiated) => Ok(Box::new(playing(negotiated?))),
            Err(_) => {
                stop.store(true, Ordering::Relaxed);
                Err(CameraError::Library {
                    camera: camera.clone(),
                    doing: "opening",
                    message: "no answer".to_owned(),
                })
            }
        }
    }
}

/// What the reading thread needs.
struct Reader {
    camera: CameraId,
    stop: Arc<AtomicBool>,
    frames: Sender<Result<RawFrame, CameraError>>,
    stale: Receiver<Result<RawFrame, CameraError>>,
    _alive: Arc<()>,
}

impl Reader {
    fn fault(&self, doing: &'static str, message: String) -> CameraError {
        CameraError::Library {
            camera: self.camera.clone(),
            doing,
            message,
        }
    }

    fn run(&self, info: &CameraInfo, wish: &Wish, opened: &Sender<Result<Negotiated, CameraError>>) {
        let (mut camera, format) = match self.open(info, wish) {
            Ok(open) => open,
            Err(error) => {
                let _ = opened.try_send(Err(error));
                return;
            }
        };
        let size = SizePx {
            width: format.width(),
            height: format.height(),
        };
        let fps = format.frame_rate().max(1) as f32;
        let negotiated = Negotiated {
            size: Some(size),
            cadence: Cadence::Steady { fps },
            settle_frames: SETTLE_FRAMES,
        };
        if opened.try_send(Ok(negotiated)).is_err() {
            return;
        }
        while !self.stop.load(Ordering::Relaxed) {
            // nokhwa's stamps are in a clock of their own; a frame that was ready at once may have begun two intervals ago.
            let asked = Instant::now();
            let read = camera.frame();
            let age = Duration::from_secs_f32(2.0 / fps);
            let began = asked.checked_sub(age).unwrap_or(asked);
            let frame = match read {
                Ok(buffer) => {
                    let layout = Layout {
                        coding: coding(buffer.source_frame_format()).unwrap_or(Coding::Mjpeg),
                        size,
                        stride: 0,
                        range: Range::Limited,
                    };
                    let damaged = || CameraError::DamagedFrame {
                        camera: self.camera.clone(),
                    };
                    raw::to_jpeg(buffer.buffer(), &layout)
                        .map(|jpeg| RawFrame { jpeg, began })
                        .ok_or_else(damaged)
                }
                Err(error) => Err(self.fault("reading", error.to_string())),
            };
            let ends = matches!(frame, Err(CameraError::Library { .. }));
            let _ = self.stale.try_recv();
            if self.frames.try_send(frame).is_err() || ends {
                break;
            }
        }
        let _ = catch_unwind(AssertUnwindSafe(|| drop(camera)));
    }

    /// Opens in the best mode that can be opened: some drivers on Windows list MJPEG and fail on it.
    fn open(&self, info: &CameraInfo, wish: &Wish) -> Result<(Camera, CameraFormat), CameraError> {
        let (mut failed, mut refused) = (Vec::new(), None);
        loop {
            let tries = failed.len();
            match self.open_after(info, wish, &mut failed) {
                // No mode was chosen: there is none, or none is left, and then the driver's own words say more.
                Err(error) if failed.len() == tries => return Err(refused.unwrap_or(error)),
                Err(error) => refused = Some(error),
                open => return open,
            }
        }
    }

    /// Opens with any format that is understood, asks what there is, then asks for exactly the chosen one: a wrong pair of
    /// format and rate ends the whole program on macOS. The mode that was tried is noted.
    fn open_after(
        &self,
        info: &CameraInfo,
        wish: &Wish,
        failed: &mut Vec<Mode>,
    ) -> Result<(Camera, CameraFormat), CameraError> {
        let fault = |doing| move |error: NokhwaError| self.fault(doing, error.to_string());
        let first = RequestedFormat::with_formats(RequestedFormatType::None, &FORMATS);
        let mut camera = Camera::new(info.index().clone(), first).map_err(fault("opening"))?;
        let offered = camera
            .compatible_camera_formats()
            .map_err(fault("asking for the formats of"))?;
        let modes: Vec<(Mode, CameraFormat)> = offered
            .iter()
            .filter_map(|format| Some((mode_of(format)?, *format)))
            .collect();
        let plain: Vec<Mode> = modes.iter().map(|(mode, _)| *mode).collect();
        let no_mode = || CameraError::NoUsableMode {
            camera: self.camera.clone(),
        };
        let chosen = mode::choose_after(&plain, wish, failed).ok_or_else(no_mode)?;
        failed.push(chosen);
        let (_, format) = modes.iter().find(|(mode, _)| *mode == chosen).ok_or_else(no_mode)?;
        let exact = RequestedFormat::with_formats(RequestedFormatType::Exact(*format), &FORMATS);
        let agreed = camera
            .set_camera_requset(exact)
            .map_err(fault("setting the format of"))?;
        camera.open_stream().map_err(fault("starting"))?;
        Ok((camera, agreed))
    }
}

fn coding(format: FrameFormat) -> Option<Coding> {
    match format {
        FrameFormat::MJPEG => Some(Coding::Mjpeg),
        FrameFormat::YUYV => Some(Coding::Yuyv),
        FrameFormat::NV12 => Some(Coding::Nv12),
        FrameFormat::GRAY | FrameFormat::RAWRGB | FrameFormat::RAWBGR => None,
    }
}

fn mode_of(format: &CameraFormat) -> Option<Mode> {
    Some(Mode {
        coding: coding(format.format())?,
        size: SizePx {
            width: format.width(),
            height: format.height(),
        },
        interval_numerator: 1,
        interval_denominator: format.frame_rate(),
    })
}

/// The owner thread's end.
struct Playing {
    camera: CameraId,
    stop: Arc<AtomicBool>,
    frames: Receiver<Result<RawFrame, CameraError>>,
    negotiated: Negotiated,
}

impl Stream for Playing {
    fn negotiated(&self) -> Negotiated {
        self.negotiated
    }

    fn next(&mut self, timeout: Duration) -> Result<RawFrame, CameraError> {
        match self.frames.recv_timeout(timeout) {
            Ok(frame) => frame,
            Err(RecvTimeoutError::Timeout) => Err(CameraError::NoFrame { waited: timeout }),
            Err(RecvTimeoutError::Disconnected) => Err(CameraError::Absent {
                camera: self.camera.clone(),
            }),
        }
    }
}

impl Drop for Playing {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}
