//! What `station` can be asked, with examples for each.
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// The collection station without a window.
#[derive(Parser)]
#[command(
    name = "station",
    version,
    about,
    after_help = "Examples:
  station --data ./day1 campaign import campaign.toml
  station --data ./day1 roster import freshmen.xlsx
  station --data ./day1 status
  station --data ./demo rehearse --heads 30 --frames portraits/"
)]
pub struct Arguments {
    /// Where the station keeps its data (default: the user's data folder).
    #[arg(long, value_name = "DIR", global = true, env = "XUEYING_DATA")]
    pub data: Option<PathBuf>,
    /// How answers are written; JSON is one object a line.
    #[arg(long, global = true, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    #[command(subcommand)]
    pub wish: Wish,
}

/// How answers are written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Table,
    Json,
}

#[derive(Subcommand)]
pub enum Wish {
    /// Campaigns: import a file, list, choose.
    #[command(
        subcommand,
        after_help = "Examples:\n  station campaign import campaign.toml\n  station campaign list --format json"
    )]
    Campaign(CampaignWish),
    /// The roster of a freshman or staff campaign.
    #[command(
        subcommand,
        after_help = "Examples:
  station roster import freshmen.xlsx
  station roster import old.csv --encoding gb18030 --map 1=name --map 2=student_number"
    )]
    Roster(RosterWish),
    /// Reads the codes in picture files. One line a code: file, text or null, ms. Exit 1 when a file holds none.
    #[command(after_help = "Examples:\n  station read-code photo.jpg screenshot.png --format json")]
    ReadCode {
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Scans a code, takes one photo and keeps it when it passes. Exit 1 when the check fails.
    #[command(after_help = "Examples:
  station capture --code 'XYDEMO1|0001|张*|430102********0011' --frames portraits/
  station capture --code 2026001 --camera usb:046d:0892:1234 --override best_of_several")]
    Capture(CaptureWish),
    /// Orders, newest first.
    #[command(after_help = "Examples:\n  station orders --state rejected\n  station orders --text 1234 --format json")]
    Orders {
        /// A state id, as `pending_review`.
        #[arg(long)]
        state: Option<String>,
        /// Part of a number, a name's pinyin, a student number, the last four digits.
        #[arg(long)]
        text: Option<String>,
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
    /// Introduces the station to a center with a one-time code.
    #[command(after_help = "Examples:\n  station enrol --center http://127.0.0.1:8700 --code ABCD2345")]
    Enrol {
        #[arg(long)]
        center: String,
        #[arg(long)]
        code: String,
    },
    /// Sends what waits and takes what is new. Exit 1 when changes still wait at the end.
    #[command(after_help = "Examples:\n  station sync --once\n  station sync --answer /media/stick/hall3.answer.json")]
    Sync {
        /// Stop when nothing waits any more, or nothing moved for 30 seconds.
        #[arg(long)]
        once: bool,
        /// Take the center's answer to an exported bundle from a file instead of asking over the network.
        #[arg(long, value_name = "FILE", conflicts_with = "once")]
        answer: Option<PathBuf>,
    },
    /// Writes files that leave the station without a network.
    #[command(
        subcommand,
        after_help = "Examples:
  station export bundle --out /media/stick/hall3.xybundle
  station export delivery --out /media/stick/class-photos.zip"
    )]
    Export(ExportWish),
    /// Where everything stands: campaign, camera, queue, disk, and whether the store is consistent.
    #[command(after_help = "Examples:\n  station status --format json")]
    Status,
    /// The window's calls and pictures on a loopback address, behind a token.
    #[command(after_help = "Examples:\n  station serve\n  station serve --demo --ui ui/dist --listen 127.0.0.1:8600")]
    Serve {
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: std::net::SocketAddr,
        /// Folder of the built screens.
        #[arg(long, value_name = "DIR")]
        ui: Option<PathBuf>,
        /// Play the demo campaign with an embedded center.
        #[arg(long)]
        demo: bool,
        /// Pictures the replay camera plays.
        #[arg(long, value_name = "DIR")]
        frames: Option<PathBuf>,
    },
    /// Plays a whole collection day through the real parts and compares every photo at the center with its frame.
    #[command(after_help = "Examples:
  station --data ./r rehearse --heads 30 --frames portraits/
  station --data ./r rehearse --heads 300 --frames portraits/ --center http://127.0.0.1:8700 --enrol-code ABCD2345
  station --data ./r rehearse --heads 50 --frames portraits/ --reject-rate 0.1 --seed 7")]
    Rehearse(RehearseWish),
}

#[derive(Subcommand)]
pub enum CampaignWish {
    /// Reads a campaign file (TOML) and takes it up when there is none yet.
    Import { file: PathBuf },
    /// All campaigns.
    List,
    /// Takes up a campaign.
    Use { id: String },
}

#[derive(Subcommand)]
pub enum RosterWish {
    /// Imports xlsx, xls, csv or dbf. Good rows import; every bad one is listed. Exit 1 when a row was refused.
    Import {
        file: PathBuf,
        /// Encoding of a text file or dbf, when the guess is wrong: utf-8, gb18030, utf-16le, utf-16be, big5.
        #[arg(long)]
        encoding: Option<String>,
        /// Sheet of a workbook.
        #[arg(long)]
        sheet: Option<String>,
        /// Field of a column, counted from 1, as `3=student_number`; may be repeated.
        #[arg(long = "map", value_name = "COLUMN=FIELD")]
        mapping: Vec<String>,
    },
}

#[derive(Subcommand)]
pub enum ExportWish {
    /// Everything the center has not signed for, sealed to it: for a stick, when there is no network.
    #[command(after_help = "Examples:
  station export bundle --out /media/stick/hall3.xybundle
  station export bundle --out hall3.xybundle --to age1…    (a station that was never enrolled)
At the center: central import hall3.xybundle --answer hall3.answer.json
Back here:     station sync --answer hall3.answer.json")]
    Bundle {
        /// File to write; must not exist.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// The center's sealing key, when enrolment did not bring it; `central sealing-key` prints it.
        #[arg(long, value_name = "KEY")]
        to: Option<String>,
    },
    /// The finished pictures of the campaign in use under the receiver's names, with lists, hashes and a signed receipt. Exit 1
    /// when a photo has no certain name: it is on the list `unmatched` and not among the pictures.
    #[command(after_help = "Examples:
  station export delivery --out class-photos.zip
  station export delivery --out photos.zip --profile pictures-only    (papers go to photos-papers.zip)
  station export delivery --out early.zip --profile ours.toml --unreviewed --format json")]
    Delivery {
        /// Zip to write; must not exist.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// school, blind, pictures-only, or a profile file (docs/delivery.md); without it blind for graduates, else school.
        #[arg(long, value_name = "PROFILE")]
        profile: Option<String>,
        /// Also photos that no reviewer has seen yet.
        #[arg(long)]
        unreviewed: bool,
    },
}

#[derive(Args)]
pub struct CaptureWish {
    /// Payload of the collection code, or the person's number on the roster.
    #[arg(long)]
    pub code: String,
    /// Pictures the replay camera plays; without it the first camera found is used.
    #[arg(long, value_name = "DIR")]
    pub frames: Option<PathBuf>,
    /// A camera by its identity, as `station status` names it.
    #[arg(long)]
    pub camera: Option<String>,
    /// Keep a photo that fails, for this reason: religion_or_medicine, disability, check_wrong, best_of_several.
    #[arg(long = "override", value_name = "REASON")]
    pub override_reason: Option<String>,
}

#[derive(Args)]
pub struct RehearseWish {
    /// How many people.
    #[arg(long)]
    pub heads: u32,
    /// Folder of JPEG frames; a file's stem is its person.
    #[arg(long, value_name = "DIR")]
    pub frames: PathBuf,
    /// A center that runs already; one is embedded where none is named.
    #[arg(long, value_name = "URL", requires = "enrol_code")]
    pub center: Option<String>,
    /// One-time code of that center.
    #[arg(long, value_name = "CODE")]
    pub enrol_code: Option<String>,
    /// Share of the orders the reviewer rejects once, 0–1; needs the embedded center.
    #[arg(long, default_value_t = 0.0)]
    pub reject_rate: f64,
    /// Varies the frames and picks the rejected; the same seed gives the same day.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// What happens when the check fails.
    #[arg(long, value_enum, default_value_t = OnFail::Override)]
    pub on_fail: OnFail,
    /// Write a line for each picture that is safe and each order that is saved, as they happen.
    #[arg(long)]
    pub announce: bool,
    /// Go on with a day that was interrupted in this data folder.
    #[arg(long)]
    pub resume: bool,
}

/// What happens when the check fails.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OnFail {
    /// Taken anyway, with a reason.
    Override,
    /// Taken again, up to three times.
    Retake,
    /// The head leaves without a photo.
    Skip,
}
