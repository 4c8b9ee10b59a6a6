//! What a server's failure means: a lost race, a server that is away, or a fault. Values of rows, which servers like to quote,
//! are left out.
use super::line::NoLine;
use super::tls;
use crate::error::CentralError;
use crate::store::Stored;
use tokio_postgres::error::SqlState;

/// The server is not the one that was meant, or does not encrypt.
const UNTRUSTED: &str = "not trusted";

/// A failure without the values it was about.
#[derive(Debug, thiserror::Error)]
#[error("{kind} {code} {place}")]
pub struct Failure {
    kind: &'static str,
    code: String,
    /// Table and constraint.
    place: String,
}

impl Failure {
    /// Why the server was not trusted, if that is what it is about.
    pub fn untrusted(&self) -> Option<String> {
        (self.kind == UNTRUSTED).then(|| self.place.clone())
    }

    fn of(error: &tokio_postgres::Error) -> Self {
        match error.as_db_error() {
            Some(db) => Self {
                kind: "sqlstate",
                code: db.code().code().to_owned(),
                place: [db.table(), db.constraint()].map(Option::unwrap_or_default).join(" "),
            },
            None => Self {
                kind: if error.is_closed() { "closed" } else { "client" },
                code: String::new(),
                place: source_kind(error),
            },
        }
    }

    /// Why there is no connection.
    pub fn of_no_line(why: &NoLine) -> Self {
        let (kind, place) = match why {
            NoLine::Server(error) => match tls::reason(error) {
                Some(why) => (UNTRUSTED, why),
                None => return Self::of(error),
            },
            NoLine::Unreachable(kind) => ("unreachable", kind.to_string()),
            NoLine::ReadOnly => ("read only", String::new()),
        };
        Self {
            kind,
            code: String::new(),
            place,
        }
    }

    /// None of the pool's connections came back in time.
    pub fn all_in_use() -> Self {
        Self {
            kind: "pool",
            code: String::new(),
            place: "all connections are in use".to_owned(),
        }
    }

    /// Work that lost a race and may go through when it is run again.
    pub fn is_race(error: &CentralError) -> bool {
        matches!(error, CentralError::Busy { .. })
    }

    /// A key was taken: by a race, or for good.
    pub fn is_taken_key(error: &CentralError) -> bool {
        sqlstate(error) == Some(SqlState::UNIQUE_VIOLATION.code())
    }

    /// Two programs that make the same tables at once.
    pub fn is_race_of_migrations(error: &CentralError) -> bool {
        let taken = [
            SqlState::DUPLICATE_TABLE.code(),
            SqlState::DUPLICATE_OBJECT.code(),
            SqlState::UNDEFINED_TABLE.code(),
        ];
        Self::is_race(error) || sqlstate(error).is_some_and(|code| taken.contains(&code))
    }
}

fn sqlstate(error: &CentralError) -> Option<&str> {
    match error {
        CentralError::Store { source, .. } => source.downcast_ref::<Failure>().map(|f| f.code.as_str()),
        _ => None,
    }
}

fn source_kind(error: &tokio_postgres::Error) -> String {
    let io = std::error::Error::source(error).and_then(|s| s.downcast_ref::<std::io::Error>());
    io.map_or_else(String::new, |e| e.kind().to_string())
}

/// Adds what was being done.
pub trait Doing<T> {
    /// Names what was being done; lost races and absent servers are told apart.
    fn doing(self, doing: &'static str) -> Stored<T>;
}

impl<T> Doing<T> for Result<T, tokio_postgres::Error> {
    fn doing(self, doing: &'static str) -> Stored<T> {
        self.map_err(|error| {
            let failure = Failure::of(&error);
            match error.code() {
                Some(code) if *code == SqlState::T_R_SERIALIZATION_FAILURE => CentralError::Busy { doing },
                Some(code) if *code == SqlState::T_R_DEADLOCK_DETECTED => CentralError::Busy { doing },
                Some(code) if is_away(code.code()) => CentralError::Away { doing },
                None if failure.kind == "closed" || failure.kind == "client" && !failure.place.is_empty() => {
                    CentralError::Away { doing }
                }
                _ => CentralError::Store {
                    doing,
                    source: Box::new(failure),
                },
            }
        })
    }
}

/// Connections lost (08), shutdowns and starts (57P), too many connections (533), a server that has become a standby, and one
/// that did not get to it in time.
fn is_away(code: &str) -> bool {
    let gone = ["08", "57P", "533"].iter().any(|class| code.starts_with(class));
    gone || code == "25006" || code == SqlState::QUERY_CANCELED.code()
}
