//! The photographer's desk by keyboard alone.
use crate::kit::{self, Center, FEATURE_CODE, LAUGHING, SITTERS, until};
use crate::{Serving, journey};
use domain::OrderId;
use domain::review::RejectReason;
use serde_json::json;

#[test]
fn the_desk_by_keyboard_alone() {
    let center = Center::with("graduate");
    center.central.put_campaign(&kit::campaign("freshman")).unwrap();
    let station = Serving::start(kit::frames());
    station.enrol(&center);
    station.choose(&kit::campaign("graduate").id);
    let mut preferences = station.call(&json!({ "call": "preferences" }));
    preferences["auto_accept"] = json!(false);
    preferences["sounds"] = json!(false);
    station.call(&json!({ "call": "set_preferences", "args": { "preferences": preferences } }));
    let codes: Vec<String> = SITTERS
        .iter()
        .map(|s| String::from_utf8(kit::collection_code(s)).unwrap())
        .collect();
    let people = json!({
        "sitters": SITTERS, "codes": codes, "laughing": LAUGHING, "feature_code": FEATURE_CODE,
        "code_picture": kit::repository(&format!("assets/demo/codes/{}.png", SITTERS[3])),
        "roster": kit::repository("assets/demo/roster-gbk.csv"),
    });
    journey(
        "ui/tests/station/desk.mjs",
        &[&station.url, &people.to_string()],
        |wish| match *wish {
            ["reject", id] => {
                let id: OrderId = id.parse().unwrap();
                until("the order is to be reviewed", || center.state(id) == "pending_review");
                center
                    .central
                    .reject("reviewer", &id, &[RejectReason::Covering], None)
                    .unwrap();
                "rejected".to_owned()
            }
            ["coordinator", password] => {
                let school = central::SchoolCode::parse(kit::SCHOOL).unwrap();
                let role = central::people::AccountRole::Coordinator;
                center
                    .central
                    .add_account("test", "wang", role, Some(school), password)
                    .unwrap();
                "wang".to_owned()
            }
            _ => panic!("{wish:?}"),
        },
    );
    center.assert_holds();
}
