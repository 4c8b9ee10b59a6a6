//! A LAN between stations on loopback: each hears the others from an address of the switch, which loses some of what goes through.
use ::lan::Place;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// A loopback address nobody listens at now.
pub fn free_port() -> SocketAddr {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    socket.local_addr().unwrap()
}

/// A switch with a door for each station: what one sends to another's door comes to that one from the sender's own door.
pub struct Switch {
    stations: Arc<Vec<SocketAddr>>,
    doors: Arc<Vec<UdpSocket>>,
    stopping: Arc<AtomicBool>,
    lost: Arc<AtomicU64>,
    threads: Vec<JoinHandle<()>>,
}

impl Switch {
    /// Loses so many of a thousand, which ones by the seed.
    pub fn new(stations: usize, lost_per_mille: u64, seed: u64) -> Self {
        let door = || {
            let door = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
            door.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
            door
        };
        let mut switch = Self {
            doors: Arc::new((0..stations).map(|_| door()).collect()),
            stations: Arc::new((0..stations).map(|_| free_port()).collect()),
            stopping: Arc::default(),
            lost: Arc::default(),
            threads: Vec::new(),
        };
        for to in 0..stations {
            let (all, doors) = (Arc::clone(&switch.stations), Arc::clone(&switch.doors));
            let (stopping, lost) = (Arc::clone(&switch.stopping), Arc::clone(&switch.lost));
            let mut dice = seed.wrapping_add(to as u64);
            let pass = move || {
                let mut buffer = [0; 2048];
                while !stopping.load(Ordering::Relaxed) {
                    let Ok((length, from)) = doors[to].recv_from(&mut buffer) else {
                        continue;
                    };
                    let Some(sender) = all.iter().position(|s| *s == from) else {
                        continue;
                    };
                    dice = dice
                        .wrapping_mul(6_364_136_223_846_793_005)
                        .wrapping_add(1_442_695_040_888_963_407);
                    if (dice >> 33) % 1000 < lost_per_mille {
                        lost.fetch_add(1, Ordering::Relaxed);
                    } else {
                        let _ = doors[sender].send_to(&buffer[..length], all[to]);
                    }
                }
            };
            switch.threads.push(std::thread::spawn(pass));
        }
        switch
    }

    /// Where each station is.
    pub fn places(&self) -> Vec<Place> {
        let door = |n: usize| self.doors[n].local_addr().unwrap();
        let others = |n: usize| (0..self.stations.len()).filter(|o| *o != n).map(door).collect();
        let place = |n: usize| Place::only(self.stations[n], others(n));
        (0..self.stations.len()).map(place).collect()
    }

    /// How many datagrams did not come through.
    pub fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }
}

impl Drop for Switch {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            thread.join().unwrap();
        }
    }
}
