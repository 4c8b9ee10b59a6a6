//! The provider's bill of one day (`tradebill`, type ALL): UTF-8 csv whose cells begin with a back quote, and a sum at the end.
use domain::time::UtcOffset;
use domain::{Money, UtcMs};
use std::fmt;

/// A day of the provider's calendar, which is China's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BillDate {
    days: i64,
}

impl BillDate {
    /// The day a moment belongs to.
    pub fn of(at: UtcMs) -> Self {
        let local = at.0 + i64::from(UtcOffset::CHINA.minutes) * 60_000;
        Self {
            days: local.div_euclid(86_400_000),
        }
    }
    /// Reads a day as `2026-09-01`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-').map(|p| p.parse::<i64>().ok());
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        // Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil.
        let year = year - i64::from(month <= 2);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let found = Self {
            days: year.div_euclid(400) * 146_097 + day_of_era - 719_468,
        };
        // The thirtieth of February is none, and a day is written in one way.
        (found.to_string() == text).then_some(found)
    }
    /// Its first moment.
    pub const fn begins(self) -> UtcMs {
        UtcMs(self.days * 86_400_000 - (UtcOffset::CHINA.minutes as i64) * 60_000)
    }
    /// The day before.
    pub const fn before(self) -> Self {
        Self { days: self.days - 1 }
    }
    /// The next day.
    pub const fn next(self) -> Self {
        Self { days: self.days + 1 }
    }
}

impl fmt::Display for BillDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let c = self.begins().civil(UtcOffset::CHINA);
        write!(f, "{:04}-{:02}-{:02}", c.year, c.month, c.day)
    }
}

/// One line of a bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillLine {
    /// When, as the provider writes it.
    pub at: String,
    /// The merchant.
    pub mch_id: String,
    /// The provider's number of the payment.
    pub transaction_id: String,
    /// Our number of the payment.
    pub out_trade_no: String,
    /// Money in, or money out.
    pub what: BillWhat,
}

/// What a line is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BillWhat {
    /// A payment.
    Paid {
        /// What came in.
        amount: Money,
    },
    /// A refund.
    Refunded {
        /// Our number of the refund.
        out_refund_no: String,
        /// What goes back.
        amount: Money,
        /// The provider's word: `SUCCESS`, `PROCESSING`, `FAIL`, `CHANGE`.
        status: String,
    },
}

/// A day's bill.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bill {
    /// Its lines.
    pub lines: Vec<BillLine>,
}

/// A text that is no bill, or whose sum is not that of its lines.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the bill: {why}")]
pub struct BadBill {
    /// 1 for the heading.
    pub line: usize,
    /// What does not hold.
    pub why: &'static str,
}

/// Headings of the columns that are read.
const COLUMNS: [&str; 9] = [
    "交易时间",
    "商户号",
    "微信订单号",
    "商户订单号",
    "交易状态",
    "商户退款单号",
    "申请退款金额",
    "退款状态",
    "订单金额",
];
/// First heading of the sum.
const SUM: &str = "总交易单数";

impl Bill {
    /// Reads a bill. A line, an amount or a sum that does not hold refuses the whole of it.
    ///
    /// # Errors
    /// Names the line.
    pub fn parse(bytes: &[u8]) -> Result<Self, BadBill> {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let mut rows = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(bytes);
        let mut rows = rows.records().enumerate().map(|(at, row)| {
            let line = at + 1;
            row.map(|r| (line, r)).map_err(|_| BadBill { line, why: "is no csv" })
        });
        let (_, heads) = rows.next().ok_or(BadBill {
            line: 1,
            why: "is missing",
        })??;
        let mut at = [0; COLUMNS.len()];
        for (place, name) in at.iter_mut().zip(COLUMNS) {
            let found = heads.iter().position(|h| h.trim() == name);
            *place = found.ok_or(BadBill {
                line: 1,
                why: "lacks a column",
            })?;
        }
        let mut bill = Self::default();
        for row in &mut rows {
            let (line, row) = row?;
            if row.get(0) == Some(SUM) {
                let (line, sums) = rows.next().ok_or(BadBill {
                    line: line + 1,
                    why: "is missing",
                })??;
                bill.check_sum(line, &row, &sums)?;
                return Ok(bill);
            }
            let cells = at.map(|column| row.get(column).map(bare).unwrap_or_default());
            bill.lines.push(read_line(line, &cells)?);
        }
        Err(BadBill {
            line: bill.lines.len() + 2,
            why: "is missing: the bill breaks off",
        })
    }

    fn check_sum(&self, line: usize, heads: &csv::StringRecord, sums: &csv::StringRecord) -> Result<(), BadBill> {
        let bad = |why| BadBill { line, why };
        let count: usize = sums
            .get(0)
            .map(bare)
            .and_then(|c| c.parse().ok())
            .ok_or(bad("has no count"))?;
        if count != self.lines.len() {
            return Err(bad("counts other lines"));
        }
        for (head, expected) in [("订单总金额", self.paid()), ("申请退款总金额", self.refunded())] {
            let cell = heads
                .iter()
                .position(|h| h.trim() == head)
                .and_then(|at| sums.get(at))
                .map(bare);
            let sum = cell.and_then(yuan).ok_or(bad("has no sum"))?;
            if Some(sum) != expected {
                return Err(bad("is not the sum of the lines"));
            }
        }
        Ok(())
    }

    /// What came in, or `None` past the range.
    pub fn paid(&self) -> Option<Money> {
        self.lines.iter().try_fold(Money::ZERO, |sum, line| match &line.what {
            BillWhat::Paid { amount } => sum.plus(*amount),
            BillWhat::Refunded { .. } => Some(sum),
        })
    }

    /// What was asked back, or `None` past the range.
    pub fn refunded(&self) -> Option<Money> {
        self.lines.iter().try_fold(Money::ZERO, |sum, line| match &line.what {
            BillWhat::Refunded { amount, .. } => sum.plus(*amount),
            BillWhat::Paid { .. } => Some(sum),
        })
    }
}

fn read_line(line: usize, cells: &[&str; COLUMNS.len()]) -> Result<BillLine, BadBill> {
    let bad = |why| BadBill { line, why };
    let [
        at,
        mch_id,
        transaction_id,
        out_trade_no,
        state,
        out_refund_no,
        refund,
        status,
        total,
    ] = *cells;
    let what = match state {
        "SUCCESS" => BillWhat::Paid {
            amount: yuan(total).ok_or(bad("has no amount"))?,
        },
        "REFUND" | "REVOKED" => BillWhat::Refunded {
            out_refund_no: out_refund_no.to_owned(),
            amount: yuan(refund).ok_or(bad("has no amount"))?,
            status: status.to_owned(),
        },
        _ => return Err(bad("has an unknown state")),
    };
    if out_trade_no.is_empty() || transaction_id.is_empty() {
        return Err(bad("has no number"));
    }
    Ok(BillLine {
        at: at.to_owned(),
        mch_id: mch_id.to_owned(),
        transaction_id: transaction_id.to_owned(),
        out_trade_no: out_trade_no.to_owned(),
        what,
    })
}

/// A cell without the back quote that keeps sheet programs from rounding it.
fn bare(cell: &str) -> &str {
    let cell = cell.trim();
    cell.strip_prefix('`').unwrap_or(cell)
}

/// Yuan with two decimals as fen; never through a float.
fn yuan(text: &str) -> Option<Money> {
    let (whole, part) = text.split_once('.')?;
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if part.len() != 2 || !digits(part) || !digits(whole) {
        return None;
    }
    let fen: u64 = whole
        .parse::<u64>()
        .ok()?
        .checked_mul(100)?
        .checked_add(part.parse().ok()?)?;
    Some(Money::from_fen(fen))
}
