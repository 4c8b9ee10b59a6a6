//! Table `entry`: the books, append-only.
use crate::error::CentralError;
use crate::store::money::EntryRow;
use crate::store::sql::{Row, cell, count, params, signed};
use crate::store::{ReadRows, SchoolCode, Stored, WriteRows};
use domain::{Money, UtcMs};
use pay::ledger::{Account, Entry};

fn account(row: &Row, name: &'static str) -> Stored<Account> {
    Account::from_text(&cell::<String>(row, name)?).ok_or_else(|| CentralError::corrupt(name))
}

fn read(row: &Row) -> Stored<EntryRow> {
    Ok(EntryRow {
        school: SchoolCode::stored(cell(row, "school_id")?),
        entry: Entry {
            key: cell(row, "entry_key")?,
            debit: account(row, "debit")?,
            credit: account(row, "credit")?,
            amount: Money::from_fen(count(row, "amount_fen")?),
        },
        at: UtcMs(cell(row, "at_ms")?),
    })
}

/// Both sides of an account, in fen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sides {
    /// What was debited.
    pub debit: u64,
    /// What was credited.
    pub credit: u64,
}

#[allow(clippy::missing_errors_doc)]
impl ReadRows<'_> {
    /// A booking by its key.
    pub fn entry(&self, school: &SchoolCode, key: &str) -> Stored<Option<EntryRow>> {
        let sql = "SELECT * FROM entry WHERE school_id = ?1 AND entry_key = ?2";
        self.one("reading a booking", sql, params![school.as_str(), key], read)
    }

    /// What was debited and credited to an account.
    pub fn sides(&self, school: &SchoolCode, account: &Account) -> Stored<Sides> {
        let debit = "SELECT CAST(SUM(amount_fen) AS BIGINT) AS fen FROM entry WHERE school_id = ?1 AND debit = ?2";
        let credit = "SELECT CAST(SUM(amount_fen) AS BIGINT) AS fen FROM entry WHERE school_id = ?1 AND credit = ?2";
        let sum = |sql| {
            let params = params![school.as_str(), account.text()];
            let fen = self.one("adding up an account", sql, params, |row| {
                cell::<Option<i64>>(row, "fen")
            })?;
            u64::try_from(fen.flatten().unwrap_or(0)).map_err(|_| CentralError::corrupt("entry.amount_fen"))
        };
        Ok(Sides {
            debit: sum(debit)?,
            credit: sum(credit)?,
        })
    }
}

#[allow(clippy::missing_errors_doc)]
impl WriteRows<'_> {
    /// Adds a booking; one with this key is there once.
    pub fn add_entry(&self, row: &EntryRow) -> Stored<()> {
        let sql = "INSERT INTO entry (school_id, entry_key, debit, credit, amount_fen, at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let params = params![
            row.school.as_str(),
            &row.entry.key,
            row.entry.debit.text(),
            row.entry.credit.text(),
            signed(row.entry.amount.fen()),
            row.at.0,
        ];
        self.change_later("booking", sql, params)
    }
}
