//! What can go wrong between us and the provider.

/// A message that is not the provider's, or not for us. Nothing of it is believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Untrusted {
    /// A header is missing, doubled or does not read.
    #[error("{0} is missing or does not read")]
    Header(&'static str),
    /// Nobody configured a key with this serial.
    #[error("no key with this serial is configured")]
    UnknownSerial,
    /// The signature does not hold over the bytes received.
    #[error("the signature does not hold")]
    Signature,
    /// It was signed too long ago, or in the future.
    #[error("it was signed {0} s away from now")]
    Stale(u64),
    /// The sealed part does not open with our key.
    #[error("the sealed part does not open")]
    Sealed,
    /// It is signed, and yet not of the documented shape.
    #[error("{0} is not of the documented shape")]
    Shape(&'static str),
}

/// The provider's error codes this client tells apart; the rest keep their text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum GatewayCode {
    OrderPaid,
    OrderClosed,
    OrderNotExist,
    OutTradeNoUsed,
    NotEnough,
    FrequencyLimited,
    SystemError,
    SignError,
    ParamError,
    InvalidRequest,
    NoAuth,
    NoStatementExist,
    ResourceNotExists,
    Other(String),
}

impl GatewayCode {
    /// Reads the provider's word. Both spellings of the documentation are taken.
    pub fn from_word(word: &str) -> Self {
        match word {
            "ORDERPAID" => Self::OrderPaid,
            "ORDER_CLOSED" | "ORDERCLOSED" => Self::OrderClosed,
            "ORDER_NOT_EXIST" | "ORDERNOTEXIST" => Self::OrderNotExist,
            "OUT_TRADE_NO_USED" => Self::OutTradeNoUsed,
            "NOT_ENOUGH" => Self::NotEnough,
            "FREQUENCY_LIMITED" | "RATELIMIT_EXCEEDED" => Self::FrequencyLimited,
            "SYSTEM_ERROR" | "SYSTEMERROR" => Self::SystemError,
            "SIGN_ERROR" => Self::SignError,
            "PARAM_ERROR" => Self::ParamError,
            "INVALID_REQUEST" => Self::InvalidRequest,
            "NO_AUTH" => Self::NoAuth,
            "NO_STATEMENT_EXIST" => Self::NoStatementExist,
            "RESOURCE_NOT_EXISTS" => Self::ResourceNotExists,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// A question to the provider that got no good answer.
#[derive(Debug, thiserror::Error)]
pub enum PayError {
    /// The settings do not hold.
    #[error("the payment settings: {0}")]
    Settings(String),
    /// The provider was not reached, or broke off. What was asked may have happened all the same.
    #[error("{doing}: {source}")]
    Network {
        /// What was being done.
        doing: &'static str,
        /// Why it failed.
        source: reqwest::Error,
    },
    /// The provider refused.
    #[error("{doing}: the provider answered {status} {code:?}")]
    Refused {
        /// What was being done.
        doing: &'static str,
        /// HTTP status.
        status: u16,
        /// Its reason.
        code: GatewayCode,
    },
    /// The answer is not the provider's.
    #[error("{doing}: {source}")]
    Untrusted {
        /// What was being done.
        doing: &'static str,
        /// Why it is not believed.
        source: Untrusted,
    },
    /// The answer is longer than any that is documented.
    #[error("{doing}: the answer is too long")]
    TooLong {
        /// What was being done.
        doing: &'static str,
    },
    /// The downloaded bill is not the one the provider announced.
    #[error("the bill is not the one that was announced")]
    BillChanged,
    /// Signing failed.
    #[error("the request could not be signed")]
    Signing,
}

impl PayError {
    /// Whether asking again later may help.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Network { .. } => true,
            Self::Refused { status, code, .. } => {
                *status >= 500
                    || *status == 429
                    || matches!(code, GatewayCode::SystemError | GatewayCode::FrequencyLimited)
            }
            Self::Settings(_) | Self::Untrusted { .. } | Self::TooLong { .. } | Self::BillChanged | Self::Signing => {
                false
            }
        }
    }
}
