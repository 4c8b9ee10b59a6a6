//! Taking in a sealed bundle: the same photos and ops as over the network, with the same answers.
//!
//! A bundle proves itself: it is sealed to this center and signed by its station, so it does not matter who carries it. Photos
//! are kept as they come; ops take effect only when the whole bundle was there and unchanged.
use crate::center::Central;
use crate::error::CentralError;
use crate::store::{SchoolCode, StationRow};
use crate::usecase::enrol::{Newcomer, names, subject, take_in};
use crate::usecase::photos::Upload;
use bundle::{Manifest, OpenError, Receiver, StationEntry};
use domain::{BlobId, StationId};
use serde_json::json;
use std::io::BufRead;
use wire::MAX_OPS;
use wire::import::{ImportAnswer, PhotoRefusal};
use wire::op::Op;
use wire::problem::{Code, Problem};

/// What a bundle of an unknown station is met with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Strangers {
    /// It is refused.
    Refused,
    /// It is taken in for a school, on the word of an admin.
    Welcome {
        /// The school.
        school: SchoolCode,
        /// The admin's account, for the history.
        admin: String,
    },
}

impl Central {
    /// What stations seal their bundles to.
    pub fn sealing_key(&self) -> String {
        self.bundle_key().sealing_key().to_string()
    }

    /// Takes in a bundle. The same bundle again changes nothing and gets the same results.
    ///
    /// # Errors
    /// `Bundle` when it is none for this center, is damaged, or its station is not known or revoked; those of the store, after
    /// which the same bundle can be taken in again.
    pub fn import_bundle(&self, file: impl BufRead, strangers: &Strangers) -> Result<ImportAnswer, CentralError> {
        let mut intake = Intake {
            central: self,
            strangers,
            station: None,
            answer: ImportAnswer {
                station_id: String::new(),
                results: Vec::new(),
                receipts: Vec::new(),
                photos_stored: 0,
                photos_already: 0,
                photos_refused: Vec::new(),
            },
        };
        bundle::open(file, self.bundle_key(), &mut intake).map_err(fault)?;
        Ok(intake.answer)
    }

    /// The station a bundle is from. Its signature holds; here it is asked whose key that is.
    fn bundle_station(&self, entry: &StationEntry, strangers: &Strangers) -> Result<StationRow, CentralError> {
        let unknown =
            || refused("its station is not known here; an admin can take it in with `central import --school`");
        let key = entry.key().ok_or_else(unknown)?.to_bytes();
        let id: Option<StationId> = entry.id.as_deref().and_then(|id| id.parse().ok());
        let named = match id {
            Some(id) => self.station(&id)?.filter(|s| s.public_key == key),
            None => None,
        };
        let school = match strangers {
            Strangers::Refused => None,
            Strangers::Welcome { school, .. } => Some(school),
        };
        // A bundle of before the enrolment names no id; one of another center's station names an id that means nothing here.
        let found = match named {
            Some(station) => Some(station),
            None => self.read(|rows| Ok(rows.stations(school)?.into_iter().find(|s| s.public_key == key)))?,
        };
        match (found, strangers) {
            (Some(station), _) if station.revoked_at.is_some() => Err(refused("its station was revoked")),
            (Some(station), _) => Ok(station),
            (None, Strangers::Welcome { school, admin }) => self.adopt(entry, key, school, admin),
            (None, Strangers::Refused) => Err(unknown()),
        }
    }

    fn adopt(
        &self,
        entry: &StationEntry,
        key: [u8; 32],
        school: &SchoolCode,
        admin: &str,
    ) -> Result<StationRow, CentralError> {
        let id = StationId(self.new_id()?);
        let (name, app_version) = names(&entry.name, &entry.app_version)?;
        let who = format!("admin:{admin}");
        self.change(|change| {
            let newcomer = Newcomer {
                id,
                public_key: key,
                name: name.clone(),
                app_version: app_version.clone(),
            };
            take_in(change, school, newcomer, None, (&who, "adopt"))
        })
    }
}

struct Intake<'c> {
    central: &'c Central,
    strangers: &'c Strangers,
    station: Option<StationRow>,
    answer: ImportAnswer,
}

impl Intake<'_> {
    fn station(&self) -> Result<&StationRow, CentralError> {
        self.station.as_ref().ok_or_else(|| refused("it has no manifest"))
    }
}

impl Receiver for Intake<'_> {
    type Error = CentralError;

    fn begin(&mut self, manifest: &Manifest) -> Result<(), CentralError> {
        let station = self.central.bundle_station(&manifest.station, self.strangers)?;
        self.answer.station_id = station.id.to_string();
        self.station = Some(station);
        Ok(())
    }

    fn photo(&mut self, id: &BlobId, bytes: &[u8]) -> Result<(), CentralError> {
        match self.central.put_photo(self.station()?, id, bytes) {
            Ok(Upload::Stored) => self.answer.photos_stored += 1,
            Ok(Upload::Already) => self.answer.photos_already += 1,
            // A photo that cannot be taken must not keep the others out; its order waits for another one.
            Err(CentralError::Photo(e)) => self.answer.photos_refused.push(PhotoRefusal {
                blob_id: id.to_string(),
                problem: Problem::new(Code::UnsupportedMedia, "The photo does not read").detail(e.to_string()),
            }),
            Err(fault) => return Err(fault),
        }
        Ok(())
    }

    fn end(&mut self, ops: Vec<Op>) -> Result<(), CentralError> {
        let station = self.station()?.clone();
        for some in ops.chunks(MAX_OPS) {
            let answer = self.central.receive_ops(&station, some)?;
            self.answer.results.extend(answer.results);
            self.answer.receipts.extend(answer.receipt);
        }
        let detail = json!({
            "ops": self.answer.results.len(), "photos_stored": self.answer.photos_stored,
            "photos_already": self.answer.photos_already, "photos_refused": self.answer.photos_refused.len(),
        });
        let about = subject(&station.id);
        self.central
            .change(|change| change.record(&station.school, &about, "import", "bundle", &detail))
    }
}

fn refused(why: &str) -> CentralError {
    CentralError::Bundle { why: why.to_owned() }
}

fn fault(error: OpenError<CentralError>) -> CentralError {
    match error {
        OpenError::Refused(fault) => fault,
        OpenError::Read(source) => CentralError::files("reading the bundle")(source),
        other @ (OpenError::NotForUs
        | OpenError::Damaged
        | OpenError::Form(_)
        | OpenError::Signature
        | OpenError::Version(_)) => refused(&other.to_string()),
    }
}
