//! Is everything the center keeps consistent? Every order, op, photo, feed and history is read and compared.
//!
//! Errors are things that must never happen. Warnings are things to know: a gap in a station's chain of ops (an op that has
//! not come, or one that was changed before it came), or photo bytes without a row (an upload that was interrupted).
mod money;
mod ops;
mod orders;
mod photos;
mod trail;

use crate::center::Central;
use crate::error::CentralError;
use crate::store::{OrderFilter, OrderRow, Stored};
use serde::Serialize;

/// Rows read at once.
const PAGE: usize = 500;
/// Findings listed; more are only counted.
const MAX_FINDINGS: usize = 1000;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Must never happen.
    Error,
    /// To know.
    Warning,
}

/// One thing that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VerifyFinding {
    /// How bad.
    pub severity: Severity,
    /// What it is about: `order:…`, `op:…`, `photo:…`, `station:…`, `campaign:…`, `payment:…`, `refund:…`.
    pub subject: String,
    /// What does not hold.
    pub what: String,
}

/// What was looked at and what does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct VerifyReport {
    /// Orders looked at.
    pub orders: u64,
    /// Ops looked at.
    pub ops: u64,
    /// Photos looked at; each was read and hashed.
    pub photos: u64,
    /// Stations whose feed was looked at.
    pub stations: u64,
    /// Histories whose chain was computed.
    pub histories: u64,
    /// Errors found.
    pub errors: u64,
    /// Warnings found.
    pub warnings: u64,
    /// The first thousand of them.
    pub findings: Vec<VerifyFinding>,
}

impl VerifyReport {
    /// Whether nothing is wrong; there may be warnings.
    pub fn holds(&self) -> bool {
        self.errors == 0
    }

    fn error(&mut self, subject: impl Into<String>, what: impl Into<String>) {
        self.errors += 1;
        self.add(Severity::Error, subject.into(), what.into());
    }

    fn warning(&mut self, subject: impl Into<String>, what: impl Into<String>) {
        self.warnings += 1;
        self.add(Severity::Warning, subject.into(), what.into());
    }

    fn add(&mut self, severity: Severity, subject: String, what: String) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(VerifyFinding {
                severity,
                subject,
                what,
            });
        }
    }
}

impl Central {
    /// Reads everything and says what is not consistent. The service may run meanwhile.
    ///
    /// # Errors
    /// When the store cannot be read at all; rows that do not read are findings.
    pub fn verify(&self) -> Result<VerifyReport, CentralError> {
        let mut report = VerifyReport::default();
        orders::check(self, &mut report)?;
        ops::check(self, &mut report)?;
        photos::check(self, &mut report)?;
        money::refunds(self, &mut report)?;
        trail::check(self, &mut report)?;
        Ok(report)
    }

    /// Calls back with every order, a page at a time.
    fn each_order(&self, mut seen: impl FnMut(&OrderRow) -> Stored<()>) -> Stored<()> {
        let mut filter = OrderFilter {
            limit: PAGE,
            ..OrderFilter::default()
        };
        loop {
            let page = self.read(|rows| rows.orders(&filter))?;
            for row in &page {
                seen(row)?;
            }
            match page.last() {
                Some(last) => filter.before = Some((last.received_at, last.order.id)),
                None => return Ok(()),
            }
        }
    }
}
