//! The rows of one transaction: hands each call to the file of its table.
use super::{blob, campaign, enrol_code, feed, history, op, order, station};
use crate::store::{
    BlobRow, EnrolCodeRow, HistoryRow, OpRow, OrderFilter, OrderRow, ReadRows, SchoolCode, StationRow, Stored,
    WriteRows,
};
use domain::{BlobId, CampaignId, OpId, OrderId, PersonKey, StationId, UtcMs};
use rusqlite::Connection;
use wire::campaign::CampaignDoc;
use wire::feed::{Collected, FeedBody, FeedEvent};
use wire::order::PhotoDoc;

/// The rows as a transaction sees them.
pub struct Rows<'c>(pub &'c Connection);

impl ReadRows for Rows<'_> {
    fn station(&self, id: &StationId) -> Stored<Option<StationRow>> {
        station::get(self.0, id)
    }
    fn stations(&self, school: Option<&SchoolCode>) -> Stored<Vec<StationRow>> {
        station::list(self.0, school)
    }
    fn enrol_code(&self, code: &[u8; 32]) -> Stored<Option<EnrolCodeRow>> {
        enrol_code::get(self.0, code)
    }
    fn campaign(&self, id: &CampaignId) -> Stored<Option<(SchoolCode, CampaignDoc)>> {
        campaign::get(self.0, id)
    }
    fn campaigns(&self, school: Option<&SchoolCode>) -> Stored<Vec<CampaignDoc>> {
        campaign::list(self.0, school)
    }
    fn order(&self, id: &OrderId) -> Stored<Option<OrderRow>> {
        order::get(self.0, id)
    }
    fn orders(&self, filter: &OrderFilter) -> Stored<Vec<OrderRow>> {
        order::list(self.0, filter)
    }
    fn order_by_number(&self, station: &StationRow, number: &str) -> Stored<Option<OrderId>> {
        order::by_number(self.0, station, number)
    }
    fn orders_of(&self, school: &SchoolCode, campaign: &CampaignId, person: &PersonKey) -> Stored<Vec<OrderRow>> {
        order::of_person(self.0, school, campaign, person)
    }
    fn orders_awaiting(&self, photo: Option<(&SchoolCode, &BlobId)>, limit: usize) -> Stored<Vec<OrderId>> {
        order::awaiting(self.0, photo, limit)
    }
    fn orders_run_out(&self, now: UtcMs, limit: usize) -> Stored<Vec<OrderId>> {
        order::run_out(self.0, now, limit)
    }
    fn collected_elsewhere(&self, station: &StationRow) -> Stored<Vec<Collected>> {
        order::collected_elsewhere(self.0, station)
    }
    fn photo_revisions(&self, school: &SchoolCode, order: &OrderId) -> Stored<Vec<PhotoDoc>> {
        order::photo_revisions(self.0, school, order)
    }
    fn op(&self, station: &StationRow, id: &OpId) -> Stored<Option<OpRow>> {
        op::get(self.0, station, id)
    }
    fn op_at(&self, station: &StationRow, order: &OrderId, rev: u32) -> Stored<Option<OpRow>> {
        op::at(self.0, station, order, rev)
    }
    fn last_rev(&self, station: &StationRow, order: &OrderId) -> Stored<u32> {
        op::last_rev(self.0, station, order)
    }
    fn held_count(&self, station: &StationRow) -> Stored<u64> {
        op::held_count(self.0, station)
    }
    fn held_ops(&self, waits_for: Option<(&SchoolCode, &str)>, limit: usize) -> Stored<Vec<(StationId, OpId)>> {
        op::held(self.0, waits_for, limit)
    }
    fn ops_after(&self, station: &StationRow, after: Option<&OpId>, limit: usize) -> Stored<Vec<OpRow>> {
        op::after(self.0, station, after, limit)
    }
    fn feed(&self, station: &StationRow, after: u64, limit: usize) -> Stored<Vec<FeedEvent>> {
        feed::after(self.0, station, after, limit)
    }
    fn blob(&self, school: &SchoolCode, id: &BlobId) -> Stored<Option<BlobRow>> {
        blob::get(self.0, school, id)
    }
    fn blobs_after(&self, after: Option<(&SchoolCode, &BlobId)>, limit: usize) -> Stored<Vec<BlobRow>> {
        blob::after(self.0, after, limit)
    }
    fn history(&self, school: &SchoolCode, subject: &str) -> Stored<Vec<HistoryRow>> {
        history::of(self.0, school, subject)
    }
    fn history_head(&self, school: &SchoolCode, subject: &str) -> Stored<Option<HistoryRow>> {
        history::head(self.0, school, subject)
    }
    fn history_subjects(&self, after: Option<(&SchoolCode, &str)>, limit: usize) -> Stored<Vec<(SchoolCode, String)>> {
        history::subjects(self.0, after, limit)
    }
}

impl WriteRows for Rows<'_> {
    fn put_station(&self, row: &StationRow) -> Stored<()> {
        station::put(self.0, row)
    }
    fn put_enrol_code(&self, code: &EnrolCodeRow) -> Stored<()> {
        enrol_code::put(self.0, code)
    }
    fn forget_enrol_codes(&self, before: UtcMs) -> Stored<usize> {
        enrol_code::forget(self.0, before)
    }
    fn put_campaign(&self, school: &SchoolCode, doc: &CampaignDoc, now: UtcMs) -> Stored<()> {
        campaign::put(self.0, school, doc, now)
    }
    fn put_order(&self, row: &OrderRow) -> Stored<()> {
        order::put(self.0, row)
    }
    fn add_photo_revision(&self, row: &OrderRow) -> Stored<()> {
        order::add_photo_revision(self.0, row)
    }
    fn add_op(&self, row: &OpRow) -> Stored<()> {
        op::add(self.0, row)
    }
    fn settle_op(&self, row: &OpRow) -> Stored<()> {
        op::settle(self.0, row)
    }
    fn push_feed(&self, school: &SchoolCode, station: &StationId, at: UtcMs, body: &FeedBody) -> Stored<u64> {
        feed::push(self.0, school, station, at, body)
    }
    fn prune_feeds(&self, before: UtcMs) -> Stored<usize> {
        feed::prune(self.0, before)
    }
    fn restart_feeds(&self) -> Stored<()> {
        feed::restart(self.0)
    }
    fn add_blob(&self, row: &BlobRow) -> Stored<()> {
        blob::add(self.0, row)
    }
    fn add_history(&self, row: &HistoryRow) -> Stored<()> {
        history::add(self.0, row)
    }
}
