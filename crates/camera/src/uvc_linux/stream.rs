//! How do frames come out of an open Video4Linux device, exactly the bytes the camera sent?
use super::{Steps, offer};
use crate::controls::Knob;
use crate::fault::CameraError;
use crate::frame::RawFrame;
use crate::mode::{self, Coding, Mode, Wish};
use crate::raw::{self, Layout, Range};
use crate::source::{Cadence, Negotiated, Stream};

use domain::SizePx;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};
use v4l::buffer::{Flags, Metadata, Type};
use v4l::format::Quantization;
use v4l::io::mmap::Stream as MmapStream;
use v4l::io::traits::{CaptureStream, Stream as _};
use v4l::video::Capture;
use v4l::video::capture::Parameters;
use v4l::{Device, Format, FourCC, Fraction};

/// Buffers shared with the driver: one with us, one being filled, two between.
const BUFFERS: u32 = 4;
/// Frames thrown away at first: the old size after a change of format, exposure still finding its way.
const SETTLE_FRAMES: u32 = 5;
/// `poll` wakes for readable data; the number of Linux.
const POLLIN: i16 = 1;

/// An open device.
pub(super) struct UvcStream {
    /// Absent only while dropping.
    stream: Option<MmapStream<'static>>,
    steps: Steps,
    layout: Layout,
    interval: Duration,
    negotiated: Negotiated,
    refused: Vec<Knob>,
}

impl UvcStream {
    /// Opens the node, agrees on a mode and starts the frames. Who else holds the device shows in the later steps, not in `open`.
    pub(super) fn open(steps: Steps, wish: &Wish) -> Result<Self, CameraError> {
        let device = steps.run("opening", || Device::with_path(&steps.path))?;
        let offered = steps.run("asking for the formats of", || offer::modes(&device))?;
        let modes: Vec<Mode> = offered.iter().map(|(mode, _)| *mode).collect();
        let no_mode = || CameraError::NoUsableMode {
            camera: steps.camera.clone(),
        };
        let mode = mode::choose(&modes, wish).ok_or_else(no_mode)?;
        let (_, code) = offered.iter().find(|(m, _)| *m == mode).ok_or_else(no_mode)?;
        let format = steps.run("setting the format of", || {
            device.set_format(&Format::new(mode.size.width, mode.size.height, *code))
        })?;
        let coding = coding_of(format.fourcc).ok_or_else(no_mode)?;
        let interval = Fraction::new(mode.interval_numerator, mode.interval_denominator);
        // Some devices have one rate only and refuse to be asked.
        let agreed = steps.run("setting the rate of", || device.set_params(&Parameters::new(interval)));
        let interval = match agreed {
            Ok(parameters) if parameters.interval.denominator > 0 => parameters.interval,
            Ok(_) | Err(CameraError::Device { .. } | CameraError::Library { .. }) => interval,
            Err(error) => return Err(error),
        };
        let seconds = f64::from(interval.numerator) / f64::from(interval.denominator.max(1));
        let stream = steps.run("starting", || start(&device))?;
        let size = SizePx {
            width: format.width,
            height: format.height,
        };
        Ok(Self {
            stream: Some(stream),
            steps,
            layout: Layout {
                coding,
                size,
                stride: format.stride,
                range: match format.quantization {
                    Quantization::FullRange => Range::Full,
                    Quantization::Default | Quantization::LimitedRange => Range::Limited,
                },
            },
            interval: Duration::from_secs_f64(seconds.clamp(0.001, 60.0)),
            negotiated: Negotiated {
                size: Some(size),
                cadence: Cadence::Steady {
                    fps: (1.0 / seconds.max(0.001)) as f32,
                },
                settle_frames: SETTLE_FRAMES,
            },
            refused: Vec::new(),
        })
    }

    /// Notes the knobs it refused to have set.
    pub(super) fn with_refused(mut self, refused: Vec<Knob>) -> Self {
        self.refused = refused;
        self
    }

    /// The bytes the camera sent as a JPEG; absent when they came damaged or short.
    fn jpeg(&self, buffer: &[u8], used: &Metadata) -> Option<Arc<[u8]>> {
        if used.flags.contains(Flags::ERROR) {
            return None;
        }
        // The heart of it: what lies behind `bytesused` belongs to an older frame.
        let sent = buffer.get(..used.bytesused as usize)?;
        raw::to_jpeg(sent, &self.layout)
    }
}

fn coding_of(code: FourCC) -> Option<Coding> {
    Coding::ALL
        .into_iter()
        .find(|coding| offer::codes(*coding).contains(&&code.repr))
}

/// Queues all buffers but the first and starts. The first is queued by `MmapStream::next`, which always queues the buffer it gave
/// out last before it waits; queueing one twice is an error, so `next` must only be called when a frame is ready.
fn start(device: &Device) -> io::Result<MmapStream<'static>> {
    let mut stream = MmapStream::with_buffers(device, Type::VideoCapture, BUFFERS)?;
    let mut queued = 0;
    for index in 1..BUFFERS as usize {
        // The driver may give fewer buffers than asked for; one is enough to begin with.
        match CaptureStream::queue(&mut stream, index) {
            Ok(()) => queued += 1,
            Err(error) if queued == 0 => return Err(error),
            Err(_) => break,
        }
    }
    stream.start()?;
    Ok(stream)
}

impl Stream for UvcStream {
    fn negotiated(&self) -> Negotiated {
        self.negotiated
    }

    fn next(&mut self, timeout: Duration) -> Result<RawFrame, CameraError> {
        let steps = self.steps.clone();
        let absent = || CameraError::Absent {
            camera: steps.camera.clone(),
        };
        let mut stream = self.stream.take().ok_or_else(absent)?;
        let waited = i32::try_from(timeout.as_millis()).unwrap_or(i32::MAX);
        let ready = steps.run("waiting for", || match stream.handle().poll(POLLIN, waited) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(0),
            other => other,
        });
        let taken = match ready {
            Ok(0) => Err(CameraError::NoFrame { waited: timeout }),
            Ok(_) => {
                stream.set_timeout(timeout.max(Duration::from_millis(1)));
                steps.run("reading a frame of", || {
                    let (buffer, used) = CaptureStream::next(&mut stream)?;
                    let began = began(used, self.interval);
                    Ok(self.jpeg(buffer, used).map(|jpeg| RawFrame { jpeg, began }))
                })
            }
            .and_then(|frame| {
                frame.ok_or_else(|| CameraError::DamagedFrame {
                    camera: steps.camera.clone(),
                })
            }),
            Err(error) => Err(error),
        };
        self.stream = Some(stream);
        taken
    }

    fn refused_knobs(&self) -> Vec<Knob> {
        self.refused.clone()
    }
}

impl Drop for UvcStream {
    fn drop(&mut self) {
        // The v4l crate panics when stopping fails with anything but ENODEV, and its buffers may do so again.
        if let Some(stream) = self.stream.take() {
            let _ = catch_unwind(AssertUnwindSafe(|| drop(stream)));
        }
    }
}

/// When the frame began, as an `Instant`, from the driver's monotonic stamp.
///
/// The stamp is the beginning of the frame (uvcvideo) or its end; in the latter case one interval is taken off. A driver without
/// monotonic stamps is assumed to have held the frame in every one of its buffers.
fn began(used: &Metadata, interval: Duration) -> Instant {
    let now = Instant::now();
    let clock = crate::monotonic::now();
    let monotonic = (used.flags & Flags::TIMESTAMP_MASK) == Flags::TIMESTAMP_MONOTONIC;
    let stamp = Duration::from(used.timestamp);
    let age = if monotonic && stamp <= clock {
        let since_start = (used.flags & Flags::TSTAMP_SRC_MASK) == Flags::TSTAMP_SRC_SOE;
        clock - stamp + if since_start { Duration::ZERO } else { interval }
    } else {
        interval * BUFFERS
    };
    now.checked_sub(age).unwrap_or(now)
}
