//! How are the decoder and the standards fuzzed with coverage? cargo-fuzz on `crates/assess/fuzz`, from the seeds of the seeded fuzzing.
use crate::program::{Fault, cargo, command, root, succeed, target};

/// A target, its inputs, and the longest of them in bytes.
const TARGETS: [(&str, u32, u32); 2] = [("decoder", 1_000_000, 65_536), ("standards", 100_000, 16_384)];
/// Most memory, and longest time for one input.
const LIMITS: &str = "-rss_limit_mb=1024 -timeout=20";

/// Runs every target. An input that panics, hangs or takes too much memory ends its run and lies in `target/fuzz/found`. How many
/// passed.
pub fn run() -> Result<u32, Fault> {
    let (tools, work) = (target().join("tools"), target().join("fuzz"));
    let program = tools.join("bin/cargo-fuzz");
    if !program.exists() {
        succeed(cargo("install cargo-fuzz --version ^0.13 --locked --root").arg(&tools))?;
    }
    let seeds = work.join("seeds");
    succeed(cargo("test --workspace --test fuzz seeds_are_good").env("FUZZ_SEEDS", &seeds))?;
    let crate_folder = root().join("crates/assess/fuzz");
    let options = format!(
        "{} run --sanitizer none --fuzz-dir {} --target-dir {}",
        program.display(),
        crate_folder.display(),
        work.join("build").display()
    );
    for (name, runs, longest) in TARGETS {
        let (corpus, found) = (work.join("corpus").join(name), work.join("found").join(name));
        for folder in [&corpus, &found] {
            std::fs::create_dir_all(folder).map_err(|source| Fault::File {
                path: folder.clone(),
                source,
            })?;
        }
        let mut run = command(&options);
        run.arg(name).args([&corpus, &seeds.join(name)]).arg("--");
        run.arg(format!("-artifact_prefix={}/", found.display()));
        run.args(format!("-seed=1 -print_final_stats=1 -runs={runs} -max_len={longest} {LIMITS}").split(' '));
        // The counters of coverage are an option that only a nightly compiler takes without this.
        succeed(run.env("RUSTC_BOOTSTRAP", "1"))?;
    }
    Ok(TARGETS.len() as u32)
}
