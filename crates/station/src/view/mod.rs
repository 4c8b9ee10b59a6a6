//! The domain as the windows see it: masked, in plain words and numbers. Conversion only; no rules, no store.
mod finding;
mod order;
mod person;
mod setup;

pub use finding::{finding_view, findings_from_json, findings_to_json, rect_view, spec_view};
pub use order::{check_word, name_of, order_row, recall_view};
pub use person::{code_short, person_card, person_line};
pub use setup::campaign_view;
