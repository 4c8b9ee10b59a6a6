//! The graduates' web site (F2): its address as a code on the kiosk's first page, when a phone could get there.
use crate::core::Core;
use crate::trouble::Trouble;
use fast_qr::QRBuilder;
use ipc::SiteView;
use store::identity;

/// Where a center shows its site.
const PATH: &str = "/my";
/// Longest address: a code that is read from arm's length.
const MAX_CHARS: usize = 120;

impl Core {
    /// The site named at the desk, else the center's; none when that is this computer.
    pub(super) fn site(&self) -> Result<Option<SiteView>, Trouble> {
        let named = self.contact()?.site;
        let address = if named.is_empty() {
            let center = self.store.read(identity::get)?.map(|i| i.center_url);
            center.and_then(|url| of_center(&url))
        } else {
            Some(named)
        };
        Ok(address.and_then(|address| {
            let drawn = QRBuilder::new(address.as_str()).build().ok()?;
            let dark = (0..drawn.size).flat_map(|row| drawn[row].iter().map(|m| if m.value() { '1' } else { '0' }));
            Some(SiteView {
                modules: u32::try_from(drawn.size).ok()?,
                dark: dark.collect(),
                address,
            })
        }))
    }
}

/// The site of a center that others reach over an encrypted connection.
fn of_center(url: &str) -> Option<String> {
    let site = format!("{}{PATH}", url.trim().trim_end_matches('/'));
    address(&site).ok().map(|()| site)
}

/// Whether phones may be sent to this address.
///
/// # Errors
/// When it does not begin with https, names no host or this computer, or is too long.
pub(super) fn address(text: &str) -> Result<(), Trouble> {
    let rest = text.strip_prefix("https://").unwrap_or_default();
    let host = rest.split(['/', ':', '?', '#']).next().unwrap_or_default();
    let plain = text.chars().all(|c| c.is_ascii_graphic()) && text.len() <= MAX_CHARS;
    let here = host == "localhost" || host.starts_with("127.") || host.starts_with('[') || host.contains('@');
    if plain && !host.is_empty() && !here {
        Ok(())
    } else {
        Err(Trouble::Bad(
            "the site's address begins with https:// and has at most 120 characters",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_a_phone_can_reach_is_shown() {
        for (url, site) in [
            ("https://center.example", Some("https://center.example/my")),
            ("https://center.example:8443/", Some("https://center.example:8443/my")),
            ("http://center.example", None),
            ("http://127.0.0.1:7400", None),
            ("https://127.0.0.1:7400", None),
            ("https://localhost", None),
            ("https://[::1]:7400", None),
            ("", None),
        ] {
            assert_eq!(of_center(url).as_deref(), site, "{url}");
        }
        assert!(address("https://a b").is_err() && address(&format!("https://{}", "a".repeat(120))).is_err());
    }
}
