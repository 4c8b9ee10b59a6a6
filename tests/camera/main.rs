//! Does the camera crate hold on a real kernel with a real driver? Runs as the only program of a virtual machine.
//!
//! `cargo xtask test --only camera` builds it, boots it with Debian's kernel and reads its report: a line `lab ok NAME …` or
//! `lab FAILED NAME …` for each case, `lab done` at the end. A case that hangs ends the run. `camera-lab draw PORTRAITS INTO` makes the
//! frames its webcams play, `camera-lab cases` names what must be reported, `camera-lab soak SECONDS` is the long case.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]
#[cfg(target_os = "linux")]
mod apart;
#[cfg(target_os = "linux")]
mod bad;
#[cfg(target_os = "linux")]
mod draw;
#[cfg(target_os = "linux")]
mod frames;
#[cfg(target_os = "linux")]
mod knobs;
#[cfg(target_os = "linux")]
mod lab;
#[cfg(target_os = "linux")]
mod plug;
#[cfg(target_os = "linux")]
mod slow;
#[cfg(target_os = "linux")]
mod soak;
#[cfg(target_os = "linux")]
mod torn;
#[cfg(target_os = "linux")]
mod vivid;

#[cfg(target_os = "linux")]
fn main() {
    lab::run(&[
        ("list", frames::list, 20),
        ("1080p_byte_identical", frames::full_hd, 40),
        ("720p_renegotiated", frames::smaller, 40),
        ("still_is_the_cameras_bytes", frames::still, 30),
        ("controls_set_and_restored", knobs::set_and_restored, 30),
        ("one_knob_refused", knobs::one_refused, 30),
        ("slow_and_late", slow::three_a_second, 40),
        ("opened_anew", slow::anew, 40),
        ("process_aborted", apart::aborted, 60),
        ("stall_seen_and_over", plug::stall, 40),
        ("busy_names_the_holder", bad::busy, 40),
        ("two_cameras_at_once", plug::two, 60),
        ("spare_when_unplugged", plug::spare, 60),
        ("found_again_among_others", plug::swapped, 60),
        ("left_in_a_bad_state", bad::state, 40),
        ("yuyv", vivid::yuyv, 60),
        ("nv12", vivid::nv12, 60),
        ("fatal_error_and_disconnect", vivid::disconnect, 60),
        ("torn_10000", torn::ten_thousand, 180),
        ("replug_50", plug::fifty, 200),
    ]);
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("lab FAILED it needs Linux");
}
