//! Everything a window shows at once: the status bar and the capture screen.
use crate::core::{Core, LOW_SHOTS, MIN_FREE_BYTES, SHOT_BYTES};
use crate::trouble::Trouble;
use camera::CameraState;
use ipc::{CameraView, DiskView, FolderView, QueueView, Snapshot, StatusView};
use std::sync::PoisonError;
use store::{identity, journal, orders, outbox};

/// What changes without a call: looked at once a second by the clock thread.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Surroundings {
    pub camera: CameraView,
    pub folder: Option<FolderView>,
    pub queue: QueueView,
    pub disk: DiskView,
}

impl Core {
    /// What the windows show now.
    pub fn snapshot(&self) -> Snapshot {
        let version = self.board.version();
        let Surroundings {
            camera,
            folder,
            queue,
            disk,
        } = self.surroundings();
        let identity = self.store.read(identity::get).ok().flatten();
        let campaign = self.desk().campaign.clone();
        let campaign = campaign.and_then(|c| self.campaign_view(&c).ok());
        let desk = self.desk();
        Snapshot {
            version,
            status: StatusView {
                station_name: identity.as_ref().map(|i| i.name.clone()).unwrap_or_default(),
                center_url: identity.map(|i| i.center_url),
                operator: desk.operator.clone(),
                campaign,
                camera,
                folder,
                queue,
                neighbours: self.stations_heard(),
                disk,
                demo: self.demo,
                app_version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            desk: desk.view(self.clock.mono_ms()),
        }
    }

    /// Looks at every row and photo name; each problem as a short text without personal data.
    ///
    /// # Errors
    /// When the database fails.
    pub fn verify(&self) -> Result<Vec<String>, Trouble> {
        let report = self.store.verify(store::Depth::Rows)?;
        Ok(report.problems.iter().map(|p| format!("{p:?}")).collect())
    }

    pub(crate) fn surroundings(&self) -> Surroundings {
        Surroundings {
            camera: self.camera_view(),
            folder: self.folder_view(),
            queue: self.queue_view(),
            disk: self.disk_view(),
        }
    }

    fn camera_view(&self) -> CameraView {
        let Some(seat) = self.seat() else {
            let state = CameraState::Absent.code().to_owned();
            return CameraView {
                state,
                name: None,
                width: 0,
                height: 0,
                fps: 0.0,
                holder: None,
                reason: None,
                turns: 0,
                is_replay: false,
            };
        };
        let report = seat.handle.report();
        let size = report.size.unwrap_or_default();
        CameraView {
            state: report.state.code().to_owned(),
            name: Some(seat.handle.name().to_owned()),
            width: size.width,
            height: size.height,
            fps: report.fps.round(),
            reason: crate::cameras::reason_of(&report.state),
            turns: seat.turns(),
            holder: match report.state {
                CameraState::Busy { holder } => holder,
                _ => None,
            },
            is_replay: seat.replay.is_some(),
        }
    }

    pub(crate) fn queue_view(&self) -> QueueView {
        let campaign = self.desk().campaign.as_ref().map(|c| c.id);
        let counted = self.store.read(|c| {
            let recalls = match campaign {
                Some(id) => orders::recalls(c, id)?.len(),
                None => 0,
            };
            let journal = journal::latest(c, 1)?.first().map_or(0, |e| e.seq);
            Ok((outbox::counts(c)?, recalls, journal))
        });
        let (counts, recalls, journal) = counted.unwrap_or_default();
        let link = self.link.lock().unwrap_or_else(PoisonError::into_inner);
        let status = link.as_ref().map(sync::Link::status);
        QueueView {
            waiting: counts.waiting(),
            acknowledged: counts.acknowledged,
            quarantined: counts.quarantined,
            online: status.as_ref().is_some_and(|s| s.online),
            last_success_ms: status.as_ref().and_then(|s| s.last_success).map(|t| t.0),
            trouble: status.as_ref().and_then(|s| s.trouble).map(|t| t.id().to_owned()),
            clock_skew_ms: status.as_ref().filter(|s| s.last_success.is_some()).map(|s| s.skew_ms),
            recalls: u32::try_from(recalls).unwrap_or(u32::MAX),
            journal,
        }
    }

    fn disk_view(&self) -> DiskView {
        let free_bytes = self.store.free_bytes().unwrap_or(0);
        let shots_left = free_bytes.saturating_sub(MIN_FREE_BYTES) / SHOT_BYTES;
        let level = match free_bytes {
            b if b < MIN_FREE_BYTES => "blocked",
            _ if shots_left < LOW_SHOTS => "low",
            _ => "ok",
        };
        DiskView {
            free_bytes,
            shots_left,
            level: level.to_owned(),
        }
    }
}
