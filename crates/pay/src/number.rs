//! The merchant's own numbers: of a payment (`out_trade_no`, 6–32 characters) and of a refund (`out_refund_no`, 1–64).
use std::fmt;

/// Why a text is no number of the merchant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a number of the merchant has {least} to {most} letters, digits or _-|*")]
pub struct BadNumber {
    least: usize,
    most: usize,
}

fn holds(text: &str, least: usize, most: usize) -> Result<(), BadNumber> {
    let letters = text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'|' | b'*'));
    if letters && (least..=most).contains(&text.len()) {
        Ok(())
    } else {
        Err(BadNumber { least, most })
    }
}

macro_rules! number {
    ($(#[$meta:meta])* $name:ident, $least:literal, $most:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);
        impl $name {
            /// Reads a number.
            ///
            /// # Errors
            /// When it is too short, too long, or holds another character.
            pub fn parse(text: &str) -> Result<Self, BadNumber> {
                holds(text, $least, $most).map(|()| Self(text.to_owned()))
            }
            /// Its text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
number! {
    /// The merchant's number of a payment: 6–32 characters, never used twice.
    OutTradeNo, 6, 32
}
number! {
    /// The merchant's number of a refund: 1–64 characters; sent again, it asks for the same refund.
    OutRefundNo, 1, 64
}

impl OutTradeNo {
    /// The number of a payment with this id: its 32 hex digits.
    pub fn of(payment: domain::PaymentId) -> Self {
        Self(payment.0.simple().to_string())
    }
    /// The id of the payment, for numbers made by [`OutTradeNo::of`].
    pub fn payment(&self) -> Option<domain::PaymentId> {
        self.0.parse().ok()
    }
}

impl OutRefundNo {
    /// The number of a refund with this id: its 32 hex digits.
    pub fn of(refund: domain::PaymentId) -> Self {
        Self(refund.0.simple().to_string())
    }
    /// The id of the refund, for numbers made by [`OutRefundNo::of`].
    pub fn refund(&self) -> Option<domain::PaymentId> {
        self.0.parse().ok()
    }
}
