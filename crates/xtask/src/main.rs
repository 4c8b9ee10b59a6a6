//! The commands people and CI rely on: `cargo xtask run · test · check · bench · screens · bindings · package`.
#![allow(clippy::print_stdout, clippy::print_stderr)]
mod accept;
mod bench;
mod bindings;
mod check;
mod console_pictures;
mod demo_assets;
mod fuzz;
mod lab;
mod package;
mod pictures;
mod program;
mod run;
mod screens;
mod system;
mod test;
mod vusb;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Everything one does with this repository", after_help = EXAMPLES)]
struct Arguments {
    #[command(subcommand)]
    wish: Wish,
}

const EXAMPLES: &str = "\
Examples:
  cargo xtask run                 from a fresh machine to the open station
  cargo xtask run --headless      the same without a window
  cargo xtask test                everything CI runs
  cargo xtask test --only ui      one group";

#[derive(Subcommand)]
enum Wish {
    /// Installs what is missing, builds, and opens the station with an embedded center and the demo campaign.
    Run(run::Options),
    /// Installs what the tests need and runs all of them.
    Test(test::Options),
    /// The fast gate: format, lints, layers, unit tests, screens' types.
    Check(check::Options),
    /// Benchmarks with their peers beside them.
    Bench(bench::Options),
    /// Makes the pictures of the screens in docs/screens, or accepts a new look.
    Screens(pictures::Options),
    /// Generates the screens' types from `crates/ipc`.
    Bindings(bindings::Options),
    /// Builds an installable package.
    Package(package::Options),
    /// Makes the files of `assets/demo` again.
    DemoAssets,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().wish {
        Wish::Run(options) => run::run(&options),
        Wish::Test(options) => test::run(&options),
        Wish::Check(options) => check::run(&options),
        Wish::Bench(options) => bench::run(&options),
        Wish::Screens(options) => pictures::run(&options),
        Wish::Bindings(options) => bindings::run(&options),
        Wish::Package(options) => package::run(&options),
        Wish::DemoAssets => demo_assets::run(),
    };
    match done {
        Ok(code) => code,
        Err(fault) => {
            eprintln!("xtask: {fault}");
            ExitCode::from(2)
        }
    }
}
