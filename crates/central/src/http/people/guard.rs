//! Who asks, and may they? A session comes by cookie and must be accompanied by its token when it changes something; a
//! script's token comes by header. Both at once are refused.
use crate::center::Central;
use crate::http::fault::Fault;
use crate::person::{Permission, Person};
use crate::store::people::CredentialKind;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::Response;
use wire::problem::Code;

/// The session's cookie. Its prefix makes browsers keep it to this host, over https, for all paths.
pub const COOKIE_NAME: &str = "__Host-xueying";
/// What a page sends along with a change; no other page can know it.
pub const CSRF_HEADER: &str = "x-csrf-token";

/// Lets a request through with its [`Person`], or refuses it.
pub async fn require(
    State((central, needs)): State<(Central, Permission)>,
    mut request: Request,
    next: Next,
) -> Result<Response, Fault> {
    let (secret, kind) = secret(request.headers()).ok_or_else(login_needed)?;
    let person = central.at_store(move |c| c.admitted(&secret, kind)).await?;
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if changes && !accompanied(&person, request.headers()) {
        return Err(Fault::new(
            Code::CsrfNeeded,
            "The change does not come from a page of this center",
        ));
    }
    if !person.role.may(needs) {
        return Err(Fault::new(Code::NotAllowed, "This account may not do that"));
    }
    request.extensions_mut().insert(person);
    Ok(next.run(request).await)
}

fn login_needed() -> Fault {
    Fault::new(Code::LoginNeeded, "Nobody is logged in")
}

/// The one secret of a request.
fn secret(headers: &HeaderMap) -> Option<(String, CredentialKind)> {
    let bearer = headers
        .get(AUTHORIZATION)
        .map(|v| v.to_str().ok()?.strip_prefix("Bearer "));
    match (bearer, cookie(headers, COOKIE_NAME)) {
        (Some(Some(token)), None) => Some((token.trim().to_owned(), CredentialKind::Token)),
        (None, Some(session)) => Some((session, CredentialKind::Session)),
        _ => None,
    }
}

/// The session's secret, when the cookie of this name is there once.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let pairs = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'));
    let mut ours = pairs.filter_map(|p| p.trim().strip_prefix(name)?.strip_prefix('='));
    match (ours.next(), ours.next()) {
        (Some(secret), None) => Some(secret.to_owned()),
        _ => None,
    }
}

fn accompanied(person: &Person, headers: &HeaderMap) -> bool {
    let Some(expected) = &person.csrf else { return true };
    headers
        .get(CSRF_HEADER)
        .is_some_and(|sent| sent.as_bytes() == expected.as_bytes())
}
