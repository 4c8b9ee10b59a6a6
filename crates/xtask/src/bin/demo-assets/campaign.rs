//! What do the demo's two campaigns say?
use wire::campaign::CampaignDoc;

/// One of the demo's campaigns.
pub struct Kind {
    pub file: &'static str,
    text: &'static str,
}

/// The blind job and the roster job.
pub const ALL: [Kind; 2] = [
    Kind {
        file: "campaign-graduate.toml",
        text: include_str!("campaign-graduate.toml"),
    },
    Kind {
        file: "campaign-freshman.toml",
        text: include_str!("campaign-freshman.toml"),
    },
];

/// The campaign file, once it is known to hold.
pub fn toml(kind: &Kind) -> Result<String, String> {
    let refused = |e: &dyn std::fmt::Display| format!("{}: {e}", kind.file);
    let doc = CampaignDoc::from_toml(kind.text).map_err(|e| refused(&e))?;
    doc.to_domain().map_err(|e| refused(&e))?;
    Ok(kind.text.to_owned())
}
