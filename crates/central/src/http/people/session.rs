//! Coming in and going out, and the tokens of one's own scripts.
use super::body::Body;
use super::guard::COOKIE_NAME;
use super::views::{CredentialView, Me};
use crate::center::Central;
use crate::error::CentralError;
use crate::http::fault::Fault;
use crate::http::serve::Peer;
use crate::person::Person;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::IntoResponse;
use axum::{Extension, Json};
use serde::Deserialize;
use serde_json::{Value, json};
use wire::problem::Code;

#[derive(Deserialize)]
pub struct Login {
    account: String,
    password: String,
}

/// `POST /api/login`.
pub async fn login(
    State(central): State<Central>,
    peer: Option<Extension<Peer>>,
    Body(login): Body<Login>,
) -> Result<impl IntoResponse, Fault> {
    let from = peer.map(|p| p.0.0.ip());
    let guard = &central.guards().logins;
    if !guard.may_try(from, central.now()) {
        return Err(Fault::new(Code::RateLimited, "Too many wrong passwords").after_ms(60_000));
    }
    match central
        .at_store(move |c| c.login(&login.account, &login.password))
        .await
    {
        Ok(admitted) => {
            let cookie = format!(
                "{COOKIE_NAME}={}; Path=/; Secure; HttpOnly; SameSite=Strict",
                admitted.secret
            );
            Ok(([(SET_COOKIE, cookie)], Json(Me::of(&admitted.person))))
        }
        Err(error) => {
            if matches!(error, CentralError::Login) {
                guard.failed(from, central.now());
            }
            Err(error.into())
        }
    }
}

/// `GET /api/me`: also how a page that was opened again learns its token.
pub async fn me(Extension(person): Extension<Person>) -> Json<Me> {
    Json(Me::of(&person))
}

/// `POST /api/logout`.
pub async fn logout(
    State(central): State<Central>,
    Extension(person): Extension<Person>,
) -> Result<impl IntoResponse, Fault> {
    central
        .at_store(move |c| c.end_credential(&person, &person.credential))
        .await?;
    let gone = format!("{COOKIE_NAME}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, gone)]))
}

#[derive(Deserialize)]
pub struct NewPassword {
    old: String,
    new: String,
}

/// `POST /api/password`: ends all sessions and tokens of the account.
pub async fn password(
    State(central): State<Central>,
    Extension(person): Extension<Person>,
    Body(body): Body<NewPassword>,
) -> Result<StatusCode, Fault> {
    let change = move |c: &Central| {
        c.login(&person.account, &body.old)?;
        c.set_password(&person.who(), &person.account, &body.new)
    };
    central.at_store(change).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/tokens`: sessions too.
pub async fn tokens(
    State(central): State<Central>,
    Extension(person): Extension<Person>,
) -> Result<Json<Value>, Fault> {
    let all = central.at_store(move |c| c.credentials(&person)).await?;
    let all: Vec<_> = all.iter().map(CredentialView::of).collect();
    Ok(Json(json!({ "tokens": all })))
}

#[derive(Deserialize)]
pub struct NewToken {
    title: String,
    #[serde(default = "a_quarter")]
    days: u32,
}

fn a_quarter() -> u32 {
    90
}

/// `POST /api/tokens`: the only time the secret is told.
pub async fn add_token(
    State(central): State<Central>,
    Extension(person): Extension<Person>,
    Body(body): Body<NewToken>,
) -> Result<impl IntoResponse, Fault> {
    let made = central
        .at_store(move |c| c.add_token(&person, &body.title, body.days))
        .await?;
    let told = json!({ "id": made.person.credential, "token": made.secret, "expires_at_ms": made.expires_at.0 });
    Ok((StatusCode::CREATED, Json(told)))
}

/// `DELETE /api/tokens/{id}`.
pub async fn end_token(
    State(central): State<Central>,
    Path(id): Path<String>,
    Extension(person): Extension<Person>,
) -> Result<StatusCode, Fault> {
    central.at_store(move |c| c.end_credential(&person, &id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
