//! Campaigns.
use domain::Campaign;
use domain::campaign::Collection;
use ipc::CampaignView;

/// A campaign with what the store counts for it.
pub fn campaign_view(c: &Campaign, roster_size: u32, orders: u32) -> CampaignView {
    CampaignView {
        id: c.id.to_string(),
        title: c.title.clone(),
        school_name: c.school_name.clone(),
        job: c.job.id().to_owned(),
        price_fen: c.price.fen(),
        collective: c.collection == Collection::Collective,
        spec_id: c.spec.0.clone(),
        closes_at_ms: c.closes.0,
        roster_size: (!c.job.is_blind()).then_some(roster_size),
        orders,
    }
}
