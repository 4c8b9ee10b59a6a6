//! Errors as RFC 9457 answers. What went wrong inside is logged here and not sent.
use crate::error::CentralError;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use wire::problem::{Code, Problem};

/// A problem as an answer.
#[derive(Debug)]
pub struct Fault(Box<Problem>);

/// Time after which a busy center may be asked again.
const BUSY_MS: u64 = 2_000;

impl Fault {
    /// A problem with its code and a line for people.
    pub fn new(code: Code, title: &str) -> Self {
        Problem::new(code, title).into()
    }
    /// Says when to come again.
    pub fn after_ms(mut self, ms: u64) -> Self {
        self.0.retry_after_ms = Some(ms);
        self
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        let busy = matches!(problem.code, Code::Overloaded | Code::RateLimited) && problem.retry_after_ms.is_none();
        let fault = Self(Box::new(problem));
        if busy { fault.after_ms(BUSY_MS) } else { fault }
    }
}

impl From<CentralError> for Fault {
    fn from(error: CentralError) -> Self {
        let told = |code, title: &str| Problem::new(code, title).detail(error.to_string());
        match &error {
            CentralError::Refused(_) => told(Code::StateForbidden, "The rules do not allow it"),
            CentralError::NotFound { .. } => told(Code::NotFound, "There is no such thing"),
            CentralError::Invalid(_) | CentralError::OtherSchool { .. } => told(Code::Validation, "It does not hold"),
            CentralError::Roster(_) => told(Code::Validation, "The sheet does not read"),
            CentralError::Bundle { .. } => told(Code::Validation, "The bundle is not taken in"),
            CentralError::EnrolCode => told(Code::EnrolCodeInvalid, "The enrolment code does not hold"),
            CentralError::Login => told(Code::LoginNeeded, "Nobody is admitted with this"),
            CentralError::PhoneCode => told(Code::PhoneCodeInvalid, "The code does not hold"),
            CentralError::TooSoon { wait_ms } => {
                let mut problem = told(Code::RateLimited, "A code was asked for too often");
                problem.retry_after_ms = Some(*wait_ms);
                problem
            }
            CentralError::Digest => told(Code::DigestMismatch, "The photo is not the one it is named after"),
            CentralError::Photo(e) => match e {
                photo::DecodeError::TooManyBytes { .. } | photo::DecodeError::TooManyPixels { .. } => {
                    told(Code::TooLarge, "The photo is too large")
                }
                _ => told(Code::UnsupportedMedia, "The photo does not read"),
            },
            CentralError::NoGateway | CentralError::RefundUnderWay | CentralError::NothingToDeliver => {
                told(Code::StateForbidden, "It is not possible now")
            }
            CentralError::Odd(_) => told(Code::Validation, "It does not fit"),
            CentralError::Pay(e) if e.is_retryable() => {
                tracing::warn!(error = ?e, "the payment provider did not answer");
                Problem::new(
                    Code::Overloaded,
                    "The payment provider does not answer; try again later",
                )
            }
            CentralError::UploadGone => told(Code::UploadGone, "There is no such upload"),
            CentralError::UploadOffset => told(Code::OffsetMismatch, "The upload is elsewhere"),
            CentralError::Stopping => Problem::new(Code::Overloaded, "The center stops; try again"),
            CentralError::Busy { doing } | CentralError::Away { doing } => {
                tracing::warn!(doing, "too busy, or the database is away");
                Problem::new(Code::Overloaded, "Try again later")
            }
            CentralError::NotTrusted { why } => {
                tracing::error!(why, "the database server is not trusted");
                Problem::new(Code::Overloaded, "Try again later")
            }
            CentralError::Pay(_)
            | CentralError::Finish { .. }
            | CentralError::Prepare { .. }
            | CentralError::Store { .. }
            | CentralError::NewerStore { .. }
            | CentralError::Corrupt { .. }
            | CentralError::Files { .. }
            | CentralError::Objects { .. }
            | CentralError::Key
            | CentralError::OtherKey
            | CentralError::Json(_)
            | CentralError::NotEmpty { .. }
            | CentralError::Package(_)
            | CentralError::Superseded
            | CentralError::Worker(_) => {
                tracing::error!(error = ?error, "a request failed");
                Problem::new(Code::Internal, "The center failed; nothing was lost")
            }
        }
        .into()
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self.0).unwrap_or_default();
        let mut answer = (status, body).into_response();
        let headers = answer.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(ms) = self.0.retry_after_ms {
            headers.insert(RETRY_AFTER, HeaderValue::from(ms.div_ceil(1000)));
        }
        answer
    }
}
