//! The neighbours on the LAN: when the station speaks to them, what it tells, and what becomes of what they tell. Only the guard against
//! collecting somebody twice goes by it; an order never does.
use crate::core::Core;
use crate::trouble::Trouble;
use ::lan::{Claims, ClaimsFailure, Mark, Me, Place, SchoolKey, State, Told};
use domain::{CampaignId, PersonKey, StationId, UtcMs};
use ipc::{CollectedView, LanView};
use std::sync::{Arc, Mutex, PoisonError};
use store::heard::{self, Heard};
use store::neighbours::{self, Neighbour};
use store::{Conn, StoreError, Tx, identity, settings, told};
use wire::lan::LanKey;

/// Setting with the school's key, JSON.
const KEY: &str = "lan_key";
/// Most photos of one neighbour that are kept: a station takes some hundreds a day.
const MAX_HEARD: u32 = 200_000;

/// The LAN as the station has it.
pub(crate) struct Lan {
    place: Option<Place>,
    /// Speaks under this identity and key; one of another life is stopped first.
    running: Mutex<Option<Running>>,
}

struct Running {
    station: StationId,
    key: SchoolKey,
    handle: ::lan::Lan,
}

impl Lan {
    /// One that may speak at a place, and does not yet.
    pub(crate) const fn at(place: Option<Place>) -> Self {
        Self {
            place,
            running: Mutex::new(None),
        }
    }
}

/// A photo a neighbour told of.
pub(crate) struct AtNeighbour {
    pub station: String,
    pub at: UtcMs,
}

impl From<AtNeighbour> for CollectedView {
    fn from(neighbour: AtNeighbour) -> Self {
        Self {
            order_id: None,
            order_number: None,
            at_ms: neighbour.at.0,
            elsewhere: true,
            station: Some(neighbour.station),
        }
    }
}

/// The store as the LAN sees it.
struct Neighbours(std::sync::Weak<Core>);

impl Core {
    /// Begins to speak and listen when the station may, has an identity and the school's key; goes on as it is when nothing changed.
    pub(crate) fn start_lan(self: &Arc<Self>) -> Result<(), Trouble> {
        let Some(place) = self.lan.place.clone() else {
            return Ok(());
        };
        let wanted = self.preferences()?.lan;
        let (identity, key) = self.store.read(|c| Ok((identity::get(c)?, key(c)?)))?;
        let mut running = self.lan.running.lock().unwrap_or_else(PoisonError::into_inner);
        let (Some(identity), Some(key), true) = (identity, key, wanted) else {
            *running = None;
            return Ok(());
        };
        if running
            .as_ref()
            .is_some_and(|r| r.key == key && r.station == identity.station)
        {
            return Ok(());
        }
        // The port is free before the next begins.
        *running = None;
        let me = Me {
            station: identity.station,
            name: identity.name,
            key: key.clone(),
        };
        let clock = Arc::clone(&self.clock);
        let handle = ::lan::start(
            &self.runtime,
            me,
            place,
            Arc::new(Neighbours(Arc::downgrade(self))),
            Box::new(move || clock.now()),
        );
        *running = Some(Running {
            station: identity.station,
            key,
            handle,
        });
        Ok(())
    }

    /// Falls silent.
    pub(crate) fn stop_lan(&self) {
        *self.lan.running.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// What is to be told may have changed.
    pub(crate) fn tell_neighbours(&self) {
        if let Some(running) = &*self.lan.running.lock().unwrap_or_else(PoisonError::into_inner) {
            running.handle.changed();
        }
    }

    /// The center says what the school's stations share. An older generation than the one that is known comes from an answer that was
    /// long on its way.
    pub(crate) fn take_school_key(self: &Arc<Self>, given: &LanKey) -> Result<(), Trouble> {
        let known = self.store.read(key)?;
        let Some(fresh) = SchoolKey::from_hex(given.generation, &given.seal, &given.subject) else {
            return Err(Trouble::BadAnswer);
        };
        if known.as_ref() == Some(&fresh) {
            return Ok(());
        }
        let json = serde_json::to_string(given).map_err(|_| Trouble::BadAnswer)?;
        self.store.write(|tx| settings::put(tx, KEY, &json))?;
        self.start_lan()
    }

    /// The earliest photo of a person a neighbour told of.
    pub(crate) fn heard_of(&self, campaign: CampaignId, person: &PersonKey) -> Result<Option<AtNeighbour>, Trouble> {
        Ok(self.store.read(|c| heard_of(c, campaign, person))?)
    }

    /// Somebody who sits or waits here was collected at a neighbour meanwhile: the operator is told, and the card says so.
    fn look_whom_it_is_news_of(&self, told: &Told) {
        let (Ok((campaign, _)), Ok(Some(key))) = (self.campaign(), self.store.read(key)) else {
            return;
        };
        let mut news = false;
        {
            let mut desk = self.desk();
            let seated = desk.session.slot().map(|s| s.sitter.key.clone());
            let here: Vec<PersonKey> = desk.session.deck().map(|s| s.key.clone()).chain(seated).collect();
            for person in here {
                let subject = key.subject(campaign.id, &person);
                let of_them = |c: &&::lan::Claim| c.collected && c.campaign == campaign.id && c.subject == subject;
                let Some(claim) = told.claims.iter().find(of_them) else {
                    continue;
                };
                desk.session.mark_collected(&person);
                if let Some(known) = desk.people.get_mut(&person).filter(|k| k.card.collected.is_none()) {
                    known.card.collected = Some(CollectedView::from(AtNeighbour {
                        station: told.name.clone(),
                        at: claim.taken_at,
                    }));
                    news = true;
                }
            }
        }
        if news {
            self.notify("warn", "collected_meanwhile", &[("station", told.name.clone())]);
        }
    }

    /// How many neighbours are heard now.
    pub(crate) fn stations_heard(&self) -> u32 {
        let running = self.lan.running.lock().unwrap_or_else(PoisonError::into_inner);
        let heard = running.as_ref().map_or(0, |r| r.handle.status().stations.len());
        u32::try_from(heard).unwrap_or(u32::MAX)
    }

    /// The LAN on the sync page.
    pub(crate) fn lan_view(&self) -> Result<LanView, Trouble> {
        let off = self.lan.place.is_none() || !self.preferences()?.lan;
        let running = self.lan.running.lock().unwrap_or_else(PoisonError::into_inner);
        let status = running.as_ref().map(|r| r.handle.status());
        drop(running);
        let state = match &status {
            None if off => "off",
            None => "no_key",
            Some(status) => match status.state {
                State::Starting => "starting",
                State::Listening => "listening",
                State::PortTaken => "port_taken",
                State::NoNetwork => "no_network",
            },
        };
        let status = status.unwrap_or_default();
        Ok(LanView {
            state: state.to_owned(),
            stations: status.stations.into_iter().map(|s| s.name).collect(),
            foreign: status.tally.foreign,
        })
    }
}

/// The earliest photo of a person a neighbour told of; without the school's key none can be found.
pub(crate) fn heard_of(
    conn: &Conn,
    campaign: CampaignId,
    person: &PersonKey,
) -> Result<Option<AtNeighbour>, StoreError> {
    let Some(key) = key(conn)? else { return Ok(None) };
    let found = heard::of(conn, campaign, &key.subject(campaign, person).0)?;
    Ok(found.map(|(heard, station)| AtNeighbour { station, at: heard.at }))
}

fn key(conn: &Conn) -> Result<Option<SchoolKey>, StoreError> {
    let kept: Option<LanKey> = settings::get(conn, KEY)?.and_then(|json| serde_json::from_str(&json).ok());
    Ok(kept.and_then(|k| SchoolKey::from_hex(k.generation, &k.seal, &k.subject)))
}

impl Neighbours {
    fn at<T>(&self, work: impl FnOnce(&Arc<Core>) -> Result<T, StoreError>) -> Result<T, ClaimsFailure> {
        // The station is closing.
        let core = self.0.upgrade().ok_or(ClaimsFailure)?;
        work(&core).map_err(|error| {
            tracing::error!(%error, "the store failed while the LAN was served");
            ClaimsFailure
        })
    }
}

impl Claims for Neighbours {
    fn own(&self) -> Result<Mark, ClaimsFailure> {
        self.at(|core| core.store.read(|c| Ok(out(told::last(c)?))))
    }

    fn after(&self, from: Mark, limit: usize) -> Result<::lan::Said, ClaimsFailure> {
        self.at(|core| core.store.read(|c| said(c, from, limit)))
    }

    fn heard(&self) -> Result<Vec<(StationId, Mark)>, ClaimsFailure> {
        let all = self.at(|core| core.store.read(neighbours::all))?;
        Ok(all.into_iter().map(|n| (n.station, out(n.heard))).collect())
    }

    fn take(&self, told: &Told) -> Result<Mark, ClaimsFailure> {
        let mark = self.at(|core| core.store.write(|tx| take(tx, told)))?;
        if let Some(core) = self.0.upgrade() {
            core.look_whom_it_is_news_of(told);
        }
        Ok(mark)
    }

    fn report(&self) {
        if let Some(core) = self.0.upgrade() {
            core.board.bump();
        }
    }
}

fn said(conn: &Conn, from: Mark, limit: usize) -> Result<::lan::Said, StoreError> {
    let known = told::holds(conn, back(from))?;
    let begin = if known { from } else { Mark::default() };
    // One more than asked tells whether there are more.
    let limit = u32::try_from(limit).unwrap_or(u32::MAX - 1);
    let mut lines = told::after(conn, begin.seq, limit + 1)?;
    let more = lines.len() > limit as usize;
    lines.truncate(limit as usize);
    Ok(::lan::Said {
        anew: !known,
        to: lines.last().map_or(begin, |l| out(l.at)),
        more,
        lines: lines.into_iter().map(line).collect(),
    })
}

fn line(line: told::Line) -> ::lan::Line {
    ::lan::Line {
        collected: line.collected,
        campaign: line.campaign,
        person: line.person,
        order: line.order,
        taken_at: line.taken_at,
    }
}

/// Lines that do not follow on what is there change nothing.
fn take(tx: &Tx, told: &Told) -> Result<Mark, StoreError> {
    let known = neighbours::get(tx, told.station)?;
    let stands = known.map_or_else(Mark::default, |n| out(n.heard));
    if stands != told.from {
        return Ok(stands);
    }
    if told.anew {
        heard::forget_station(tx, told.station)?;
    }
    for claim in &told.claims {
        if !claim.collected {
            heard::forget(tx, told.station, claim.order)?;
            continue;
        }
        let photo = Heard {
            campaign: claim.campaign,
            subject: claim.subject.0,
            order: claim.order,
            at: claim.taken_at,
        };
        heard::put(tx, told.station, &photo)?;
    }
    if heard::count(tx, told.station)? > MAX_HEARD {
        return Err(StoreError::TooLarge {
            doing: "noting what a neighbour collected",
            what: "the number of photos",
        });
    }
    let neighbour = Neighbour {
        station: told.station,
        name: told.name.clone(),
        heard: back(told.to),
    };
    neighbours::put(tx, &neighbour)?;
    Ok(told.to)
}

const fn out(mark: told::Mark) -> Mark {
    Mark {
        seq: mark.seq,
        mark: mark.mark,
    }
}

const fn back(mark: Mark) -> told::Mark {
    told::Mark {
        seq: mark.seq,
        mark: mark.mark,
    }
}
