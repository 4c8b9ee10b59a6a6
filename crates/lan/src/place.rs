//! Where a station is on the LAN: the address it listens at and whom it speaks to.
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The port, the same at every station: those of one school must find each other without being told.
pub const PORT: u16 = 27_411;

/// Where to listen and whom to speak to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The address to listen at.
    pub bind: SocketAddr,
    /// Whom to speak to.
    pub reach: Reach,
}

/// Whom a station speaks to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Everybody on each network this computer is in, at the same port.
    Broadcast,
    /// These addresses.
    Only(Vec<SocketAddr>),
}

impl Default for Place {
    fn default() -> Self {
        Self {
            bind: SocketAddr::from((Ipv4Addr::UNSPECIFIED, PORT)),
            reach: Reach::Broadcast,
        }
    }
}

impl Place {
    /// A place that speaks to these addresses only.
    pub const fn only(bind: SocketAddr, others: Vec<SocketAddr>) -> Self {
        Self {
            bind,
            reach: Reach::Only(others),
        }
    }

    /// Where a word to everybody goes now: networks come and go with cables. May block for a moment.
    pub(crate) fn everybody(&self) -> Vec<SocketAddr> {
        match &self.reach {
            Reach::Only(others) => others.clone(),
            Reach::Broadcast => broadcast_addresses()
                .into_iter()
                .map(|ip| SocketAddr::new(IpAddr::V4(ip), self.bind.port()))
                .collect(),
        }
    }
}

/// Most networks of one computer that are spoken to.
const MAX_NETWORKS: usize = 16;

fn broadcast_addresses() -> Vec<Ipv4Addr> {
    let mut found = Vec::new();
    for interface in if_addrs::get_if_addrs().unwrap_or_default() {
        if let if_addrs::IfAddr::V4(v4) = interface.addr
            && !v4.ip.is_loopback()
            && let Some(broadcast) = v4.broadcast
            && !found.contains(&broadcast)
            && found.len() < MAX_NETWORKS
        {
            found.push(broadcast);
        }
    }
    found
}
