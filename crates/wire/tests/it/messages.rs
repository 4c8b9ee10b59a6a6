//! Ops, feed and problems as JSON.
use crate::check;
use expect_test::expect;
use wire::feed::{Collected, FeedAnswer, FeedBody, FeedEvent, OrderStatus, RejectionDoc};
use wire::lan::LanKey;
use wire::op::{Op, OpBody, OpResult, OpStatus, Submit};
use wire::order::{CheckDoc, ConsentDoc, PersonDoc, PhotoDoc, SubjectDoc};
use wire::problem::{Code, Problem};

const UUID: &str = "01900000-0000-7000-8000-000000000001";

fn photo() -> PhotoDoc {
    PhotoDoc {
        revision: 1,
        blob_id: format!("sha256:{}", "ab".repeat(32)),
        original_px: [3000, 4000],
        crop_px: [10, 20, 1500, 2000],
        captured_at_ms: 1_812_070_800_000,
        check: CheckDoc {
            verdict: "overridden".to_owned(),
            failed: vec![domain::Measure::EyesOpen.id().to_owned()],
            override_reason: Some("best_of_several".to_owned()),
            warned: vec![domain::Measure::Gaze.id().to_owned()],
        },
    }
}

fn submit() -> OpBody {
    OpBody::Submit(Box::new(Submit {
        number: "10533A-20270603090000000".to_owned(),
        campaign_id: UUID.to_owned(),
        person: PersonDoc {
            key: format!("code:{}", "cd".repeat(32)),
            subject: SubjectDoc {
                masked_name: Some("张*".to_owned()),
                ..SubjectDoc::default()
            },
        },
        photo: photo(),
        consent: ConsentDoc {
            id: UUID.to_owned(),
            text_version: "2027-01".to_owned(),
            language: "zh-CN".to_owned(),
            at_ms: 1_812_070_800_000,
            asked_by: "photographer".to_owned(),
        },
        messages: None,
        feature_code: Some("ab12cd".to_owned()),
    }))
}

#[test]
fn a_submitted_order() {
    check(
        &submit(),
        expect![[r#"
            {
              "type": "submit",
              "number": "10533A-20270603090000000",
              "campaign_id": "01900000-0000-7000-8000-000000000001",
              "person": {
                "key": "code:cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd",
                "subject": {
                  "masked_name": "张*"
                }
              },
              "photo": {
                "revision": 1,
                "blob_id": "sha256:abababababababababababababababababababababababababababababababab",
                "original_px": [
                  3000,
                  4000
                ],
                "crop_px": [
                  10,
                  20,
                  1500,
                  2000
                ],
                "captured_at_ms": 1812070800000,
                "check": {
                  "verdict": "overridden",
                  "failed": [
                    "EyesOpen"
                  ],
                  "override_reason": "best_of_several",
                  "warned": [
                    "Gaze"
                  ]
                }
              },
              "consent": {
                "id": "01900000-0000-7000-8000-000000000001",
                "text_version": "2027-01",
                "language": "zh-CN",
                "at_ms": 1812070800000,
                "asked_by": "photographer"
              },
              "feature_code": "ab12cd"
            }"#]],
    );
}

#[test]
fn the_other_ops_come_back_as_they_were() {
    let of = || UUID.to_owned();
    let number = || "10533A-20270603090000001".to_owned();
    let bodies = [
        OpBody::Close,
        OpBody::ReplacePhoto { photo: photo() },
        OpBody::Correction {
            number: number(),
            of: of(),
            photo: photo(),
        },
        OpBody::Reprint {
            number: number(),
            of: of(),
        },
        OpBody::PayClass {
            payment_id: of(),
            amount_fen: 2500,
        },
        OpBody::EditAddress {
            address: "湖南省长沙市岳麓区麓山南路 932 号".to_owned(),
        },
        OpBody::Unbind { repair: of(), by: None },
        OpBody::Unbind {
            repair: of(),
            by: Some("graduate".to_owned()),
        },
        submit(),
    ];
    let photos = bodies.iter().filter(|b| b.photo().is_some()).count();
    assert_eq!(photos, 3);
    for body in bodies {
        let text = body.to_text().unwrap();
        assert_eq!(op(&text).read().unwrap(), body, "{text}");
    }
}

fn op(body: &str) -> Op {
    Op {
        op_id: UUID.to_owned(),
        order_id: UUID.to_owned(),
        rev: 1,
        body: body.to_owned(),
        captured_at_ms: 1,
        mono_ms: 2,
        boot_id: "b".to_owned(),
        chain: Op::chain_after("", UUID, UUID, 1, body),
    }
}

#[test]
fn a_bad_body_is_told_without_its_values() {
    for (body, told) in [
        (
            r#"{"type":"submit","name":"张三"}"#,
            "body: is not of a known shape, at line 1 column 31",
        ),
        (r#"{"type":"#, "body: is not JSON, at line 1 column 8"),
        (
            r#"{"type":"levitate"}"#,
            "body: is not of a known shape, at line 1 column 18",
        ),
    ] {
        let error = op(body).read().unwrap_err().to_string();
        assert!(
            !error.contains("张三") && error.starts_with(told.split(", at").next().unwrap()),
            "{error}"
        );
    }
}

#[test]
fn hashes_change_with_everything_they_cover() {
    let base = op("x");
    let others = [
        Op {
            op_id: "o".to_owned(),
            ..base.clone()
        },
        Op {
            order_id: "o".to_owned(),
            ..base.clone()
        },
        Op { rev: 2, ..base.clone() },
        Op {
            body: "y".to_owned(),
            ..base.clone()
        },
    ];
    assert!(others.iter().all(|o| o.content_hash() != base.content_hash()));
    let later = Op {
        captured_at_ms: 9,
        mono_ms: 9,
        ..base.clone()
    };
    assert_eq!(
        later.content_hash(),
        base.content_hash(),
        "the times of a second try may differ"
    );
    let chained = Op::chain_after(&base.chain, "a", "b", 1, "c");
    assert_ne!(chained, Op::chain_after("", "a", "b", 1, "c"));
    expect!["39ceadfcd200de45fbeaefdd98be5b924fcfdddba92773f9d7b750e2770f2ae9"]
        .assert_eq(&Op::chain_after("", "a", "b", 1, "c"));
}

fn status() -> OrderStatus {
    OrderStatus {
        order_id: UUID.to_owned(),
        state: "rejected".to_owned(),
        order_rev: 2,
        blob_id: format!("sha256:{}", "ab".repeat(32)),
        tries: 1,
        paid_fen: 2500,
        refunded_fen: 0,
        payment_id: Some(UUID.to_owned()),
        refund_id: None,
        withdrawn: false,
        rejection: Some(RejectionDoc {
            reasons: vec!["eyes".to_owned()],
            note: None,
            at_ms: 1,
            deadline_ms: 2,
        }),
        duplicate_person: true,
    }
}

#[test]
fn a_feed_with_every_kind_of_event() {
    let campaign = crate::campaign::doc();
    let bodies = [
        FeedBody::Order(Box::new(status())),
        FeedBody::Collected(Collected {
            campaign_id: UUID.to_owned(),
            person_key: "roster:1".to_owned(),
            at_ms: 7,
        }),
        FeedBody::Campaign(Box::new(campaign)),
    ];
    let events = bodies
        .into_iter()
        .zip(4..)
        .map(|(body, seq)| FeedEvent { seq, at_ms: 9, body })
        .collect();
    let answer = FeedAnswer {
        events,
        cursor: 6,
        more: true,
        lan: Some(LanKey {
            generation: 2,
            seal: "5e".repeat(32),
            subject: "a1".repeat(32),
        }),
    };
    let json = serde_json::to_string(&answer).unwrap();
    assert_eq!(serde_json::from_str::<FeedAnswer>(&json).unwrap(), answer, "{json}");
    assert!(!format!("{answer:?}").contains("5e5e"), "the key stays out of logs");
    let earlier = r#"{"events":[],"cursor":1,"more":false}"#;
    assert_eq!(serde_json::from_str::<FeedAnswer>(earlier).unwrap().lan, None);
    check(
        &answer.events[1],
        expect![[r#"
            {
              "seq": 5,
              "at_ms": 9,
              "type": "collected",
              "campaign_id": "01900000-0000-7000-8000-000000000001",
              "person_key": "roster:1",
              "collected_at_ms": 7
            }"#]],
    );
}

#[test]
fn what_a_later_version_adds_is_passed_over() {
    let event = r#"{"seq":1,"at_ms":2,"type":"levitated","height_m":3}"#;
    assert_eq!(
        serde_json::from_str::<FeedEvent>(event).unwrap().body,
        FeedBody::Unknown
    );
    let result = r#"{"op_id":"x","status":"held","order_rev":null,"state":null,"colour":"red"}"#;
    assert_eq!(serde_json::from_str::<OpResult>(result).unwrap().status, OpStatus::Held);
    let problem = r#"{"type":"about:blank","title":"t","status":418,"code":"teapot","retry":false}"#;
    assert_eq!(serde_json::from_str::<Problem>(problem).unwrap().code, Code::Unknown);
    let status =
        r#"{"order_id":"x","state":"paid","order_rev":1,"blob_id":"b","tries":0,"paid_fen":0,"refunded_fen":0}"#;
    assert_eq!(serde_json::from_str::<OrderStatus>(status).unwrap().rejection, None);
}

#[test]
fn problems_say_whether_to_try_again() {
    check(
        &Problem::new(Code::RateLimited, "Too often").detail("a turn each second"),
        expect![[r#"
            {
              "type": "about:blank",
              "title": "Too often",
              "status": 429,
              "code": "rate_limited",
              "detail": "a turn each second",
              "retry": true
            }"#]],
    );
    assert_eq!(Code::IdempotencyMismatch.id(), "idempotency_mismatch");
    assert!(!Problem::new(Code::StateForbidden, "x").retry);
}

#[test]
fn documents_that_do_not_hold_name_the_field() {
    let said = |doc: PhotoDoc| doc.to_domain().unwrap_err().to_string();
    let outside = PhotoDoc {
        crop_px: [2000, 0, 1500, 2000],
        ..photo()
    };
    let past_the_end = PhotoDoc {
        crop_px: [u32::MAX, 0, 2, 2],
        ..photo()
    };
    let nameless = PhotoDoc {
        blob_id: "sha256:abc".to_owned(),
        ..photo()
    };
    let mut unreasoned = photo();
    unreasoned.check.override_reason = None;
    expect!["crop_px: must lie inside the original"].assert_eq(&said(outside));
    expect!["crop_px: must lie inside the original"].assert_eq(&said(past_the_end));
    expect!["blob_id: BlobId must be 64 hex digits"].assert_eq(&said(nameless));
    expect!["override_reason: is not a known reason"].assert_eq(&said(unreasoned));
    let person = PersonDoc {
        key: "张三".to_owned(),
        subject: SubjectDoc::default(),
    };
    expect!["person.key: is in no known form"].assert_eq(&person.key().unwrap_err().to_string());
    let empty = RejectionDoc {
        reasons: Vec::new(),
        note: None,
        at_ms: 1,
        deadline_ms: 2,
    };
    assert!(empty.to_domain().is_err());
    assert_eq!(PhotoDoc::from(&photo().to_domain().unwrap()), photo());
}

#[test]
fn a_check_of_another_version_is_understood() {
    let read = |json: &str| serde_json::from_str::<CheckDoc>(json).unwrap();
    // The version before knew no warnings.
    let before = read(r#"{"verdict":"passed","failed":[],"override_reason":null}"#);
    assert!(before.warned.is_empty());
    // What has nothing to warn of looks as it did then, so that a photo's text is the same for both.
    let calm = PhotoDoc {
        check: before,
        ..photo()
    };
    let text = serde_json::to_string(&PhotoDoc::from(&calm.to_domain().unwrap())).unwrap();
    assert!(
        text.contains(r#""check":{"verdict":"passed","failed":[],"override_reason":null}"#),
        "{text}"
    );
    // The version after may measure more, and say more.
    let after = read(r#"{"verdict":"passed","warned":["Gaze","OfTomorrow"],"certainty":0.5}"#);
    let after = PhotoDoc {
        check: after,
        ..photo()
    };
    assert_eq!(after.to_domain().unwrap().warned, [domain::Measure::Gaze]);
}
