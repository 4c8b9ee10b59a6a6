//! The words between the plan and who carries it out: what happened, and what is to be done.
use crate::claims::{Mark, Said, Told};
use crate::datagram::Chance;
use domain::StationId;
use std::net::SocketAddr;

/// What happened.
#[derive(Debug)]
pub enum Event<'d> {
    /// The own row goes so far.
    Own(Mark),
    /// A datagram came.
    Heard {
        /// From where.
        from: SocketAddr,
        /// Any bytes.
        datagram: &'d [u8],
    },
    /// Own lines for an answer were read; nothing when that failed.
    Said {
        /// For whom.
        reply: Reply,
        /// The lines.
        said: Option<Said>,
    },
    /// What a neighbour told was taken up, and it is listened to up to here now; nothing when that failed.
    Taken {
        /// Who.
        station: StationId,
        /// How far.
        heard: Option<Mark>,
    },
    /// Time went by.
    Timer,
}

/// To whom an answer goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Who asked.
    pub station: StationId,
    /// From where.
    pub at: SocketAddr,
    /// What the answer must name.
    pub question: Chance,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Send to everybody on the LAN.
    Announce(Vec<u8>),
    /// Send to one place.
    Send {
        /// Where.
        to: SocketAddr,
        /// What.
        datagram: Vec<u8>,
    },
    /// See how far the own row goes; [`Event::Own`] follows.
    LookOwn,
    /// Read own lines after a mark, at most [`crate::datagram::MAX_CLAIMS`]; [`Event::Said`] follows.
    Read {
        /// For whom.
        reply: Reply,
        /// After this.
        from: Mark,
    },
    /// Take up lines; [`Event::Taken`] follows.
    Take(Told),
}
