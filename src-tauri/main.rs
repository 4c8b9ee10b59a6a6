//! The desktop program `xueying`: reads its arguments and opens the window.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]
#![allow(clippy::print_stderr)]
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    if let Some(code) = xueying_shell::camera_process(std::env::args().skip(1)) {
        return code;
    }
    let started = Instant::now();
    match xueying_shell::Options::parse(std::env::args().skip(1)) {
        Ok(xueying_shell::Wish::Open(options)) => match xueying_shell::run(options, started) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("xueying: {error}");
                ExitCode::from(2)
            }
        },
        Ok(xueying_shell::Wish::Say(text)) => {
            eprintln!("{text}");
            ExitCode::SUCCESS
        }
        Err(text) => {
            eprintln!("xueying: {text}\nTry: xueying --help");
            ExitCode::from(2)
        }
    }
}
