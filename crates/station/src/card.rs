//! What lies on the card of a camera on a cable, and is it all here? Pictures of its own button go to who sat when they came; what the
//! card holds and the station does not, because it was closed or the cable was out, is fetched and lies in the tray.
use crate::core::Core;
use crate::folder::Whose;
use crate::trouble::Trouble;
use camera::hotfolder::{Arrival, Taken};
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
/// More unknown pictures than this at once were not taken here: it is another card. They are left alone.
const MAX_FETCHED: usize = 200;

/// What is being fetched. In memory only: it begins anew with each list of the card.
#[derive(Debug, Default)]
pub(crate) struct Fetching {
    waiting: VecDeque<CardFile>,
    is_under_way: bool,
    again: Option<Instant>,
    damaged: HashMap<CardFile, u32>,
}

/// The key of a file in the store. Names begin anew on a new card, so the length belongs to it.
fn key(camera: &CameraId, file: &CardFile, bytes: u64) -> String {
    let mark = BlobId(photo::sha256(format!("{} {bytes}", file.0).as_bytes())).hex();
    format!("card:{camera}:{}", mark.get(..24).unwrap_or_default())
}

fn known_key(camera: &CameraId) -> String {
    format!("card:{camera}")
}

fn missing_key(camera: &CameraId) -> String {
    format!("card_missing:{camera}")
}

/// Notes within a transaction that a file of the card is kept here.
pub(crate) fn hold(tx: &Tx, camera: &CameraId, file: &CardFile, bytes: u64) -> Result<(), StoreError> {
    settings::put(tx, &key(camera, file, bytes), "held")
}

/// How many pictures of the card were not here when it was last listed.
pub(crate) fn missing(conn: &Conn, camera: &CameraId) -> Result<u32, StoreError> {
    let text = settings::get(conn, &missing_key(camera))?;
    Ok(text.and_then(|t| t.parse().ok()).unwrap_or(0))
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
            Delivery::Card(files) => {
                let missing = self.reconcile(camera.id(), &files)?;
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

    /// The pictures of the card that are not here. At first use all that is there was taken before; so was a whole other card's.
    fn reconcile(&self, camera: &CameraId, files: &[(CardFile, u64)]) -> Result<Vec<CardFile>, Trouble> {
        let (known, missing) = self.store.read(|c| {
            let known = settings::get(c, &known_key(camera))?.is_some();
            let mut missing = Vec::new();
            for (file, bytes) in files {
                if settings::get(c, &key(camera, file, *bytes))?.is_none() {
                    missing.push((file.clone(), *bytes));
                }
            }
            Ok((known, missing))
        })?;
        if known && missing.len() <= MAX_FETCHED {
            self.note_missing(camera, u32::try_from(missing.len()).unwrap_or(u32::MAX))?;
            return Ok(missing.into_iter().map(|(file, _)| file).collect());
        }
        self.store.write(|tx| {
            settings::put(tx, &known_key(camera), "known")?;
            settings::put(tx, &missing_key(camera), "0")?;
            missing
                .iter()
                .try_for_each(|(file, bytes)| settings::put(tx, &key(camera, file, *bytes), "passed"))
        })?;
        if !missing.is_empty() {
            self.notify("info", "card_passed", &[("count", missing.len().to_string())]);
        }
        Ok(Vec::new())
    }

    fn note_missing(&self, camera: &CameraId, count: u32) -> Result<(), Trouble> {
        if self.store.read(|c| missing(c, camera))? != count {
            self.store
                .write(|tx| settings::put(tx, &missing_key(camera), &count.to_string()))?;
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
            let whose = match picture.cause {
                Cause::Asked | Cause::Button => Whose::Seated,
                // Whoever sat when it was taken is not known any more.
                Cause::Fetched => Whose::Nobody,
            };
            let arrival = Arrival {
                jpeg: picture.jpeg,
                size,
                sha256,
                appeared: picture.appeared,
            };
            if self.receive(arrival, whose)? == Taken::Later {
                fetching.again = Some(Instant::now() + AGAIN);
                return Ok(());
            }
        }
        self.store.write(|tx| hold(tx, camera, &picture.file, bytes))?;
        if picture.cause == Cause::Fetched {
            let left = self.store.read(|c| missing(c, camera))?;
            self.note_missing(camera, left.saturating_sub(1))?;
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
