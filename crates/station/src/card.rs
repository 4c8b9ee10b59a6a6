//! What lies on the card of a camera on a cable, and is it all here? Pictures of its own button go to who sat when they came; what the
//! card holds and the station does not, because it was closed or the cable was out, is fetched and lies in the tray. What is not
//! fetched is counted, and stands on the sheet of the day whichever camera is in use by then.
use crate::core::Core;
use crate::trouble::Trouble;
use camera::hotfolder::{Arrival, Seen, Taken};
use camera::{CameraHandle, CameraId, CardFile, CardPicture, Cause, Delivery, gate};
use domain::BlobId;
use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};
use store::{Conn, StoreError, Tx, settings};

const LOOK: Duration = Duration::from_millis(500);
/// How often the card is listed besides: what came onto it without a word is found by then.
const LISTED_EVERY: Duration = Duration::from_secs(30);
/// What could not be kept now is looked for again after this time.
const AGAIN: Duration = Duration::from_secs(5);
/// A file that comes damaged is fetched so often; then it is for a person to look at, and the sheet says so.
const MAX_TRIES: u32 = 3;
/// More unknown pictures than this on a card without a single known one were not taken here: it is another card. They are left alone,
/// and counted until the usual card is back or a person says what they are: it may as well be a fresh one that was filled while the
/// cable was out.
const MAX_FETCHED: usize = 200;
/// What the count of a camera's missing pictures is kept under, and that of a card nobody knows.
const MISSING: &str = "card_missing:";
const OTHER: &str = "card_other:";

/// What is being fetched. In memory only: it begins anew with each list of the card.
#[derive(Debug, Default)]
pub(crate) struct Fetching {
    waiting: VecDeque<CardFile>,
    is_under_way: bool,
    again: Option<Instant>,
    damaged: HashMap<CardFile, u32>,
}

/// The card of a camera in the store: by its model, and by its serial number where it tells one. Two of one model number their
/// pictures alike.
fn card(camera: &CameraId, body: &str) -> String {
    match body {
        "" => camera.to_string(),
        body => format!("{camera}#{body}"),
    }
}

/// The key of a file in the store. Names begin anew on a new card, so the length belongs to it.
fn key(camera: &CameraId, file: &CardFile, bytes: u64) -> String {
    let mark = BlobId(photo::sha256(format!("{} {bytes}", file.path).as_bytes())).hex();
    let card = card(camera, &file.body);
    format!("card:{card}:{}", mark.get(..24).unwrap_or_default())
}

fn known_key(card: &str) -> String {
    format!("card:{card}")
}

fn missing_key(card: &str) -> String {
    format!("{MISSING}{card}")
}

fn other_key(card: &str) -> String {
    format!("{OTHER}{card}")
}

/// What a person said of a card nobody knows, with the number of pictures they saw: of another number they said nothing.
fn said_key(card: &str) -> String {
    format!("card_said:{card}")
}

/// What is to become of the pictures of a card nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardWish {
    /// They were taken here: they are fetched to the tray.
    Fetch,
    /// They were not: they are left alone.
    Pass,
}

impl CardWish {
    const fn id(self) -> &'static str {
        match self {
            Self::Fetch => "fetch",
            Self::Pass => "pass",
        }
    }

    /// Reads the word.
    pub fn from_id(id: &str) -> Option<Self> {
        [Self::Fetch, Self::Pass].into_iter().find(|w| w.id() == id)
    }
}

/// Notes within a transaction that a file of the card is kept here.
pub(crate) fn hold(tx: &Tx, camera: &CameraId, file: &CardFile, bytes: u64) -> Result<(), StoreError> {
    settings::put(tx, &key(camera, file, bytes), "held")
}

/// How many pictures of the cards were not here when each was last listed, of every camera that was ever used; none without one.
pub(crate) fn missing(conn: &Conn) -> Result<u32, StoreError> {
    sum(conn, MISSING)
}

/// The same of cards nobody knows.
pub(crate) fn unknown(conn: &Conn) -> Result<u32, StoreError> {
    sum(conn, OTHER)
}

fn sum(conn: &Conn, prefix: &str) -> Result<u32, StoreError> {
    let counts = settings::beginning(conn, prefix)?;
    let number = |(_, text): &(String, String)| text.parse::<u32>().unwrap_or(0);
    Ok(counts.iter().map(number).fold(0, u32::saturating_add))
}

fn count_of(conn: &Conn, key: &str) -> Result<u32, StoreError> {
    let text = settings::get(conn, key)?;
    Ok(text.and_then(|t| t.parse().ok()).unwrap_or(0))
}

/// What the list of a card comes to.
#[derive(Debug, PartialEq, Eq)]
enum Listed {
    /// The first one ever: all that is there was taken before.
    First,
    /// These are not here and are fetched.
    Gap,
    /// Another card, full of pictures nobody knows.
    Other,
}

/// What a card is that was `known` before, of whose pictures so many are here and so many missing, when a person said so of it.
fn listed(known: bool, here: usize, missing: usize, said: Option<CardWish>) -> Listed {
    match (known, here, missing, said) {
        (false, _, _, _) => Listed::First,
        (true, 0, missing, None) if missing > MAX_FETCHED => Listed::Other,
        (true, 0, missing, Some(CardWish::Pass)) if missing > MAX_FETCHED => Listed::First,
        (true, _, _, _) => Listed::Gap,
    }
}

impl Core {
    /// Takes what a camera with a card hands over. Runs on the card thread until the station closes.
    pub(crate) fn watch_card(&self) {
        let mut fetching = Fetching::default();
        while !self.is_stopping() {
            let Some(seat) = self.seat().filter(|s| s.handle.has_own_shutter()) else {
                std::thread::sleep(LOOK);
                continue;
            };
            let camera = seat.handle.as_ref();
            match camera.next_delivery(LOOK) {
                Some(delivery) => {
                    if let Err(trouble) = self.take_delivery(camera, delivery, &mut fetching) {
                        self.notify("error", "picture_not_kept", &[("detail", trouble.to_string())]);
                        fetching.again = Some(Instant::now() + AGAIN);
                    }
                }
                None => {
                    let now = Instant::now();
                    let due = *fetching.again.get_or_insert(now + LISTED_EVERY);
                    if now >= due {
                        fetching.again = None;
                        camera.list_card();
                    }
                }
            }
            fetching.go_on(camera);
        }
    }

    fn take_delivery(&self, camera: &CameraHandle, delivery: Delivery, fetching: &mut Fetching) -> Result<(), Trouble> {
        match delivery {
            Delivery::Card { body, files } => {
                let missing = self.reconcile(camera.id(), &body, &files)?;
                let given_up = |file: &CardFile| fetching.damaged.get(file).is_some_and(|tries| *tries >= MAX_TRIES);
                fetching.waiting = missing.into_iter().filter(|f| !given_up(f)).collect();
                fetching.is_under_way = false;
            }
            Delivery::None { cause, why } => {
                fetching.is_under_way &= cause != Cause::Fetched;
                fetching.again = Some(Instant::now() + AGAIN);
                self.notify("warn", "card_picture", &[("detail", why)]);
            }
            Delivery::Picture(picture) => {
                fetching.is_under_way &= picture.cause != Cause::Fetched;
                self.take_from_card(camera.id(), picture, fetching)?;
            }
        }
        Ok(())
    }

    /// The pictures of the card that are not here and are to be fetched. At first use all that is there was taken before.
    fn reconcile(&self, camera: &CameraId, body: &str, files: &[(CardFile, u64)]) -> Result<Vec<CardFile>, Trouble> {
        let card = card(camera, body);
        let (known, said, missing) = self.store.read(|c| {
            let known = settings::get(c, &known_key(&card))?.is_some();
            let said = settings::get(c, &said_key(&card))?;
            let mut missing = Vec::new();
            for (file, bytes) in files {
                if settings::get(c, &key(camera, file, *bytes))?.is_none() {
                    missing.push((file.clone(), *bytes));
                }
            }
            Ok((known, said, missing))
        })?;
        let count = missing.len();
        let said = said.and_then(|said| {
            let (wish, of) = said.split_once(' ')?;
            (of == count.to_string()).then(|| CardWish::from_id(wish))?
        });
        match listed(known, files.len() - count, count, said) {
            Listed::First => {
                self.store.write(|tx| {
                    settings::put(tx, &known_key(&card), "known")?;
                    settings::put(tx, &missing_key(&card), "0")?;
                    settings::forget(tx, &other_key(&card))?;
                    settings::forget(tx, &said_key(&card))?;
                    missing
                        .iter()
                        .try_for_each(|(file, bytes)| settings::put(tx, &key(camera, file, *bytes), "passed"))
                })?;
                if count > 0 {
                    self.notify("info", "card_passed", &[("count", count.to_string())]);
                }
                Ok(Vec::new())
            }
            Listed::Gap => {
                self.note_count(&other_key(&card), 0, "card_other")?;
                self.note_count(&missing_key(&card), count, "card_gap")?;
                Ok(missing.into_iter().map(|(file, _)| file).collect())
            }
            Listed::Other => {
                self.note_count(&missing_key(&card), 0, "card_gap")?;
                self.note_count(&other_key(&card), count, "card_other")?;
                Ok(Vec::new())
            }
        }
    }

    /// What the pictures of the cards nobody knows are: taken here, or not.
    pub fn settle_card(&self, wish: CardWish) -> Result<(), Trouble> {
        let others = self.store.read(|c| settings::beginning(c, OTHER))?;
        self.store.write(|tx| {
            others
                .iter()
                .filter(|(_, count)| count != "0")
                .try_for_each(|(key, count)| {
                    let card = key.get(OTHER.len()..).unwrap_or_default();
                    settings::put(tx, &said_key(card), &format!("{} {count}", wish.id()))?;
                    match wish {
                        CardWish::Fetch => Ok(()),
                        CardWish::Pass => settings::put(tx, key, "0"),
                    }
                })
        })?;
        if let Some(seat) = self.seat().filter(|s| s.handle.has_own_shutter()) {
            seat.handle.list_card();
        }
        self.board.bump();
        Ok(())
    }

    /// Writes down how many are missing; says so when they were not before.
    fn note_count(&self, key: &str, count: usize, code: &str) -> Result<(), Trouble> {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        let before = self.store.read(|c| count_of(c, key))?;
        if before != count {
            self.store.write(|tx| settings::put(tx, key, &count.to_string()))?;
            if before < count {
                self.notify("warn", code, &[("count", count.to_string())]);
            }
            self.board.bump();
        }
        Ok(())
    }

    fn take_from_card(&self, camera: &CameraId, picture: CardPicture, fetching: &mut Fetching) -> Result<(), Trouble> {
        let bytes = picture.jpeg.len() as u64;
        let Ok(size) = gate::strict(&picture.jpeg, None) else {
            *fetching.damaged.entry(picture.file).or_insert(0) += 1;
            fetching.again = Some(Instant::now() + AGAIN);
            self.notify("warn", "card_picture", &[("detail", "it came damaged".to_owned())]);
            return Ok(());
        };
        let sha256 = photo::sha256(&picture.jpeg);
        if !self.store.blobs().has(&BlobId(sha256)) {
            let seen = match picture.cause {
                Cause::Button => Seen::Told(picture.appeared),
                // Whoever sat when it was taken is not known any more: it lay on the card, or the shot it was asked for was given up.
                Cause::Asked(_) | Cause::Fetched => Seen::Before,
            };
            let arrival = Arrival {
                jpeg: picture.jpeg,
                size,
                sha256,
                seen,
            };
            if self.receive(arrival)? == Taken::Later {
                fetching.again = Some(Instant::now() + AGAIN);
                return Ok(());
            }
        }
        self.store.write(|tx| hold(tx, camera, &picture.file, bytes))?;
        if picture.cause == Cause::Fetched {
            let missing = missing_key(&card(camera, &picture.file.body));
            let left = self.store.read(|c| count_of(c, &missing))?.saturating_sub(1);
            self.note_count(&missing, left as usize, "card_gap")?;
        }
        Ok(())
    }
}

impl Fetching {
    /// One file at a time: a shot must not wait behind a whole card.
    fn go_on(&mut self, camera: &CameraHandle) {
        if !self.is_under_way
            && let Some(file) = self.waiting.pop_front()
        {
            self.is_under_way = true;
            camera.fetch(file);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_never_taken_for_another_card() {
        assert_eq!(listed(false, 0, 3000, None), Listed::First);
        assert_eq!(listed(true, 0, 0, None), Listed::Gap);
        assert_eq!(listed(true, 0, 200, None), Listed::Gap);
        // The cable was out for a morning; some of the card is here.
        assert_eq!(listed(true, 1, 900, None), Listed::Gap);
        assert_eq!(listed(true, 0, 201, None), Listed::Other);
    }

    #[test]
    fn of_a_card_nobody_knows_a_person_says_what_it_is() {
        assert_eq!(listed(true, 0, 201, Some(CardWish::Fetch)), Listed::Gap);
        assert_eq!(listed(true, 0, 201, Some(CardWish::Pass)), Listed::First);
        // What was said of another card never passes over a gap of this one.
        assert_eq!(listed(true, 1, 201, Some(CardWish::Pass)), Listed::Gap);
        assert_eq!(listed(true, 0, 7, Some(CardWish::Pass)), Listed::Gap);
        assert_eq!(CardWish::from_id("pass"), Some(CardWish::Pass));
        assert_eq!(CardWish::from_id("all"), None);
    }

    #[test]
    fn two_cameras_of_one_model_are_two() {
        let camera = CameraId::Tethered("Nikon DSC D750".to_owned());
        let file = |body: &str| CardFile {
            body: body.to_owned(),
            path: "/store_00010001/DCIM/100D750/DSC_0001.JPG".to_owned(),
        };
        let key = |body| key(&camera, &file(body), 9_000_000);
        assert_ne!(key("0041"), key("0042"));
        assert_ne!(key(""), key("0042"));
        assert!(key("").starts_with("card:tether:Nikon DSC D750:"));
    }
}
