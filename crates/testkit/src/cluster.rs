//! A real cluster for tests: three PostgreSQL servers under Patroni, three members of etcd that say who leads, and HAProxy, which
//! sends everybody to the leader. Debian's programs, in a folder of their own, on free ports; gone when it is dropped.
use crate::postgres::{USER, owner, programs};
use crate::tools::{free_port, until};
use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Servers, and members of etcd.
const NODES: usize = 3;
/// Longest start of everything, and longest way back of a killed server.
const LONG: Duration = Duration::from_secs(180);

/// A running cluster with synchronous replication.
#[derive(Debug)]
pub struct Cluster {
    folder: PathBuf,
    owner: Option<(u32, u32)>,
    etcd: Vec<Child>,
    nodes: Vec<Node>,
    proxy: Option<Child>,
    port: u16,
}

#[derive(Debug)]
struct Node {
    name: String,
    folder: PathBuf,
    port: u16,
    rest: u16,
    patroni: Option<Child>,
}

impl Cluster {
    /// Makes a cluster and waits until it has a leader with a synchronous standby.
    ///
    /// # Panics
    /// When Debian's packages are not installed, or it does not start.
    #[must_use]
    pub fn start() -> Self {
        let folder = std::env::temp_dir().join(format!("xueying-ha-{}-{}", std::process::id(), free_port()));
        std::fs::create_dir(&folder).expect("a folder for the cluster");
        let mut cluster = Self {
            owner: owner(),
            etcd: Vec::new(),
            nodes: Vec::new(),
            proxy: None,
            port: free_port(),
            folder,
        };
        cluster.give(&cluster.folder);
        let stores = cluster.start_etcd();
        for n in 0..NODES {
            let folder = cluster.folder.join(format!("node{n}"));
            std::fs::create_dir(&folder).expect("a folder for the server");
            cluster.give(&folder);
            let node = Node {
                name: format!("node{n}"),
                port: free_port(),
                rest: free_port(),
                patroni: None,
                folder,
            };
            std::fs::write(node.folder.join("patroni.yml"), node.settings(&stores)).expect("the settings");
            cluster.nodes.push(node);
            cluster.run(n);
        }
        cluster.start_proxy();
        until("the cluster's start", LONG, || cluster.is_whole());
        cluster
    }

    /// The address of whoever leads.
    #[must_use]
    pub fn database(&self) -> String {
        format!("postgres://{USER}:cluster@127.0.0.1:{}/postgres", self.port)
    }

    /// Whether there is a leader, and every other server follows it, one of them synchronously.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let is = |what: &str| self.nodes.iter().filter(|n| n.answers(what)).count();
        is("/primary") == 1 && is("/replica") == NODES - 1 && is("/synchronous") >= 1
    }

    /// Kills the leading server and the program that looks after it, as when the machine loses its power. Gives which it was.
    ///
    /// # Panics
    /// When nobody leads.
    pub fn kill_leader(&mut self) -> usize {
        let leads = self.nodes.iter().position(|n| n.answers("/primary")).expect("a leader");
        let node = &mut self.nodes[leads];
        let named = std::fs::read_to_string(node.folder.join("data/postmaster.pid")).expect("the server's process");
        let postmaster = named.lines().next().unwrap_or_default().to_owned();
        let mut patroni = node.patroni.take().expect("a server that runs");
        let _ = patroni.kill();
        let children = std::fs::read_to_string(format!("/proc/{postmaster}/task/{postmaster}/children"));
        let children = children.unwrap_or_default();
        let all = std::iter::once(postmaster.as_str()).chain(children.split_whitespace());
        let _ = Command::new("kill").arg("-KILL").args(all).status();
        let _ = patroni.wait();
        leads
    }

    /// Starts a killed server again; it becomes a standby of whoever leads now.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn run(&mut self, n: usize) {
        let mut command = Command::new("patroni");
        self.as_owner(&mut command);
        let node = &mut self.nodes[n];
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(node.folder.join("log"));
        let log = log.expect("the server's log");
        command
            .arg(node.folder.join("patroni.yml"))
            .env(
                "PATH",
                format!("{}:/usr/bin:/bin:/usr/sbin:/sbin", programs().display()),
            )
            .current_dir(&node.folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("the server's log"))
            .stderr(log);
        node.patroni = Some(command.spawn().expect("starting patroni"));
    }

    fn start_etcd(&mut self) -> Vec<String> {
        let ports: Vec<(u16, u16)> = (0..NODES).map(|_| (free_port(), free_port())).collect();
        let members: Vec<String> = (0..NODES)
            .map(|n| format!("etcd{n}=http://127.0.0.1:{}", ports[n].1))
            .collect();
        for (n, (client, peer)) in ports.iter().enumerate() {
            let mut command = Command::new("etcd");
            self.as_owner(&mut command);
            let log = std::fs::File::create(self.folder.join(format!("etcd{n}.log"))).expect("etcd's log");
            let (client, peer) = (format!("http://127.0.0.1:{client}"), format!("http://127.0.0.1:{peer}"));
            command
                .args(["--name", &format!("etcd{n}"), "--data-dir"])
                .arg(self.folder.join(format!("etcd{n}")))
                .args(["--listen-client-urls", &client, "--advertise-client-urls", &client])
                .args(["--listen-peer-urls", &peer, "--initial-advertise-peer-urls", &peer])
                .args([
                    "--initial-cluster",
                    &members.join(","),
                    "--initial-cluster-state",
                    "new",
                ])
                // Three members on one disk that the servers keep busy.
                .args(["--heartbeat-interval", "300", "--election-timeout", "3000"])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(log);
            self.etcd.push(command.spawn().expect("starting etcd"));
        }
        ports.iter().map(|(client, _)| format!("127.0.0.1:{client}")).collect()
    }

    fn start_proxy(&mut self) {
        let mut text = format!(
            "global\n    maxconn 1000\ndefaults\n    mode tcp\n    timeout connect 3s\n    timeout client 10m\n    \
             timeout server 10m\nlisten leader\n    bind 127.0.0.1:{}\n    option httpchk OPTIONS /primary\n    \
             http-check expect status 200\n    default-server inter 1s fall 2 rise 1 on-marked-down shutdown-sessions\n",
            self.port
        );
        for node in &self.nodes {
            let _ = writeln!(
                text,
                "    server {} 127.0.0.1:{} check port {}",
                node.name, node.port, node.rest
            );
        }
        let path = self.folder.join("haproxy.cfg");
        std::fs::write(&path, text).expect("the proxy's settings");
        let mut command = Command::new("haproxy");
        self.as_owner(&mut command);
        let log = std::fs::File::create(self.folder.join("haproxy.log")).expect("the proxy's log");
        command
            .args(["-db", "-f"])
            .arg(&path)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        self.proxy = Some(command.spawn().expect("starting haproxy"));
    }

    fn give(&self, path: &Path) {
        if let Some((user, group)) = self.owner {
            chown(path, Some(user), Some(group)).expect("giving the folder to its user");
        }
    }

    fn as_owner(&self, command: &mut Command) {
        command.current_dir(&self.folder);
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // Patroni first: it would start its server again, and it ends it when it is asked to end.
        for patroni in self.nodes.iter_mut().filter_map(|n| n.patroni.as_mut()) {
            let _ = Command::new("kill").arg("-TERM").arg(patroni.id().to_string()).status();
        }
        for patroni in self.nodes.iter_mut().filter_map(|n| n.patroni.as_mut()) {
            let _ = patroni.wait();
        }
        for child in self.proxy.iter_mut().chain(&mut self.etcd) {
            let _ = child.kill();
            let _ = child.wait();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Node {
    /// Whether Patroni says that this server is what is asked for.
    fn answers(&self, what: &str) -> bool {
        let asked = || -> std::io::Result<String> {
            let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.rest))?;
            stream.set_read_timeout(Some(Duration::from_secs(2)))?;
            stream.write_all(format!("GET {what} HTTP/1.0\r\n\r\n").as_bytes())?;
            let mut answer = [0; 64];
            let n = stream.read(&mut answer)?;
            Ok(String::from_utf8_lossy(&answer[..n]).into_owned())
        };
        asked().is_ok_and(|answer| answer.split(' ').nth(1) == Some("200"))
    }

    /// A leader that says nothing for twenty seconds leads no more; only a standby that has every commit takes its place.
    fn settings(&self, stores: &[String]) -> String {
        let Self {
            name,
            folder,
            port,
            rest,
            ..
        } = self;
        let (folder, programs, stores) = (folder.display(), programs(), stores.join(", "));
        format!(
            "scope: xueying
name: {name}
restapi: {{listen: '127.0.0.1:{rest}', connect_address: '127.0.0.1:{rest}'}}
etcd3: {{hosts: [{stores}]}}
bootstrap:
  dcs:
    ttl: 20
    loop_wait: 2
    retry_timeout: 5
    maximum_lag_on_failover: 33554432
    synchronous_mode: true
    postgresql:
      use_pg_rewind: true
      parameters: {{max_connections: 100, shared_buffers: 128MB, wal_keep_size: 1GB, wal_log_hints: 'on'}}
  initdb: [{{encoding: UTF8}}, {{locale: C.UTF-8}}]
  pg_hba: ['host all all 127.0.0.1/32 trust', 'host replication all 127.0.0.1/32 trust']
postgresql:
  listen: 127.0.0.1:{port}
  connect_address: 127.0.0.1:{port}
  data_dir: {folder}/data
  bin_dir: {programs}
  pgpass: {folder}/pgpass
  authentication:
    superuser: {{username: {USER}, password: cluster}}
    replication: {{username: replicator, password: cluster}}
    rewind: {{username: rewinder, password: cluster}}
  parameters: {{unix_socket_directories: '{folder}'}}
",
            programs = programs.display(),
        )
    }
}
