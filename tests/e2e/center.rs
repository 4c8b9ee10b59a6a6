//! The center of the test: a separate `central serve`, and a reviewer at its command line.
use crate::process::{Running, output};
use crate::{built, repository};
use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A serving center with both demo campaigns.
pub struct Center {
    data: PathBuf,
    pub url: String,
    _serving: Running,
}

impl Center {
    pub fn start(data: &Path) -> Self {
        for name in ["freshman", "graduate"] {
            let file = repository().join(format!("assets/demo/campaign-{name}.toml"));
            output(central(data).args(["campaign", "import"]).arg(file));
        }
        let serving = Running::start_and_hear(central(data).args(["serve", "--listen", "127.0.0.1:0"]));
        let ready: Value = serde_json::from_str(&serving.first_line).unwrap();
        let url = ready["url"].as_str().unwrap().to_owned();
        Self {
            data: data.to_owned(),
            url,
            _serving: serving,
        }
    }

    /// A one-time code for a station.
    pub fn enrol_code(&self) -> String {
        self.lines(&["enrol-code"])[0]["code"].as_str().unwrap().to_owned()
    }

    /// The one order the center holds, which must be in this state.
    pub fn only_order(&self, state: &str) -> String {
        let orders = self.lines(&["orders"]);
        assert_eq!(orders.len(), 1, "{orders:?}");
        assert_eq!(orders[0]["state"], state, "{orders:?}");
        orders[0]["number"].as_str().unwrap().to_owned()
    }

    pub fn reject(&self, order: &str, reason: &str) {
        self.lines(&["reject", order, "--reason", reason]);
    }

    /// A coordinator of the school, who reviews.
    pub fn add_coordinator(&self, name: &str, password: &str) {
        let mut adding = central(&self.data)
            .args(["user", "add", name, "--role", "coordinator", "--school", "99901"])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        adding.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
        assert!(adding.wait().unwrap().success());
    }

    /// Nothing the center holds contradicts itself.
    pub fn verify(&self) {
        self.lines(&["verify"]);
    }

    fn lines(&self, arguments: &[&str]) -> Vec<Value> {
        let text = output(central(&self.data).args(arguments).args(["--format", "json"]));
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn central(data: &Path) -> Command {
    let mut command = Command::new(built("central"));
    command.env("CENTRAL_DATA", data).env("CENTRAL_LOG", "warn");
    command
}
