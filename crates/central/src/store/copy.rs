//! Copies every table from one engine to another, a page at a time: a backup of a database server is a SQLite file, and any
//! backup can be restored to either engine. The tables are read off the migrations, so that a new one is never forgotten.
use super::migrations::MIGRATIONS;
use super::sql::{Cell, Param, Row, Sql};
use super::sqlite::SqliteStore;
use super::{CentralStore, Stored};
use crate::error::CentralError;
use std::collections::BTreeMap;
use std::path::Path;

/// What a center notes in its database at its first opening; the copy brings its own.
const OWN: &str = "setting";
/// Rows copied at once.
const PAGE: i64 = 500;

/// A table as far as copying it needs.
#[derive(Debug, PartialEq, Eq)]
struct Table {
    name: String,
    /// Its primary key.
    key: Vec<String>,
    /// Type of each column.
    columns: BTreeMap<String, String>,
}

/// Writes a copy as a SQLite database into a folder.
pub fn to_folder(from: &dyn CentralStore, dir: &Path) -> Stored<()> {
    let failed = |source| CentralError::files("writing the copy")(source);
    let rows = dir.join("rows");
    std::fs::create_dir(&rows).map_err(failed)?;
    let filled = SqliteStore::open(&rows)?;
    copy(from, &filled)?;
    // One file that needs no log beside it.
    filled.backup(dir)?;
    drop(filled);
    std::fs::remove_dir_all(&rows).map_err(failed)
}

/// Takes over the SQLite database of a folder into an empty one.
pub fn from_folder(dir: &Path, to: &dyn CentralStore) -> Stored<()> {
    copy(&SqliteStore::open(dir)?, to)
}

/// Copies all rows into an empty database of the present version, in one transaction of each side.
fn copy(from: &dyn CentralStore, to: &dyn CentralStore) -> Stored<()> {
    let tables = tables();
    from.read(&mut |source| {
        to.read(&mut |target| {
            for table in tables.iter().filter(|t| t.name != OWN) {
                if !target
                    .sql
                    .query("looking for rows", &table.page(None)?.0, &[])?
                    .is_empty()
                {
                    return Err(CentralError::NotEmpty { what: "the database" });
                }
            }
            Ok(())
        })?;
        to.write(&mut |target| {
            target.sql.execute("making room", &format!("DELETE FROM {OWN}"), &[])?;
            for table in &tables {
                copy_table(table, source.sql, target.sql)?;
            }
            Ok(())
        })
    })
}

fn copy_table(table: &Table, from: &dyn Sql, to: &dyn Sql) -> Stored<()> {
    let doing = "copying a table";
    let mut last: Option<Row> = None;
    loop {
        let (select, params) = table.page(last.as_ref())?;
        let rows = from.query(doing, &select, &params)?;
        for row in &rows {
            let (insert, params) = table.insert(row)?;
            to.execute(doing, &insert, &params)?;
        }
        match rows.into_iter().last() {
            Some(row) => last = Some(row),
            None => return Ok(()),
        }
    }
}

impl Table {
    /// The next rows after one, in the order of the key.
    fn page(&self, after: Option<&Row>) -> Stored<(String, Vec<Param>)> {
        let (name, key) = (&self.name, self.key.join(", "));
        let Some(after) = after else {
            return Ok((format!("SELECT * FROM {name} ORDER BY {key} LIMIT {PAGE}"), Vec::new()));
        };
        let params = self.key.iter().map(|column| self.param(after, column));
        let places: Vec<String> = (1..=self.key.len()).map(|n| format!("?{n}")).collect();
        let places = places.join(", ");
        let sql = format!("SELECT * FROM {name} WHERE ({key}) > ({places}) ORDER BY {key} LIMIT {PAGE}");
        Ok((sql, params.collect::<Stored<_>>()?))
    }

    fn insert(&self, row: &Row) -> Stored<(String, Vec<Param>)> {
        let places: Vec<String> = (1..=row.names.len()).map(|n| format!("?{n}")).collect();
        let (names, places) = (row.names.join(", "), places.join(", "));
        let params = row.names.iter().map(|column| self.param(row, column));
        let sql = format!("INSERT INTO {} ({names}) VALUES ({places})", self.name);
        Ok((sql, params.collect::<Stored<_>>()?))
    }

    fn param(&self, row: &Row, column: &str) -> Stored<Param> {
        let at = row.names.iter().position(|n| n == column);
        let cell = at.and_then(|at| row.cells.get(at)).unwrap_or(&Cell::Null);
        let kind = self.columns.get(column).map_or("", String::as_str);
        match (kind, cell) {
            ("INTEGER", Cell::Int(n)) => Ok(Param::Int(Some(*n))),
            ("INTEGER", Cell::Null) => Ok(Param::Int(None)),
            ("TEXT", Cell::Text(text)) => Ok(Param::Text(Some(text.clone()))),
            ("TEXT", Cell::Null) => Ok(Param::Text(None)),
            ("BLOB", Cell::Bytes(bytes)) => Ok(Param::Bytes(Some(bytes.clone()))),
            ("BLOB", Cell::Null) => Ok(Param::Bytes(None)),
            _ => Err(CentralError::corrupt(format!("{}.{column}", self.name))),
        }
    }
}

/// The tables the migrations made, as they are now.
fn tables() -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    for migration in MIGRATIONS {
        let plain: Vec<&str> = migration
            .ddl
            .lines()
            .map(|l| l.split("--").next().unwrap_or(""))
            .collect();
        for statement in plain.join("\n").split(';') {
            let statement = statement.trim();
            if let Some(rest) = statement.strip_prefix("CREATE TABLE ") {
                tables.extend(created(rest));
            } else if let Some(rest) = statement.strip_prefix("ALTER TABLE ") {
                let words: Vec<&str> = rest.split_whitespace().collect();
                let found = tables.iter_mut().find(|t| Some(&t.name.as_str()) == words.first());
                match (found, words.get(1..)) {
                    (Some(table), Some(["ADD", "COLUMN", column, kind, ..])) => {
                        table.columns.insert((*column).to_owned(), (*kind).to_owned());
                    }
                    (Some(table), Some(["DROP", "COLUMN", column])) => drop(table.columns.remove(*column)),
                    _ => {}
                }
            } else if let Some(name) = statement.strip_prefix("DROP TABLE ") {
                tables.retain(|t| t.name != name.trim());
            }
        }
    }
    tables
}

fn created(rest: &str) -> Option<Table> {
    let (name, body) = rest.rsplit_once(')')?.0.split_once('(')?;
    let mut table = Table {
        name: name.trim().to_owned(),
        key: Vec::new(),
        columns: BTreeMap::new(),
    };
    for line in body.lines().map(str::trim) {
        if let Some(key) = line.strip_prefix("PRIMARY KEY (") {
            let names = key.split(')').next().unwrap_or("").split(',');
            table.key = names.map(|n| n.trim().to_owned()).collect();
        } else if !line.is_empty() && !line.starts_with("UNIQUE") && !line.starts_with("CHECK") {
            let mut words = line.split([' ', ',']);
            if let (Some(column), Some(kind)) = (words.next(), words.next()) {
                table.columns.insert(column.to_owned(), kind.to_owned());
            }
        }
    }
    Some(table)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_table_and_column_is_known() {
        let dir = tempfile::tempdir().unwrap();
        drop(SqliteStore::open(dir.path()).unwrap());
        let file = rusqlite::Connection::open(dir.path().join(super::super::sqlite::DATABASE_FILE)).unwrap();
        let names = |sql: &str| -> Vec<(String, String)> {
            let mut statement = file.prepare(sql).unwrap();
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
            rows.map(Result::unwrap).collect()
        };
        let made =
            names("SELECT name, type FROM sqlite_schema WHERE type = 'table' AND name <> 'migration' ORDER BY name");
        let mut known = tables();
        known.sort_by(|a, b| a.name.cmp(&b.name));
        assert_eq!(
            known.iter().map(|t| t.name.clone()).collect::<Vec<_>>(),
            made.iter().map(|m| m.0.clone()).collect::<Vec<_>>()
        );
        for table in known {
            let columns = names(&format!(
                "SELECT name, type FROM pragma_table_info('{}') ORDER BY name",
                table.name
            ));
            assert_eq!(
                table.columns.clone().into_iter().collect::<Vec<_>>(),
                columns,
                "{}",
                table.name
            );
            assert!(!table.key.is_empty(), "{}", table.name);
        }
    }
}
