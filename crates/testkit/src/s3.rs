//! An S3 server for tests: moto, on a free port, gone when the test program is.
use crate::tools;
use std::net::{Ipv4Addr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A running server. Its content lives as long as it does.
#[derive(Debug)]
pub struct S3 {
    port: u16,
    server: Option<Child>,
}

impl S3 {
    /// Starts a server and waits until it answers.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start() -> Self {
        let mut server = Self {
            port: tools::free_port(),
            server: None,
        };
        server.run();
        server
    }

    /// Starts it again after [`S3::kill`]; what it held is gone.
    ///
    /// # Panics
    /// When it does not start.
    pub fn run(&mut self) {
        // The shell waits for the end of its input, which comes with the end of the test program however that ends.
        let script = r#""$0" "$@" & server=$!; read -r _; kill -KILL $server; wait $server"#;
        let child = Command::new("sh")
            .args(["-c", script])
            .arg(tools::python("moto_server"))
            .args(["-H", "127.0.0.1", "-p", &self.port.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("starting moto");
        self.server = Some(child);
        let port = self.port;
        tools::until("the S3 server's start", Duration::from_secs(60), || {
            TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
        });
    }

    /// Ends it at once.
    pub fn kill(&mut self) {
        if let Some(mut shell) = self.server.take() {
            drop(shell.stdin.take());
            let _ = shell.wait();
        }
    }

    /// Where it is.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Makes a bucket and gives its address for `--object-store`.
    ///
    /// # Panics
    /// When it cannot be made.
    #[must_use]
    pub fn bucket(&self, name: &str) -> String {
        use std::io::{Read, Write};
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).expect("the S3 server");
        let head = format!("PUT /{name} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).expect("asking for a bucket");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the bucket's answer");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        format!(
            "s3://{name}?endpoint={}&access_key_id=test&secret_access_key=test",
            self.endpoint()
        )
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        self.kill();
    }
}
