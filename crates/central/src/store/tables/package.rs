//! Table `package`: delivery packages that were asked for.
use crate::error::CentralError;
use crate::store::packages::{PackageRow, PackageState};
use crate::store::sql::{Row, cell, count, json, limit, params, parsed, signed, small};
use crate::store::{OrderRow, ReadRows, SchoolCode, Stored, WriteRows};
use domain::{CampaignId, OrderId, UtcMs};
use uuid::Uuid;

fn read(row: &Row) -> Stored<PackageRow> {
    let state: String = cell(row, "state")?;
    let time = |name| cell::<Option<i64>>(row, name).map(|t| t.map(UtcMs));
    let made: Option<String> = cell(row, "made")?;
    Ok(PackageRow {
        school: SchoolCode::stored(cell(row, "school_id")?),
        id: parsed(row, "package_id")?,
        campaign: parsed(row, "campaign_id")?,
        wish: json(row, "wish")?,
        who: cell(row, "who")?,
        asked_at: UtcMs(cell(row, "asked_at_ms")?),
        state: PackageState::from_id(&state).ok_or_else(|| CentralError::corrupt("package.state"))?,
        tries: small(row, "tries")?,
        lease_until: UtcMs(cell(row, "lease_until_ms")?),
        begun_at: time("begun_at_ms")?,
        done: count(row, "done")?,
        total: count(row, "total")?,
        fault: cell(row, "fault")?,
        made: made
            .map(|text| serde_json::from_str(&text).map_err(|_| CentralError::corrupt("package.made")))
            .transpose()?,
        ready_at: time("ready_at_ms")?,
        expires_at: UtcMs(cell(row, "expires_at_ms")?),
    })
}

#[allow(clippy::missing_errors_doc)]
impl ReadRows<'_> {
    /// A package by id.
    pub fn package(&self, id: &Uuid) -> Stored<Option<PackageRow>> {
        let sql = "SELECT * FROM package WHERE package_id = ?1";
        self.one("reading a package", sql, params![id.to_string()], read)
    }

    /// Packages of a school or of all, of a campaign or of all; latest first.
    pub fn packages(
        &self,
        school: Option<&SchoolCode>,
        campaign: Option<&CampaignId>,
        most: usize,
    ) -> Stored<Vec<PackageRow>> {
        let sql = "SELECT * FROM package WHERE (?1 = '' OR school_id = ?1) AND (?2 = '' OR campaign_id = ?2)
         ORDER BY asked_at_ms DESC, package_id DESC LIMIT ?3";
        let campaign = campaign.map(ToString::to_string).unwrap_or_default();
        let params = params![school.map_or("", SchoolCode::as_str), campaign, limit(most)];
        self.many("listing packages", sql, params, read)
    }

    /// The package that waits longest, or whose maker has not been heard of since its time.
    pub fn package_to_make(&self, now: UtcMs) -> Stored<Option<PackageRow>> {
        let sql = "SELECT * FROM package WHERE (state = 'waiting' OR state = 'making') AND lease_until_ms <= ?1
         ORDER BY asked_at_ms, package_id LIMIT 1";
        self.one("looking for a package to make", sql, params![now.0], read)
    }

    /// Packages nobody fetches any more.
    pub fn packages_expired(&self, now: UtcMs, most: usize) -> Stored<Vec<PackageRow>> {
        let sql = "SELECT * FROM package WHERE expires_at_ms <= ?1 ORDER BY expires_at_ms LIMIT ?2";
        self.many("listing expired packages", sql, params![now.0, limit(most)], read)
    }

    /// Orders of a campaign after one, earliest received first.
    pub fn orders_to_deliver(
        &self,
        campaign: &CampaignId,
        after: Option<(UtcMs, OrderId)>,
        most: usize,
    ) -> Stored<Vec<OrderRow>> {
        let sql = "SELECT * FROM orders WHERE campaign_id = ?1
           AND (received_at_ms > ?2 OR (received_at_ms = ?2 AND order_id > ?3))
         ORDER BY received_at_ms, order_id LIMIT ?4";
        let (at, id) = after.map_or((i64::MIN, String::new()), |(at, id)| (at.0, id.to_string()));
        let params = params![campaign.to_string(), at, id, limit(most)];
        self.many(
            "listing orders to deliver",
            sql,
            params,
            crate::store::tables::order_cells::read,
        )
    }
}

#[allow(clippy::missing_errors_doc)]
impl WriteRows<'_> {
    /// Adds a package, or writes where it is.
    pub fn put_package(&self, p: &PackageRow) -> Stored<()> {
        let params = params![
            p.school.as_str(),
            p.id.to_string(),
            p.campaign.to_string(),
            serde_json::to_string(&p.wish)?,
            &p.who,
            p.asked_at.0,
            p.state.id(),
            p.tries,
            p.lease_until.0,
            p.begun_at.map(|at| at.0),
            signed(p.done),
            signed(p.total),
            p.fault.as_deref(),
            p.made.as_ref().map(serde_json::to_string).transpose()?,
            p.ready_at.map(|at| at.0),
            p.expires_at.0,
        ];
        let sql = "INSERT INTO package (school_id, package_id, campaign_id, wish, who, asked_at_ms, state, tries, lease_until_ms,
           begun_at_ms, done, total, fault, made, ready_at_ms, expires_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
         ON CONFLICT (school_id, package_id) DO UPDATE SET state = excluded.state, tries = excluded.tries,
           lease_until_ms = excluded.lease_until_ms, begun_at_ms = excluded.begun_at_ms, done = excluded.done,
           total = excluded.total, fault = excluded.fault, made = excluded.made, ready_at_ms = excluded.ready_at_ms,
           expires_at_ms = excluded.expires_at_ms";
        self.change_later("writing a package", sql, params)
    }

    /// Forgets a package.
    pub fn drop_package(&self, p: &PackageRow) -> Stored<()> {
        let sql = "DELETE FROM package WHERE school_id = ?1 AND package_id = ?2";
        let params = params![p.school.as_str(), p.id.to_string()];
        self.change_later("forgetting a package", sql, params)
    }
}
