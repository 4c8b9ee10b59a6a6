//! `xueying-tether`: a camera on a cable, in a process of its own. The station starts it, asks on standard input and hears on
//! standard output (`message.rs`); a camera's driver that hangs or crashes takes this program with it and not the station.
//!
//! libgphoto2 is opened when this runs. It is under the LGPL: nothing of it is built into this program or the station, and both work
//! without it.
#![allow(clippy::print_stderr)]
mod device;
mod library;
mod message;
mod session;

use device::{Device, Refused};
use library::Symbols;
use message::{Event, Failure};
use std::io::Write;
use std::process::ExitCode;
use std::rc::Rc;

const HELP: &str = "\
xueying-tether — the part of 学影 that speaks to cameras on a cable, through libgphoto2

Usage: xueying-tether list
       xueying-tether run MODEL

  list        one JSON line for each camera that is plugged in
  run MODEL   opens the camera; commands on standard input, one a line: shoot, live on, live off, card,
              fetch FOLDER/NAME, quit. Events on standard output: a JSON line, then as many bytes as it says.

Examples:
  xueying-tether list
  xueying-tether run 'Nikon DSC D750'";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut out = std::io::stdout().lock();
    let done = match words.as_slice() {
        ["list"] => list(&mut out),
        ["run", model] => run(model, &mut out),
        ["--help" | "-h"] => {
            eprintln!("{HELP}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("xueying-tether: wrong use\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xueying-tether: {failure}");
            // Whoever listened may be gone; the exit code says the same.
            let _ = message::write(&mut out, &Event::Failed(&failure), &[]);
            ExitCode::from(1)
        }
    }
}

fn open_library() -> Result<Rc<Symbols>, Failure> {
    Symbols::open()
        .map(Rc::new)
        .map_err(|e| Failure::NoLibrary(e.to_string()))
}

fn list(out: &mut impl Write) -> Result<(), Failure> {
    for found in device::list(&open_library()?)? {
        message::write(out, &Event::Found(&found), &[])?;
    }
    Ok(())
}

/// Opens the first camera of a model and serves it until the other side is gone.
fn run(model: &str, out: &mut impl Write) -> Result<(), Failure> {
    let symbols = open_library()?;
    let found = device::list(&symbols)?;
    let place = found.iter().find(|f| f.model == model).ok_or(Failure::Absent)?;
    let device = Device::open(symbols, &place.port).map_err(|refused| match refused.into() {
        Failure::Busy { .. } => Failure::Busy {
            port: Some(place.port.clone()),
        },
        other => other,
    })?;
    session::run(&device, model, session::commands(), out)
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        match refused.code {
            // Could not claim: another program has the camera.
            -53 | -60 | -110 => Self::Busy { port: None },
            -105 => Self::Absent,
            _ if refused.is_loss() => Self::Absent,
            _ => Self::Driver(refused.words),
        }
    }
}
