//! How is a replay commanded while it runs? For the rehearsal, the demo's buttons and the tests.
use super::shelf::ReplayError;
use super::tear::Tear;
use super::{Deck, Motion, Table, TearPlan};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// Commands a replay; any number of copies, from any thread. What was commanded holds from the next frame on.
#[derive(Clone)]
pub struct ReplayControl {
    deck: Arc<Deck>,
}

/// One command as text gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplayCommand {
    /// Shows a picture by name and holds it.
    Show(String),
    /// Moves to the next picture.
    Next,
    /// Shows the next picture with each frame; ends a stall.
    Play,
    /// Stays on the picture shown.
    Hold,
    /// Ends a stall.
    Resume,
    /// Sends no frame until resumed.
    Stall,
    /// Tears the next frames.
    Torn(u32),
    /// Pulls the cable.
    Unplug,
    /// Puts the cable back.
    Replug,
    /// The computer sleeps and wakes.
    Sleep,
}

impl FromStr for ReplayCommand {
    type Err = ReplayError;

    fn from_str(text: &str) -> Result<Self, ReplayError> {
        let (verb, rest) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        let rest = rest.trim();
        match (verb, rest) {
            ("show", name) if !name.is_empty() => Ok(Self::Show(name.to_owned())),
            ("torn", count) => count.parse().map(Self::Torn).map_err(|_| ReplayError::Command),
            ("next", "") => Ok(Self::Next),
            ("play", "") => Ok(Self::Play),
            ("hold", "") => Ok(Self::Hold),
            ("resume", "") => Ok(Self::Resume),
            ("stall", "") => Ok(Self::Stall),
            ("unplug", "") => Ok(Self::Unplug),
            ("replug", "") => Ok(Self::Replug),
            ("sleep", "") => Ok(Self::Sleep),
            _ => Err(ReplayError::Command),
        }
    }
}

impl ReplayControl {
    pub(super) fn new(deck: Arc<Deck>) -> Self {
        Self { deck }
    }

    fn change<T>(&self, change: impl FnOnce(&mut Table) -> T) -> T {
        let out = change(&mut self.deck.lock());
        self.deck.changed.notify_all();
        out
    }

    /// Carries out one command.
    ///
    /// # Errors
    /// `Unknown` when there is no picture of that name.
    pub fn apply(&self, command: &ReplayCommand) -> Result<(), ReplayError> {
        match command {
            ReplayCommand::Show(name) => return self.show(name),
            ReplayCommand::Next => self.next(),
            ReplayCommand::Play => self.play(),
            ReplayCommand::Hold => self.hold(),
            ReplayCommand::Resume => self.resume(),
            ReplayCommand::Stall => self.stall(),
            ReplayCommand::Torn(count) => self.torn(*count),
            ReplayCommand::Unplug => self.unplug(),
            ReplayCommand::Replug => self.replug(),
            ReplayCommand::Sleep => self.sleep(),
        }
        Ok(())
    }

    /// Shows the picture of this name and holds it.
    ///
    /// # Errors
    /// `Unknown` when there is none.
    pub fn show(&self, name: &str) -> Result<(), ReplayError> {
        self.change(|table| {
            let index = table.shelf.find(name)?;
            table.hold_on(index);
            Ok(())
        })
    }

    /// Shows the picture at this place (from 0, in name order) and holds it.
    ///
    /// # Errors
    /// `Unknown` when there are not so many.
    pub fn show_index(&self, index: usize) -> Result<(), ReplayError> {
        self.change(|table| {
            if index >= table.shelf.count() {
                return Err(table.shelf.unknown());
            }
            table.hold_on(index);
            Ok(())
        })
    }

    /// Shows a picture that is not on the shelf and holds it; one at a time, the next command to show something ends it.
    ///
    /// # Errors
    /// `NotPlayable` or `OtherSize`: a camera does not change its size while it runs.
    pub fn show_picture(&self, name: &str, jpeg: Arc<[u8]>) -> Result<(), ReplayError> {
        self.change(|table| {
            table.shelf.check(&jpeg)?;
            table.guest = Some((name.to_owned(), jpeg));
            table.motion = Motion::Hold;
            Ok(())
        })
    }

    /// Moves to the next picture, from the last to the first; goes on holding or playing as before.
    pub fn next(&self) {
        self.change(|table| {
            table.guest = None;
            table.at = (table.at + 1) % table.shelf.count();
        });
    }

    /// Shows the next picture with each frame; ends a stall.
    pub fn play(&self) {
        self.change(|table| {
            table.guest = None;
            table.motion = Motion::Play;
            table.stalled = false;
        });
    }

    /// Stays on the picture shown.
    pub fn hold(&self) {
        self.change(|table| table.motion = Motion::Hold);
    }

    /// Sends no frame until [`Self::resume`], as a hung camera does.
    pub fn stall(&self) {
        self.change(|table| table.stalled = true);
    }

    /// Ends a stall.
    pub fn resume(&self) {
        self.change(|table| table.stalled = false);
    }

    /// Tears the next `count` frames, by turns cut in half and spliced with another picture.
    pub fn torn(&self, count: u32) {
        self.change(|table| table.tears = (count > 0).then_some((TearPlan::Alternate, count)));
    }

    /// Tears the next `count` frames in one way.
    pub fn tear(&self, way: Tear, count: u32) {
        self.change(|table| table.tears = (count > 0).then_some((TearPlan::Always(way), count)));
    }

    /// Pulls the cable: the stream ends, and opening fails as absent.
    pub fn unplug(&self) {
        self.change(|table| table.plugged = false);
    }

    /// Puts the cable back.
    pub fn replug(&self) {
        self.change(|table| table.plugged = true);
    }

    /// The computer sleeps and wakes, as far as a camera sees it: what was open stays silent for good, and opening works again.
    pub fn sleep(&self) {
        self.change(|table| table.sleeps += 1);
    }

    /// Name of the picture the next frame shows.
    pub fn current(&self) -> String {
        self.deck.lock().current().to_owned()
    }

    /// Names of all pictures in order.
    pub fn names(&self) -> Vec<String> {
        self.deck.lock().shelf.names()
    }
}

impl Table {
    fn hold_on(&mut self, index: usize) {
        self.guest = None;
        self.at = index;
        self.motion = Motion::Hold;
    }
}

impl fmt::Debug for ReplayControl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Picture names may name people.
        f.debug_struct("ReplayControl").finish_non_exhaustive()
    }
}
