//! Tables `orders` and `photo_revision`.
use super::order_cells::{collection_id, read};
use crate::store::sql::{cell, json, limit, params, parsed, signed};
use crate::store::{OrderFilter, OrderRow, ReadRows, SchoolCode, StationRow, Stored, WriteRows};
use domain::{BlobId, CampaignId, OrderId, OrderState, PersonKey, PhoneNumber, UtcMs};
use wire::feed::{Collected, RejectionDoc};
use wire::order::{ConsentDoc, PhotoDoc, SubjectDoc};

#[allow(clippy::missing_errors_doc)]
impl ReadRows<'_> {
    /// An order by id.
    pub fn order(&self, id: &OrderId) -> Stored<Option<OrderRow>> {
        let sql = "SELECT * FROM orders WHERE order_id = ?1";
        self.one("reading an order", sql, params![id.to_string()], read)
    }

    /// Orders by filter, latest received first.
    pub fn orders(&self, filter: &OrderFilter) -> Stored<Vec<OrderRow>> {
        let (before_at, before_id) = filter
            .before
            .map_or((i64::MAX, String::from("~")), |(at, id)| (at.0, id.to_string()));
        let params = params![
            filter.school.as_ref().map(SchoolCode::as_str),
            filter.campaign.map(|c| c.to_string()),
            filter.station.map(|s| s.to_string()),
            filter.state.map(OrderState::id),
            filter.person.as_ref().map(PersonKey::text),
            filter.number.as_deref(),
            before_at,
            before_id,
            limit(filter.limit),
        ];
        self.many("listing orders", include_str!("order_list.sql"), params, read)
    }

    /// Whether an order's id (of any school), or its number at the station, is taken.
    pub fn taken_names(&self, station: &StationRow, id: &OrderId, number: &str) -> Stored<(bool, bool)> {
        let sql = "SELECT CAST(1 AS BIGINT) AS by_id FROM orders WHERE order_id = ?1
         UNION ALL SELECT CAST(0 AS BIGINT) AS by_id FROM orders WHERE school_id = ?2 AND station_id = ?3 AND number = ?4";
        let params = params![id.to_string(), station.school.as_str(), station.id.to_string(), number];
        let taken: Vec<bool> = self.many("looking for an order's names", sql, params, |row| cell(row, "by_id"))?;
        Ok((taken.contains(&true), taken.contains(&false)))
    }

    /// Orders of one person in one campaign, earliest received first.
    pub fn orders_of(&self, school: &SchoolCode, campaign: &CampaignId, person: &PersonKey) -> Stored<Vec<OrderRow>> {
        let sql = "SELECT * FROM orders WHERE school_id = ?1 AND campaign_id = ?2 AND person_key = ?3
         ORDER BY received_at_ms, order_id";
        let params = params![school.as_str(), campaign.to_string(), person.text()];
        self.many("listing a person's orders", sql, params, read)
    }

    /// Orders whose record carries this number, latest received first.
    pub fn orders_of_phone(&self, phone: &PhoneNumber, most: usize) -> Stored<Vec<OrderRow>> {
        let sql = "SELECT * FROM orders WHERE phone = ?1 ORDER BY received_at_ms DESC, order_id DESC LIMIT ?2";
        self.many(
            "listing the orders of a number",
            sql,
            params![phone.as_str(), limit(most)],
            read,
        )
    }

    /// Orders with a number in their record that an older program wrote: they are not found by it yet. After an order by id.
    pub fn orders_without_phone(&self, after: &str, most: usize) -> Stored<Vec<OrderRow>> {
        let sql = "SELECT * FROM orders WHERE phone IS NULL AND subject LIKE '%phone%' AND order_id > ?1
         ORDER BY order_id LIMIT ?2";
        self.many(
            "listing orders by an older program",
            sql,
            params![after, limit(most)],
            read,
        )
    }

    /// Paid orders whose current photo is this one, or any photo the center holds when none is named.
    pub fn orders_awaiting(&self, photo: Option<(&SchoolCode, &BlobId)>, most: usize) -> Stored<Vec<OrderId>> {
        let (school, blob) = photo.unzip();
        let params = params![
            school.map(SchoolCode::as_str),
            blob.map(ToString::to_string),
            limit(most),
        ];
        let sql = include_str!("order_awaiting.sql");
        self.many("listing orders that wait for a photo", sql, params, |row| {
            parsed(row, "order_id")
        })
    }

    /// Rejected orders past their deadline or out of tries, and unpaid ones whose campaign is over.
    pub fn orders_run_out(&self, now: UtcMs, most: usize) -> Stored<Vec<OrderId>> {
        let params = params![now.0, limit(most)];
        let sql = include_str!("order_run_out.sql");
        self.many("listing orders that ran out", sql, params, |row| {
            parsed(row, "order_id")
        })
    }

    /// People collected by other stations of the school: campaign, person, and when the first order came.
    pub fn collected_elsewhere(&self, station: &StationRow) -> Stored<Vec<Collected>> {
        let sql = "SELECT campaign_id, person_key, MIN(received_at_ms) AS at_ms FROM orders
         WHERE school_id = ?1 AND station_id <> ?2 AND link_kind IS NULL
         GROUP BY campaign_id, person_key ORDER BY at_ms, person_key";
        let params = params![station.school.as_str(), station.id.to_string()];
        self.many("listing people collected elsewhere", sql, params, |row| {
            Ok(Collected {
                campaign_id: cell(row, "campaign_id")?,
                person_key: cell(row, "person_key")?,
                at_ms: cell(row, "at_ms")?,
            })
        })
    }

    /// Photos of an order, oldest first.
    pub fn photo_revisions(&self, school: &SchoolCode, order: &OrderId) -> Stored<Vec<PhotoDoc>> {
        let sql = "SELECT photo FROM photo_revision WHERE school_id = ?1 AND order_id = ?2 ORDER BY revision";
        let params = params![school.as_str(), order.to_string()];
        self.many("listing an order's photos", sql, params, |row| json(row, "photo"))
    }
}

#[allow(clippy::missing_errors_doc)]
impl WriteRows<'_> {
    /// Adds or replaces an order.
    pub fn put_order(&self, row: &OrderRow) -> Stored<()> {
        let o = &row.order;
        let rejection = o.rejection.as_ref().map(RejectionDoc::from);
        let messages = row.messages.as_ref().map(ConsentDoc::from);
        let params = params![
            row.school.as_str(),
            o.id.to_string(),
            o.campaign.to_string(),
            o.station.to_string(),
            o.number.as_str(),
            o.person.text(),
            serde_json::to_string(&SubjectDoc::from(&o.subject))?,
            o.created_at.0,
            o.state.id(),
            serde_json::to_string(&PhotoDoc::from(&o.photo))?,
            o.photo.blob.to_string(),
            o.withdrawn,
            o.tries,
            o.rule.tries,
            o.rule.within_ms,
            rejection.as_ref().map(serde_json::to_string).transpose()?,
            o.rejection.as_ref().map(|r| r.deadline.0),
            signed(o.payment.price.fen()),
            signed(o.payment.paid.fen()),
            signed(o.payment.refunded.fen()),
            o.payment.payment.map(|p| p.to_string()),
            o.payment.refund.map(|p| p.to_string()),
            collection_id(o.collection),
            o.address.as_deref(),
            serde_json::to_string(&ConsentDoc::from(&o.consent))?,
            o.link.map(|l| l.kind.id()),
            o.link.map(|l| l.order.to_string()),
            o.held_by.as_deref(),
            row.rev,
            row.received_at.0,
            row.updated_at.0,
            row.duplicate_person,
            row.phone().as_ref().map(PhoneNumber::as_str),
            messages.as_ref().map(serde_json::to_string).transpose()?,
        ];
        self.change_later("writing an order", include_str!("order_put.sql"), params)
    }

    /// Adds a photo revision of an order; one that is there stays.
    pub fn add_photo_revision(&self, row: &OrderRow) -> Stored<()> {
        let sql = "INSERT INTO photo_revision (school_id, order_id, revision, blob_id, photo, received_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (school_id, order_id, revision) DO NOTHING";
        let photo = &row.order.photo;
        let params = params![
            row.school.as_str(),
            row.order.id.to_string(),
            photo.revision,
            photo.blob.to_string(),
            serde_json::to_string(&PhotoDoc::from(photo))?,
            row.updated_at.0,
        ];
        self.change_later("adding a photo revision", sql, params)
    }
}
