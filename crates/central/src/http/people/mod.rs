//! The routes of people and their scripts, under `/api`: one table of method, path and what it needs, from which the router is
//! built, the documentation is checked, and the matrix of roles is tested.
pub mod body;
pub mod guard;
mod manage;
pub mod orders;
mod packages;
mod payments;
mod query;
mod queue;
mod review;
mod rosters;
mod session;
mod views;
mod webhooks;

use crate::center::Central;
use crate::person::Permission as P;
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, delete, get, post};

/// One route.
pub struct Route {
    /// Its method.
    pub method: &'static str,
    /// Its path.
    pub path: &'static str,
    /// What the account must be allowed to do.
    pub needs: P,
    handler: fn() -> MethodRouter<Central>,
}

const fn route(method: &'static str, path: &'static str, needs: P, handler: fn() -> MethodRouter<Central>) -> Route {
    Route {
        method,
        path,
        needs,
        handler,
    }
}

/// Every route that needs an account. `POST /api/login` alone needs none.
#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    route("GET",    "/api/me",                           P::Own,       || get(session::me)),
    route("POST",   "/api/logout",                       P::Own,       || post(session::logout)),
    route("POST",   "/api/password",                     P::Own,       || post(session::password)),
    route("GET",    "/api/tokens",                       P::Own,       || get(session::tokens)),
    route("POST",   "/api/tokens",                       P::Own,       || post(session::add_token)),
    route("DELETE", "/api/tokens/{id}",                  P::Own,       || delete(session::end_token)),
    route("GET",    "/api/counts",                       P::Orders,    || get(queue::counts)),
    route("GET",    "/api/review",                       P::Review,    || get(queue::list)),
    route("POST",   "/api/review/hold",                  P::Review,    || post(queue::hold)),
    route("GET",    "/api/review/feedback",              P::Review,    || get(queue::feedback)),
    route("GET",    "/api/orders",                       P::Orders,    || get(orders::list)),
    route("GET",    "/api/orders/{id}",                  P::Orders,    || get(orders::detail)),
    route("GET",    "/api/orders/{id}/subject",          P::Reveal,    || get(orders::subject)),
    route("GET",    "/api/orders/{id}/pictures/{kind}",  P::Reveal,    || get(orders::picture)),
    route("GET",    "/api/orders/{id}/history",          P::Orders,    || get(orders::history)),
    route("POST",   "/api/orders/{id}/hold",             P::Review,    || post(review::hold)),
    route("POST",   "/api/orders/{id}/release",          P::Review,    || post(review::release)),
    route("POST",   "/api/orders/{id}/approve",          P::Review,    || post(review::approve)),
    route("POST",   "/api/orders/{id}/reject",           P::Review,    || post(review::reject)),
    route("POST",   "/api/orders/{id}/recall",           P::Review,    || post(review::recall)),
    route("POST",   "/api/orders/{id}/undo",             P::Review,    || post(review::undo)),
    route("POST",   "/api/orders/{id}/class-payment",    P::TakeClass, || post(review::class_payment)),
    route("POST",   "/api/orders/{id}/pull",             P::Produce,   || post(review::pull)),
    route("POST",   "/api/orders/{id}/produced",         P::Produce,   || post(review::produced)),
    route("GET",    "/api/orders/{id}/payments",         P::Payments,  || get(payments::of_order)),
    route("POST",   "/api/orders/{id}/refund",           P::Refund,    || post(payments::refund)),
    route("GET",    "/api/refunds",                      P::Payments,  || get(payments::refunds)),
    route("POST",   "/api/refunds/{id}/again",           P::Refund,    || post(payments::again)),
    route("GET",    "/api/payments/days/{date}",         P::Payments,  || get(payments::day)),
    route("GET",    "/api/reasons",                      P::Campaigns, || get(manage::reasons)),
    route("GET",    "/api/schools",                      P::Campaigns, || get(manage::schools)),
    route("GET",    "/api/campaigns",                    P::Campaigns, || get(manage::campaigns)),
    route("POST",   "/api/campaigns",                    P::Arrange,   || post(manage::put_campaign)),
    route("GET",    "/api/campaigns/{id}/lists/{kind}",  P::Packages,  || get(packages::one_list)),
    route("GET",    "/api/campaigns/{id}/roster",        P::Rosters,   || get(rosters::size)),
    route("POST",   "/api/campaigns/{id}/roster",        P::Rosters,   || post(rosters::import)),
    route("DELETE", "/api/campaigns/{id}/roster",        P::Rosters,   || delete(rosters::remove)),
    route("POST",   "/api/campaigns/{id}/roster/preview", P::Rosters,  || post(rosters::preview)),
    route("GET",    "/api/delivery-profiles",            P::Packages,  || get(packages::profiles)),
    route("GET",    "/api/packages",                     P::Packages,  || get(packages::list)),
    route("POST",   "/api/packages",                     P::Packages,  || post(packages::ask)),
    route("POST",   "/api/packages/preview",             P::Packages,  || post(packages::preview)),
    route("GET",    "/api/packages/{id}",                P::Packages,  || get(packages::one)),
    route("DELETE", "/api/packages/{id}",                P::Packages,  || delete(packages::remove)),
    route("GET",    "/api/packages/{id}/files/{name}",   P::Packages,  || get(packages::file)),
    route("GET",    "/api/stations",                     P::Campaigns, || get(manage::stations)),
    route("POST",   "/api/stations/{id}/revoke",         P::Arrange,   || post(manage::revoke)),
    route("POST",   "/api/enrol-codes",                  P::Arrange,   || post(manage::enrol_code)),
    route("GET",    "/api/accounts",                     P::Accounts,  || get(manage::accounts)),
    route("POST",   "/api/accounts",                     P::Accounts,  || post(manage::add_account)),
    route("POST",   "/api/accounts/{name}/disable",      P::Accounts,  || post(manage::disable)),
    route("POST",   "/api/accounts/{name}/password",     P::Accounts,  || post(manage::new_password)),
    route("GET",    "/api/webhooks",                     P::Accounts,  || get(webhooks::list)),
    route("POST",   "/api/webhooks",                     P::Accounts,  || post(webhooks::add)),
    route("DELETE", "/api/webhooks/{id}",                P::Accounts,  || delete(webhooks::remove)),
    route("GET",    "/api/webhooks/{id}/messages",       P::Accounts,  || get(webhooks::messages)),
    route("POST",   "/api/webhooks/{id}/replay",         P::Accounts,  || post(webhooks::replay)),
    route("GET",    "/api/audit",                        P::Audit,     || get(manage::audit)),
];

/// The router of all of them.
pub fn router(central: &Central) -> Router<Central> {
    let login = Router::new().route("/api/login", post(session::login));
    ROUTES.iter().fold(login, |router, r| {
        let guard = from_fn_with_state((central.clone(), r.needs), guard::require);
        router.route(r.path, (r.handler)().layer(guard))
    })
}
