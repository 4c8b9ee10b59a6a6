//! Orders stored before anything is measured: copies of one that came over the wire, made by SQL in the center's own tables under
//! ids, numbers, people and photos of their own. Their photos have rows and no bytes; their histories are not chained.
use super::Site;
use crate::line::Line;
use crate::process;
use central::store::sqlite::DATABASE_FILE;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Where the copies were collected.
const STATION: &str = "ffffffff-0000-7000-8000-000000000000";
/// What differs from copy to copy: table, columns and the value of each, from the row `f` of the copies.
const TABLES: [(&str, &[(&str, &str)]); 6] = [
    (
        "orders",
        &[
            ("order_id", "f.order_id"),
            ("station_id", "f.station_id"),
            ("number", "f.number"),
            ("person_key", "f.person_key"),
            ("blob_id", "f.blob_id"),
            ("received_at_ms", "t.received_at_ms - f.n"),
        ],
    ),
    (
        "photo_revision",
        &[("order_id", "f.order_id"), ("blob_id", "f.blob_id")],
    ),
    (
        "op",
        &[
            ("op_id", "f.op_id"),
            ("order_id", "f.order_id"),
            ("station_id", "f.station_id"),
            ("content_hash", "f.content_hash"),
            ("blob_id", "f.blob_id"),
        ],
    ),
    ("blob", &[("blob_id", "f.blob_id"), ("station_id", "f.station_id")]),
    ("history", &[("subject", "f.subject")]),
    (
        // Behind the counter, where nobody looks.
        "feed",
        &[
            ("only_station", "f.station_id"),
            ("seq", "1000000000000 + f.n * 2 + t.seq"),
        ],
    ),
];

/// What differs, in the words of each engine; `?` is where the text of a random SHA-256 goes.
fn copies(after: usize, up_to: usize, hash: &str) -> String {
    format!(
        "INSERT INTO filled
         WITH RECURSIVE c (n) AS (SELECT CAST({after} + 1 AS BIGINT) UNION ALL SELECT n + 1 FROM c WHERE n < {up_to})
         SELECT n, '{STATION}', '00000000-0000-7000-8000-' || substr(CAST(1000000000000 + n AS TEXT), 2),
             '00000001-0000-7000-8000-' || substr(CAST(1000000000000 + n AS TEXT), 2),
             'order:00000000-0000-7000-8000-' || substr(CAST(1000000000000 + n AS TEXT), 2),
             '10533A-' || CAST(10000000000000000 + n AS TEXT), 'code:' || {hash}, 'sha256:' || {hash}, {hash}
         FROM c"
    )
}

const FILLED: &str = "CREATE TABLE filled (n BIGINT NOT NULL, station_id TEXT NOT NULL, order_id TEXT NOT NULL, op_id TEXT NOT NULL,
    subject TEXT NOT NULL, number TEXT NOT NULL, person_key TEXT NOT NULL, blob_id TEXT NOT NULL, content_hash TEXT NOT NULL)";

/// Sends the order all others are copies of.
pub async fn one_order(site: &Site<'_>) {
    let mut pumps = tokio::task::JoinSet::new();
    let line = Arc::new(Line::default());
    let local = Arc::clone(&line) as Arc<dyn sync::Local>;
    line.end();
    line.begin(process::pump(
        &mut pumps,
        &site.enrolled[0],
        local,
        site.addresses[0],
        1,
    ));
    while !line.is_done() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    line.stop();
    pumps.join_all().await;
}

/// One copy of each row of the order with the lowest id that came over the wire.
fn insert(table: &str, columns: &[String], changed: &[(&str, &str)]) -> String {
    let values = columns.iter().map(|column| {
        let new = changed.iter().find(|(name, _)| name == column);
        new.map_or_else(|| format!("t.{column}"), |(_, value)| (*value).to_owned())
    });
    let first = "(SELECT MIN(order_id) FROM orders WHERE order_id > '01')";
    let of_it = match table {
        "history" => format!("t.subject = 'order:' || {first}"),
        "feed" => "t.seq <= 2".to_owned(),
        "blob" => format!("t.blob_id = (SELECT blob_id FROM orders WHERE order_id = {first})"),
        _ => format!("t.order_id = {first}"),
    };
    format!(
        "INSERT INTO {table} ({}) SELECT {} FROM filled f, (SELECT * FROM {table} t WHERE {of_it}) t WHERE f.n > ",
        columns.join(", "),
        values.collect::<Vec<_>>().join(", ")
    )
}

/// Adds copies until there are so many.
pub fn up_to(wanted: usize, database: Option<&str>, dir: &Path) {
    match database {
        Some(address) => postgres(wanted, address),
        None => sqlite(wanted, dir),
    }
}

fn sqlite(wanted: usize, dir: &Path) {
    let file = rusqlite::Connection::open(dir.join(DATABASE_FILE)).unwrap();
    file.busy_timeout(Duration::from_secs(60)).unwrap();
    file.execute_batch("PRAGMA synchronous = off; PRAGMA cache_size = -2000000")
        .unwrap();
    let _ = file.execute_batch(FILLED);
    let count = || {
        file.query_row("SELECT COUNT(*) FROM filled", [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    let after = count() as usize;
    file.execute_batch(&copies(after, wanted, "lower(hex(randomblob(32)))"))
        .unwrap();
    for (table, changed) in TABLES {
        let mut columns = file
            .prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))
            .unwrap();
        let columns: Vec<String> = columns
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        file.execute_batch(&format!("{} {after}", insert(table, &columns, changed)))
            .unwrap();
    }
    assert_eq!(count() as usize, wanted);
    file.execute_batch("PRAGMA wal_checkpoint(TRUNCATE); ANALYZE").unwrap();
}

fn postgres(wanted: usize, address: &str) {
    let work = async {
        let (client, connection) = tokio_postgres::connect(address, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        let _ = client.batch_execute(FILLED).await;
        let count = || client.query_one("SELECT COUNT(*) FROM filled", &[]);
        let after: i64 = count().await.unwrap().get(0);
        let hash = "encode(sha256(CAST(CAST(n AS TEXT) || CAST(random() AS TEXT) AS BYTEA)), 'hex')";
        client
            .batch_execute(&copies(after as usize, wanted, hash))
            .await
            .unwrap();
        for (table, changed) in TABLES {
            let named = "SELECT column_name::TEXT FROM information_schema.columns WHERE table_name = $1 ORDER BY ordinal_position";
            let columns = client.query(named, &[&table]).await.unwrap();
            let columns: Vec<String> = columns.iter().map(|row| row.get(0)).collect();
            let sql = format!("{} {after}", insert(table, &columns, changed));
            client.batch_execute(&sql).await.unwrap();
        }
        client.batch_execute("CHECKPOINT; ANALYZE").await.unwrap();
        let now: i64 = count().await.unwrap().get(0);
        assert_eq!(now as usize, wanted);
    };
    // A thread of its own: the caller stands inside a runtime.
    let fill = || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(work);
    };
    std::thread::scope(|scope| scope.spawn(fill).join().unwrap());
}
