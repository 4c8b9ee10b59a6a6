//! Queries of people's requests; one that does not read is a problem like any other.
use crate::http::fault::Fault;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use wire::problem::{Code, Problem};

/// A query that read.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        axum::extract::Query::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(read)| Self(read))
            .map_err(|why| {
                Problem::new(Code::Validation, "The query is not of the expected shape")
                    .detail(why.body_text())
                    .into()
            })
    }
}
