//! What can be asked of `photo-check`?
use assess::words::Language;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Checks photos against an official photo standard.
#[derive(Parser, Debug)]
#[command(
    name = "photo-check",
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "Exit code: 0 all photos pass (or only warn), 1 at least one fails, 2 wrong use or a fault.\n\n\
        Examples:\n  \
        photo-check portraits/\n  \
        photo-check --spec icao-9303 --format json a.jpg b.jpg\n  \
        photo-check --receiver example-white-50kb portraits/\n  \
        photo-check --finished out/ --report report.html --jobs 2 portraits/\n  \
        photo-check specs\n  \
        photo-check explain CrownToTop --spec chsi-graduate-2017"
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) check: Check,
    /// Language of the words; taken from LC_ALL or LANG otherwise.
    #[arg(long, global = true, value_enum)]
    pub(crate) lang: Option<Lang>,
    /// Reads the photo standards from this folder instead of the built-in ones.
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) specs_dir: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct Check {
    /// The standard to check against; several, with commas between, are judged from one look at each photo.
    #[arg(long, value_name = "ID", value_delimiter = ',', default_value = "chsi-graduate-2017")]
    pub(crate) spec: Vec<String>,
    /// The receiver whose profile is applied; it names the standard it builds on.
    #[arg(long, value_name = "ID", conflicts_with = "spec")]
    pub(crate) receiver: Option<String>,
    /// How the result is written to standard output.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub(crate) format: Format,
    /// Writes the finished picture of each file to this folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) finished: Option<PathBuf>,
    /// Writes a report as one HTML file.
    #[arg(long, value_name = "FILE.html")]
    pub(crate) report: Option<PathBuf>,
    /// Photos checked at a time; as many as there are processors otherwise.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub(crate) jobs: Option<u16>,
    /// Photos, or folders that are searched for them.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Lists the photo standards and the receivers.
    Specs {
        /// How the list is written.
        #[arg(long, value_enum, default_value_t = Format::Table)]
        format: Format,
    },
    /// Says what a measure is, where it comes from and what the standard allows.
    Explain {
        /// The measure, as `CrownToTop`.
        measure: String,
        /// The standard whose bound is shown.
        #[arg(long, value_name = "ID", default_value = "chsi-graduate-2017")]
        spec: String,
    },
}

#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    Table,
    /// One object a line.
    Json,
    /// One line for each finding.
    Csv,
}

#[derive(ValueEnum, Debug, Clone, Copy)]
pub(crate) enum Lang {
    /// 简体中文.
    Zh,
    /// English.
    En,
}

impl Cli {
    /// The asked-for language, or that of the locale.
    pub(crate) fn language(&self) -> Language {
        let locale = || {
            let set = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
            set("LC_ALL").or_else(|| set("LC_MESSAGES")).or_else(|| set("LANG"))
        };
        match self.lang {
            Some(Lang::Zh) => Language::Chinese,
            Some(Lang::En) => Language::English,
            None if locale().is_some_and(|l| l.starts_with("zh")) => Language::Chinese,
            None => Language::English,
        }
    }
}
