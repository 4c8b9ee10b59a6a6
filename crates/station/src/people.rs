//! Who is in front of the camera: scans, searches, the deck, and the guard against collecting somebody twice.
use crate::core::Core;
use crate::desk::{Known, Undo};
use crate::names::name_keys;
use crate::session::{Scanned, Sitter};
use crate::trouble::Trouble;
use crate::view;
use domain::code::CollectionCode;
use domain::{Campaign, PersonKey, RosterEntry, Subject};
use ipc::{CollectedView, PersonCard};
use store::people::{self, Person};
use store::slots::{self, NewSlot};
use store::{collected, orders};

/// Longest name or note of a temporary entry.
const MAX_NAME_CHARS: usize = 60;
/// People shown as coming next.
const RUNNING_ORDER: u32 = 6;

impl Core {
    /// A code was scanned on purpose, with the gun or from a picture file. Any bytes are a collection code but those of another use.
    pub fn scan(&self, payload: &[u8]) -> Result<(), Trouble> {
        let (campaign, _) = self.campaign()?;
        self.seat_scanned(&campaign, payload)
    }

    /// Seats the person of a code, or puts them on deck.
    pub(crate) fn seat_code(&self, payload: &[u8]) -> Result<(), Trouble> {
        let _turn = self.turn();
        let (campaign, _) = self.campaign()?;
        let person = if campaign.job.is_blind() {
            let code = CollectionCode::new(payload)?;
            self.person_of_code(&campaign, &code)?
        } else {
            let number = std::str::from_utf8(payload).map_err(|_| Trouble::NotOnRoster)?;
            self.person_of_number(&campaign, number)?
        };
        self.seat_person(&campaign, person)
    }

    /// A person chosen from the search or the running order, or confirmed by Enter when collected before.
    pub fn choose(&self, key: &str) -> Result<(), Trouble> {
        let _turn = self.turn();
        let (campaign, _) = self.campaign()?;
        let key = PersonKey::from_text(key).ok_or(Trouble::NoSuch("person"))?;
        if self.desk().session.slot().is_some_and(|s| s.sitter.key == key) {
            let mut desk = self.desk();
            desk.session.confirm()?;
            desk.session.unlock();
            drop(desk);
            self.board.bump();
            return Ok(());
        }
        let person = self
            .store
            .read(|c| people::get(c, campaign.id, &key))?
            .ok_or(Trouble::NoSuch("person"))?;
        self.seat_person(&campaign, person)
    }

    /// Someone who is not on the roster; merged later.
    pub fn add_temporary(&self, name: &str, note: &str) -> Result<(), Trouble> {
        let _turn = self.turn();
        let (campaign, _) = self.campaign()?;
        if campaign.job.is_blind() {
            return Err(domain::Refused::WrongPersonKey.into());
        }
        let (name, note) = (name.trim(), note.trim());
        if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || note.chars().count() > MAX_NAME_CHARS {
            return Err(Trouble::Bad("a name has 1 to 60 characters, a note at most 60"));
        }
        let subject = Subject {
            name: Some(name.to_owned()),
            class: (!note.is_empty()).then(|| note.to_owned()),
            ..Subject::default()
        };
        let key = PersonKey::Temporary(self.uuid().to_string());
        let person = person_row(RosterEntry { key, subject }, u32::MAX >> 1);
        self.store
            .write(|tx| people::put(tx, campaign.id, &person).map(|_| ()))?;
        self.seat_person(&campaign, person)
    }

    /// Takes a person off the deck.
    pub fn remove_on_deck(&self, key: &str) -> Result<(), Trouble> {
        let key = PersonKey::from_text(key).ok_or(Trouble::NoSuch("person"))?;
        self.desk().session.remove(&key).ok_or(Trouble::NoSuch("person"))?;
        self.board.bump();
        Ok(())
    }

    /// People found by pinyin, name, student number or the last four digits.
    pub fn search(&self, query: &str, limit: u32) -> Result<Vec<PersonCard>, Trouble> {
        let (campaign, _) = self.campaign()?;
        let found = self
            .store
            .read(|c| people::search(c, campaign.id, query, limit.min(people::MAX_HITS)))?;
        found.iter().map(|p| self.card(&campaign, p)).collect()
    }

    /// Refreshes who comes next by the roster.
    pub(crate) fn refresh_running_order(&self) -> Result<(), Trouble> {
        let Ok((campaign, _)) = self.campaign() else {
            return Ok(());
        };
        let cards = if campaign.job.is_blind() {
            Vec::new()
        } else {
            let next = self
                .store
                .read(|c| people::running_order(c, campaign.id, None, RUNNING_ORDER))?;
            next.iter().map(|p| self.card(&campaign, p)).collect::<Result<_, _>>()?
        };
        self.desk().running_order = cards;
        Ok(())
    }

    /// The person of a collection code; met for the first time, they are remembered with what the decoder says.
    pub(crate) fn person_of_code(&self, campaign: &Campaign, code: &CollectionCode) -> Result<Person, Trouble> {
        let key = PersonKey::Code(code.hash());
        if let Some(known) = self.store.read(|c| people::get(c, campaign.id, &key))? {
            return Ok(known);
        }
        let decoded = self.decoder.decode(code);
        let subject = Subject {
            masked_name: decoded.masked_name,
            masked_id: decoded.masked_id,
            ..Subject::default()
        };
        let position = self.store.read(|c| people::count(c, campaign.id))?;
        let person = person_row(RosterEntry { key, subject }, position);
        self.store
            .write(|tx| people::put(tx, campaign.id, &person).map(|_| ()))?;
        Ok(person)
    }

    /// The one person of the roster whose student, exam or ID number this is.
    pub(crate) fn person_of_number(&self, campaign: &Campaign, text: &str) -> Result<Person, Trouble> {
        let number = text.trim();
        if number.is_empty() || number.len() > domain::code::MAX_PAYLOAD_BYTES {
            return Err(Trouble::NotOnRoster);
        }
        let by_key = PersonKey::Roster(number.to_owned());
        if let Some(person) = self.store.read(|c| people::get(c, campaign.id, &by_key))? {
            return Ok(person);
        }
        let is = |field: &Option<String>| field.as_deref().is_some_and(|f| f.eq_ignore_ascii_case(number));
        let mut found = self.store.read(|c| people::by_id_number(c, campaign.id, number))?;
        if found.is_empty() {
            found = self
                .store
                .read(|c| people::search(c, campaign.id, number, people::MAX_HITS))?;
            found.retain(|p| is(&p.entry.subject.student_number) || is(&p.entry.subject.exam_number));
        }
        let mut found = found.into_iter();
        match (found.next(), found.next()) {
            (Some(only), None) => Ok(only),
            // Two people with one number: never picked by the machine.
            _ => Err(Trouble::NotOnRoster),
        }
    }

    /// Seats a person, or puts them on deck.
    pub(crate) fn seat_person(&self, campaign: &Campaign, person: Person) -> Result<(), Trouble> {
        let card = self.card(campaign, &person)?;
        let key = person.entry.key.clone();
        let recall = card.recall.as_ref().and_then(|r| r.order_id.parse().ok());
        let sitter = Sitter {
            key: key.clone(),
            collected: card.collected.is_some(),
            recall,
        };
        let name = card
            .name
            .clone()
            .or_else(|| card.code_short.clone())
            .unwrap_or_default();
        let already = card.collected.is_some() && card.recall.is_none();
        let scanned = {
            let mut desk = self.desk();
            let scanned = desk.session.scan(sitter)?;
            if scanned != Scanned::Known {
                desk.people.insert(
                    key.clone(),
                    Known {
                        subject: person.entry.subject,
                        card,
                    },
                );
                desk.undo = Some(Undo::Scan { key });
            }
            scanned
        };
        match scanned {
            Scanned::Known => self.notify("info", "already_here", &[("name", name)]),
            Scanned::OnDeck => self.board.bump(),
            Scanned::Sits => self.seat_next(campaign)?,
        }
        if already && scanned != Scanned::Known {
            self.notify("warn", "already_collected", &[]);
        }
        Ok(())
    }

    /// Opens a slot for the first on deck, when the chair is free.
    pub(crate) fn seat_next(&self, campaign: &Campaign) -> Result<(), Trouble> {
        let next = self.desk().session.next().cloned();
        if let Some(sitter) = next {
            let slot = NewSlot {
                campaign: campaign.id,
                person: sitter.key,
                retake_of: sitter.recall,
                opened_at: self.now(),
            };
            let id = self.store.write(|tx| slots::open(tx, &slot))?;
            self.desk().session.open(id.0);
        }
        {
            let mut desk = self.desk();
            let seated = desk.session.slot().map(|s| s.id);
            desk.turns.seated(seated, std::time::Instant::now());
        }
        self.refresh_running_order()?;
        self.board.bump();
        Ok(())
    }

    /// A person with everything the operator must know before the shutter.
    pub(crate) fn card(&self, campaign: &Campaign, person: &Person) -> Result<PersonCard, Trouble> {
        let entry = &person.entry;
        let (earlier, past, namesakes) = self.store.read(|c| {
            let namesakes = match &entry.subject.name {
                Some(name) => people::namesakes(c, campaign.id, name)?,
                None => 0,
            };
            Ok((
                collected::of(c, campaign.id, &entry.key)?,
                orders::by_person(c, campaign.id, &entry.key)?,
                namesakes,
            ))
        })?;
        let recall = past.iter().find_map(|o| view::recall_view(&o.order));
        let neighbour = self.heard_of(campaign.id, &entry.key)?;
        let collected = earlier.last().map(|c| {
            let order = past.iter().find(|o| Some(o.order.id) == c.order);
            let elsewhere = order.is_none();
            CollectedView {
                order_id: order.map(|o| o.order.id.to_string()),
                order_number: order.map(|o| o.order.number.to_string()),
                at_ms: c.at.0,
                elsewhere,
                // The center tells when, a neighbour whose word stands beside it where.
                station: neighbour.as_ref().filter(|_| elsewhere).map(|n| n.station.clone()),
            }
        });
        let collected = collected.or_else(|| neighbour.map(CollectedView::from));
        Ok(view::person_card(
            &entry.key,
            &entry.subject,
            collected,
            recall,
            namesakes > 1,
        ))
    }
}

/// A person with the columns they are searched by.
pub(crate) fn person_row(entry: RosterEntry, position: u32) -> Person {
    let name = entry
        .subject
        .name
        .as_deref()
        .or(entry.subject.masked_name.as_deref())
        .unwrap_or_default();
    let keys = name_keys(name);
    let list = |text: &str| text.split(' ').filter(|p| !p.is_empty()).map(str::to_owned).collect();
    Person {
        position,
        pinyin_full: list(&keys.full),
        pinyin_initials: list(&keys.initials),
        entry,
    }
}
