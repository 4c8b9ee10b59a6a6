//! A graduate at the kiosk, from the home page to prints, by touch alone.
use crate::kit::{self, Center, FEATURE_CODE, LAUGHING, PASSING, PASSING_AGAIN, SITTERS, until};
use crate::{Serving, journey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use central::people::{AccountRole, Person};
use domain::OrderId;
use domain::review::RejectReason;
use serde_json::json;
use std::path::Path;

/// The frames of the camera: sitters, and a phone held up with the code of one of them.
fn frames(folder: &Path) {
    for name in [PASSING, PASSING_AGAIN, LAUGHING, SITTERS[0]] {
        std::fs::copy(
            kit::frames().join(format!("{name}.jpg")),
            folder.join(format!("{name}.jpg")),
        )
        .unwrap();
    }
    std::fs::write(folder.join("phone.jpg"), phone()).unwrap();
}

/// A screen with the code of the sitter who passes, as the camera sees it.
fn phone() -> Vec<u8> {
    let code = std::fs::read(kit::repository(&format!("assets/demo/codes/{PASSING}.png"))).unwrap();
    let (size, grey) = photo::decode_grey(&code, &photo::Limits::default()).unwrap();
    let frame = domain::SizePx {
        width: 1920,
        height: 1080,
    };
    let (left, top) = ((frame.width - size.width) / 2, (frame.height - size.height) / 2);
    let picture = photo::Picture::from_fn(frame, |x, y| {
        let inside = x >= left && y >= top && x < left + size.width && y < top + size.height;
        let v = if inside {
            grey[((y - top) * size.width + (x - left)) as usize]
        } else {
            235
        };
        domain::Rgb { r: v, g: v, b: v }
    });
    photo::encode_jpeg(&picture.unwrap(), 92, 72).unwrap()
}

fn clerk() -> Person {
    Person {
        account: "clerk".to_owned(),
        role: AccountRole::Auditor,
        school: None,
        credential: String::new(),
        csrf: None,
    }
}

#[test]
fn a_graduate_at_the_kiosk_by_touch_alone() {
    let (center, provider) = Center::paid("graduate");
    center.central.put_campaign(&kit::campaign("freshman")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    frames(folder.path());
    let station = Serving::start(folder.path());
    station.enrol(&center);
    let graduate = kit::campaign("graduate").id;
    let freshman = kit::campaign("freshman").id;
    station.choose(&freshman);
    let roster = std::fs::read(kit::repository("assets/demo/roster-gbk.csv")).unwrap();
    station.call(&json!({ "call": "import_roster", "args": {
        "file_name": "roster.csv", "base64": STANDARD.encode(roster), "encoding": null, "sheet": null, "mapping": null,
    } }));
    station.choose(&graduate);
    station.call(&json!({ "call": "set_kiosk_pin", "args": { "pin": "2468" } }));
    station.call(&json!({ "call": "set_contact", "args": { "contact": {
        "hours": "8:30–17:30", "phone": "0731-0000000", "address": "图书馆一楼大厅",
        "site": "https://photos.example.edu/my",
    } } }));

    let order = |id: &str| -> OrderId { id.parse().unwrap() };
    let shown: Vec<String> = SITTERS
        .iter()
        .map(|s| String::from_utf8(kit::collection_code(s)).unwrap())
        .collect();
    let people = json!({
        "passing": PASSING, "again": PASSING_AGAIN, "laughing": LAUGHING, "code": shown[4], "others": shown[0], "third": shown[1],
        "feature_code": FEATURE_CODE, "picture": kit::repository(&format!("tests/portraits/studio/{PASSING}.jpg")),
        "code_picture": kit::repository(&format!("assets/demo/codes/{}.png", SITTERS[1])),
    });
    journey(
        "ui/tests/station/kiosk.mjs",
        &[&station.url, &people.to_string()],
        |wish| match *wish {
            ["pay", id] => {
                let trades = center.central.money_for(&clerk(), &order(id)).unwrap().trades;
                provider.pay(trades.last().unwrap().number().as_str());
                "paid".to_owned()
            }
            ["state", id] => center.state(order(id)).to_owned(),
            ["reject", id] => {
                until("the order is to be reviewed", || {
                    center.state(order(id)) == "pending_review"
                });
                let reasons = [RejectReason::Covering];
                center.central.reject("reviewer", &order(id), &reasons, None).unwrap();
                "rejected".to_owned()
            }
            ["approve", id] => {
                until("the order is to be reviewed", || {
                    center.state(order(id)) == "pending_review"
                });
                center.central.approve("reviewer", &order(id)).unwrap();
                "approved".to_owned()
            }
            ["consent", id] => {
                let consent = center.central.order(&order(id)).unwrap().row.order.consent;
                format!("{} {}", consent.language, consent.asked_by)
            }
            ["messages", id] => {
                let messages = center.central.order(&order(id)).unwrap().row.messages.unwrap();
                format!("{} {} {}", messages.text_version, messages.language, messages.asked_by)
            }
            ["code", phone] => {
                let sent = center.central.config().data_dir.join(central::sms::FILE);
                until("the code", || {
                    std::fs::read_to_string(&sent).is_ok_and(|t| t.ends_with('\n'))
                });
                let sent = std::fs::read_to_string(sent).unwrap();
                let last: serde_json::Value = serde_json::from_str(sent.lines().last().unwrap()).unwrap();
                assert_eq!(last["phone"], *phone);
                last["code"].as_str().unwrap().to_owned()
            }
            ["address", id] => {
                let kept = center.central.order(&order(id)).unwrap().row.order.address;
                kept.unwrap_or_else(|| "none".to_owned())
            }
            _ => panic!("{wish:?}"),
        },
    );
    center.assert_holds();
}
