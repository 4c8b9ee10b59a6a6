//! One open camera, from its first live picture to its end: commands in, pictures out, one after the other.
use crate::device::{CardFile, Device, Refused};
use crate::message::{Cause, Command, Event, Failure, Live, write};
use std::collections::{HashSet, VecDeque};
use std::io::{BufRead, Write};
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};
use std::time::{Duration, Instant};

/// Something is said at least this often, so that the station can tell a camera at rest from a hung one.
const HEARTBEAT: Duration = Duration::from_millis(500);
/// How long the card is listened to at once; with a live picture only now and then, for it waits meanwhile.
const REST_MS: i32 = 50;
const BETWEEN_LOOKS: Duration = Duration::from_millis(200);
/// A camera set to raw and JPEG names the raw file first: how long its JPEG is waited for.
const JPEG_AFTER_RAW: Duration = Duration::from_secs(5);
/// Shortest time between two live pictures: 30 a second are shown.
const LIVE_EVERY: Duration = Duration::from_millis(33);
/// Live pictures that fail one after the other before the camera counts as lost.
const MAX_BLANKS: u32 = 40;
const BLANK: Duration = Duration::from_millis(50);
/// Pictures of the camera's button that wait at most; others are found by the card's list.
const MAX_COMING: usize = 64;
/// Commands that wait.
const QUEUE: usize = 64;
/// Longest time from the station's end to ours: a driver that hangs must not hold the camera when nobody is left to kill it.
const ORPHANED: Duration = Duration::from_secs(10);

/// Reads the commands of standard input on a thread of its own. It ends when the station closes it, and with it the session.
pub(crate) fn commands() -> Receiver<Command> {
    let (tell, hear) = sync_channel(QUEUE);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            // What is not understood is passed over: the station may be newer.
            if let Ok(command) = line.parse()
                && tell.send(command).is_err()
            {
                return;
            }
        }
        drop(tell);
        std::thread::sleep(ORPHANED);
        std::process::exit(1);
    });
    hear
}

/// Serves the camera until it is told to end.
pub(crate) fn run(
    device: &Device,
    model: &str,
    commands: Receiver<Command>,
    out: &mut impl Write,
) -> Result<(), Failure> {
    // In the camera's own memory a picture is gone with the next one. Cameras without the setting have a card only.
    let _ = device.choose("capturetarget", |choice| choice.to_ascii_lowercase().contains("card"));
    let first = live_picture(device)?;
    let mut session = Session {
        device,
        out,
        given: HashSet::new(),
        coming: VecDeque::new(),
        has_live: first.is_some(),
        live: first.is_some(),
        blanks: 0,
        said: Instant::now(),
        sent: Instant::now(),
        looked: Instant::now(),
    };
    session.say(
        &Event::Opened {
            model,
            serial: device.setting("serialnumber"),
            has_live: first.is_some(),
        },
        &[],
    )?;
    session.card()?;
    loop {
        match commands.try_recv() {
            Ok(Command::Quit) | Err(TryRecvError::Disconnected) => return Ok(()),
            Ok(command) => session.carry_out(&command)?,
            Err(TryRecvError::Empty) => session.look()?,
        }
    }
}

/// A live picture, or none where the camera has no such thing.
fn live_picture(device: &Device) -> Result<Option<Vec<u8>>, Refused> {
    match device.preview() {
        Ok(jpeg) => Ok(Some(jpeg)),
        Err(refused) if refused.is_loss() => Err(refused),
        Err(_) => Ok(None),
    }
}

struct Session<'a, W> {
    device: &'a Device,
    out: &'a mut W,
    /// Pictures that were handed over: a camera may tell of one twice.
    given: HashSet<CardFile>,
    /// Pictures of the camera's button that are still to be fetched, and when it told of each.
    coming: VecDeque<(CardFile, Instant)>,
    has_live: bool,
    live: bool,
    blanks: u32,
    said: Instant,
    sent: Instant,
    looked: Instant,
}

impl<W: Write> Session<'_, W> {
    fn say(&mut self, event: &Event<'_>, bytes: &[u8]) -> Result<(), Failure> {
        self.said = Instant::now();
        Ok(write(self.out, event, bytes)?)
    }

    fn carry_out(&mut self, command: &Command) -> Result<(), Failure> {
        match command {
            Command::Shoot(number) => self.shoot(*number),
            Command::Live(Live::On) => {
                self.live = self.has_live;
                Ok(())
            }
            Command::Live(Live::Off) => {
                self.live = false;
                Ok(())
            }
            Command::Card => self.card(),
            Command::Fetch(file) => self.hand_over(file, Cause::Fetched, Instant::now(), None),
            Command::Quit => Ok(()),
        }
    }

    /// One live picture, and what the card has to tell.
    fn look(&mut self) -> Result<(), Failure> {
        if self.live {
            self.send_live()?;
        }
        if !self.live || self.looked.elapsed() >= BETWEEN_LOOKS {
            let most_ms = if self.live { 1 } else { REST_MS };
            self.looked = Instant::now();
            self.listen(most_ms)?;
        }
        // One at a time: a release must not wait behind a whole burst.
        if let Some((file, told)) = self.coming.pop_front() {
            self.hand_over(&file, Cause::Button, told, None)?;
        }
        if self.said.elapsed() >= HEARTBEAT {
            self.say(&Event::Alive, &[])?;
        }
        Ok(())
    }

    fn send_live(&mut self) -> Result<(), Failure> {
        std::thread::sleep(LIVE_EVERY.saturating_sub(self.sent.elapsed()));
        self.sent = Instant::now();
        match self.device.preview() {
            Ok(jpeg) => {
                self.blanks = 0;
                self.say(&Event::Live, &jpeg)
            }
            Err(refused) if refused.is_loss() || self.blanks >= MAX_BLANKS => Err(refused.into()),
            // Busy with its mirror, its lens or its card: it comes back by itself.
            Err(_) => {
                self.blanks += 1;
                std::thread::sleep(BLANK);
                Ok(())
            }
        }
    }

    /// Files that came onto the card without being asked for: the camera's own button. All the camera has to tell is heard before the
    /// first is fetched, so that each has the moment at which it was told of.
    fn listen(&mut self, most_ms: i32) -> Result<(), Failure> {
        let mut most_ms = most_ms;
        while let Some(file) = self.device.wait(most_ms)? {
            most_ms = 1;
            let is_new = !self.given.contains(&file) && self.coming.iter().all(|(known, _)| *known != file);
            if file.is_jpeg() && is_new {
                self.coming.push_back((file, Instant::now()));
            }
            if self.coming.len() >= MAX_COMING {
                break;
            }
        }
        Ok(())
    }

    fn shoot(&mut self, number: u64) -> Result<(), Failure> {
        let cause = Cause::Asked(number);
        let asked = Instant::now();
        match self.device.capture() {
            Ok(file) if file.is_jpeg() => {
                self.coming.retain(|(known, _)| *known != file);
                self.hand_over(&file, cause, Instant::now(), Some(asked.elapsed()))
            }
            Ok(_) => self.jpeg_beside(cause),
            Err(refused) if refused.is_loss() => {
                self.none(cause, &refused)?;
                Err(refused.into())
            }
            Err(refused) => self.none(cause, &refused),
        }
    }

    /// The camera named a raw file: the JPEG of the same release comes right behind it, or it makes none.
    fn jpeg_beside(&mut self, cause: Cause) -> Result<(), Failure> {
        let end = Instant::now() + JPEG_AFTER_RAW;
        while Instant::now() < end {
            if let Some(file) = self.device.wait(REST_MS)?
                && file.is_jpeg()
                && !self.given.contains(&file)
            {
                return self.hand_over(&file, cause, Instant::now(), None);
            }
        }
        self.say(
            &Event::NoPicture {
                cause,
                why: "the camera wrote a raw file and no JPEG; set it to JPEG".to_owned(),
            },
            &[],
        )
    }

    fn hand_over(
        &mut self,
        file: &CardFile,
        cause: Cause,
        told: Instant,
        took: Option<Duration>,
    ) -> Result<(), Failure> {
        match self.device.fetch(file) {
            Ok(jpeg) => {
                self.given.insert(file.clone());
                let ago = told.elapsed();
                self.say(&Event::Picture { cause, file, ago, took }, &jpeg)
            }
            Err(refused) if refused.is_loss() => {
                self.none(cause, &refused)?;
                Err(refused.into())
            }
            Err(refused) => self.none(cause, &refused),
        }
    }

    fn none(&mut self, cause: Cause, refused: &Refused) -> Result<(), Failure> {
        let why = refused.to_string();
        self.say(&Event::NoPicture { cause, why }, &[])
    }

    fn card(&mut self) -> Result<(), Failure> {
        let (mut said, out) = (self.said, &mut *self.out);
        let mut beat = || {
            if said.elapsed() >= HEARTBEAT {
                said = Instant::now();
                // Whoever no longer listens is noticed with the list.
                let _ = write(out, &Event::Alive, &[]);
            }
        };
        let files = match self.device.card(&mut beat) {
            Ok(files) => files,
            Err(refused) if refused.is_loss() => return Err(refused.into()),
            // No card, or one that cannot be read: the station asks again later.
            Err(_) => return Ok(()),
        };
        self.say(&Event::Card(&files), &[])
    }
}
