//! `POST /v1/orders/{order_id}/payments`: a station asks for the code its sitter pays with. `POST /v1/payments/notice`: the payment
//! provider says what became of it; only its signature is believed.
use crate::center::Central;
use crate::error::CentralError;
use crate::http::auth::Signed;
use crate::http::body;
use crate::http::fault::Fault;
use crate::usecase::payments::Payer;
use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use pay::wechat::{MAX_NOTICE_BYTES, Notice, NoticeHeaders};
use wire::payment::PaymentCodeAnswer;
use wire::problem::Code;

/// The code of an order of this station; asked again, the same one while it can still be paid.
pub async fn code(
    State(central): State<Central>,
    Path(order): Path<String>,
    by: Signed<0>,
) -> Result<Json<PaymentCodeAnswer>, Fault> {
    let order = order
        .parse()
        .map_err(|_| Fault::new(Code::NotFound, "There is no such order"))?;
    let code = central.payment_code(Payer::Station(by.station), order).await?;
    Ok(Json(PaymentCodeAnswer {
        out_trade_no: code.trade.number().to_string(),
        code_url: code.code_url,
        amount_fen: code.trade.amount.fen(),
        expires_at_ms: code.trade.expires_at.0,
    }))
}

/// A callback. It is answered with success only when it is booked, durably; otherwise the provider sends it again.
pub async fn notice(State(central): State<Central>, request: Request) -> Result<StatusCode, Fault> {
    let client = central.gateway()?;
    let (parts, stream) = request.into_parts();
    let pause = central.config().limits.body_pause;
    let bytes = body::read(&parts.headers, stream, MAX_NOTICE_BYTES, pause).await?;
    let values = |name: &'static str| parts.headers.get_all(name).iter().filter_map(|v| v.to_str().ok());
    let said = NoticeHeaders::find(values).and_then(|headers| client.notice(&headers, &bytes));
    let said = said.map_err(|why| {
        tracing::warn!(%why, "a callback that is not the payment provider's");
        Fault::new(Code::BadSignature, "The message is not the payment provider's")
    })?;
    match said {
        Notice::Paid(paid) => central.at_store(move |c| c.take_payment(&paid)).await.map(drop),
        Notice::Refunded(back) => central.at_store(move |c| c.take_refund(&back)).await,
        Notice::Other(_) => Ok::<(), CentralError>(()),
    }?;
    Ok(StatusCode::NO_CONTENT)
}
