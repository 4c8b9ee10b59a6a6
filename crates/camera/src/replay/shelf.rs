//! Which pictures are played? They are checked when the shelf is filled; a folder's bytes stay on the disk until they are shown.
use domain::SizePx;
use photo::DecodeError;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Most pictures of a replay.
pub const MAX_PICTURES: usize = 20_000;
/// Most bytes of an MJPEG file, which is held in memory.
pub const MAX_FILM_BYTES: u64 = 512 << 20;
/// Most bytes of one picture.
pub const MAX_PICTURE_BYTES: u64 = 64 << 20;

/// Files taken for pictures; one of these that is no JPEG is an error, any other file in the folder is passed over.
const PICTURE_EXTENSIONS: [&str; 9] = ["jpg", "jpeg", "png", "bmp", "gif", "webp", "tif", "tiff", "heic"];

/// Why pictures cannot be played. A picture is named by its place in name order from 1, since file names may name people.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// A file or folder could not be read.
    #[error("reading the replay {path}: {source}")]
    Read {
        /// Folder or film.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// No pictures.
    #[error("reading the replay {name}: no pictures in it")]
    Empty {
        /// Name of the replay.
        name: String,
    },
    /// Too much.
    #[error("reading the replay {name}: {what} above the limit of {limit}")]
    TooMuch {
        /// Name of the replay.
        name: String,
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        limit: u64,
    },
    /// A picture is no whole JPEG.
    #[error("reading picture {place} of the replay {name}: {source}")]
    NotPlayable {
        /// Name of the replay.
        name: String,
        /// Place in name order, from 1.
        place: usize,
        /// Why.
        source: DecodeError,
    },
    /// A picture has another size than the first one; a camera does not change its size.
    #[error(
        "reading picture {place} of the replay {name}: {}x{} pixels where the first has {}x{}",
        found.width, found.height, first.width, first.height
    )]
    OtherSize {
        /// Name of the replay.
        name: String,
        /// Place in name order, from 1.
        place: usize,
        /// Its size.
        found: SizePx,
        /// Size of the first picture.
        first: SizePx,
    },
    /// No picture of this name.
    #[error("showing a picture of the replay {name}: there is none of that name or place")]
    Unknown {
        /// Name of the replay.
        name: String,
    },
    /// The command is not known.
    #[error("commanding a replay: not one of show NAME, next, play, hold, resume, stall, torn N, unplug, replug")]
    Command,
}

#[derive(Debug, Clone)]
enum Place {
    File(PathBuf),
    Memory(Arc<[u8]>),
    /// A piece of the film.
    Film(Range<usize>),
}

/// The pictures, in order, all of one size.
pub(super) struct Shelf {
    pub(super) name: String,
    pub(super) size: SizePx,
    pictures: Vec<(String, Place)>,
    film: Arc<[u8]>,
    /// The file read last: a held picture is read from the disk once.
    last: Option<(usize, Arc<[u8]>)>,
}

impl Shelf {
    /// A folder of JPEG files in name order, or a file of JPEGs one after another.
    pub(super) fn open(path: &Path) -> Result<Self, ReplayError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let metadata = std::fs::metadata(path).map_err(|source| read_error(path, source))?;
        if metadata.is_dir() {
            return Self::folder(name, path);
        }
        if metadata.len() > MAX_FILM_BYTES {
            return Err(too_much(&name, "bytes", MAX_FILM_BYTES));
        }
        let bytes = std::fs::read(path).map_err(|source| read_error(path, source))?;
        Self::film(name, bytes.into())
    }

    /// Pictures that are in memory already, in the given order.
    pub(super) fn memory(name: String, pictures: Vec<(String, Arc<[u8]>)>) -> Result<Self, ReplayError> {
        let mut filling = Filling::new(&name);
        let mut places = Vec::with_capacity(pictures.len());
        for (stem, jpeg) in pictures {
            filling.add(&jpeg)?;
            places.push((stem, Place::Memory(jpeg)));
        }
        filling.done(places, Arc::from([]))
    }

    fn folder(name: String, path: &Path) -> Result<Self, ReplayError> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(path).map_err(|source| read_error(path, source))? {
            let file = entry.map_err(|source| read_error(path, source))?.path();
            let extension = file
                .extension()
                .and_then(|e| e.to_str())
                .unwrap_or_default()
                .to_ascii_lowercase();
            if PICTURE_EXTENSIONS.contains(&extension.as_str()) && file.is_file() {
                files.push(file);
            }
        }
        files.sort();
        let mut filling = Filling::new(&name);
        let mut places = Vec::with_capacity(files.len().min(MAX_PICTURES));
        for file in files {
            filling.add(&read_picture(path, &file, &name)?)?;
            let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            places.push((stem, Place::File(file)));
        }
        filling.done(places, Arc::from([]))
    }

    fn film(name: String, film: Arc<[u8]>) -> Result<Self, ReplayError> {
        let mut filling = Filling::new(&name);
        let mut places = Vec::new();
        let mut at = 0;
        while at < film.len() {
            let header = photo::inspect(&film[at..]).map_err(|source| filling.not_playable(source))?;
            let Some(eoi) = header.eoi else {
                return Err(filling.not_playable(DecodeError::Truncated { at: film.len() - at }));
            };
            let end = at + eoi + 2;
            filling.add(&film[at..end])?;
            places.push((format!("{:06}", places.len() + 1), Place::Film(at..end)));
            // Recorders pad frames to even addresses.
            at = end + film[end..].iter().take_while(|byte| **byte == 0).count();
        }
        filling.done(places, film)
    }

    pub(super) fn count(&self) -> usize {
        self.pictures.len()
    }

    pub(super) fn name_of(&self, index: usize) -> &str {
        self.pictures.get(index).map_or("", |(name, _)| name.as_str())
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.pictures.iter().map(|(name, _)| name.clone()).collect()
    }

    pub(super) fn find(&self, name: &str) -> Result<usize, ReplayError> {
        self.pictures
            .iter()
            .position(|(stem, _)| stem == name)
            .ok_or_else(|| self.unknown())
    }

    pub(super) fn unknown(&self) -> ReplayError {
        ReplayError::Unknown {
            name: self.name.clone(),
        }
    }

    /// The bytes of one picture.
    pub(super) fn bytes(&mut self, index: usize) -> Result<Arc<[u8]>, ReplayError> {
        if let Some((last, bytes)) = &self.last
            && *last == index
        {
            return Ok(Arc::clone(bytes));
        }
        let (_, place) = self.pictures.get(index).ok_or_else(|| self.unknown())?;
        let bytes: Arc<[u8]> = match place {
            Place::Memory(bytes) => Arc::clone(bytes),
            Place::Film(range) => Arc::from(&self.film[range.clone()]),
            Place::File(file) => Arc::from(read_picture(file, file, &self.name)?),
        };
        self.last = Some((index, Arc::clone(&bytes)));
        Ok(bytes)
    }

    /// Checks a picture that is to be shown without being on the shelf.
    pub(super) fn check(&self, jpeg: &[u8]) -> Result<(), ReplayError> {
        let mut filling = Filling::new(&self.name);
        filling.first = Some(self.size);
        filling.add(jpeg)
    }
}

/// Counts and compares the pictures while they are taken in.
struct Filling<'a> {
    name: &'a str,
    count: usize,
    first: Option<SizePx>,
}

impl<'a> Filling<'a> {
    fn new(name: &'a str) -> Self {
        Self {
            name,
            count: 0,
            first: None,
        }
    }

    fn not_playable(&self, source: DecodeError) -> ReplayError {
        ReplayError::NotPlayable {
            name: self.name.to_owned(),
            place: self.count + 1,
            source,
        }
    }

    fn add(&mut self, jpeg: &[u8]) -> Result<(), ReplayError> {
        if self.count == MAX_PICTURES {
            return Err(too_much(self.name, "pictures", MAX_PICTURES as u64));
        }
        let header = photo::inspect(jpeg).map_err(|source| self.not_playable(source))?;
        if header.eoi.is_none() {
            return Err(self.not_playable(DecodeError::Truncated { at: jpeg.len() }));
        }
        let first = *self.first.get_or_insert(header.size);
        if header.size != first {
            return Err(ReplayError::OtherSize {
                name: self.name.to_owned(),
                place: self.count + 1,
                found: header.size,
                first,
            });
        }
        self.count += 1;
        Ok(())
    }

    fn done(self, pictures: Vec<(String, Place)>, film: Arc<[u8]>) -> Result<Shelf, ReplayError> {
        let name = self.name.to_owned();
        match self.first {
            None => Err(ReplayError::Empty { name }),
            Some(size) => Ok(Shelf {
                name,
                size,
                pictures,
                film,
                last: None,
            }),
        }
    }
}

fn read_error(path: &Path, source: std::io::Error) -> ReplayError {
    ReplayError::Read {
        path: path.to_owned(),
        source,
    }
}

fn too_much(name: &str, what: &'static str, limit: u64) -> ReplayError {
    ReplayError::TooMuch {
        name: name.to_owned(),
        what,
        limit,
    }
}

/// Reads a file of bounded size; errors name the folder, not the file.
fn read_picture(shown: &Path, file: &Path, name: &str) -> Result<Vec<u8>, ReplayError> {
    let shown = if shown == file {
        shown.parent().unwrap_or(shown)
    } else {
        shown
    };
    let bytes = std::fs::metadata(file)
        .map_err(|source| read_error(shown, source))?
        .len();
    if bytes > MAX_PICTURE_BYTES {
        return Err(too_much(name, "bytes of a picture", MAX_PICTURE_BYTES));
    }
    std::fs::read(file).map_err(|source| read_error(shown, source))
}
