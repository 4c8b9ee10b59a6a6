//! How does a still become a verdict and a finished picture?
use crate::scale;
use crate::timings::Timings;
use check::{FileFacts, Input};
use domain::{Faces, Finding, PhotoSpec, Point, Reason, Rect, RectPx, Remedy, SizePx, Verdict, finding};
use face::{FaceError, FaceModels, Speed, Template};
use photo::{DecodeError, Decoded, Finish, FinishError, Finished, Limits, Orientation};
use std::time::{Duration, Instant};

/// The models with everything around them. May be shared; for checks side by side make one for each thread.
#[derive(Debug)]
pub struct Assessor {
    pub(crate) models: FaceModels,
    pub(crate) limits: Limits,
}

/// Why no assessor could be made.
#[derive(Debug, thiserror::Error)]
pub enum AssessError {
    /// The models could not be loaded.
    #[error("preparing the check of pictures: {0}")]
    Models(#[from] FaceError),
}

/// Why no finished picture could be made again from an original and its rectangle.
#[derive(Debug, thiserror::Error)]
pub enum FinishFault {
    /// The original cannot be read.
    #[error("reading the original of a finished picture: {0}")]
    Original(#[from] DecodeError),
    /// The rectangle does not fit, or the encoder failed.
    #[error("making a finished picture: {0}")]
    Finish(FinishError),
}

/// Everything known about a still after its check.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// The verdict.
    pub verdict: Verdict,
    /// Each measure's finding, in the order reports list them.
    pub findings: Vec<Finding>,
    /// What is delivered, in pixels of the upright original; `None` when no crop holds the face.
    pub crop: Option<RectPx>,
    /// Number of faces in the frame.
    pub faces: usize,
    /// Landmarks of the main face in pixels of the upright original; for drawing, never to be stored.
    pub landmarks: Vec<Point>,
    /// Box of the main face in pixels of the upright original.
    pub face_box: Option<Rect>,
    /// Time of each stage.
    pub timings: Timings,
    /// Size of the upright original; zero when it could not be read.
    pub size: SizePx,
}

/// A decoded still with what was found in it, in pixels of the decoded picture. It may be judged against any number of standards.
struct Seen {
    decoded: Decoded,
    faces: Faces,
    timings: Timings,
}

impl Assessor {
    /// Loads the models that are part of the program; takes some 50 ms.
    ///
    /// # Errors
    /// When the program was built from damaged models.
    pub fn new() -> Result<Self, AssessError> {
        Ok(Self {
            models: FaceModels::embedded()?,
            limits: Limits::default(),
        })
    }

    /// Judges a still without making its finished picture, so without what only the finished file shows.
    ///
    /// A picture of exactly the standard's size counts as the delivered picture itself and is judged as it is. Never fails:
    /// what cannot be read is a failing finding.
    pub fn assess(&self, jpeg: &[u8], spec: &PhotoSpec) -> Assessment {
        let start = Instant::now();
        match self.see(jpeg) {
            Ok(seen) => seen.judge(spec, seen.crop(spec), || seen.delivered(spec), start),
            Err(finding) => Assessment::unreadable(finding, start),
        }
    }

    /// Judges a still together with the finished picture made from it, decoding once: the final verdict.
    ///
    /// The finished picture is there whenever a crop was possible, also when the verdict is a fail. When no quality fits the
    /// standard's file size, it is the closest one and the finding of the size says so. A picture of exactly the standard's
    /// size is judged as it is; see [`Assessor::finish`].
    pub fn assess_and_finish(&self, jpeg: &[u8], spec: &PhotoSpec) -> (Assessment, Option<Finished>) {
        let start = Instant::now();
        match self.see(jpeg) {
            Ok(seen) => self.judge_and_finish(&seen, jpeg, spec, start),
            Err(finding) => (Assessment::unreadable(finding, start), None),
        }
    }

    /// The same against several standards: decoded and looked at once, judged and finished for each.
    pub fn assess_each(&self, jpeg: &[u8], specs: &[PhotoSpec]) -> Vec<(Assessment, Option<Finished>)> {
        let start = Instant::now();
        let seen = self.see(jpeg);
        let each = |spec| match &seen {
            Ok(seen) => self.judge_and_finish(seen, jpeg, spec, start),
            Err(finding) => (Assessment::unreadable(*finding, start), None),
        };
        specs.iter().map(each).collect()
    }

    /// The raw signs behind the weighed measures of a still, for setting their weights; empty when it cannot be read.
    pub fn signs(&self, jpeg: &[u8], spec: &PhotoSpec) -> Vec<(&'static str, Vec<f32>)> {
        let seen = self.see(jpeg).ok();
        seen.map(|s| check::signs(&s.input(s.crop(spec)), spec))
            .unwrap_or_default()
    }

    /// Makes the finished picture again from the untouched original and the stored rectangle: the same bytes as before.
    ///
    /// An original that already is what the standard asks for (size, density, bytes, quality, nothing but the picture inside)
    /// is delivered as it is, because encoding it again could only make it worse.
    ///
    /// # Errors
    /// `Original` when it cannot be read, `Finish` when the rectangle does not fit it.
    pub fn finish(&self, jpeg: &[u8], spec: &PhotoSpec, crop: RectPx) -> Result<Finished, FinishFault> {
        let original = photo::inspect(jpeg)?.upright_size();
        let decoded = photo::decode(jpeg, scale::of_finish(original, crop, spec), &self.limits)?;
        finished(jpeg, &decoded, spec, crop).map_err(FinishFault::Finish)
    }

    /// The template of a still's main face, whose landmarks its [`Assessment`] gives. For comparing with another; never to be stored.
    /// `None` when the picture cannot be read or has no face.
    pub fn template(&self, jpeg: &[u8], landmarks: &[Point]) -> Option<Template> {
        let original = photo::inspect(jpeg).ok()?.upright_size();
        let decoded = photo::decode(jpeg, scale::of_look(original), &self.limits).ok()?;
        let points: Vec<Point> = landmarks.iter().map(|p| scale::down_point(*p, decoded.scale)).collect();
        self.models.template(&decoded.picture, &points).ok()?
    }

    /// The finished picture of what was seen: from the pixels that are there, when [`Assessor::finish`] would take the same.
    fn finished_of(&self, jpeg: &[u8], seen: &Seen, spec: &PhotoSpec, crop: RectPx) -> Result<Finished, FinishFault> {
        let original = seen.decoded.original;
        let crop = scale::up_px(crop, seen.decoded.scale);
        if scale::of_finish(original, crop, spec) == scale::of_look(original) {
            finished(jpeg, &seen.decoded, spec, crop).map_err(FinishFault::Finish)
        } else {
            self.finish(jpeg, spec, crop)
        }
    }

    fn judge_and_finish(
        &self,
        seen: &Seen,
        jpeg: &[u8],
        spec: &PhotoSpec,
        start: Instant,
    ) -> (Assessment, Option<Finished>) {
        let crop = seen.crop(spec);
        let Some(rect) = crop else {
            return (seen.judge(spec, crop, || None, start), None);
        };
        std::thread::scope(|scope| {
            let making = scope.spawn(|| {
                let start = Instant::now();
                (self.finished_of(jpeg, seen, spec, rect), start.elapsed())
            });
            let (mut finished, mut finish) = (None, Duration::ZERO);
            let file = || {
                let (made, took) = making.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                (finished, finish) = (made.ok(), took);
                let made = finished.as_ref()?;
                seen.delivered(spec)
                    .or_else(|| photo::inspect(&made.jpeg).ok().map(|h| FileFacts::from(&h)))
            };
            let mut assessment = seen.judge(spec, crop, file, start);
            assessment.timings.finish = finish;
            if finished.is_none() {
                // The rectangle came from this very picture, so only a broken encoder leads here. Fail closed.
                let broken = check::unreadable(Reason::Unreadable, Remedy::CallOperator);
                assessment.findings.push(broken);
                assessment.verdict = Verdict::Fail;
            }
            (assessment, finished)
        })
    }

    /// Decodes and looks for faces. The error is the one finding of a picture that gets no further.
    fn see(&self, jpeg: &[u8]) -> Result<Seen, Finding> {
        let start = Instant::now();
        let header = photo::inspect(jpeg).map_err(|e| unreadable(&e))?;
        let scale = scale::of_look(header.upright_size());
        let decoded = photo::decode(jpeg, scale, &self.limits).map_err(|e| unreadable(&e))?;
        let timings = Timings {
            decode: start.elapsed(),
            ..Timings::default()
        };
        let found = self.models.find(&decoded.picture, Speed::Full);
        let (faces, stages) = found.map_err(|_| check::unreadable(Reason::NotMeasured, Remedy::CallOperator))?;
        let timings = timings.with_faces(stages);
        Ok(Seen {
            decoded,
            faces,
            timings,
        })
    }
}

impl Seen {
    /// What is delivered under a standard: all of a picture that already has its size, else the best crop.
    fn crop(&self, spec: &PhotoSpec) -> Option<RectPx> {
        if is_delivered(&self.decoded, spec) {
            Some(RectPx::whole(self.decoded.original))
        } else {
            check::best_crop(&self.faces, scale::whole_steps(&self.decoded), spec)
        }
    }

    /// What is known of the file, where it counts as the delivered picture.
    fn delivered(&self, spec: &PhotoSpec) -> Option<FileFacts> {
        is_delivered(&self.decoded, spec).then(|| FileFacts::from(&self.decoded.header))
    }

    fn input(&self, crop: Option<RectPx>) -> Input<'_> {
        Input {
            picture: &self.decoded.picture,
            scale: self.decoded.scale,
            faces: &self.faces,
            crop,
            source_quality: self.decoded.header.quality,
            file: None,
        }
    }

    /// Judges what was seen; the delivered file may be made meanwhile and is asked for last.
    fn judge(
        &self,
        spec: &PhotoSpec,
        crop: Option<RectPx>,
        file: impl FnOnce() -> Option<FileFacts>,
        start: Instant,
    ) -> Assessment {
        let judging = Instant::now();
        let findings = check::judge_while(&self.input(crop), spec, file);
        let scale = self.decoded.scale;
        let mut timings = self.timings;
        timings.measures += judging.elapsed();
        timings.total = start.elapsed();
        Assessment {
            verdict: finding::overall(&findings),
            findings,
            crop: crop.map(|c| scale::up_px(c, scale)),
            faces: self.faces.faces.len(),
            landmarks: self
                .faces
                .main()
                .map(|f| f.landmarks.iter().map(|p| scale::up_point(p.xy(), scale)).collect())
                .unwrap_or_default(),
            face_box: self.faces.main().map(|f| scale::up(f.bounds, scale)),
            timings,
            size: self.decoded.original,
        }
    }
}

impl Assessment {
    fn unreadable(finding: Finding, start: Instant) -> Self {
        let total = start.elapsed();
        Self {
            verdict: Verdict::Fail,
            findings: vec![finding],
            crop: None,
            faces: 0,
            landmarks: Vec::new(),
            face_box: None,
            timings: Timings {
                decode: total,
                total,
                ..Timings::default()
            },
            size: SizePx::default(),
        }
    }
}

/// Whether a picture has exactly the standard's pixels, so that it counts as delivered.
fn is_delivered(decoded: &Decoded, spec: &PhotoSpec) -> bool {
    decoded.original == spec.size.value
}

/// The finished picture; the closest one when the window of the file size cannot be met.
fn finished(jpeg: &[u8], decoded: &Decoded, spec: &PhotoSpec, crop: RectPx) -> Result<Finished, FinishError> {
    if let Some(as_it_is) = as_it_is(jpeg, decoded, spec, crop) {
        return Ok(as_it_is);
    }
    let crop = scale::down_px(crop, decoded.scale);
    match photo::finish(&decoded.picture, &Finish { spec, crop }) {
        Err(FinishError::WindowUnreachable { closest, .. }) => Ok(*closest),
        other => other,
    }
}

/// The original itself, when it already is a finished picture in every respect.
fn as_it_is(jpeg: &[u8], decoded: &Decoded, spec: &PhotoSpec, crop: RectPx) -> Option<Finished> {
    let header = &decoded.header;
    let quality = header.quality?;
    let chroma = match header.sampling {
        photo::jpeg::Sampling::S444 => photo::Chroma::Full,
        photo::jpeg::Sampling::S422 => photo::Chroma::HalfAcross,
        photo::jpeg::Sampling::S420 => photo::Chroma::HalfBoth,
        photo::jpeg::Sampling::Grey | photo::jpeg::Sampling::Other => return None,
    };
    let dpi = f32::from(spec.dpi.value);
    let holds = is_delivered(decoded, spec)
        && crop == RectPx::whole(decoded.original)
        && header.orientation == Orientation::default()
        && header.icc.is_none()
        && header.dpi() == Some((dpi, dpi))
        && header.metadata().next().is_none()
        && header.ends_with_eoi()
        && quality >= spec.quality_floor.value
        && spec.file_kb.value.holds(jpeg.len() as f32 / 1024.0);
    holds.then(|| Finished {
        jpeg: jpeg.to_vec(),
        quality,
        chroma,
        size: decoded.original,
    })
}

/// The finding for bytes that are no whole picture.
fn unreadable(error: &DecodeError) -> Finding {
    use DecodeError as E;
    let (reason, remedy) = match error {
        E::Truncated { .. } | E::Damaged { .. } => (Reason::Torn, Remedy::TakeAgain),
        E::TooManyBytes { .. } | E::TooManyPixels { .. } | E::TooManySegments { .. } => {
            (Reason::TooLarge, Remedy::ExportAgain)
        }
        E::Empty
        | E::NotJpeg { .. }
        | E::NoPixels { .. }
        | E::Malformed { .. }
        | E::Unsupported { .. }
        | E::PictureFile { .. } => (Reason::Unreadable, Remedy::UseOriginalFile),
    };
    check::unreadable(reason, remedy)
}
