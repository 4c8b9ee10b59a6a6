//! Coming in by a code sent to one's mobile number, going out, and whom to ask.
use super::guard::COOKIE_NAME;
use crate::center::Central;
use crate::error::CentralError;
use crate::http::fault::Fault;
use crate::http::people::body::Body;
use crate::http::routes::phone::{answer, number};
use crate::http::serve::Peer;
use crate::usecase::guests::Guest;
use crate::usecase::phone::Known;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::{Extension, Json};
use serde::Deserialize;
use serde_json::{Value, json};
use std::net::IpAddr;
use wire::phone::{PhoneCheckRequest, PhoneCodeAnswer};
use wire::problem::Code;

/// A proxy on this machine says whom it asks for in this header.
const FORWARDED: &str = "x-forwarded-for";

/// Where a request came from: what the proxy saw when it is on this machine, for all would be one address otherwise. Nobody else is
/// believed about that.
fn from(peer: Option<Extension<Peer>>, headers: &HeaderMap) -> Option<IpAddr> {
    let peer = peer.map(|p| p.0.0.ip())?;
    let last = |text: &str| text.rsplit(',').next()?.trim().parse().ok();
    let named = headers
        .get_all(FORWARDED)
        .iter()
        .next_back()
        .and_then(|v| last(v.to_str().ok()?));
    Some(named.filter(|_| peer.is_loopback()).unwrap_or(peer))
}

fn may_try(central: &Central, from: Option<IpAddr>) -> Result<(), Fault> {
    if central.guards().phones.may_try(from, central.now()) {
        Ok(())
    } else {
        Err(Fault::new(Code::RateLimited, "Too many codes from this address").after_ms(60_000))
    }
}

#[derive(Deserialize)]
pub struct Ask {
    phone: String,
}

/// `POST /my/api/code`: the answer is the same, and as fast, whether anybody here has the number or not.
pub async fn code(
    State(central): State<Central>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    Body(ask): Body<Ask>,
) -> Result<(StatusCode, Json<PhoneCodeAnswer>), Fault> {
    let phone = number(&ask.phone)?;
    let from = from(peer, &headers);
    may_try(&central, from)?;
    central.guards().phones.failed(from, central.now());
    let message = central.at_store(move |c| c.phone_code(&phone, Known::ByOrders)).await?;
    let sending = central.clone();
    tokio::spawn(async move { sending.send_code(message).await });
    Ok((StatusCode::ACCEPTED, Json(answer())))
}

fn me_view(guest: &Guest) -> Value {
    json!({ "phone_masked": guest.phone.masked(), "csrf_token": guest.csrf })
}

/// `POST /my/api/login`.
pub async fn login(
    State(central): State<Central>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    Body(check): Body<PhoneCheckRequest>,
) -> Result<impl IntoResponse, Fault> {
    let phone = number(&check.phone)?;
    let from = from(peer, &headers);
    may_try(&central, from)?;
    match central.at_store(move |c| c.guest_login(&phone, &check.code)).await {
        Ok((guest, secret)) => {
            let cookie = format!("{COOKIE_NAME}={secret}; Path=/; Secure; HttpOnly; SameSite=Strict");
            Ok(([(SET_COOKIE, cookie)], Json(me_view(&guest))))
        }
        Err(error) => {
            if matches!(error, CentralError::PhoneCode) {
                central.guards().phones.failed(from, central.now());
            }
            Err(error.into())
        }
    }
}

/// `GET /my/api/me`: also how a page that was opened again learns its token.
pub async fn me(Extension(guest): Extension<Guest>) -> Json<Value> {
    Json(me_view(&guest))
}

/// `POST /my/api/logout`.
pub async fn logout(
    State(central): State<Central>,
    Extension(guest): Extension<Guest>,
) -> Result<impl IntoResponse, Fault> {
    central.at_store(move |c| c.guest_logout(&guest)).await?;
    let gone = format!("{COOKIE_NAME}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, gone)]))
}

/// `GET /my/api/contact`: 客服, for whoever comes.
pub async fn contact(State(central): State<Central>) -> Result<Json<Value>, Fault> {
    let contact = central.at_store(Central::contact).await?;
    Ok(Json(
        json!({ "hours": contact.hours, "phone": contact.phone, "address": contact.address }),
    ))
}
