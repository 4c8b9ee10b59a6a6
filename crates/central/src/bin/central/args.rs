//! What can be typed.
use central::people::AccountRole;
use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::OrderState;
use domain::review::RejectReason;
use std::net::SocketAddr;
use std::path::PathBuf;

/// The center of 学影: takes what stations send, lets reviewers decide, and tells the stations.
#[derive(Debug, Parser)]
#[command(version, about, after_help = EXAMPLES)]
pub struct Cli {
    /// Settings file, as assets/center/central.toml; what is said here or in the environment wins over it
    #[arg(long, global = true, env = "CENTRAL_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Folder of database, photos and signing key
    #[arg(long, global = true, env = "CENTRAL_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// PostgreSQL database in place of the embedded one, as postgres://user:password@host:port/name
    #[arg(
        long,
        global = true,
        env = "CENTRAL_DATABASE_URL",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub database_url: Option<String>,
    /// PEM certificates of the authority of the database server's certificate; with it the connection is encrypted
    #[arg(long, global = true, env = "CENTRAL_DATABASE_CA", value_name = "FILE")]
    pub database_ca: Option<PathBuf>,
    /// S3 bucket for the photos in place of the folder, as s3://bucket/prefix?endpoint=https://host&region=name
    #[arg(
        long,
        global = true,
        env = "CENTRAL_OBJECT_STORE",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub object_store: Option<String>,
    /// The payment provider's settings, as docs/payments.md describes them; without, orders are paid as a class only
    #[arg(long, global = true, env = "CENTRAL_PAYMENTS", value_name = "FILE")]
    pub payments: Option<PathBuf>,
    /// Which parts log how much, as `warn,central=info`
    #[arg(long, global = true, env = "CENTRAL_LOG", value_name = "FILTER")]
    pub log: Option<String>,
    /// Log lines for people, or one JSON object a line
    #[arg(long, global = true, value_enum, env = "CENTRAL_LOG_FORMAT")]
    pub log_format: Option<LogFormat>,
    /// Output for people, or one JSON object a line
    #[arg(long, global = true, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "Examples:
  central serve --data /srv/center --listen 0.0.0.0:7400
  central serve --data /srv/center --database-url postgres://center@db.example/center
  central campaign import graduates-2027.toml
  central enrol-code --school 10533
  central orders --state pending_review
  central approve 10533A-20270603091502123
  central reject 10533A-20270603091502123 --reason eyes --note 左眼被头发遮挡
  central verify

Exit code: 0 done, 1 a finding or a refusal, 2 wrong use or a fault.";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Table,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve stations until told to stop; prints one JSON line when ready
    #[command(after_help = "Example:\n  central serve --data /srv/center --listen 127.0.0.1:7400 --console ui/dist")]
    Serve {
        /// Address to listen on, 127.0.0.1:7400 when nothing says otherwise; port 0 takes a free one
        #[arg(long, env = "CENTRAL_LISTEN", value_name = "ADDR")]
        listen: Option<SocketAddr>,
        /// Folder of the built web console (`ui/dist`), shown at /
        #[arg(long, visible_alias = "ui", env = "CENTRAL_CONSOLE", value_name = "DIR")]
        console: Option<PathBuf>,
        /// Program that sends a short message, started once for each, which it reads as JSON; without, they go to a file in the data folder
        #[arg(long, env = "CENTRAL_MESSAGES", value_name = "PROGRAM")]
        messages: Option<PathBuf>,
    },
    /// Make a one-time code with which one station may enrol within 15 minutes
    #[command(after_help = "Example:\n  central enrol-code --school 10533 --format json")]
    EnrolCode {
        /// School the station joins; may be left out when there is only one
        #[arg(long, value_name = "CODE")]
        school: Option<String>,
    },
    /// Show or change whom graduates ask, as the site shows it
    #[command(after_help = "Example:\n  central contact --hours '周一至周五 9:00–17:00' --phone 010-12345678")]
    Contact {
        /// When somebody is there
        #[arg(long, value_name = "TEXT")]
        hours: Option<String>,
        /// Whom to call
        #[arg(long, value_name = "TEXT")]
        phone: Option<String>,
        /// Where to go
        #[arg(long, value_name = "TEXT")]
        address: Option<String>,
    },
    /// Print the routes of people and scripts as OpenAPI 3.1
    #[command(after_help = "Example:\n  central openapi > openapi.json")]
    Openapi,
    /// Print what stations seal their bundles to; not a secret
    #[command(after_help = "Example:\n  central sealing-key")]
    SealingKey,
    /// Take in a sealed bundle a station exported to a stick; the same bundle again changes nothing
    #[command(after_help = "Examples:
  central import hall3.xybundle --answer hall3.answer.json
  central import hall3.xybundle --school 10533     (a station that was never enrolled)")]
    Import {
        /// The bundle
        file: PathBuf,
        /// Write the signed answer for the station here; must not exist
        #[arg(long, value_name = "FILE")]
        answer: Option<PathBuf>,
        /// Take in a station that is not known here, for this school. Be sure whose stick it is
        #[arg(long, value_name = "CODE")]
        school: Option<String>,
        /// Account of the admin, for the history
        #[arg(long, default_value = "command", value_name = "NAME")]
        by: String,
    },
    /// Campaigns: import a file, or list them
    Campaign {
        #[command(subcommand)]
        command: CampaignCommand,
    },
    /// Rosters of campaigns: take a school's sheet in
    Roster {
        #[command(subcommand)]
        command: RosterCommand,
    },
    /// Accounts of people: add one, list them, or disable one
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Stations: list them, or revoke one
    Station {
        #[command(subcommand)]
        command: StationCommand,
    },
    /// List orders, latest received first
    #[command(after_help = "Example:\n  central orders --state pending_review --format json")]
    Orders {
        /// One state
        #[arg(long, value_parser = state, value_name = "STATE")]
        state: Option<OrderState>,
        /// One school
        #[arg(long, value_name = "CODE")]
        school: Option<String>,
        /// One campaign, by id
        #[arg(long, value_name = "ID")]
        campaign: Option<String>,
    },
    /// Show what happened to an order, by whom and when
    #[command(after_help = "Example:\n  central history 10533A-20270603091502123")]
    History {
        /// Order id or number
        order: String,
    },
    /// Accept photos: 待审核 → 待制作
    #[command(after_help = "Example:\n  central approve 10533A-20270603091502123 10533A-20270603091544871")]
    Approve(Acted),
    /// Send photos back with reasons: 待审核 → 被驳回
    #[command(after_help = "Example:\n  central reject 10533A-20270603091502123 --reason background --reason light")]
    Reject(Reasoned),
    /// Call approved photos back before production: 待制作 → 被驳回
    #[command(after_help = "Example:\n  central recall 10533A-20270603091502123 --reason wrong_person")]
    Recall(Reasoned),
    /// Take photos back for the graduate: 待审核 → 已支付
    #[command(after_help = "Example:\n  central withdraw 10533A-20270603091502123")]
    Withdraw(Acted),
    /// Take approved orders into production: 待制作 → 制作中
    #[command(after_help = "Example:\n  central pull 10533A-20270603091502123 --by lab-1")]
    Pull(Acted),
    /// Production is done: 制作中 → 已完成
    #[command(after_help = "Example:\n  central produce 10533A-20270603091502123 --by lab-1")]
    Produce(Acted),
    /// Record an order's part of a class payment: 待支付 → 已支付
    #[command(after_help = "Example:\n  central paid 10533A-20270603091502123 --amount-fen 2500")]
    Paid {
        /// Order id or number
        order: String,
        /// What came in for this order, in fen; must be its price
        #[arg(long, value_name = "FEN")]
        amount_fen: u64,
        /// Account of the coordinator, for the history
        #[arg(long, default_value = "command", value_name = "NAME")]
        by: String,
    },
    /// Write the photo of an order to a file
    #[command(after_help = "Example:\n  central photo 10533A-20270603091502123 --out photo.jpg --kind finished")]
    Photo {
        /// Order id or number
        order: String,
        /// File to write; must not exist
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// As it was taken, or as it is delivered
        #[arg(long, value_enum, default_value_t = Kind::Original)]
        kind: Kind,
    },
    /// Read every order, op, photo, feed and history and say what is not consistent
    #[command(after_help = "Example:\n  central verify --format json")]
    Verify,
    /// Compare a past day's payments with the provider's bill, and take in what never reached the center
    #[command(after_help = "Example:\n  central reconcile 2027-06-03 --payments /etc/center/payments.toml")]
    Reconcile {
        /// The day, by China's calendar; its bill is there from about ten the next morning
        date: String,
    },
    /// Copy everything into a folder, also while the center serves; only new photos are copied again
    #[command(after_help = "Example:\n  central backup /mnt/backup/center")]
    Backup {
        /// Folder of the backup
        dir: PathBuf,
    },
    /// Make an empty data directory out of a backup
    #[command(after_help = "Example:\n  central restore /mnt/backup/center --data /srv/center-new")]
    Restore {
        /// Folder of the backup
        dir: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub enum CampaignCommand {
    /// Make or change the campaign a TOML file describes
    #[command(after_help = "Example:\n  central campaign import graduates-2027.toml")]
    Import {
        /// The file
        file: PathBuf,
    },
    /// List campaigns
    List,
}

#[derive(Debug, Subcommand)]
pub enum RosterCommand {
    /// Take in a csv, xlsx, xls or dbf; stations of the school are told, and every bad row is listed
    #[command(
        after_help = "Example:\n  central roster import 0190c0de-0000-7000-8000-000000000001 freshmen.xlsx --whole"
    )]
    Import {
        /// Campaign id
        campaign: String,
        /// The sheet
        file: PathBuf,
        /// Encoding of a text file, when it is guessed wrong: utf-8, gb18030, utf-16le, utf-16be or big5
        #[arg(long, value_name = "ENCODING")]
        encoding: Option<String>,
        /// Sheet of a workbook
        #[arg(long, value_name = "NAME")]
        sheet: Option<String>,
        /// The sheet is the whole roster: whoever is not on it goes
        #[arg(long)]
        whole: bool,
        /// Account of the admin, for the history
        #[arg(long, default_value = "command", value_name = "NAME")]
        by: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Make an account; its password is CENTRAL_PASSWORD, or the first line of standard input
    #[command(
        after_help = "Examples:\n  central user add chief --role admin\n  central user add li.na --role coordinator --school 10533"
    )]
    Add {
        /// 3 to 64 lower-case letters, digits, dots or dashes
        name: String,
        /// What it may do
        #[arg(long, value_parser = role, value_name = "ROLE")]
        role: AccountRole,
        /// The one school it sees; all when left out
        #[arg(long, value_name = "CODE")]
        school: Option<String>,
        /// Account of the admin, for the history
        #[arg(long, default_value = "command", value_name = "NAME")]
        by: String,
    },
    /// List accounts
    List,
    /// Give an account a new password, from CENTRAL_PASSWORD or the first line of standard input; ends its sessions and tokens
    #[command(after_help = "Example:\n  central user password li.na")]
    Password {
        /// The account
        name: String,
        /// Account of the admin, for the history
        #[arg(long, default_value = "command", value_name = "NAME")]
        by: String,
    },
    /// Take an account's right to come in, and end its sessions and tokens
    #[command(after_help = "Example:\n  central user disable li.na")]
    Disable {
        /// The account
        name: String,
        /// Account of the admin, for the history
        #[arg(long, default_value = "command", value_name = "NAME")]
        by: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum StationCommand {
    /// List stations
    List,
    /// Take a station's right to speak; what it sent stays
    #[command(after_help = "Example:\n  central station revoke 0190c0de-0000-7000-8000-000000000001")]
    Revoke {
        /// Station id
        id: String,
        /// Account of the admin, for the history
        #[arg(long, default_value = "command", value_name = "NAME")]
        by: String,
    },
}

#[derive(Debug, Args)]
pub struct Acted {
    /// Order ids or numbers
    #[arg(required = true, value_name = "ORDER")]
    pub orders: Vec<String>,
    /// Account of whoever does it, for the history
    #[arg(long, default_value = "command", value_name = "NAME")]
    pub by: String,
}

#[derive(Debug, Args)]
pub struct Reasoned {
    #[command(flatten)]
    pub acted: Acted,
    /// Reason; may be given several times
    #[arg(long = "reason", required = true, value_parser = reason, value_name = "ID")]
    pub reasons: Vec<RejectReason>,
    /// The reviewer's own words
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    Original,
    Finished,
}

fn state(text: &str) -> Result<OrderState, String> {
    OrderState::from_id(text).ok_or_else(|| {
        let known: Vec<_> = OrderState::ALL.iter().map(|s| s.id()).collect();
        format!("one of {}", known.join(", "))
    })
}

fn role(text: &str) -> Result<AccountRole, String> {
    AccountRole::from_id(text).ok_or_else(|| {
        let known: Vec<_> = AccountRole::ALL.iter().map(|r| r.id()).collect();
        format!("one of {}", known.join(", "))
    })
}

fn reason(text: &str) -> Result<RejectReason, String> {
    RejectReason::from_id(text).ok_or_else(|| {
        let known: Vec<_> = RejectReason::ALL.iter().map(|r| r.id()).collect();
        format!("one of {}", known.join(", "))
    })
}
