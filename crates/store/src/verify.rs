//! Does everything in the store fit together? Asked at the end of a day, after repairs, and by the crash tests.
use crate::blobs::Blobs;
use crate::conn::Conn;
use crate::error::{BlobProblem, StoreError};
use crate::store::Store;
use crate::{journal, orders, outbox, shots};
use domain::{BlobId, OpId, OrderId};
use std::collections::{BTreeSet, HashMap};
use wire::op::Op;

/// Most problems one report lists.
pub const MAX_PROBLEMS: usize = 1000;

/// How deep to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Rows, links and chains; photos are only looked for.
    Rows,
    /// Also every byte: each photo is decrypted and hashed, each database page is checked.
    Bytes,
}

/// Something that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// A row names a photo that is not there or does not hold.
    Photo {
        /// The photo.
        id: BlobId,
        /// What is wrong.
        problem: BlobProblem,
    },
    /// The journal was changed or cut.
    Journal(journal::Break),
    /// An order's ops are not 1, 2, 3 … up to its last revision.
    Revisions(OrderId),
    /// An op's link to the op before does not hold.
    Chain(OpId),
    /// An op's body was changed after it was queued.
    Body(OpId),
    /// An order's delivery does not follow from its ops.
    Delivery(OrderId),
    /// A row cannot be read back.
    Row {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// A row refers to one that is not there.
    Link {
        /// The table of the row.
        table: String,
    },
    /// SQLite's own check found damage.
    Database,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// What does not fit, at most [`MAX_PROBLEMS`]; empty when all is well.
    pub problems: Vec<Problem>,
    /// Orders looked at.
    pub orders: u32,
    /// Shots looked at.
    pub shots: u32,
    /// Ops looked at.
    pub ops: u32,
    /// Photos looked at.
    pub photos: u32,
}

impl Report {
    /// Whether everything fits.
    pub fn holds(&self) -> bool {
        self.problems.is_empty()
    }
    fn add(&mut self, problem: Problem) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }
    /// A row that cannot be read is a finding, not a failure of the check.
    fn readable<T>(&mut self, table: &'static str, row: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
        match row {
            Ok(value) => Ok(Some(value)),
            Err(StoreError::BadRow { column, .. }) => {
                self.add(Problem::Row { table, column });
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }
}

impl Store {
    /// Checks that everything fits together.
    ///
    /// # Errors
    /// When the database or the folder cannot be read at all.
    pub fn verify(&self, depth: Depth) -> Result<Report, StoreError> {
        self.read(|conn| {
            let mut report = Report::default();
            database(conn, depth, &mut report)?;
            check_orders(conn, &mut report)?;
            check_shots(conn, &mut report)?;
            check_ops(conn, &mut report)?;
            photos(conn, self.blobs(), depth, &mut report)?;
            let journal = journal::verify(conn);
            if let Some(Some(broken)) = report.readable("journal", journal)? {
                report.add(Problem::Journal(broken));
            }
            Ok(report)
        })
    }
}

/// Every photo that a row names, removed ones included.
pub(crate) fn named_photos(conn: &Conn) -> Result<BTreeSet<BlobId>, StoreError> {
    let mut named = BTreeSet::new();
    let sql = "SELECT blob FROM shots UNION SELECT blob FROM photo_revisions \
               UNION SELECT blob FROM outbox WHERE blob IS NOT NULL";
    conn.each("listing the named photos", sql, |r| {
        named.insert(r.blob("blob")?);
        Ok(())
    })?;
    Ok(named)
}

fn database(conn: &Conn, depth: Depth, report: &mut Report) -> Result<(), StoreError> {
    let doing = "checking the database";
    conn.each(doing, "SELECT quick_check AS answer FROM pragma_quick_check", |r| {
        if r.get::<String>("answer")? != "ok" {
            report.add(Problem::Database);
        }
        Ok(())
    })?;
    if depth == Depth::Bytes {
        // Answers one row for each page whose HMAC does not hold.
        conn.each(doing, "PRAGMA cipher_integrity_check", |_| {
            report.add(Problem::Database);
            Ok(())
        })?;
    }
    conn.each(doing, "SELECT \"table\" AS name FROM pragma_foreign_key_check", |r| {
        report.add(Problem::Link { table: r.get("name")? });
        Ok(())
    })
}

fn check_orders(conn: &Conn, report: &mut Report) -> Result<(), StoreError> {
    conn.each("checking the orders", "SELECT * FROM order_rows", |r| {
        report.orders += 1;
        report.readable("orders", orders::read(r)).map(drop)
    })
}

fn check_shots(conn: &Conn, report: &mut Report) -> Result<(), StoreError> {
    conn.each("checking the shots", "SELECT * FROM shots", |r| {
        report.shots += 1;
        report.readable("shots", shots::read(r)).map(drop)
    })
}

fn check_ops(conn: &Conn, report: &mut Report) -> Result<(), StoreError> {
    let mut last_rev: HashMap<OrderId, u32> = HashMap::new();
    let mut chain = String::new();
    conn.each("checking the outbox", "SELECT * FROM outbox ORDER BY seq", |r| {
        report.ops += 1;
        let Some(row) = report.readable("outbox", outbox::read(r))? else {
            return Ok(());
        };
        let (id, order) = (row.op.id, row.op.order);
        let last = last_rev.entry(order).or_default();
        if row.rev != *last + 1 {
            report.add(Problem::Revisions(order));
        }
        *last = row.rev;
        if row.body_sha256 != BlobId::of(row.op.body.as_bytes()).0 {
            report.add(Problem::Body(id));
        }
        let expected = Op::chain_after(&chain, &id.to_string(), &order.to_string(), row.rev, &row.op.body);
        if row.prev_chain != chain || row.chain != expected {
            report.add(Problem::Chain(id));
        }
        chain = row.chain;
        Ok(())
    })?;
    conn.each("checking revisions", include_str!("outbox/deliveries.sql"), |r| {
        let id: OrderId = r.parse("id")?;
        if r.get::<u32>("last_rev")? != last_rev.get(&id).copied().unwrap_or(0) {
            report.add(Problem::Revisions(id));
        }
        if r.get::<String>("delivery")? != r.get::<String>("expected")? {
            report.add(Problem::Delivery(id));
        }
        Ok(())
    })
}

fn photos(conn: &Conn, blobs: &Blobs, depth: Depth, report: &mut Report) -> Result<(), StoreError> {
    let mut named = named_photos(conn)?;
    conn.each("listing removed photos", "SELECT blob FROM removed_photos", |r| {
        named.remove(&r.blob("blob")?);
        Ok(())
    })?;
    for id in named {
        report.photos += 1;
        let found = match depth {
            Depth::Rows if blobs.has(&id) => Ok(()),
            Depth::Rows => Err(StoreError::Blob {
                id,
                problem: BlobProblem::Missing,
            }),
            Depth::Bytes => blobs.get(&id).map(drop),
        };
        match found {
            Err(StoreError::Blob { id, problem }) => report.add(Problem::Photo { id, problem }),
            other => other?,
        }
    }
    Ok(())
}
