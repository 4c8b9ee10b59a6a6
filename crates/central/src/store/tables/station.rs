//! Table `station`.
use crate::store::sql::{Row, cell, count, params, parsed, signed};
use crate::store::{ReadRows, SchoolCode, StationRow, Stored, WriteRows};
use domain::{StationId, UtcMs};

fn read(row: &Row) -> Stored<StationRow> {
    Ok(StationRow {
        school: SchoolCode::stored(cell(row, "school_id")?),
        id: parsed(row, "station_id")?,
        name: cell(row, "name")?,
        public_key: cell(row, "public_key")?,
        app_version: cell(row, "app_version")?,
        enrolled_at: UtcMs(cell(row, "enrolled_at_ms")?),
        revoked_at: cell::<Option<i64>>(row, "revoked_at_ms")?.map(UtcMs),
        feed_begin: count(row, "feed_begin")?,
        feed_seq: count(row, "feed_seq")?,
        feed_floor: count(row, "feed_floor")?,
    })
}

#[allow(clippy::missing_errors_doc)]
impl ReadRows<'_> {
    /// A station by id, revoked ones too.
    pub fn station(&self, id: &StationId) -> Stored<Option<StationRow>> {
        let sql = "SELECT s.*, f.seq AS feed_seq, f.floor AS feed_floor FROM station s
         JOIN school_feed f ON f.school_id = s.school_id WHERE s.station_id = ?1";
        self.one("reading a station", sql, params![id.to_string()], read)
    }

    /// All stations, of one school or of all, in the order of their enrolment.
    pub fn stations(&self, school: Option<&SchoolCode>) -> Stored<Vec<StationRow>> {
        let sql = "SELECT s.*, f.seq AS feed_seq, f.floor AS feed_floor FROM station s
         JOIN school_feed f ON f.school_id = s.school_id
         WHERE ?1 IS NULL OR s.school_id = ?1 ORDER BY s.enrolled_at_ms, s.station_id";
        self.many("listing stations", sql, params![school.map(SchoolCode::as_str)], read)
    }

    /// How many stations of a school were revoked.
    pub fn revoked_stations(&self, school: &SchoolCode) -> Stored<u64> {
        let sql = "SELECT COUNT(*) AS n FROM station WHERE school_id = ?1 AND revoked_at_ms IS NOT NULL";
        let found = self.one("counting revoked stations", sql, params![school.as_str()], |row| {
            count(row, "n")
        })?;
        Ok(found.unwrap_or(0))
    }
}

#[allow(clippy::missing_errors_doc)]
impl WriteRows<'_> {
    /// Adds a station, and its school's feed with the first one, or changes its name, version and revocation; key, beginning of its
    /// feed and enrolment time stay.
    pub fn put_station(&self, s: &StationRow) -> Stored<()> {
        let sql =
            "INSERT INTO school_feed (school_id, seq, floor) VALUES (?1, 0, 0) ON CONFLICT (school_id) DO NOTHING";
        self.change_later("beginning a school's feed", sql, params![s.school.as_str()])?;
        let params = params![
            s.school.as_str(),
            s.id.to_string(),
            &s.name,
            s.public_key,
            &s.app_version,
            s.enrolled_at.0,
            s.revoked_at.map(|t| t.0),
            signed(s.feed_begin),
        ];
        self.change_later("writing a station", include_str!("station_put.sql"), params)
    }
}
