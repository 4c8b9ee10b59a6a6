//! Is this answer the center's, and what does it say? A captive portal's friendly page is no success.
use crate::failure::Failure;
use crate::remote::RawAnswer;
use wire::enrol::EnrolAnswer;
use wire::feed::{FeedAnswer, Snapshot};
use wire::op::OpsAnswer;
use wire::payment::PaymentCodeAnswer;
use wire::phone::PhoneCodeAnswer;
use wire::problem::{Code, Problem};

/// Milliseconds since 1970 UTC by the center's clock, when the answer is the center's.
pub fn server_time_ms(raw: &RawAnswer) -> Option<i64> {
    is_center(raw).ok()?;
    raw.header(wire::SERVER_TIME_HEADER)?.parse().ok()
}

/// An answer without a body that matters.
///
/// # Errors
/// When it is not the center's or not a success.
pub fn done(raw: &RawAnswer) -> Result<(), Failure> {
    accepted(raw)
}

/// Whether the center holds the photo that was asked for.
///
/// # Errors
/// When it is not the center's or says neither yes nor no.
pub fn known(raw: &RawAnswer) -> Result<bool, Failure> {
    match accepted(raw) {
        Ok(()) => Ok(true),
        Err(Failure::Refused(problem)) if problem.status == 404 => Ok(false),
        Err(failure) => Err(failure),
    }
}

/// Where a photo is sent in pieces, and how much of it the center has.
///
/// # Errors
/// When it is not the center's, not a success, or names neither.
pub fn upload(raw: &RawAnswer) -> Result<(String, usize), Failure> {
    accepted(raw)?;
    let target = raw.header("location").filter(|l| l.starts_with("/v1/uploads/"));
    let target = target.ok_or_else(|| shape("an upload's address"))?;
    Ok((target.to_owned(), upload_offset(raw)?))
}

/// How much of a photo the center has.
///
/// # Errors
/// When it is not the center's, not a success, or does not say.
pub fn upload_offset(raw: &RawAnswer) -> Result<usize, Failure> {
    accepted(raw)?;
    let offset = raw.header("upload-offset").and_then(|o| o.parse().ok());
    offset.ok_or_else(|| shape("an upload's offset"))
}

/// The code an order is paid with.
///
/// # Errors
/// When it is not the center's, not a success, or not of this shape.
pub fn payment(raw: &RawAnswer) -> Result<PaymentCodeAnswer, Failure> {
    accepted_json(raw)?;
    serde_json::from_slice(&raw.body).map_err(|_| shape("a payment code"))
}

/// When another code may be asked for.
///
/// # Errors
/// When it is not the center's, not a success, or not of this shape.
pub fn phone_code(raw: &RawAnswer) -> Result<PhoneCodeAnswer, Failure> {
    accepted_json(raw)?;
    serde_json::from_slice(&raw.body).map_err(|_| shape("an answer about a code"))
}

/// What became of the ops.
///
/// # Errors
/// When it is not the center's, not a success, or not of this shape.
pub fn ops(raw: &RawAnswer) -> Result<OpsAnswer, Failure> {
    accepted_json(raw)?;
    serde_json::from_slice(&raw.body).map_err(|_| shape("results of ops"))
}

/// What is new.
///
/// # Errors
/// When it is not the center's, not a success, or not of this shape.
pub fn feed(raw: &RawAnswer) -> Result<FeedAnswer, Failure> {
    accepted_json(raw)?;
    serde_json::from_slice(&raw.body).map_err(|_| shape("feed"))
}

/// Everything.
///
/// # Errors
/// When it is not the center's, not a success, or not of this shape.
pub fn snapshot(raw: &RawAnswer) -> Result<Snapshot, Failure> {
    accepted_json(raw)?;
    serde_json::from_slice(&raw.body).map_err(|_| shape("snapshot"))
}

/// The identity given at enrolment.
///
/// # Errors
/// When it is not the center's, not a success, or not of this shape.
pub fn enrolled(raw: &RawAnswer) -> Result<EnrolAnswer, Failure> {
    accepted_json(raw)?;
    serde_json::from_slice(&raw.body).map_err(|_| shape("enrolment"))
}

fn shape(why: &'static str) -> Failure {
    Failure::BadAnswer { why }
}

fn is_center(raw: &RawAnswer) -> Result<(), Failure> {
    let number = |name: &str| {
        let text = raw.header(name).unwrap_or_default();
        !text.is_empty() && text.len() <= 15 && text.bytes().all(|b| b.is_ascii_digit())
    };
    let why = if !number(wire::SERVER_TIME_HEADER) {
        "it does not tell the time"
    } else if !number(wire::API_VERSION_HEADER) {
        "it does not tell its version"
    } else if (300..400).contains(&raw.status) {
        "it sends us elsewhere"
    } else if raw.header("content-encoding").is_some_and(|e| e != "identity") {
        "it is compressed, which nobody asked for"
    } else {
        return Ok(());
    };
    Err(Failure::NotCenter {
        why,
        retry_after_ms: retry_after_ms(raw),
    })
}

fn accepted(raw: &RawAnswer) -> Result<(), Failure> {
    is_center(raw)?;
    match raw.status {
        200..=299 if media_type(raw) == Some("text/html") => Err(Failure::NotCenter {
            why: "it is a page for people",
            retry_after_ms: None,
        }),
        200 | 201 | 204 => Ok(()),
        400..=599 => Err(refused(raw)),
        _ => Err(shape("status")),
    }
}

fn accepted_json(raw: &RawAnswer) -> Result<(), Failure> {
    accepted(raw)?;
    match media_type(raw) {
        Some("application/json") => Ok(()),
        _ => Err(Failure::NotCenter {
            why: "it is not JSON",
            retry_after_ms: None,
        }),
    }
}

/// A problem document, or what can be told from the status: answers to HEAD have no body.
fn refused(raw: &RawAnswer) -> Failure {
    let told = match media_type(raw) {
        Some("application/problem+json") if !raw.body.is_empty() => serde_json::from_slice::<Problem>(&raw.body).ok(),
        Some("text/html") => {
            return Failure::NotCenter {
                why: "it is a page for people",
                retry_after_ms: retry_after_ms(raw),
            };
        }
        _ => None,
    };
    let mut problem = told.unwrap_or_else(|| Problem::new(Code::Unknown, "no problem document"));
    // The status line is what every proxy on the way acted on; a document that says otherwise does not count.
    problem.status = raw.status;
    problem.retry_after_ms = problem.retry_after_ms.max(retry_after_ms(raw));
    Failure::Refused(Box::new(problem))
}

fn media_type(raw: &RawAnswer) -> Option<&str> {
    Some(raw.header("content-type")?.split(';').next()?.trim())
}

/// `Retry-After` in seconds. The form with a date is not used by the center, and is passed over.
fn retry_after_ms(raw: &RawAnswer) -> Option<u64> {
    raw.header("retry-after")?.trim().parse::<u64>().ok()?.checked_mul(1000)
}
