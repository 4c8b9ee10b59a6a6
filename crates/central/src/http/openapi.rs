//! `central openapi` and `GET /openapi.json`: the routes of people and scripts as OpenAPI 3.1, from the table the router is built
//! from and the shapes below. A test holds that each route has its shape, and another calls every route by it.
use super::people::ROUTES;
use crate::store::people::AccountRole;
use serde_json::{Map, Value, json};

/// What a route takes and gives. Fields are written `name:type`, with `s` a text, `i` a whole number, `b` a yes or no, `o` an
/// object, `[s]` and `[o]` lists, and `?` behind the type when it may be left out, or be null in an answer.
struct Shape {
    route: &'static str,
    title: &'static str,
    query: &'static str,
    body: &'static str,
    answer: Gives,
}

/// What comes back when all is well.
#[derive(Clone, Copy)]
enum Gives {
    /// 200 with these fields.
    Json(&'static str),
    /// 201 with these fields.
    Made(&'static str),
    /// 204.
    Nothing,
    /// A picture.
    Jpeg,
    /// A file of this type.
    File(&'static str),
}
use Gives::{File, Jpeg, Json, Made, Nothing};

const fn shape(
    route: &'static str,
    title: &'static str,
    query: &'static str,
    body: &'static str,
    answer: Gives,
) -> Shape {
    Shape {
        route,
        title,
        query,
        body,
        answer,
    }
}

const ME: &str = "account:s role:s school_code:s? csrf_token:s?";
const ORDER_NOW: &str = "id:s state:s held_by:s?";
const PACKAGE: &str = "id:s school_code:s campaign_id:s class:s? profile:s? own_profile:b unreviewed:b who:s state:s fault:s? done:i total:i pictures:i? unmatched:i? rejected:i? absent:i? files:[o] asked_at_ms:i begun_at_ms:i? ready_at_ms:i? expires_at_ms:i";
const ROSTER: &str = "added:i changed:i unchanged:i gone:i refused:i problems:[o]";
const REFUND: &str = "id:s out_refund_no:s order_id:s school_code:s step:s cause:s reason:s who:s through_provider:b amount_fen:i asked_at_ms:i done_at_ms:i?";

#[rustfmt::skip]
const SHAPES: &[Shape] = &[
    shape("POST /api/login",                        "Opens a session", "", "account:s password:s", Json(ME)),
    shape("GET /api/me",                            "Who is logged in", "", "", Json(ME)),
    shape("POST /api/logout",                       "Ends the session", "", "", Nothing),
    shape("POST /api/password",                     "Changes the password; ends every session and token", "", "old:s new:s", Nothing),
    shape("GET /api/tokens",                        "Sessions and tokens of the account", "", "", Json("tokens:[o]")),
    shape("POST /api/tokens",                       "Makes a token for a script; told once", "", "title:s days:i", Made("id:s token:s expires_at_ms:i")),
    shape("DELETE /api/tokens/{id}",                "Ends a token", "", "", Nothing),
    shape("GET /api/counts",                        "Orders in each state", "school:s? campaign:s?", "", Json("states:[o]")),
    shape("GET /api/review",                        "What awaits review, exceptions first", "state:s? school:s? campaign:s? station:s? limit:i? after:s?", "", Json("orders:[o] next:s?")),
    shape("POST /api/review/hold",                  "Takes a page for review and lets another go", "", "orders:[s]? release:[s]?", Json("held:[s] others:[o]")),
    shape("GET /api/review/feedback",               "Where local check and review disagree", "school:s? campaign:s?", "", Json("stations:[o] measures:[o]")),
    shape("GET /api/orders",                        "Orders, latest received first", "school:s? campaign:s? station:s? state:s? number:s? limit:i? before:s?", "", Json("orders:[o] next:s?")),
    shape("GET /api/orders/{id}",                   "One order, masked", "", "", Json("id:s number:s state:s")),
    shape("GET /api/orders/{id}/subject",           "Nothing masked; written into the history", "", "", Json("person_key:s subject:o address:s?")),
    shape("GET /api/orders/{id}/pictures/{kind}",   "finished, preview or original", "revision:i?", "", Jpeg),
    shape("GET /api/orders/{id}/history",           "What happened to it", "", "", Json("history:[o]")),
    shape("POST /api/orders/{id}/hold",             "Takes it for review", "", "", Json(ORDER_NOW)),
    shape("POST /api/orders/{id}/release",          "Lets it go", "", "", Json(ORDER_NOW)),
    shape("POST /api/orders/{id}/approve",          "T5", "", "", Json(ORDER_NOW)),
    shape("POST /api/orders/{id}/reject",           "T6", "", "reasons:[s] note:s?", Json(ORDER_NOW)),
    shape("POST /api/orders/{id}/recall",           "T9r", "", "reasons:[s] note:s?", Json(ORDER_NOW)),
    shape("POST /api/orders/{id}/undo",             "Takes one's own latest decision back", "", "", Json(ORDER_NOW)),
    shape("POST /api/orders/{id}/class-payment",    "T2 for a class paid in one sum", "", "amount_fen:i", Json(ORDER_NOW)),
    shape("POST /api/orders/{id}/pull",             "T9, with the finished picture's SHA-256 as receipt", "", "sha256:s", Json(ORDER_NOW)),
    shape("POST /api/orders/{id}/produced",         "T10", "", "", Json(ORDER_NOW)),
    shape("GET /api/orders/{id}/payments",          "Payments and refunds", "", "", Json("payments:[o] refunds:[o]")),
    shape("POST /api/orders/{id}/refund",           "T11", "", "reason:s", Json(REFUND)),
    shape("GET /api/refunds",                       "Refunds at one step", "step:s?", "", Json("refunds:[o]")),
    shape("POST /api/refunds/{id}/again",           "Tries a stuck refund again", "", "", Json(REFUND)),
    shape("GET /api/payments/days/{date}",          "A past day's bill against the books", "", "", Json("day:s matched:i taken_in:i differences:[o]")),
    shape("GET /api/reasons",                       "What a rejection may name", "", "", Json("reasons:[s]")),
    shape("GET /api/schools",                       "Schools with a campaign", "", "", Json("schools:[o]")),
    shape("GET /api/campaigns",                     "Campaigns", "school:s?", "", Json("campaigns:[o]")),
    shape("POST /api/campaigns",                    "Makes or changes one", "", "id:s title:s school_code:s school_name:s job:s number_prefix:s price_fen:i collective:b picture_files:b? spec:s opens_at_ms:i closes_at_ms:i retake_tries:i retake_within_hours:i consent_version:s feature_codes:[o]?", Nothing),
    shape("GET /api/campaigns/{id}/lists/{kind}",   "Who is absent, rejected or unmatched: csv, json, xlsx or dbf", "form:s? class:s? profile:s? unreviewed:b?", "", File("application/octet-stream")),
    shape("GET /api/campaigns/{id}/roster",         "How many people a roster has", "", "", Json("people:i")),
    shape("POST /api/campaigns/{id}/roster",        "Takes a sheet, which is the body as it is", "file:s encoding:s? sheet:s? mapping:s? missing:s?", "", Json(ROSTER)),
    shape("DELETE /api/campaigns/{id}/roster",      "Takes everybody off", "", "", Json("gone:i")),
    shape("POST /api/campaigns/{id}/roster/preview", "How a sheet reads, and what taking it would do", "file:s encoding:s? sheet:s? mapping:s? missing:s?", "", Json("encoding:s? encodings:[s] sheets:[s] sheet:s? header:[s] rows:[o] row_count:i mapping:[s] fields:[s] outcome:o?")),
    shape("GET /api/delivery-profiles",             "Profiles that come with the program", "", "", Json("profiles:[o]")),
    shape("GET /api/packages",                      "Delivery packages, latest first", "school:s? campaign:s?", "", Json("packages:[o]")),
    shape("POST /api/packages",                     "Asks for a package", "", "campaign:s class:s? profile:s? profile_text:s? unreviewed:b?", Made(PACKAGE)),
    shape("POST /api/packages/preview",             "What such a package would hold now", "", "campaign:s class:s? profile:s? profile_text:s? unreviewed:b?", Json("pictures:i unmatched:i rejected:i absent:i awaiting:i classes:[s] profile:s")),
    shape("GET /api/packages/{id}",                 "One package, and how far it is", "", "", Json(PACKAGE)),
    shape("DELETE /api/packages/{id}",              "Removes it; one that is being made is given up", "", "", Nothing),
    shape("GET /api/packages/{id}/files/{name}",    "pictures.zip or papers.zip, in any stretches", "", "", File("application/zip")),
    shape("GET /api/stations",                      "Stations", "school:s?", "", Json("stations:[o]")),
    shape("POST /api/stations/{id}/revoke",         "Takes a station's right to speak", "", "", Nothing),
    shape("POST /api/enrol-codes",                  "A one-time code for a station", "", "school:s", Json("code:s expires_at_ms:i")),
    shape("GET /api/accounts",                      "Accounts", "school:s?", "", Json("accounts:[o]")),
    shape("POST /api/accounts",                     "Makes an account", "", "name:s role:s school:s? password:s", Made("")),
    shape("POST /api/accounts/{name}/disable",      "Ends an account's sessions and tokens", "", "", Nothing),
    shape("POST /api/accounts/{name}/password",     "Gives an account a new password; ends its sessions and tokens", "", "password:s", Nothing),
    shape("GET /api/webhooks",                      "Webhooks", "", "", Json("webhooks:[o]")),
    shape("POST /api/webhooks",                     "Adds a webhook; its secret is told once", "", "url:s events:[s]? school:s?", Made("id:s url:s secret:s events:[s]")),
    shape("DELETE /api/webhooks/{id}",              "Removes it with its messages", "", "", Nothing),
    shape("GET /api/webhooks/{id}/messages",        "What it was told", "since_ms:i?", "", Json("messages:[o]")),
    shape("POST /api/webhooks/{id}/replay",         "Tells it again", "", "since_ms:i?", Json("messages:i")),
    shape("GET /api/audit",                         "History of one subject, or the latest of all", "school:s? subject:s? before:s?", "", Json("history:[o]")),
];

/// The whole document.
pub fn document() -> Value {
    let mut paths = Map::new();
    for shape in SHAPES {
        let (method, path) = shape.route.split_once(' ').unwrap_or_default();
        let item = paths.entry(path).or_insert_with(|| json!({}));
        item[method.to_lowercase()] = operation(shape, path);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "学影 center: routes of people and scripts",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Times are milliseconds since 1970 UTC, money is fen. Objects of schools an account does not see do not exist for it.",
        },
        "servers": [{ "url": "/" }],
        "security": [{ "token": [] }, { "session": [], "page": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer" },
                "session": { "type": "apiKey", "in": "cookie", "name": "__Host-xueying" },
                "page": { "type": "apiKey", "in": "header", "name": "x-csrf-token" },
            },
            "schemas": { "Problem": object("type:s title:s status:i code:s detail:s? retry:b retry_after_ms:i?", Direction::Answer) },
        },
    })
}

fn operation(shape: &Shape, path: &str) -> Value {
    let named = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let mut parameters: Vec<Value> = named
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    parameters.extend(fields(shape.query).map(|field| {
        let required = !field.optional;
        json!({ "name": field.name, "in": "query", "required": required, "schema": field.schema(Direction::Question) })
    }));
    let problem = json!({
        "description": "A problem (RFC 9457) with a stable code",
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
    });
    let made = |fields| json!({ "application/json": { "schema": object(fields, Direction::Answer) } });
    let (status, content) = match shape.answer {
        Json(fields) => ("200", made(fields)),
        Made("") => ("201", Value::Null),
        Made(fields) => ("201", made(fields)),
        Nothing => ("204", Value::Null),
        Jpeg => ("200", json!({ "image/jpeg": {} })),
        File(kind) => ("200", json!({ kind: {} })),
    };
    let mut answer = json!({ "description": "Done" });
    if !content.is_null() {
        answer["content"] = content;
    }
    let mut operation = json!({
        "summary": shape.title,
        "operationId": shape.route.to_lowercase().replace(['/', '{', '}', ' '], "_"),
        "parameters": parameters,
        "responses": { (status): answer, "default": problem },
    });
    if !shape.body.is_empty() {
        let schema = object(shape.body, Direction::Question);
        operation["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": schema } } });
    }
    let route = ROUTES
        .iter()
        .find(|r| shape.route == format!("{} {}", r.method, r.path));
    match route {
        Some(route) => {
            let roles = AccountRole::ALL.iter().filter(|role| role.may(route.needs));
            operation["x-roles"] = roles.map(|r| r.id()).collect();
        }
        None => operation["security"] = json!([]),
    }
    operation
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Direction {
    Question,
    Answer,
}

struct Field {
    name: &'static str,
    kind: &'static str,
    optional: bool,
}

impl Field {
    fn schema(&self, direction: Direction) -> Value {
        let plain = |kind: &str| match kind {
            "i" => json!("integer"),
            "b" => json!("boolean"),
            "o" => json!("object"),
            _ => json!("string"),
        };
        let list = self.kind.strip_prefix('[').and_then(|k| k.strip_suffix(']'));
        let kind = list.map_or_else(|| plain(self.kind), |_| json!("array"));
        let mut schema = if self.optional && direction == Direction::Answer {
            json!({ "type": [kind, "null"] })
        } else {
            json!({ "type": kind })
        };
        if let Some(item) = list {
            schema["items"] = json!({ "type": plain(item) });
        }
        schema
    }
}

fn fields(text: &'static str) -> impl Iterator<Item = Field> {
    text.split_whitespace().filter_map(|word| {
        let (name, kind) = word.split_once(':')?;
        let plain = kind.strip_suffix('?');
        Some(Field {
            name,
            kind: plain.unwrap_or(kind),
            optional: plain.is_some(),
        })
    })
}

fn object(text: &'static str, direction: Direction) -> Value {
    let properties: Map<String, Value> = fields(text)
        .map(|field| (field.name.to_owned(), field.schema(direction)))
        .collect();
    let required: Vec<&str> = fields(text).filter(|f| !f.optional).map(|f| f.name).collect();
    json!({ "type": "object", "properties": properties, "required": required })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_has_its_shape() {
        let mut routes: Vec<_> = ROUTES.iter().map(|r| format!("{} {}", r.method, r.path)).collect();
        routes.insert(0, "POST /api/login".to_owned());
        let shapes: Vec<_> = SHAPES.iter().map(|s| s.route.to_owned()).collect();
        assert_eq!(shapes, routes);
    }
}
