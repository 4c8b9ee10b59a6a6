//! What was counted on a day, across the tables: slots, photos of orders, orders. Reads only.
use crate::conn::Conn;
use crate::error::StoreError;
use domain::{CampaignId, UtcMs};

/// Counts from a moment on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DayCounts {
    /// Slots opened.
    pub slots: u32,
    /// Slots in which a photo was accepted.
    pub slots_kept: u32,
    /// Slots in which a photo was accepted at the first shot.
    pub first_try: u32,
    /// Photos of orders, revisions included.
    pub order_photos: u32,
    /// Orders made with a photo of their own; reprints share one.
    pub orders: u32,
}

/// Counts of a campaign from a moment on.
///
/// # Errors
/// When the database fails.
pub fn counts(conn: &Conn, campaign: CampaignId, from: UtcMs) -> Result<DayCounts, StoreError> {
    let params = (campaign.to_string(), from.0);
    let found = conn.first("counting a day", include_str!("day_counts.sql"), params, |r| {
        Ok(DayCounts {
            slots: r.get("slots")?,
            slots_kept: r.get("slots_kept")?,
            first_try: r.get("first_try")?,
            order_photos: r.get("order_photos")?,
            orders: r.get("orders")?,
        })
    })?;
    Ok(found.unwrap_or_default())
}
