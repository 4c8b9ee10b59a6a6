//! Files that leave the station: there whole or not at all, and readable by their owner only.
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A file under another name until every byte of it is on the disk. Dropped before [`WholeFile::finish`], it leaves nothing.
pub(crate) struct WholeFile {
    path: PathBuf,
    part: PathBuf,
    open: Option<BufWriter<File>>,
}

impl WholeFile {
    /// Begins the file. What an earlier, interrupted try left is written over.
    pub fn create(path: &Path) -> io::Result<Self> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".part");
        let part = path.with_file_name(name);
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&part)?;
        Ok(Self {
            path: path.to_owned(),
            part,
            open: Some(BufWriter::new(file)),
        })
    }

    /// Gives the file its name; returns its size.
    pub fn finish(mut self) -> io::Result<u64> {
        self.flush()?;
        let file = self.writer()?.get_ref();
        file.sync_all()?;
        let bytes = file.metadata()?.len();
        // Windows renames no file that is open.
        let Some(open) = self.open.take() else {
            return Err(closed());
        };
        drop(open);
        fs::rename(&self.part, &self.path).inspect_err(|_| drop(fs::remove_file(&self.part)))?;
        // The name must be on the disk, too. Windows cannot open folders and syncs the name with the file.
        if cfg!(unix) {
            File::open(folder_of(&self.path))?.sync_all()?;
        }
        Ok(bytes)
    }

    fn writer(&mut self) -> io::Result<&mut BufWriter<File>> {
        self.open.as_mut().ok_or_else(closed)
    }
}

/// The folder a file lies in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn closed() -> io::Error {
    io::Error::other("the file is closed already")
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer()?.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.writer()?.flush()
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        if let Some(open) = self.open.take() {
            drop(open);
            drop(fs::remove_file(&self.part));
        }
    }
}
