//! Tables `campaigns` and `feature_codes`, and which campaign the station works on.
use crate::conn::{Conn, Row, Tx, number};
use crate::error::StoreError;
use crate::settings;
use domain::campaign::{Campaign, Collection, JobKind, PictureSource, RetakeRule};
use domain::feature_code::{FeatureCode, IssuedFeatureCode};
use domain::order_number::NumberPrefix;
use domain::{CampaignId, Money, SpecId, UtcMs};
use rusqlite::named_params;

const ACTIVE: &str = "active_campaign";

/// A campaign.
///
/// # Errors
/// When the database fails.
pub fn get(conn: &Conn, id: CampaignId) -> Result<Option<Campaign>, StoreError> {
    let doing = "reading a campaign";
    let found = conn.first(doing, "SELECT * FROM campaigns WHERE id = ?", [id.to_string()], read)?;
    found.map(|c| with_codes(conn, c)).transpose()
}

/// All campaigns, the latest to open first.
///
/// # Errors
/// When the database fails.
pub fn all(conn: &Conn) -> Result<Vec<Campaign>, StoreError> {
    let found = conn.all(
        "listing campaigns",
        "SELECT * FROM campaigns ORDER BY opens_at_ms DESC, id",
        [],
        read,
    )?;
    found.into_iter().map(|c| with_codes(conn, c)).collect()
}

/// Saves a campaign, or what has changed of it.
///
/// # Errors
/// When the database fails.
pub fn put(tx: &Tx, campaign: &Campaign) -> Result<(), StoreError> {
    let doing = "saving a campaign";
    let id = campaign.id.to_string();
    let params = named_params! {
        ":id": id,
        ":title": campaign.title,
        ":school_code": campaign.school_code,
        ":school_name": campaign.school_name,
        ":job": campaign.job.id(),
        ":number_prefix": campaign.number_prefix.as_str(),
        ":price_fen": number(campaign.price.fen(), doing, "the price")?,
        ":collection": collection_word(campaign.collection),
        ":pictures": pictures_word(campaign.pictures),
        ":spec": campaign.spec.0,
        ":opens_at_ms": campaign.opens.0,
        ":closes_at_ms": campaign.closes.0,
        ":retake_tries": campaign.retake.tries,
        ":retake_within_ms": campaign.retake.within_ms,
        ":consent_version": campaign.consent_version,
    };
    tx.run(doing, include_str!("put.sql"), params)?;
    tx.run(doing, "DELETE FROM feature_codes WHERE campaign_id = ?", [&id])?;
    for (position, issued) in (0i64..).zip(&campaign.feature_codes) {
        let IssuedFeatureCode {
            code,
            school_code,
            from,
            until,
        } = issued;
        let params = (&id, position, code.as_str(), school_code, from.0, until.0);
        tx.run(doing, "INSERT INTO feature_codes VALUES (?, ?, ?, ?, ?, ?)", params)?;
    }
    Ok(())
}

/// The campaign the station works on.
///
/// # Errors
/// When the database fails.
pub fn active(conn: &Conn) -> Result<Option<Campaign>, StoreError> {
    match settings::get(conn, ACTIVE)?.and_then(|id| id.parse().ok()) {
        Some(id) => get(conn, id),
        None => Ok(None),
    }
}

/// Chooses the campaign the station works on.
///
/// # Errors
/// [`StoreError::Unknown`] when there is none of this id, or when the database fails.
pub fn activate(tx: &Tx, id: CampaignId) -> Result<(), StoreError> {
    let doing = "choosing a campaign";
    if get(tx, id)?.is_none() {
        return Err(StoreError::Unknown {
            doing,
            what: "campaign",
        });
    }
    settings::put(tx, ACTIVE, &id.to_string())
}

fn read(row: &Row) -> Result<Campaign, StoreError> {
    Ok(Campaign {
        id: row.parse("id")?,
        title: row.get("title")?,
        school_code: row.get("school_code")?,
        school_name: row.get("school_name")?,
        job: row.word("job", JobKind::from_id)?,
        number_prefix: row.word("number_prefix", |p| NumberPrefix::parse(p).ok())?,
        price: Money::from_fen(row.u64("price_fen")?),
        collection: row.word("collection", collection_of)?,
        pictures: row.word("pictures", pictures_of)?,
        spec: SpecId(row.get("spec")?),
        feature_codes: Vec::new(),
        opens: row.time("opens_at_ms")?,
        closes: row.time("closes_at_ms")?,
        retake: RetakeRule {
            tries: row.get("retake_tries")?,
            within_ms: row.get("retake_within_ms")?,
        },
        consent_version: row.get("consent_version")?,
    })
}

fn with_codes(conn: &Conn, mut campaign: Campaign) -> Result<Campaign, StoreError> {
    let sql = "SELECT * FROM feature_codes WHERE campaign_id = ? ORDER BY position";
    campaign.feature_codes = conn.all("reading feature codes", sql, [campaign.id.to_string()], |r| {
        Ok(IssuedFeatureCode {
            code: r.word("code", |c| FeatureCode::parse(c).ok())?,
            school_code: r.get("school_code")?,
            from: UtcMs(r.get("from_ms")?),
            until: UtcMs(r.get("until_ms")?),
        })
    })?;
    Ok(campaign)
}

pub(crate) const fn collection_word(collection: Collection) -> &'static str {
    match collection {
        Collection::Collective => "collective",
        Collection::Individual => "individual",
    }
}

pub(crate) fn collection_of(word: &str) -> Option<Collection> {
    [Collection::Collective, Collection::Individual]
        .into_iter()
        .find(|c| collection_word(*c) == word)
}

const fn pictures_word(pictures: PictureSource) -> &'static str {
    match pictures {
        PictureSource::CameraOnly => "camera_only",
        PictureSource::CameraOrFile => "camera_or_file",
    }
}

fn pictures_of(word: &str) -> Option<PictureSource> {
    [PictureSource::CameraOnly, PictureSource::CameraOrFile]
        .into_iter()
        .find(|p| pictures_word(*p) == word)
}
