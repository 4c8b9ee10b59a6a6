//! Do the messages look as documented, come back as they were, and stand up to what is forged, unknown or newer?
#![allow(clippy::unwrap_used)]
mod campaign;
mod messages;
mod signed;

use expect_test::Expect;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The JSON is as expected, and reads back as the same value.
fn check<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T, expected: Expect) {
    let json = serde_json::to_string_pretty(value).unwrap();
    expected.assert_eq(&json);
    assert_eq!(serde_json::from_str::<T>(&json).unwrap(), *value);
}
