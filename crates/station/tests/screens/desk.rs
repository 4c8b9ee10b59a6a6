//! The photographer's desk by keyboard alone.
use crate::kit::{self, Center, FEATURE_CODE, LAUGHING, SITTERS, until};
use crate::{Serving, journey};
use domain::OrderId;
use domain::review::RejectReason;
use serde_json::json;
use std::path::Path;

/// The set without anybody.
const BACKDROP: &str = "the-empty-set";

/// The frames of the camera: sitters, and a backdrop of the right colour that is a little darker at the right.
fn frames(folder: &Path) {
    for entry in std::fs::read_dir(kit::frames()).unwrap() {
        let frame = entry.unwrap();
        std::fs::copy(frame.path(), folder.join(frame.file_name())).unwrap();
    }
    let size = domain::SizePx {
        width: 1920,
        height: 1080,
    };
    let shade = |x: u32, full: u8| (f32::from(full) * (1.0 - 0.04 * x as f32 / 1920.0)) as u8;
    let backdrop = photo::Picture::from_fn(size, |x, _| domain::Rgb {
        r: shade(x, 100),
        g: shade(x, 197),
        b: shade(x, 255),
    });
    let jpeg = photo::encode_jpeg(&backdrop.unwrap(), 92, 72).unwrap();
    std::fs::write(folder.join(format!("{BACKDROP}.jpg")), jpeg).unwrap();
}

#[test]
fn the_desk_by_keyboard_alone() {
    let center = Center::with("graduate");
    center.central.put_campaign(&kit::campaign("freshman")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    frames(folder.path());
    let station = Serving::start(folder.path());
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
        "backdrop": BACKDROP, "picture": kit::frames().join(format!("{}.jpg", SITTERS[4])),
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
