//! A real PostgreSQL for tests: Debian's, in a folder of its own, on a free port, gone when the test program is.
use crate::tools::{free_port, until};
use std::fs::Permissions;
use std::io::Write;
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// The account that owns the databases.
pub(crate) const USER: &str = "xueying";
/// Longest start.
const START: Duration = Duration::from_secs(60);

/// Whether commits wait for the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commits {
    /// As in earnest; for measuring and for kills.
    Synced,
    /// Faster; for tests in which the machine stays up.
    Lazy,
}

/// A running server.
#[derive(Debug)]
pub struct Postgres {
    programs: PathBuf,
    folder: PathBuf,
    owner: Option<(u32, u32)>,
    port: u16,
    commits: Commits,
    server: Option<Child>,
    databases: AtomicU32,
}

impl Postgres {
    /// Makes a server and waits until it answers.
    ///
    /// # Panics
    /// When Debian's postgresql-15 is not installed, or it does not start.
    #[must_use]
    pub fn start(commits: Commits) -> Self {
        let mut server = Self {
            programs: programs(),
            folder: std::env::temp_dir().join(format!("xueying-pg-{}-{}", std::process::id(), free_port())),
            owner: owner(),
            port: free_port(),
            commits,
            server: None,
            databases: AtomicU32::new(0),
        };
        std::fs::create_dir(&server.folder).expect("a folder for the server");
        if let Some((user, group)) = server.owner {
            chown(&server.folder, Some(user), Some(group)).expect("giving the folder to its user");
        }
        let made = server
            .program("initdb")
            .args([
                "--no-sync",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "-U",
                USER,
                "-D",
            ])
            .arg(server.folder.join("data"))
            .output()
            .expect("initdb");
        assert!(
            made.status.success(),
            "initdb: {}",
            String::from_utf8_lossy(&made.stderr)
        );
        server.run();
        server
    }

    /// Starts it again after [`Postgres::kill`].
    ///
    /// # Panics
    /// When it does not start.
    pub fn run(&mut self) {
        let synced = if self.commits == Commits::Synced { "on" } else { "off" };
        // The shell waits for the end of its input, which comes with the end of the test program however that ends.
        let script = r#"folder=$1; shift; "$0" "$@" & server=$!; read -r word; kill -QUIT $server; wait $server
            [ "$word" = keep ] || rm -rf "$folder""#;
        let mut command = Command::new("sh");
        command
            .args(["-c", script])
            .arg(self.programs.join("postgres"))
            .arg(&self.folder)
            .arg("-D")
            .arg(self.folder.join("data"))
            .args([
                "-p",
                &self.port.to_string(),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "max_connections=200",
            ])
            .args(["-c", &format!("unix_socket_directories={}", self.folder.display())])
            .args([
                "-c",
                &format!("fsync={synced}"),
                "-c",
                &format!("synchronous_commit={synced}"),
            ])
            .args([
                "-c",
                "shared_buffers=256MB",
                "-c",
                "max_wal_size=4GB",
                "-c",
                "log_min_messages=fatal",
            ]);
        self.as_owner(&mut command);
        let log = std::fs::File::create(self.folder.join("log")).expect("the server's log");
        let child = command
            .current_dir(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("starting postgres");
        self.server = Some(child);
        until("the database server's start", START, || self.answers());
    }

    /// Makes an empty database and gives its address.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn database(&self) -> String {
        let name = format!("t{}", self.databases.fetch_add(1, Ordering::SeqCst));
        let made = self
            .program("createdb")
            .args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", USER, &name])
            .output()
            .expect("createdb");
        assert!(
            made.status.success(),
            "createdb: {}",
            String::from_utf8_lossy(&made.stderr)
        );
        format!("postgres://{USER}@127.0.0.1:{}/{name}", self.port)
    }

    /// Ends every process of the server at once, as a power cut does to its memory.
    ///
    /// # Panics
    /// When the server's own file does not name its process.
    pub fn kill(&mut self) {
        let named = std::fs::read_to_string(self.folder.join("data/postmaster.pid")).expect("the server's process");
        let postmaster = named.lines().next().unwrap_or_default().to_owned();
        let children = std::fs::read_to_string(format!("/proc/{postmaster}/task/{postmaster}/children"));
        let children = children.unwrap_or_default();
        let processes: Vec<&str> = std::iter::once(postmaster.as_str())
            .chain(children.split_whitespace())
            .collect();
        let _ = Command::new("kill").arg("-KILL").args(&processes).status();
        if let Some(mut shell) = self.server.take() {
            if let Some(mut input) = shell.stdin.take() {
                let _ = input.write_all(b"keep\n");
            }
            let _ = shell.wait();
        }
        // As long as one of them lives, its memory keeps the next server from starting.
        let lives = |process: &&str| Path::new("/proc").join(process).exists();
        until("the database server's end", START, || !processes.iter().any(lives));
        let _ = std::fs::remove_file(self.folder.join("data/postmaster.pid"));
    }

    /// Lets it encrypt with this certificate and key, or not any more.
    ///
    /// # Panics
    /// When it does not take them.
    pub fn encrypt(&self, with: Option<(&Path, &Path)>) {
        if let Some((certificate, key)) = with {
            for (from, name) in [(certificate, "server.crt"), (key, "server.key")] {
                let to = self.folder.join("data").join(name);
                std::fs::copy(from, &to).expect("copying a certificate");
                std::fs::set_permissions(&to, Permissions::from_mode(0o600)).expect("hiding the key");
                if let Some((user, group)) = self.owner {
                    chown(&to, Some(user), Some(group)).expect("giving the key to its user");
                }
            }
        }
        let on = if with.is_some() { "on" } else { "off" };
        for sql in [&format!("ALTER SYSTEM SET ssl = {on}"), "SELECT pg_reload_conf()"] {
            let _ = self.ask("postgres", sql);
        }
        until("the server's new settings", START, || {
            self.ask("postgres", "SHOW ssl") == on
        });
    }

    /// What a statement of its owner answers, a row a line.
    ///
    /// # Panics
    /// When it fails.
    #[must_use]
    pub fn ask(&self, database: &str, sql: &str) -> String {
        let asked = self
            .program("psql")
            .args([
                "-h",
                "127.0.0.1",
                "-p",
                &self.port.to_string(),
                "-U",
                USER,
                "-X",
                "-A",
                "-t",
                "-c",
                sql,
            ])
            .arg(database)
            .env("PGSSLMODE", "disable")
            .output()
            .expect("psql");
        assert!(
            asked.status.success(),
            "psql: {}",
            String::from_utf8_lossy(&asked.stderr)
        );
        String::from_utf8_lossy(&asked.stdout).trim().to_owned()
    }

    /// The port it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    fn answers(&self) -> bool {
        TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok()
            && self
                .program("pg_isready")
                .args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", USER])
                .status()
                .is_ok_and(|s| s.success())
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        self.as_owner(&mut command);
        command.current_dir(&self.folder);
        command
    }

    fn as_owner(&self, command: &mut Command) {
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(mut shell) = self.server.take() {
            drop(shell.stdin.take());
            let _ = shell.wait();
        }
    }
}

pub(crate) fn programs() -> PathBuf {
    let debian = Path::new("/usr/lib/postgresql/15/bin");
    assert!(
        debian.join("postgres").exists(),
        "Debian's postgresql-15 is not installed; `cargo xtask test` installs it"
    );
    debian.to_owned()
}

/// The account to run the server as when we are root, which it refuses.
pub(crate) fn owner() -> Option<(u32, u32)> {
    let root = Command::new("id").arg("-u").output().expect("id").stdout.trim_ascii() == b"0";
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let account = |name: &str| {
        let line = accounts.lines().find(|l| l.starts_with(&format!("{name}:")))?;
        let mut fields = line.split(':').skip(2).map(str::parse);
        Some((fields.next()?.ok()?, fields.next()?.ok()?))
    };
    root.then(|| {
        account("postgres")
            .or_else(|| account("nobody"))
            .expect("an account for the server")
    })
}
