//! Days without a network: what waits goes out as a sealed file on a stick, and the center's answer comes back on it.
//! The outbox is the same one the pump empties, so a change that went both ways takes effect once.
use crate::connect::station_name;
use crate::core::Core;
use crate::link::{Outbox, op_doc};
use crate::trouble::Trouble;
use crate::whole_file::WholeFile;
use ::bundle::{BadKey, Contents, SealError, SealingKey, seal};
use domain::{BlobId, UtcMs};
use ed25519_dalek::{SigningKey, VerifyingKey};
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use store::outbox::{self, OpState, OutboxOp};
use store::{StoreError, identity};
use sync::Local;
use wire::import::{ImportAnswer, MAX_ANSWER_BYTES};
use wire::op::{OpResult, OpStatus};
use wire::receipt::Receipt;

/// A change that went out on a stick is sent over the network only after this, unless the link comes up before.
const AGAIN_MS: i64 = 60_000;

/// What a bundle holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct BundleReport {
    /// Changes of orders.
    pub changes: usize,
    /// Photos.
    pub photos: usize,
    /// Size of the file.
    pub bytes: u64,
}

/// What an answer settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct TakenReport {
    /// Changes the center signed for.
    pub acknowledged: usize,
    /// Changes it refused for good.
    pub quarantined: usize,
    /// Changes it has no photo for, or keeps until something else is there; they go on waiting here.
    pub waiting: usize,
}

/// A bundle that was not written, or an answer that was not taken.
#[derive(Debug, thiserror::Error)]
pub enum BundleFault {
    /// Nothing is overwritten.
    #[error("{0} is there already; name another file")]
    Exists(PathBuf),
    /// Nothing waits.
    #[error("nothing waits to be sent")]
    Nothing,
    /// The center has not said what bundles are sealed to.
    #[error(
        "the center's sealing key is not known here: ask the center for it (`central sealing-key`) and name it with --to"
    )]
    NoSealingKey,
    /// It is no such key.
    #[error("the sealing key does not hold: {0}")]
    Key(#[from] BadKey),
    /// The bundle could not be put together.
    #[error(transparent)]
    Seal(SealError<StoreError>),
    /// The file could not be written; nothing is left of it.
    #[error("writing {path}: {source}")]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The answer is not one, or not for this station, or not signed by its center.
    #[error("the answer does not hold: {0}")]
    Answer(&'static str),
}

impl BundleFault {
    pub(crate) fn code(&self) -> (&'static str, bool) {
        match self {
            Self::Exists(_) => ("file_exists", false),
            Self::Nothing => ("nothing_to_export", false),
            Self::NoSealingKey | Self::Key(_) => ("no_sealing_key", false),
            Self::Write { source, .. } if source.kind() == io::ErrorKind::StorageFull => ("disk_full", true),
            Self::Write { .. } => ("file_write", true),
            Self::Seal(_) => ("bundle", false),
            Self::Answer(_) => ("bundle_answer", false),
        }
    }
}

impl Core {
    /// Writes everything the center has not signed for into a file only the center can open. `to` is the center's sealing key
    /// where enrolment did not bring it. What can still be taken back stays out. Calls `progress` with photos done and all.
    ///
    /// # Errors
    /// When nothing waits, the file is there already, a photo cannot be read, or the file cannot be written. Then there is
    /// no file, and nothing is lost: what waits goes on waiting.
    pub fn export_bundle(
        &self,
        path: &Path,
        to: Option<&str>,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<BundleReport, Trouble> {
        if path.exists() {
            return Err(BundleFault::Exists(path.to_owned()).into());
        }
        let identity = self.store.read(identity::get)?;
        let known = identity.as_ref().and_then(|i| i.sealing_key.as_deref());
        let to: SealingKey = to
            .or(known)
            .ok_or(BundleFault::NoSealingKey)?
            .parse()
            .map_err(BundleFault::Key)?;
        let key = match &identity {
            Some(identity) => SigningKey::from_bytes(&identity.signing_seed),
            None => self.key_before_enrolment()?,
        };
        let now = self.now();
        let going = self.take_out(now)?;
        if going.is_empty() {
            return Err(BundleFault::Nothing.into());
        }
        let photos = self.photos_of(&going)?;
        let ops: Vec<_> = going.into_iter().map(op_doc).collect();
        let station_id = identity.as_ref().map(|i| i.station.to_string());
        let name = identity.map_or_else(station_name, |i| i.name);
        let contents = Contents {
            station_id: station_id.as_deref(),
            station_name: &name,
            app_version: env!("CARGO_PKG_VERSION"),
            created_at_ms: now.0,
            ops: &ops,
            photos: &photos,
        };
        let mut done = 0;
        let failed = |source| BundleFault::Write {
            path: path.to_owned(),
            source,
        };
        let file = WholeFile::create(path).map_err(failed)?;
        let sealed = seal(file, &to, &key, &contents, |id| {
            done += 1;
            progress(done, photos.len());
            self.store.blobs().get(id)
        });
        let sealed = sealed.map_err(|fault| match fault {
            SealError::Write(source) => failed(source),
            fault => BundleFault::Seal(fault),
        })?;
        let bytes = sealed.finish().map_err(failed)?;
        let report = BundleReport {
            changes: ops.len(),
            photos: photos.len(),
            bytes,
        };
        let detail = serde_json::json!({ "changes": report.changes, "photos": report.photos, "bytes": bytes });
        self.store
            .try_write(|tx| self.note(tx, "bundle_exported", None, None, &detail, now))?;
        Ok(report)
    }

    /// All changes that may leave now. They count as sent from here on, so that none of them can be taken back.
    fn take_out(&self, now: UtcMs) -> Result<Vec<OutboxOp>, Trouble> {
        self.store.try_write(|tx| {
            outbox::recover(tx)?;
            outbox::retry_all(tx)?;
            let mut going = Vec::new();
            loop {
                let batch = outbox::next_batch(tx, now, outbox::MAX_ROWS)?;
                if batch.is_empty() {
                    break;
                }
                let ids: Vec<_> = batch.iter().map(|op| op.op.id).collect();
                outbox::mark_sent(tx, &ids, now.plus(AGAIN_MS))?;
                going.extend(batch);
            }
            going.sort_by_key(|op| op.seq);
            Ok(going)
        })
    }

    fn photos_of(&self, ops: &[OutboxOp]) -> Result<Vec<(BlobId, usize)>, Trouble> {
        let ids: BTreeSet<BlobId> = ops.iter().filter_map(|op| op.op.blob).collect();
        let sized = |id: BlobId| {
            let bytes = self.store.blobs().len(&id)?;
            Ok((id, usize::try_from(bytes).unwrap_or(usize::MAX)))
        };
        ids.into_iter().map(sized).collect()
    }

    /// Takes the center's answer to a bundle. Only what its signature covers counts as acknowledged. Again changes nothing.
    ///
    /// # Errors
    /// When it is no answer, is another station's, or is not signed by the center this station is enrolled at.
    pub fn take_bundle_answer(self: &std::sync::Arc<Self>, bytes: &[u8]) -> Result<TakenReport, Trouble> {
        let identity = self.store.read(identity::get)?.ok_or(Trouble::NotEnrolled)?;
        let wrong = |why| Trouble::from(BundleFault::Answer(why));
        if bytes.len() > MAX_ANSWER_BYTES {
            return Err(wrong("it is too long"));
        }
        let answer: ImportAnswer = serde_json::from_slice(bytes).map_err(|_| wrong("it does not read"))?;
        if answer.station_id != identity.station.to_string() {
            return Err(wrong("it is for another station"));
        }
        let key = VerifyingKey::from_bytes(&identity.server_key).map_err(|_| Trouble::NoSuch("key of the center"))?;
        if answer.receipts.iter().any(|r| r.verify(&key).is_err()) {
            return Err(wrong("its receipt is not signed by this station's center"));
        }
        let outbox = Outbox(std::sync::Arc::clone(self));
        let failed = |_| Trouble::Bad("the answer could not be saved; take it again");
        let mut report = TakenReport::default();
        for receipt in &answer.receipts {
            let covered = self.covered(&answer.results, receipt)?;
            report.acknowledged += covered.len();
            outbox.record(&covered, Some(receipt)).map_err(failed)?;
        }
        for result in &answer.results {
            let Some(op) = self.op(&result.op_id)? else {
                return Err(wrong("it names a change that is not from here"));
            };
            match (op.state, &result.problem) {
                (OpState::Acknowledged | OpState::Quarantined, _) => {}
                (OpState::Queued | OpState::Sent, Some(problem)) if result.status == OpStatus::Rejected => {
                    outbox.quarantine(&result.op_id, problem).map_err(failed)?;
                    report.quarantined += 1;
                }
                (OpState::Queued | OpState::Sent, _) => report.waiting += 1,
            }
        }
        Ok(report)
    }

    /// The results a receipt signs for with their photos. A change whose photo the center does not have goes on waiting.
    fn covered(&self, results: &[OpResult], receipt: &Receipt) -> Result<Vec<OpResult>, Trouble> {
        let mut covered = Vec::new();
        for entry in &receipt.entries {
            let result = results.iter().find(|r| r.op_id == entry.op_id);
            let taken = result.filter(|r| matches!(r.status, OpStatus::Applied | OpStatus::Duplicate));
            let op = self.op(&entry.op_id)?;
            let photo = op.and_then(|op| op.op.blob).map(|blob| blob.to_string());
            if let Some(result) = taken.filter(|_| photo == entry.blob_id) {
                covered.push(result.clone());
            }
        }
        Ok(covered)
    }

    fn op(&self, id: &str) -> Result<Option<OutboxOp>, Trouble> {
        let Ok(id) = id.parse() else { return Ok(None) };
        Ok(self.store.read(|c| outbox::get(c, id))?)
    }
}
