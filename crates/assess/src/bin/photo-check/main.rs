//! Do these photos meet the standard? The `photo-check` command; its contract is `photo-check --help`.
#![allow(clippy::print_stdout)]
mod args;
mod files;
mod list;
mod output;
mod report;
mod work;

use args::{Check, Cli, Command};
use assess::words::Language;
use assess::{AssessError, Assessor, SpecError, Specs};
use clap::Parser;
use domain::{PhotoSpec, SpecId, Verdict};
use indicatif::{ProgressBar, ProgressStyle};
use output::Writer;
use report::Report;
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use work::Checked;

/// Why the command could not do its work. A photo that fails is no fault.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("reading {}: {source}. Check the path", path.display())]
    Path { path: PathBuf, source: io::Error },
    #[error("more than {limit} files. Check them in parts")]
    TooManyFiles { limit: usize },
    #[error("there is no photo in the given folders. Name a JPEG file, or a folder that holds some")]
    NoFiles,
    #[error("there is no standard `{0}`. `photo-check specs` lists them")]
    NoSpec(String),
    #[error("there is no receiver `{0}`. `photo-check specs` lists them")]
    NoReceiver(String),
    #[error("there is no measure `{0}`. The measures are: {1}")]
    NoMeasure(String, String),
    #[error("{0}")]
    Specs(#[from] SpecError),
    #[error("{0}")]
    Models(#[from] AssessError),
    #[error("writing {}: {source}. Check the folder and the free space", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("writing to standard output: {0}")]
    Output(#[from] io::Error),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(&cli) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::from(1),
        // Someone closed the pipe, as `head` does: not worth a word.
        Err(Fault::Output(e)) if e.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(2),
        Err(fault) => {
            eprintln!("photo-check: {fault}");
            ExitCode::from(2)
        }
    }
}

/// How it ended.
enum Outcome {
    /// Nothing failed.
    Done,
    /// At least one photo fails.
    Failed,
}

fn run(cli: &Cli) -> Result<Outcome, Fault> {
    let specs = match &cli.specs_dir {
        Some(folder) => Specs::load_dir(folder)?,
        None => Specs::builtin()?,
    };
    let language = cli.language();
    match &cli.command {
        Some(Command::Specs { format }) => {
            list::specs(&specs, *format, language)?;
            list::receivers(&specs, *format, language)?;
        }
        Some(Command::Explain { measure, spec }) => list::explain(measure, find(&specs, spec)?, language)?,
        None => return check(&cli.check, &asked(&specs, &cli.check)?, language),
    }
    Ok(Outcome::Done)
}

fn find<'a>(specs: &'a Specs, id: &str) -> Result<&'a PhotoSpec, Fault> {
    specs
        .get(&SpecId(id.to_owned()))
        .ok_or_else(|| Fault::NoSpec(id.to_owned()))
}

/// What the photos are judged against: the receiver's standard, or each of the named ones.
fn asked(specs: &Specs, args: &Check) -> Result<Vec<PhotoSpec>, Fault> {
    if let Some(id) = &args.receiver {
        let spec = specs.for_receiver(id).ok_or_else(|| Fault::NoReceiver(id.clone()))?;
        return Ok(vec![spec]);
    }
    args.spec.iter().map(|id| find(specs, id).cloned()).collect()
}

fn check(args: &Check, specs: &[PhotoSpec], language: Language) -> Result<Outcome, Fault> {
    let files = files::collect(&args.paths)?;
    if files.is_empty() {
        return Err(Fault::NoFiles);
    }
    let mut finished = args.finished.as_deref().map(Finished::create).transpose()?;
    let mut report = match &args.report {
        Some(path) => {
            let failed = |source| Fault::Write {
                path: path.clone(),
                source,
            };
            let file = BufWriter::new(File::create(path).map_err(failed)?);
            Some((
                path,
                Report::begin(file, specs, args.receiver.as_deref(), language).map_err(failed)?,
            ))
        }
        None => None,
    };
    let mut writer = Writer::new(
        BufWriter::new(io::stdout().lock()),
        args.format,
        args.receiver.clone(),
        language,
    )?;
    let bar = progress(files.len());
    let mut outcome = Outcome::Done;
    work::check_all(&files, specs, &assessors(args.jobs, files.len())?, |checked| {
        if checked.assessment.verdict == Verdict::Fail {
            outcome = Outcome::Failed;
        }
        if let Some(folder) = &mut finished {
            folder.write(&checked)?;
        }
        if let Some((path, report)) = &mut report {
            report.card(&checked).map_err(|source| Fault::Write {
                path: path.to_path_buf(),
                source,
            })?;
        }
        // On a terminal the bar would be torn by the lines.
        bar.suspend(|| writer.write(&checked).and_then(|()| writer.flush()))?;
        bar.inc(u64::from(checked.last));
        Ok::<(), Fault>(())
    })?;
    bar.finish_and_clear();
    if let Some((path, report)) = report {
        report.end().map_err(|source| Fault::Write {
            path: path.clone(),
            source,
        })?;
    }
    Ok(outcome)
}

/// One assessor for each job: the models of one run on one thread.
fn assessors(jobs: Option<u16>, files: usize) -> Result<Vec<Assessor>, Fault> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let jobs = jobs.map_or(processors, usize::from).min(files).max(1);
    (0..jobs).map(|_| Ok(Assessor::new()?)).collect()
}

fn progress(files: usize) -> ProgressBar {
    if !io::stderr().is_terminal() || files < 2 {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(files as u64);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    bar
}

/// The folder finished pictures go to. Two photos of the same name from different folders do not overwrite each other.
struct Finished {
    folder: PathBuf,
    taken: HashSet<PathBuf>,
}

impl Finished {
    fn create(folder: &Path) -> Result<Self, Fault> {
        std::fs::create_dir_all(folder).map_err(|source| Fault::Write {
            path: folder.to_owned(),
            source,
        })?;
        Ok(Self {
            folder: folder.to_owned(),
            taken: HashSet::new(),
        })
    }

    fn write(&mut self, checked: &Checked) -> Result<(), Fault> {
        let Some(finished) = &checked.finished else {
            return Ok(());
        };
        let mut stem = checked
            .file
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if !checked.alone {
            stem = format!("{stem}.{}", checked.spec.id.0);
        }
        let names = std::iter::once(format!("{stem}.jpg")).chain((2..).map(|n| format!("{stem}-{n}.jpg")));
        for path in names.map(|n| self.folder.join(n)) {
            if self.taken.insert(path.clone()) {
                return write_all(&path, &finished.jpeg).map_err(|source| Fault::Write { path, source });
            }
        }
        Ok(())
    }
}

/// Writes beside the place and moves it there, so that a full disk leaves no half picture under the right name.
fn write_all(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let part = path.with_extension("part");
    let mut file = File::create(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&part, path)
}
