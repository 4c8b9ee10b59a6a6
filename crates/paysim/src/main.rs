//! `paysim serve`: the payment sandbox on a loopback address.
#![allow(clippy::print_stdout)]
use clap::Parser;
use domain::UtcMs;
use paysim::{Faults, Sandbox};
use std::net::SocketAddr;
use std::process::ExitCode;

/// A sandbox of WeChat Pay API v3 (Native), for development and tests on this computer. No money moves.
#[derive(Parser)]
#[command(
    version,
    after_help = "Examples:
  paysim serve                                   listens on 127.0.0.1:8089
  paysim serve --listen 127.0.0.1:0 --faults many --seed 7
  curl -X POST http://127.0.0.1:8089/paysim/pay/OUT_TRADE_NO      the payer pays
  curl -X POST http://127.0.0.1:8089/paysim/settle/OUT_REFUND_NO  the bank takes a refund
  curl http://127.0.0.1:8089/paysim/settings                      the keys, for the client"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Serves until it is stopped. The first line on standard output is the address.
    Serve {
        /// A loopback address; port 0 takes any free one.
        #[arg(long, default_value = "127.0.0.1:8089")]
        listen: SocketAddr,
        /// Callbacks that come doubled, late, never, and beside forged ones.
        #[arg(long, default_value = "none", value_parser = ["none", "many"])]
        faults: String,
        /// The seed of chance.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
}

fn now() -> UtcMs {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    UtcMs(since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX)))
}

#[tokio::main]
async fn main() -> ExitCode {
    let Command::Serve { listen, faults, seed } = Arguments::parse().command;
    let faults = if faults == "many" { Faults::MANY } else { Faults::NONE };
    match Sandbox::start(listen, faults, seed, now).await {
        Ok(sandbox) => {
            println!("{}", sandbox.base_url());
            let _ = tokio::signal::ctrl_c().await;
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("paysim: {error}");
            ExitCode::from(2)
        }
    }
}
