//! 我的订单 and 账号信息 at the site: what belongs to the proved number, and nothing that belongs to anybody else.
use super::views;
use crate::center::Central;
use crate::error::CentralError;
use crate::http::fault::Fault;
use crate::http::people::body::Body;
use crate::http::people::orders::order_id;
use crate::usecase::guests::{Allowed, Guest};
use crate::usecase::payments::Payer;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::OrderEvent;
use fast_qr::QRBuilder;
use serde::Deserialize;
use serde_json::{Value, json};

type Answer = Result<Json<Value>, Fault>;
type Done = Result<StatusCode, Fault>;

/// `GET /my/api/orders`: newest first.
pub async fn list(State(c): State<Central>, Extension(guest): Extension<Guest>) -> Answer {
    let orders = c.at_store(move |c| c.guest_orders(&guest)).await?;
    let rows: Vec<_> = orders.iter().map(views::row).collect();
    Ok(Json(
        json!({ "orders": rows, "person": orders.first().map(views::person) }),
    ))
}

/// `GET /my/api/orders/{id}`.
pub async fn detail(State(c): State<Central>, Path(id): Path<String>, Extension(guest): Extension<Guest>) -> Answer {
    let id = order_id(&id)?;
    let own = c.at_store(move |c| c.guest_order(&guest, &id)).await?;
    Ok(Json(views::detail(&own)))
}

/// `GET /my/api/orders/{id}/picture`: the finished picture.
pub async fn picture(
    State(c): State<Central>,
    Path(id): Path<String>,
    Extension(guest): Extension<Guest>,
) -> Result<Response, Fault> {
    let id = order_id(&id)?;
    let work = move |c: &Central| {
        c.guest_order(&guest, &id)?;
        c.finished(&id)
    };
    let bytes = c.at_shown(work).await?;
    let headers = [(CONTENT_TYPE, "image/jpeg"), (CONTENT_DISPOSITION, "inline")];
    Ok((headers, bytes).into_response())
}

/// `POST /my/api/orders/{id}/payment`: the code that is scanned to pay, drawn, and the link in it.
pub async fn payment(State(c): State<Central>, Path(id): Path<String>, Extension(guest): Extension<Guest>) -> Answer {
    let id = order_id(&id)?;
    let code = c.payment_code(Payer::Guest(guest.phone), id).await?;
    let drawn = QRBuilder::new(code.code_url.as_str()).build();
    let drawn = drawn.map_err(|_| CentralError::corrupt("the payment code"))?;
    let dark: String = (0..drawn.size)
        .flat_map(|row| drawn[row].iter().map(|module| if module.value() { '1' } else { '0' }))
        .collect();
    Ok(Json(json!({
        "modules": drawn.size, "dark": dark, "amount_fen": code.trade.amount.fen(), "expires_at_ms": code.trade.expires_at.0,
        "link": code.code_url,
    })))
}

#[derive(Deserialize)]
pub struct Address {
    address: String,
}

/// `POST /my/api/orders/{id}/address` (T2e).
pub async fn address(
    State(c): State<Central>,
    Path(id): Path<String>,
    Extension(guest): Extension<Guest>,
    Body(body): Body<Address>,
) -> Done {
    let id = order_id(&id)?;
    let event = OrderEvent::EditAddress(body.address);
    c.at_store(move |c| c.guest_step(&guest, &id, &event)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /my/api/orders/{id}/withdraw` (T6w).
pub async fn withdraw(State(c): State<Central>, Path(id): Path<String>, Extension(guest): Extension<Guest>) -> Done {
    let id = order_id(&id)?;
    c.at_store(move |c| c.guest_step(&guest, &id, &OrderEvent::Withdraw))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /my/api/orders/{id}/reprint` (T13).
pub async fn reprint(
    State(c): State<Central>,
    Path(id): Path<String>,
    Extension(guest): Extension<Guest>,
) -> Result<(StatusCode, Json<Value>), Fault> {
    let id = order_id(&id)?;
    let made = c.at_store(move |c| c.guest_reprint(&guest, &id)).await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": made.to_string() }))))
}

#[derive(Deserialize)]
pub struct Messages {
    allowed: bool,
    #[serde(default)]
    language: String,
}

/// `POST /my/api/orders/{id}/messages` (F22).
pub async fn messages(
    State(c): State<Central>,
    Path(id): Path<String>,
    Extension(guest): Extension<Guest>,
    Body(body): Body<Messages>,
) -> Done {
    let id = order_id(&id)?;
    let allowed = match (body.allowed, body.language.as_str()) {
        (false, _) => Allowed::No,
        (true, "zh-CN" | "en") => Allowed::Yes {
            language: body.language,
        },
        (true, _) => return Err(CentralError::from(wire::Invalid::new("language", "must be zh-CN or en")).into()),
    };
    c.at_store(move |c| c.guest_messages(&guest, &id, allowed)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /my/api/data`: everything kept here about the guest, masked.
pub async fn data(State(c): State<Central>, Extension(guest): Extension<Guest>) -> Answer {
    let found = c
        .at_store(move |c| {
            let orders = c.guest_orders(&guest)?;
            let photos = c.guest_photos(&orders)?;
            Ok((orders, photos))
        })
        .await?;
    Ok(Json(views::data(&found.0, &found.1)))
}

/// `POST /my/api/erase`.
pub async fn erase(State(c): State<Central>, Extension(guest): Extension<Guest>) -> Answer {
    c.at_store(move |c| c.guest_erase(&guest)).await?;
    Ok(Json(json!("asked")))
}
