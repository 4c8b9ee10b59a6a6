//! The lint that keeps the tables' SQL portable: what one engine takes and another does not is refused here.
use crate::store::migrations::{MIGRATIONS, for_postgres};
use std::path::Path;

/// Words of one engine, or of none: sequences, locks and triggers; SQLite's and PostgreSQL's own functions and operators;
/// sums, whose type differs unless they are cast.
const REFUSED: &[&str] = &[
    "AUTOINCREMENT",
    "SERIAL",
    "SEQUENCE",
    "NEXTVAL",
    "TRIGGER",
    "LISTEN",
    "NOTIFY",
    "ADVISORY",
    "DEFERRABLE",
    "EXCLUDE",
    "PRAGMA",
    "ROWID",
    "REPLACE",
    "GLOB",
    "IFNULL",
    "NOW",
    "CURRENT_TIMESTAMP",
    "DATETIME",
    "STRFTIME",
    "RANDOM",
    "JSON",
    "JSONB",
    "ILIKE",
    "FOR UPDATE",
    "BOOLEAN",
    "REAL",
    "NUMERIC",
    "DATE",
    "TIMESTAMP",
    "TRUE",
    "FALSE",
    "::",
    "||",
];

fn words(sql: &str) -> String {
    let plain: Vec<&str> = sql.lines().map(|l| l.split("--").next().unwrap_or("")).collect();
    let upper = plain.join(" ").to_uppercase();
    format!(
        " {} ",
        upper
            .split(|c: char| !(c.is_ascii_alphanumeric() || "_:|?".contains(c)))
            .filter(|w| !w.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    )
}

fn problems(name: &str, sql: &str) -> Vec<String> {
    let words = words(sql);
    let mut wrong: Vec<String> = REFUSED
        .iter()
        .filter(|word| words.contains(&format!(" {word} ")) || word.len() == 2 && words.contains(**word))
        .map(|word| format!("{name}: {word}"))
        .collect();
    let cast_sums = words.matches(" CAST SUM ").count();
    if words.matches(" SUM ").count() != cast_sums {
        wrong.push(format!("{name}: write CAST(SUM(…) AS BIGINT)"));
    }
    if sql.contains('?')
        && sql
            .split('?')
            .skip(1)
            .any(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
    {
        wrong.push(format!("{name}: parameters are numbered"));
    }
    wrong
}

/// The SQL of a table's file: every string literal that begins with a word of SQL.
fn literals(rust: &str) -> Vec<&str> {
    let verbs = ["SELECT ", "INSERT ", "UPDATE ", "DELETE "];
    rust.split('"')
        .skip(1)
        .step_by(2)
        .filter(|s| verbs.iter().any(|v| s.starts_with(v)))
        .collect()
}

#[test]
fn the_tables_sql_is_portable() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/tables");
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let statements = if name.ends_with(".sql") {
            vec![text.as_str()]
        } else {
            literals(&text)
        };
        if name != "portable.rs" {
            seen += statements.len();
            wrong.extend(statements.into_iter().flat_map(|sql| problems(&name, sql)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(seen > 30, "only {seen} statements were found");
}

#[test]
fn the_lint_refuses_what_it_must() {
    for sql in [
        "SELECT SUM(n) FROM t",
        "SELECT a::text FROM t",
        "SELECT a || b FROM t",
        "SELECT a FROM t WHERE b = ?",
        "SELECT a FROM t FOR UPDATE",
        "INSERT OR REPLACE INTO t VALUES (?1)",
    ] {
        assert!(!problems("x", sql).is_empty(), "{sql}");
    }
    assert_eq!(
        problems("x", "SELECT CAST(SUM(n) AS BIGINT) AS n FROM t WHERE b = ?1 -- now"),
        Vec::<String>::new()
    );
}

/// Tables have the types every engine has under some name, and the school in every key.
#[test]
fn the_migrations_are_portable() {
    for (n, migration) in MIGRATIONS.iter().enumerate() {
        assert_eq!(migration.version as usize, n + 1);
        let plain: Vec<&str> = migration
            .ddl
            .lines()
            .map(|l| l.split("--").next().unwrap_or(""))
            .collect();
        let ddl = plain.join("\n");
        let name = format!("{:04}.sql", migration.version);
        assert_eq!(problems(&name, &ddl), Vec::<String>::new());
        for table in ddl.split("CREATE TABLE ").skip(1) {
            let (table, body) = table.split_once('(').unwrap();
            let body = body
                .split_once(") STRICT;")
                .unwrap_or_else(|| panic!("{name}: {table} is not STRICT"))
                .0;
            assert!(
                body.contains("PRIMARY KEY (school_id"),
                "{name}: {table}has no school in its key"
            );
            for column in body.lines().map(str::trim).filter(|l| {
                !l.is_empty() && !l.starts_with("PRIMARY") && !l.starts_with("UNIQUE") && !l.starts_with("CHECK")
            }) {
                let kind = column.split([' ', ',']).nth(1).unwrap_or_default();
                assert!(["TEXT", "INTEGER", "BLOB"].contains(&kind), "{name}: {table}{column}");
            }
        }
    }
}

#[test]
fn types_are_renamed_for_postgres() {
    let ddl = "CREATE TABLE t (\n    text_id TEXT NOT NULL,\n    n INTEGER,\n    b BLOB\n) STRICT;\nCREATE INDEX blob_by ON blob (b);";
    let expected = "CREATE TABLE t (\n    text_id TEXT COLLATE \"C\" NOT NULL,\n    n BIGINT,\n    b BYTEA\n) ;\nCREATE INDEX blob_by ON blob (b);";
    assert_eq!(for_postgres(ddl), expected);
}
