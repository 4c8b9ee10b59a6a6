//! Before the day: campaigns, rosters, the camera, preferences, the operator.
use crate::core::{Core, Seat};
use crate::people::person_row;
use crate::seek::CAMERA;
use crate::trigger::Triggers;
use crate::trouble::Trouble;
use crate::{prefs, view};
use camera::controls::Settings;
use camera::replay::{Pace, Replay, ReplayCommand};
use camera::{CameraHandle, CameraId, Limits};
use domain::feature_code::{self, FeatureCode};
use domain::{Campaign, CampaignId};
use ipc::{CampaignView, Preferences, RosterPreview, RosterProblem, RosterReport};
use roster::{Effect, Encoding, Field, Mapping, Options};
use std::sync::{Arc, PoisonError};
use store::people::{self, Put};
use store::{campaigns, orders, settings};
use wire::campaign::CampaignDoc;

const OPERATOR: &str = "operator";
const PREFERENCES: &str = "preferences";
/// Longest name of an operator.
const MAX_OPERATOR_CHARS: usize = 40;
/// People written in one transaction of an import.
const ROWS_PER_WRITE: usize = 1000;

/// A roster file and how to read it.
pub struct RosterFile<'a> {
    /// Its name; the ending tells the kind.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// Encoding of a text file, when the guess was wrong.
    pub encoding: Option<&'a str>,
    /// Sheet of a workbook.
    pub sheet: Option<String>,
    /// Field of each column, when the guess was wrong.
    pub mapping: Option<Vec<Option<String>>>,
}

impl RosterFile<'_> {
    fn options(&self) -> Result<Options, Trouble> {
        let encoding = match self.encoding {
            Some(id) => Some(Encoding::from_id(id).ok_or(Trouble::Bad("there is no such encoding"))?),
            None => None,
        };
        let field = |id: &Option<String>| match id.as_deref() {
            None => Ok(None),
            Some(id) => Field::from_id(id)
                .map(Some)
                .ok_or(Trouble::Bad("there is no such field")),
        };
        let mapping = match &self.mapping {
            Some(columns) => Some(Mapping(columns.iter().map(field).collect::<Result<_, _>>()?)),
            None => None,
        };
        Ok(Options {
            encoding,
            mapping,
            sheet: self.sheet.clone(),
            ..Options::default()
        })
    }
}

impl Core {
    /// All campaigns of this station, the latest first.
    pub fn campaigns(&self) -> Result<Vec<CampaignView>, Trouble> {
        let all = self.store.read(campaigns::all)?;
        all.iter().map(|c| self.campaign_view(c)).collect()
    }

    pub(crate) fn campaign_view(&self, campaign: &Campaign) -> Result<CampaignView, Trouble> {
        let (people, counts) = self
            .store
            .read(|c| Ok((people::count(c, campaign.id)?, orders::counts(c, Some(campaign.id))?)))?;
        Ok(view::campaign_view(
            campaign,
            people,
            counts.iter().map(|(_, n)| n).sum(),
        ))
    }

    /// Takes up a campaign: the desk is cleared, its standard and roster apply.
    pub fn choose_campaign(&self, id: &str) -> Result<(), Trouble> {
        let _turn = self.turn();
        let id: CampaignId = id.parse().map_err(|_| Trouble::NoSuch("campaign"))?;
        if self.desk().campaign.as_ref().is_some_and(|c| c.id == id) {
            return Ok(());
        }
        self.desk().session.clear()?;
        self.free_chair()?;
        self.store.write(|tx| campaigns::activate(tx, id))?;
        self.load_campaign()
    }

    /// Applies the campaign the store names as active.
    pub(crate) fn load_campaign(&self) -> Result<(), Trouble> {
        let Some(campaign) = self.store.read(campaigns::active)? else {
            return Ok(());
        };
        let spec = self.specs.get(&campaign.spec).cloned();
        let spec = spec.ok_or_else(|| Trouble::UnknownSpec(campaign.spec.0.clone()))?;
        let entered = self.store.read(|c| settings::get(c, &feature_code_key(campaign.id)))?;
        {
            let mut desk = self.desk();
            let same = desk.campaign.as_ref().is_some_and(|c| c.id == campaign.id);
            if !same {
                desk.session.clear()?;
                // A picture still on its way is of the campaign before: it goes to the tray, and into nobody's slot.
                desk.turns.begin_anew();
                desk.countdown = None;
                desk.people.clear();
                desk.likeness.forget();
                desk.undo = None;
            }
            desk.feature_code = entered.and_then(|c| FeatureCode::parse(&c).ok());
            desk.campaign = Some(Arc::new(campaign));
            desk.spec = Some(Arc::new(spec));
        }
        self.refresh_running_order()?;
        self.board.bump();
        Ok(())
    }

    /// Reads a campaign file and takes it up when there is none yet.
    pub fn import_campaign(&self, text: &str) -> Result<Campaign, Trouble> {
        let campaign = CampaignDoc::from_toml(text)?.to_domain()?;
        if self.specs.get(&campaign.spec).is_none() {
            return Err(Trouble::UnknownSpec(campaign.spec.0));
        }
        let now = self.now();
        self.store.try_write(|tx| {
            campaigns::put(tx, &campaign)?;
            if campaigns::active(tx)?.is_none() {
                campaigns::activate(tx, campaign.id)?;
            }
            let detail = serde_json::json!({ "campaign": campaign.id.to_string() });
            self.note(tx, "campaign_imported", None, None, &detail, now)
        })?;
        self.load_campaign()?;
        Ok(campaign)
    }

    /// Takes the school's feature code (特征码) for the campaign in use.
    pub fn enter_feature_code(&self, text: &str) -> Result<(), Trouble> {
        let (campaign, _) = self.campaign()?;
        let code = FeatureCode::parse(text)?;
        feature_code::validate(&code, &campaign.feature_codes, &campaign.school_code, self.now())?;
        self.store
            .write(|tx| settings::put(tx, &feature_code_key(campaign.id), code.as_str()))?;
        self.desk().feature_code = Some(code);
        self.board.bump();
        Ok(())
    }

    /// What a roster file looks like.
    pub fn preview_roster(&self, file: &RosterFile<'_>) -> Result<RosterPreview, Trouble> {
        let preview = roster::preview_with(file.bytes, file.name, &file.options()?)?;
        Ok(RosterPreview {
            encoding: preview.encoding.map(|e| e.id().to_owned()).unwrap_or_default(),
            encodings: Encoding::ALL.iter().map(|e| e.id().to_owned()).collect(),
            sheets: preview.sheets,
            header: preview.header,
            rows: preview.rows,
            row_count: preview.row_count,
            mapping: preview.mapping.0.iter().map(|f| f.map(|f| f.id().to_owned())).collect(),
            fields: Field::ALL.iter().map(|f| f.id().to_owned()).collect(),
        })
    }

    /// Imports a roster into the campaign in use. Good rows import; every bad one is listed.
    pub fn import_roster(&self, file: &RosterFile<'_>) -> Result<RosterReport, Trouble> {
        let (campaign, _) = self.campaign()?;
        if campaign.job.is_blind() {
            return Err(domain::Refused::WrongPersonKey.into());
        }
        let import = roster::import(file.bytes, file.name, &file.options()?)?;
        let mut report = RosterReport {
            imported: 0,
            updated: 0,
            unchanged: 0,
            refused: import.refused,
            problems: Vec::new(),
        };
        for rows in import.rows.chunks(ROWS_PER_WRITE) {
            self.store.write(|tx| {
                for row in rows {
                    let Some(entry) = row.entry() else { continue };
                    match people::put(tx, campaign.id, &person_row(entry, row.row))? {
                        Put::Imported => report.imported += 1,
                        Put::Updated => report.updated += 1,
                        Put::Unchanged => report.unchanged += 1,
                    }
                }
                Ok(())
            })?;
        }
        report.problems = import
            .problems
            .iter()
            .map(|p| RosterProblem {
                row: p.row,
                column: p.column.clone(),
                code: p.problem.code().to_owned(),
                refused: p.effect == Effect::RowRefused,
            })
            .collect();
        let now = self.now();
        self.store.try_write(|tx| {
            let detail = serde_json::json!({
                "imported": report.imported, "updated": report.updated, "refused": report.refused,
            });
            self.note(tx, "roster_imported", None, None, &detail, now)
        })?;
        self.refresh_running_order()?;
        self.board.bump();
        Ok(report)
    }

    /// Takes a camera into use and remembers it.
    pub fn choose_camera(&self, id: &str) -> Result<(), Trouble> {
        let id: CameraId = id.parse().map_err(|_| Trouble::NoSuch("camera"))?;
        // In turn with the search for the remembered camera, which must not see the one in use without the one remembered.
        let _turn = self.turn();
        self.take_camera(&id)
    }

    /// Takes a camera into use and remembers it; in turn.
    pub(crate) fn take_camera(&self, id: &CameraId) -> Result<(), Trouble> {
        self.use_camera(id)?;
        self.store.write(|tx| settings::put(tx, CAMERA, &id.to_string()))?;
        Ok(())
    }

    pub(crate) fn use_camera(&self, id: &CameraId) -> Result<(), Trouble> {
        let settings = self.chosen_knobs(id);
        let source = match id {
            CameraId::Replay(_) => match self.replay_camera()? {
                Some(replay) => {
                    self.put_camera(self.replay_seat(replay));
                    return Ok(());
                }
                None => self
                    .bus
                    .source(id, settings.clone())
                    .map_err(|_| Trouble::NoSuch("camera"))?,
            },
            CameraId::Usb { .. } | CameraId::Node(_) | CameraId::Named(_) | CameraId::Tethered(_) => {
                self.bus.source(id, settings.clone())?
            }
        };
        self.put_camera(Seat {
            handle: Arc::new(CameraHandle::start(source, Limits::default())),
            replay: None,
            settings,
            turns: self.chosen_turns(id),
        });
        Ok(())
    }

    /// Takes a camera into use. The one before is let go by its own thread, however long that takes; a shot it is taking is finished.
    pub(crate) fn put_camera(&self, seat: Seat) {
        let old = self.camera.lock().unwrap_or_else(PoisonError::into_inner).replace(seat);
        if let Some(old) = old
            && self.desk().session.is_idle()
        {
            old.handle.let_go();
        }
        self.desk().live = crate::desk::no_live();
        self.board.bump();
    }

    /// The replay camera, when there are pictures for it: those it was given, or the demo's.
    pub(crate) fn replay_camera(&self) -> Result<Option<Replay>, Trouble> {
        match &self.frames {
            Some(folder) => Ok(Some(Replay::open(folder, Pace::default())?)),
            None if self.demo => Ok(Some(Replay::of_pictures(
                "demo",
                crate::demo_frames::frames(),
                Pace::default(),
            )?)),
            None => Ok(None),
        }
    }

    pub(crate) fn replay_seat(&self, replay: Replay) -> Seat {
        let (control, turns) = (replay.control(), self.chosen_turns(&replay.descriptor().id));
        Seat {
            handle: Arc::new(CameraHandle::start(Box::new(replay), Limits::default())),
            replay: Some(control),
            settings: Settings::default(),
            turns,
        }
    }

    /// Carries out a command of the replay camera. In the demo, `sit` lets the next sitter come and hold up their code.
    pub fn replay(&self, command: &str) -> Result<(), Trouble> {
        let replay = self.seat().and_then(|s| s.replay).ok_or(Trouble::NotReplay)?;
        if command.trim() == "sit" {
            let (campaign, _) = self.campaign()?;
            replay.next();
            let code = crate::demo::code_of(&replay.current(), campaign.job.is_blind());
            return self.scan(code.ok_or(Trouble::NoSuch("code of this sitter"))?.as_bytes());
        }
        replay.apply(&command.parse::<ReplayCommand>()?)?;
        self.board.bump();
        Ok(())
    }

    /// Preferences of this station.
    pub fn preferences(&self) -> Result<Preferences, Trouble> {
        Ok(prefs::from_json(
            self.store.read(|c| settings::get(c, PREFERENCES))?.as_deref(),
        ))
    }

    /// Changes the preferences.
    pub fn set_preferences(self: &Arc<Self>, preferences: Preferences) -> Result<Preferences, Trouble> {
        if !prefs::holds(&preferences) {
            return Err(Trouble::Bad(
                "the language must be zh-CN or en, and the shutter needs a key that means nothing else",
            ));
        }
        let json = serde_json::to_string(&preferences).map_err(|_| Trouble::Bad("preferences cannot be written"))?;
        self.store.write(|tx| settings::put(tx, PREFERENCES, &json))?;
        self.apply_preferences(&preferences);
        self.start_lan()?;
        self.board.bump();
        Ok(preferences)
    }

    pub(crate) fn apply_preferences(&self, preferences: &Preferences) {
        let mut desk = self.desk();
        let usual = desk.accept_after_ms;
        desk.session.rules_mut().accept_after_ms = usual.filter(|_| preferences.auto_accept);
        desk.compare_faces = preferences.compare_faces;
        if !desk.compare_faces {
            desk.likeness.forget();
        }
        desk.triggers = Triggers::of(preferences);
        desk.countdown = None;
    }

    /// Names the operator; the journal uses the name from here on.
    pub fn set_operator(&self, name: &str) -> Result<(), Trouble> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > MAX_OPERATOR_CHARS {
            return Err(Trouble::Bad("an operator's name has 1 to 40 characters"));
        }
        let now = self.now();
        self.store.try_write(|tx| {
            settings::put(tx, OPERATOR, name)?;
            self.note(tx, "operator_changed", None, None, &serde_json::json!({}), now)
        })?;
        self.desk().operator = name.to_owned();
        self.board.bump();
        Ok(())
    }

    pub(crate) fn load_operator(&self) -> Result<(), Trouble> {
        let name = self.store.read(|c| settings::get(c, OPERATOR))?;
        self.desk().operator = name.unwrap_or_else(|| "摄影师".to_owned());
        Ok(())
    }
}

fn feature_code_key(campaign: CampaignId) -> String {
    format!("feature_code:{campaign}")
}
