//! The few arguments of the desktop program.
use std::path::PathBuf;

/// How to open the station.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// Data folder; the platform's data folder when absent.
    pub data: Option<PathBuf>,
    /// Play the demo campaign with an embedded center, and the replay camera where no camera is found.
    pub demo: bool,
    /// Pictures the replay camera plays.
    pub frames: Option<PathBuf>,
    /// Whether the start is measured.
    pub start: StartReport,
}

/// Whether the time to the first preview frame is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StartReport {
    /// It is not.
    #[default]
    Silent,
    /// One JSON line on standard output, `{"event":"first_frame","ms":…}`, once the window was handed a frame.
    FirstFrame,
}

/// What the arguments ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Open the station.
    Open(Options),
    /// Print this and leave.
    Say(String),
}

const HELP: &str = "\
学影 Xueying — the desktop station for official ID photos

Usage: xueying [--data DIR] [--demo] [--frames DIR] [--report-start]

  --data DIR     where orders and photos are kept (default: the user's data folder)
  --demo         play the demo campaign with an embedded center; the replay camera where no camera is found
  --frames DIR   pictures the replay camera plays instead of the demo's
  --report-start print one JSON line when the window was handed its first preview frame

Examples:
  xueying
  xueying --demo
  xueying --data /srv/station1 --frames ./portraits";

impl Options {
    /// Reads the arguments after the program's name.
    ///
    /// # Errors
    /// A line for the person who typed them.
    pub fn parse(arguments: impl Iterator<Item = String>) -> Result<Wish, String> {
        let mut options = Self::default();
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let mut folder = |name: &str| {
                arguments
                    .next()
                    .map(PathBuf::from)
                    .ok_or_else(|| format!("{name} needs a folder"))
            };
            match argument.as_str() {
                "--data" => options.data = Some(folder("--data")?),
                "--frames" => options.frames = Some(folder("--frames")?),
                "--demo" => options.demo = true,
                "--report-start" => options.start = StartReport::FirstFrame,
                "--help" | "-h" => return Ok(Wish::Say(HELP.to_owned())),
                "--version" | "-V" => return Ok(Wish::Say(format!("xueying {}", env!("CARGO_PKG_VERSION")))),
                other => return Err(format!("unknown argument {other}")),
            }
        }
        Ok(Wish::Open(options))
    }
}
