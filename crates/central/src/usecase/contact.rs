//! Whom graduates ask: the card shown at the site. `central contact` writes it.
use crate::center::Central;
use crate::error::CentralError;
use serde_json::json;
use wire::Invalid;

/// Name of the setting.
const NAME: &str = "contact";
/// Longest line of the card.
const MAX_CHARS: usize = 200;

/// The card; lines nobody filled in are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// When somebody is there.
    pub hours: String,
    /// Whom to call.
    pub phone: String,
    /// Where to go.
    pub address: String,
}

impl Central {
    /// The contact card.
    ///
    /// # Errors
    /// When the store fails.
    pub fn contact(&self) -> Result<Contact, CentralError> {
        let kept = self.read(|rows| rows.setting(NAME))?;
        let kept: serde_json::Value = serde_json::from_str(kept.as_deref().unwrap_or("{}"))?;
        let line = |name: &str| kept[name].as_str().unwrap_or_default().to_owned();
        Ok(Contact {
            hours: line("hours"),
            phone: line("phone"),
            address: line("address"),
        })
    }

    /// Changes the contact card.
    ///
    /// # Errors
    /// When a line is too long.
    pub fn set_contact(&self, contact: &Contact) -> Result<(), CentralError> {
        let holds = |line: &String| line.chars().count() <= MAX_CHARS && !line.chars().any(char::is_control);
        if ![&contact.hours, &contact.phone, &contact.address]
            .into_iter()
            .all(holds)
        {
            return Err(Invalid::new("contact", "has lines of at most 200 printable characters").into());
        }
        let text = json!({ "hours": contact.hours, "phone": contact.phone, "address": contact.address }).to_string();
        self.change(|change| change.rows.put_setting(NAME, &text))
    }
}
