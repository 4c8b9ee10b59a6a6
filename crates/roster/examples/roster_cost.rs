//! How long does a sheet take? `cargo run -p roster --example roster_cost -- FILE…`
#![allow(clippy::print_stdout)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        let start = std::time::Instant::now();
        match roster::import(&bytes, &path, &roster::Options::default()) {
            Ok(got) => println!(
                "{path}: {} rows, {} problems, {} refused, {} ms",
                got.rows.len(),
                got.problems.len(),
                got.refused,
                start.elapsed().as_millis()
            ),
            Err(error) => println!("{path}: {error} ({} ms)", start.elapsed().as_millis()),
        }
    }
    Ok(())
}
