//! The graduates' web site, under `/my`: its routes, from one table of method, path and handler. All but two need a session of its own
//! kind; `docs/central-api.md` describes them.
mod guard;
mod orders;
mod session;
mod views;

use crate::center::Central;
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};

/// One route: method, path, handler.
type Route = (&'static str, &'static str, fn() -> MethodRouter<Central>);

/// Routes that need a session.
#[rustfmt::skip]
const ROUTES: &[Route] = &[
    ("GET",  "/my/api/me",                   || get(session::me)),
    ("POST", "/my/api/logout",               || post(session::logout)),
    ("GET",  "/my/api/orders",               || get(orders::list)),
    ("GET",  "/my/api/orders/{id}",          || get(orders::detail)),
    ("GET",  "/my/api/orders/{id}/picture",  || get(orders::picture)),
    ("POST", "/my/api/orders/{id}/payment",  || post(orders::payment)),
    ("POST", "/my/api/orders/{id}/address",  || post(orders::address)),
    ("POST", "/my/api/orders/{id}/withdraw", || post(orders::withdraw)),
    ("POST", "/my/api/orders/{id}/reprint",  || post(orders::reprint)),
    ("POST", "/my/api/orders/{id}/messages", || post(orders::messages)),
    ("GET",  "/my/api/data",                 || get(orders::data)),
    ("POST", "/my/api/erase",                || post(orders::erase)),
];

/// Method and path of each, for tests.
pub fn routes() -> impl Iterator<Item = (&'static str, &'static str)> {
    ROUTES.iter().map(|(method, path, _)| (*method, *path))
}

/// The router of all of them.
pub fn router(central: &Central) -> Router<Central> {
    let open = Router::new()
        .route("/my/api/contact", get(session::contact))
        .route("/my/api/code", post(session::code))
        .route("/my/api/login", post(session::login));
    ROUTES.iter().fold(open, |router, (_, path, handler)| {
        let guard = from_fn_with_state(central.clone(), guard::require);
        router.route(path, handler().layer(guard))
    })
}
