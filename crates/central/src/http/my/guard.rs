//! Which graduate asks? A session comes by a cookie of its own kind and must be accompanied by its token when it changes something.
//! An account's session or token opens nothing here, and this one nothing there.
use crate::center::Central;
use crate::http::fault::Fault;
use crate::http::people::guard::{CSRF_HEADER, cookie};
use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use wire::problem::Code;

/// The session's cookie.
pub const COOKIE_NAME: &str = "__Host-xueying-my";

/// Lets a request through with its guest, or refuses it.
pub async fn require(State(central): State<Central>, mut request: Request, next: Next) -> Result<Response, Fault> {
    let secret = cookie(request.headers(), COOKIE_NAME);
    let secret = secret.ok_or_else(|| Fault::new(Code::LoginNeeded, "Nobody is logged in"))?;
    let guest = central.at_store(move |c| c.guest_admitted(&secret)).await?;
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    let sent = request.headers().get(CSRF_HEADER);
    if changes && sent.is_none_or(|sent| sent.as_bytes() != guest.csrf.as_bytes()) {
        return Err(Fault::new(
            Code::CsrfNeeded,
            "The change does not come from a page of this center",
        ));
    }
    request.extensions_mut().insert(guest);
    Ok(next.run(request).await)
}
