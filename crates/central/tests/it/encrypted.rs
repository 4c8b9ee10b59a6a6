//! Is the connection to a database server encrypted when it should be, and made with no other server than the one that is meant? A
//! real server, with certificates made here by `openssl`.
use crate::conformance::check;
use central::CentralError;
use central::store::CentralStore;
use central::store::postgres::PostgresStore;
use domain::UtcMs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use testkit::postgres::{Commits, Postgres};
use wire::campaign::CampaignDoc;

/// Authorities and what they signed.
struct Papers {
    dir: tempfile::TempDir,
}

impl Papers {
    /// An authority, another one, and a certificate of the first for the address servers have in tests.
    fn new() -> Self {
        let papers = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        std::fs::write(
            papers.path("plain.cnf"),
            "[req]\ndistinguished_name = dn\nprompt = no\n[dn]\nCN = test\n",
        )
        .unwrap();
        let authority = "basicConstraints=critical,CA:TRUE";
        papers.make("ours", &["-addext", authority, "-subj", "/CN=ours"]);
        papers.make("others", &["-addext", authority, "-subj", "/CN=others"]);
        let (by, key) = (papers.path("ours.pem"), papers.path("ours.key"));
        let signed = [
            "-CA",
            by.to_str().unwrap(),
            "-CAkey",
            key.to_str().unwrap(),
            "-addext",
            "basicConstraints=critical,CA:FALSE",
            "-addext",
            "subjectAltName=DNS:db.internal,IP:127.0.0.1",
        ];
        papers.make("server", &signed);
        papers
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn make(&self, name: &str, args: &[&str]) {
        let made = Command::new("openssl")
            .args([
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
            ])
            .args(["-days", "2", "-config"])
            .arg(self.path("plain.cnf"))
            .arg("-keyout")
            .arg(self.path(&format!("{name}.key")))
            .arg("-out")
            .arg(self.path(&format!("{name}.pem")))
            .args(args)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }
}

fn open(address: &str, ca: Option<&Path>) -> Result<PostgresStore, CentralError> {
    PostgresStore::open_with(address, ca, 8)
}

fn refused(address: &str, ca: Option<&Path>) -> String {
    match open(address, ca) {
        Err(CentralError::NotTrusted { why }) => why,
        other => panic!("{address}: {other:?}"),
    }
}

/// Waits until the center has connections to a database that are all encrypted, or none that is.
fn connections_are(server: &Postgres, address: &str, encrypted: bool) {
    let sql = "SELECT s.ssl FROM pg_stat_ssl s JOIN pg_stat_activity a ON a.pid = s.pid
         WHERE a.application_name = 'central' AND a.datname = current_database()";
    let wanted = if encrypted { "t" } else { "f" };
    let begun = Instant::now();
    loop {
        let all = server.ask(name_of(address), sql);
        if !all.is_empty() && all.lines().all(|ssl| ssl == wanted) {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "{address}: {all}");
    }
}

fn name_of(address: &str) -> &str {
    address.rsplit('/').next().unwrap().split('?').next().unwrap()
}

#[test]
fn the_server_must_be_the_one_that_is_meant() {
    let papers = Papers::new();
    let (ours, others) = (papers.path("ours.pem"), papers.path("others.pem"));
    let server = Postgres::start(Commits::Lazy);
    let address = server.database();
    let require = format!("{address}?sslmode=require");

    // The server does not encrypt yet.
    for strict in [&require, &format!("{address}?sslmode=verify-full"), &address] {
        assert!(refused(strict, Some(&ours)).contains("offers no encryption"));
    }
    drop(open(&format!("{address}?sslmode=prefer"), Some(&ours)).unwrap());
    drop(open(&address, None).unwrap());

    server.encrypt(Some((&papers.path("server.pem"), &papers.path("server.key"))));
    for encrypted in [
        require.clone(),
        address.clone(),
        format!("{address}?sslmode=verify-full"),
        format!("{address}?sslmode=prefer"),
    ] {
        let store = open(&encrypted, Some(&ours)).unwrap();
        connections_are(&server, &address, true);
        drop(store);
    }
    for plain in [format!("{address}?sslmode=disable"), address.clone()] {
        let ca = plain.contains("disable").then_some(ours.as_path());
        let store = open(&plain, ca).unwrap();
        connections_are(&server, &address, false);
        drop(store);
    }

    // An authority of somebody else, none that is known, and another name.
    for (ca, strict) in [(Some(others.as_path()), &address), (None, &require)] {
        assert!(refused(strict, ca).contains("of no authority"), "{ca:?}");
    }
    let by_name = require.replace("127.0.0.1", "localhost");
    assert!(refused(&by_name, Some(&ours)).contains("for another host"));
    // The name is what counts, wherever it leads to.
    let named = by_name.replace("localhost", "db.internal") + "&hostaddr=127.0.0.1";
    drop(open(&named, Some(&ours)).unwrap());

    for (file, what) in [("plain.cnf", "no PEM"), ("server.key", "no PEM")] {
        let error = open(&address, Some(&papers.path(file))).unwrap_err();
        assert!(error.to_string().contains(what), "{error}");
    }
    let missing = open(&address, Some(&papers.path("nothing.pem"))).unwrap_err();
    assert!(matches!(missing, CentralError::Files { .. }), "{missing:?}");
    let weak = open(&format!("{address}?sslmode=verify-ca"), Some(&ours)).unwrap_err();
    assert!(matches!(weak, CentralError::Invalid(_)), "{weak:?}");
}

/// The whole conformance suite, answers of many records, and connections that were left alone or ended meanwhile.
#[test]
fn an_encrypted_connection_does_all_that_an_open_one_does() {
    let papers = Papers::new();
    let server = Postgres::start(Commits::Lazy);
    server.encrypt(Some((&papers.path("server.pem"), &papers.path("server.key"))));
    let ours = papers.path("ours.pem");
    check(&open(&server.database(), Some(&ours)).unwrap());

    let address = server.database();
    let store = open(&address, Some(&ours)).unwrap();
    let store: &dyn CentralStore = &store;
    let school = central::SchoolCode::parse(crate::world::SCHOOL).unwrap();
    // Larger and smaller than what is read at once, than a record, and than many.
    for (n, size) in [1, 4_000, 16_383, 16_385, 70_000, 3_000_000].into_iter().enumerate() {
        let doc = CampaignDoc {
            id: crate::station::id(900 + n as u64),
            title: "题".repeat(size),
            ..crate::world::campaign()
        };
        store
            .writing(|rows| rows.put_campaign(&school, &doc, UtcMs(1)))
            .unwrap();
        let id = doc.id.parse().unwrap();
        let read = store.reading(|rows| rows.campaign(&id)).unwrap();
        assert!(read == Some((school.clone(), doc)), "{size}");
    }
    assert_eq!(store.reading(|rows| rows.campaigns(Some(&school))).unwrap().len(), 6);
    // One that the server ended while it was left alone is noticed before it is used.
    let ended = "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity
         WHERE application_name = 'central' AND datname = current_database()";
    assert_ne!(server.ask(name_of(&address), ended), "0");
    assert_eq!(store.reading(|rows| rows.campaigns(Some(&school))).unwrap().len(), 6);
    connections_are(&server, &address, true);
}
