//! `central contact`: the card graduates find at the site.
use crate::args::Format;
use crate::out;
use crate::run::{Outcome, Ran};
use central::{Central, Contact};
use serde_json::json;

/// Changes what was said and prints the card.
pub fn run(central: &Central, format: Format, said: [Option<&str>; 3]) -> Ran {
    let kept = central.contact()?;
    let [hours, phone, address] = said;
    let line = |said: Option<&str>, kept: String| said.map_or(kept, str::to_owned);
    let card = Contact {
        hours: line(hours, kept.hours),
        phone: line(phone, kept.phone),
        address: line(address, kept.address),
    };
    if said.iter().any(Option::is_some) {
        central.set_contact(&card)?;
    }
    let text = format!(
        "hours   {}\nphone   {}\naddress {}",
        card.hours, card.phone, card.address
    );
    let json = json!({ "hours": card.hours, "phone": card.phone, "address": card.address });
    out::line(format, &text, &json)?;
    Ok(Outcome::Done)
}
