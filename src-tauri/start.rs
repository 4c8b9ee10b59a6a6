//! How long did the start take? Counted from the program's first line to the first preview frame the window was handed.
use crate::StartReport;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Says once when the first preview frame was handed over, when that was asked for.
pub(crate) struct FirstFrame {
    started: Instant,
    told: AtomicBool,
}

impl FirstFrame {
    pub(crate) fn new(report: StartReport, started: Instant) -> Self {
        let told = match report {
            StartReport::Silent => true,
            StartReport::FirstFrame => false,
        };
        Self {
            started,
            told: AtomicBool::new(told),
        }
    }

    /// A preview frame was handed to the window.
    pub(crate) fn handed_over(&self) {
        if self.told.swap(true, Ordering::Relaxed) {
            return;
        }
        let ms = self.started.elapsed().as_millis();
        // Whoever asked may be gone; the photographer's window is not affected.
        let _ = writeln!(std::io::stdout(), "{{\"event\":\"first_frame\",\"ms\":{ms}}}");
    }
}
