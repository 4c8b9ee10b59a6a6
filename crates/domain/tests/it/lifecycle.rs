//! The table of steps: no step beside it is possible, money and tries are conserved, a refusal changes nothing.
use crate::build::{NOW, campaign, draft, order, photo};
use domain::batch::{BatchRefused, pay_class};
use domain::draft::NewName;
use domain::feature_code::{FeatureCode, FeatureCodeError, IssuedFeatureCode};
use domain::lifecycle::{Actor, OrderEvent, Refused};
use domain::order::{LocalCheck, Order, OrderState};
use domain::order_number::{NumberPrefix, OrderNumber};
use domain::review::RejectReason;
use domain::{Measure, Money, OrderId, PaymentId, UtcMs};
use expect_test::expect;
use proptest::prelude::*;

/// The product's table, written down a second time and independently: (from, to) of every step on an existing order.
const ALLOWED: &[(&str, &str)] = &[
    ("待支付", "已支付"),
    ("待支付", "待支付"),
    ("待支付", "订单关闭"),
    ("已支付", "待审核"),
    ("待审核", "待制作"),
    ("待审核", "被驳回"),
    ("待制作", "待审核"),
    ("待审核", "已支付"),
    ("被驳回", "待审核"),
    ("被驳回", "订单关闭"),
    ("待制作", "制作中"),
    ("待制作", "被驳回"),
    ("制作中", "已完成"),
    ("已支付", "已退款"),
    ("待审核", "已退款"),
    ("被驳回", "已退款"),
    ("待制作", "已退款"),
    ("制作中", "已退款"),
    ("已完成", "已退款"),
    ("订单关闭", "已退款"),
    ("已支付", "待制作"),
    ("已支付", "已支付"),
    ("待审核", "待审核"),
    ("被驳回", "被驳回"),
    ("待制作", "待制作"),
];

pub fn payment(n: u128) -> PaymentId {
    PaymentId(uuid::Uuid::from_u128(n))
}

fn actors() -> impl Strategy<Value = Actor> {
    prop_oneof![
        Just(Actor::Graduate),
        Just(Actor::Photographer),
        Just(Actor::Coordinator),
        Just(Actor::Reviewer("a".into())),
        Just(Actor::Reviewer("b".into())),
        Just(Actor::Lab),
        Just(Actor::System),
        Just(Actor::PaymentProvider),
        Just(Actor::Exceptional),
    ]
}

fn events() -> impl Strategy<Value = OrderEvent> {
    let amount = prop_oneof![Just(0u64), Just(2500), Just(2600)].prop_map(Money::from_fen);
    let reasons = prop_oneof![Just(vec![]), Just(vec![RejectReason::Pose, RejectReason::Pose])];
    prop_oneof![
        (0u128..3, amount.clone()).prop_map(|(p, amount)| OrderEvent::Pay {
            payment: payment(p),
            amount
        }),
        Just(OrderEvent::EditAddress("长沙市".into())),
        Just(OrderEvent::Close),
        (0u8..4).prop_map(|n| OrderEvent::ImageArrived(photo(n))),
        Just(OrderEvent::Approve),
        reasons
            .clone()
            .prop_map(|reasons| OrderEvent::Reject { reasons, note: None }),
        (0i64..3).prop_map(|n| OrderEvent::Undo {
            decided_at: NOW.plus(n * 100_000_000)
        }),
        Just(OrderEvent::Withdraw),
        (0u8..9).prop_map(|n| OrderEvent::ReplacePhoto(photo(n))),
        (0u8..9).prop_map(|n| OrderEvent::Rebind(photo(n))),
        Just(OrderEvent::RunOut),
        Just(OrderEvent::Pull),
        reasons.prop_map(|reasons| OrderEvent::Recall { reasons, note: None }),
        Just(OrderEvent::Produce),
        Just(OrderEvent::SkipReview),
        (10u128..13, amount.clone()).prop_map(|(p, amount)| OrderEvent::Refund {
            refund: payment(p),
            amount
        }),
        (0u128..3, amount).prop_map(|(p, amount)| OrderEvent::RefundLate {
            payment: payment(p),
            refund: payment(p + 10),
            amount
        }),
    ]
}

fn conserved(order: &Order) {
    assert!(order.payment.refunded <= order.payment.paid);
    assert!(order.tries <= order.rule.tries);
    assert_eq!(order.payment.paid > Money::ZERO, order.payment.payment.is_some());
    if order.state == OrderState::Refunded {
        assert_eq!(order.payment.refunded, order.payment.paid);
    } else {
        assert_eq!(order.payment.refunded, Money::ZERO);
    }
    if order.state == OrderState::Rejected {
        assert!(!order.rejection.as_ref().unwrap().reasons().is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_other_step_is_possible(price in prop_oneof![Just(0u64), Just(2500)], steps in prop::collection::vec((events(), actors(), 0i64..200_000_000), 1..40)) {
        let mut now = NOW;
        let mut current = order(price);
        for (event, actor, later) in steps {
            now = now.plus(later);
            match current.apply(&event, &actor, now) {
                Ok(next) if next == current => {}
                Ok(next) => {
                    let step = (current.state.words_zh(), next.state.words_zh());
                    prop_assert!(ALLOWED.contains(&step), "{step:?} by {event:?}");
                    prop_assert!(next.tries >= current.tries && next.photo.revision >= current.photo.revision);
                    prop_assert!(next.payment.paid >= current.payment.paid);
                    prop_assert_eq!((next.id, &next.number, &next.person), (current.id, &current.number, &current.person));
                    conserved(&next);
                    current = next;
                }
                Err(_) => conserved(&current),
            }
        }
    }

    #[test]
    fn a_payment_taken_twice_is_taken_once(times in 1usize..50) {
        let mut current = order(2500);
        let event = OrderEvent::Pay { payment: payment(1), amount: Money::from_fen(2500) };
        for _ in 0..times {
            current = current.apply(&event, &Actor::PaymentProvider, NOW).unwrap();
        }
        prop_assert_eq!(current.payment.paid, Money::from_fen(2500));
        let other = OrderEvent::Pay { payment: payment(2), amount: Money::from_fen(2500) };
        prop_assert!(current.apply(&other, &Actor::PaymentProvider, NOW).is_err());
    }
}

pub fn walk(start: Order, steps: &[(OrderEvent, Actor)]) -> String {
    let mut order = start;
    let mut lines = vec![order.state.words_zh().to_owned()];
    for (event, actor) in steps {
        match order.apply(event, actor, NOW) {
            Ok(next) => {
                lines.push(next.state.words_zh().to_owned());
                order = next;
            }
            Err(refused) => lines.push(format!("  refused: {refused}")),
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn a_rejection_and_a_retake() {
    let reviewer = Actor::Reviewer("li".into());
    expect![[r#"
        已支付
        待审核
        被驳回
          refused: the new photo is the same as the old one
        待审核
        待制作
        制作中
          refused: T11x is not for Reviewer
        已完成
    "#]]
    .assert_eq(&walk(
        order(0),
        &[
            (OrderEvent::ImageArrived(photo(1)), Actor::System),
            (
                OrderEvent::Reject {
                    reasons: vec![RejectReason::Eyes],
                    note: None,
                },
                reviewer.clone(),
            ),
            (OrderEvent::ReplacePhoto(photo(1)), Actor::Photographer),
            (OrderEvent::ReplacePhoto(photo(2)), Actor::Photographer),
            (OrderEvent::Approve, reviewer.clone()),
            (OrderEvent::Pull, Actor::Lab),
            (
                OrderEvent::Refund {
                    refund: payment(9),
                    amount: Money::from_fen(1),
                },
                reviewer,
            ),
            (OrderEvent::Produce, Actor::Lab),
        ],
    ));
}

#[test]
fn a_photo_taken_back_needs_another_one() {
    expect![[r#"
        已支付
        待审核
        已支付
          refused: the new photo is the same as the old one
        待审核
    "#]]
    .assert_eq(&walk(
        order(0),
        &[
            (OrderEvent::ImageArrived(photo(1)), Actor::System),
            (OrderEvent::Withdraw, Actor::Graduate),
            (OrderEvent::ImageArrived(photo(1)), Actor::System),
            (OrderEvent::ImageArrived(photo(2)), Actor::System),
        ],
    ));
}

#[test]
fn tries_and_time_run_out() {
    let reviewer = Actor::Reviewer("li".into());
    let reject = OrderEvent::Reject {
        reasons: vec![RejectReason::Light],
        note: None,
    };
    let mut current = order(0)
        .apply(&OrderEvent::ImageArrived(photo(1)), &Actor::System, NOW)
        .unwrap();
    for n in 2..5 {
        current = current.apply(&reject, &reviewer, NOW).unwrap();
        assert_eq!(
            current.apply(&OrderEvent::RunOut, &Actor::System, NOW),
            Err(Refused::NotRunOut)
        );
        current = current
            .apply(&OrderEvent::ReplacePhoto(photo(n)), &Actor::Graduate, NOW)
            .unwrap();
    }
    current = current.apply(&reject, &reviewer, NOW).unwrap();
    let again = OrderEvent::ReplacePhoto(photo(9));
    assert_eq!(current.apply(&again, &Actor::Graduate, NOW), Err(Refused::NoTriesLeft));
    assert_eq!(
        current.apply(&OrderEvent::RunOut, &Actor::System, NOW).unwrap().state,
        OrderState::Closed
    );

    let late = order(0)
        .apply(&OrderEvent::ImageArrived(photo(1)), &Actor::System, NOW)
        .unwrap();
    let late = late.apply(&reject, &reviewer, NOW).unwrap();
    let after = NOW.plus(late.rule.within_ms + 1);
    assert_eq!(late.apply(&again, &Actor::Graduate, after), Err(Refused::TooLate));
    assert_eq!(
        late.apply(&OrderEvent::RunOut, &Actor::System, after).unwrap().state,
        OrderState::Closed
    );
}

#[test]
fn a_reviewers_hold_is_respected() {
    let mut held = order(0)
        .apply(&OrderEvent::ImageArrived(photo(1)), &Actor::System, NOW)
        .unwrap();
    held.held_by = Some("li".into());
    assert_eq!(
        held.apply(&OrderEvent::Withdraw, &Actor::Graduate, NOW),
        Err(Refused::Held)
    );
    assert_eq!(
        held.apply(&OrderEvent::Approve, &Actor::Reviewer("wang".into()), NOW),
        Err(Refused::Held)
    );
    assert!(
        held.apply(&OrderEvent::Approve, &Actor::Reviewer("li".into()), NOW)
            .is_ok()
    );
}

#[test]
fn late_money_goes_back() {
    let closed = order(2500).apply(&OrderEvent::Close, &Actor::System, NOW).unwrap();
    let late = OrderEvent::RefundLate {
        payment: payment(1),
        refund: payment(2),
        amount: Money::from_fen(2500),
    };
    let refunded = closed.apply(&late, &Actor::PaymentProvider, NOW).unwrap();
    assert_eq!(
        (refunded.state, refunded.payment.refunded),
        (OrderState::Refunded, Money::from_fen(2500))
    );
    assert_eq!(refunded.apply(&late, &Actor::PaymentProvider, NOW).unwrap(), refunded);
}

#[test]
fn submit_says_what_is_missing() {
    let open = campaign(0);
    let with = |f: &dyn Fn(&mut domain::draft::Draft)| {
        let mut d = draft();
        f(&mut d);
        Order::submit(d, &open, NOW).map(|o| o.state)
    };
    assert_eq!(with(&|_| {}), Ok(OrderState::Paid));
    assert_eq!(with(&|d| d.consent = None), Err(Refused::NoConsent));
    assert_eq!(
        with(&|d| d.consent.as_mut().unwrap().text_version = "old".into()),
        Err(Refused::NoConsent)
    );
    assert_eq!(
        with(&|d| d.photo.check = LocalCheck::Failed(vec![Measure::EyesOpen])),
        Err(Refused::CheckFailed)
    );
    assert_eq!(
        with(&|d| d.person = domain::PersonKey::Roster("2026001".into())),
        Err(Refused::WrongPersonKey)
    );
    assert_eq!(
        Order::submit(draft(), &open, open.closes).map(|o| o.state),
        Err(Refused::CampaignClosed)
    );

    let mut coded = campaign(2500);
    let code = |text: &str| FeatureCode::parse(text).unwrap();
    coded.feature_codes = vec![
        IssuedFeatureCode {
            code: code("hyswxw"),
            school_code: "10532".into(),
            from: NOW,
            until: NOW.plus(10),
        },
        IssuedFeatureCode {
            code: code("others"),
            school_code: "99999".into(),
            from: NOW,
            until: NOW.plus(10),
        },
    ];
    let enter = |text: Option<&str>, now: UtcMs| {
        let d = domain::draft::Draft {
            feature_code: text.map(code),
            ..draft()
        };
        Order::submit(d, &coded, now).map(|o| o.state)
    };
    assert_eq!(enter(Some("HYSWXW"), NOW), Ok(OrderState::PendingPayment));
    assert_eq!(enter(None, NOW), Err(Refused::FeatureCodeNeeded));
    assert_eq!(enter(Some("nobody"), NOW), Err(FeatureCodeError::Unknown.into()));
    assert_eq!(enter(Some("others"), NOW), Err(FeatureCodeError::OtherSchool.into()));
    assert_eq!(
        enter(Some("hyswxw"), NOW.plus(10)),
        Err(FeatureCodeError::Expired.into())
    );
    assert_eq!(FeatureCode::parse("12345"), Err(FeatureCodeError::Form));
}

#[test]
fn linked_orders() {
    let name = || NewName {
        id: OrderId(uuid::Uuid::from_u128(70)),
        number: OrderNumber::next(&NumberPrefix::parse("000015").unwrap(), NOW, Some(NOW)).0,
    };
    let fresh = order(0);
    assert!(fresh.reprint(name(), Money::from_fen(500), NOW).is_err());
    let reviewed = fresh
        .apply(&OrderEvent::ImageArrived(photo(1)), &Actor::System, NOW)
        .unwrap();
    let approved = reviewed
        .apply(&OrderEvent::Approve, &Actor::Reviewer("li".into()), NOW)
        .unwrap();
    let mut taken_again = approved.clone();
    taken_again.photo.revision = 3;
    let of_the_third = taken_again.reprint(name(), Money::from_fen(500), NOW).unwrap();
    assert_eq!(of_the_third.photo.revision, 1, "a new order's first photo");
    let reprint = approved.reprint(name(), Money::from_fen(500), NOW).unwrap();
    let pay = OrderEvent::Pay {
        payment: payment(3),
        amount: Money::from_fen(500),
    };
    expect![[r#"
        待支付
        已支付
          refused: review is skipped by reprints alone
        待制作
    "#]]
    .assert_eq(&walk(
        reprint,
        &[
            (pay, Actor::PaymentProvider),
            (OrderEvent::ImageArrived(photo(1)), Actor::System),
            (OrderEvent::SkipReview, Actor::System),
        ],
    ));
    assert!(approved.correction(name(), photo(2), NOW).is_err());
    let done = approved.apply(&OrderEvent::Pull, &Actor::Lab, NOW).unwrap();
    let done = done.apply(&OrderEvent::Produce, &Actor::System, NOW).unwrap();
    assert_eq!(done.correction(name(), photo(1), NOW), Err(Refused::SamePhoto));
    let correction = done.correction(name(), photo(2), NOW).unwrap();
    assert_eq!(
        (correction.state, correction.payment.price),
        (OrderState::Paid, Money::ZERO)
    );
}

#[test]
fn a_class_is_paid_as_a_whole_or_not_at_all() {
    let orders = vec![order(2500), order(2500), order(2500)];
    let paid = pay_class(&orders, payment(1), Money::from_fen(7500), NOW).unwrap();
    assert!(paid.iter().all(|o| o.state == OrderState::Paid));
    assert_eq!(pay_class(&paid, payment(1), Money::from_fen(7500), NOW).unwrap(), paid);
    assert_eq!(
        pay_class(&orders, payment(1), Money::from_fen(7499), NOW),
        Err(BatchRefused::WrongSum {
            expected: Money::from_fen(7500),
            got: Money::from_fen(7499)
        })
    );
    let mut mixed = orders.clone();
    mixed[1] = mixed[1].apply(&OrderEvent::Close, &Actor::System, NOW).unwrap();
    assert!(pay_class(&mixed, payment(1), Money::from_fen(5000), NOW).is_err());
}

#[test]
fn a_decision_may_be_taken_back_for_ten_minutes() {
    let reviewer = Actor::Reviewer("a".into());
    let due = order(0)
        .apply(&OrderEvent::ImageArrived(photo(1)), &Actor::System, NOW)
        .unwrap();
    let reject = OrderEvent::Reject {
        reasons: vec![RejectReason::Pose],
        note: None,
    };
    for decision in [OrderEvent::Approve, reject] {
        let decided = due.apply(&decision, &reviewer, NOW).unwrap();
        let undo = OrderEvent::Undo { decided_at: NOW };
        assert_eq!(decided.apply(&undo, &reviewer, NOW.plus(600_000)).unwrap(), due);
        assert_eq!(
            decided.apply(&undo, &reviewer, NOW.plus(600_001)),
            Err(Refused::TooLate)
        );
        assert!(matches!(
            decided.apply(&undo, &Actor::Graduate, NOW),
            Err(Refused::NotAllowed { .. })
        ));
    }
    let approved = due.apply(&OrderEvent::Approve, &reviewer, NOW).unwrap();
    let pulled = approved.apply(&OrderEvent::Pull, &Actor::Lab, NOW).unwrap();
    assert!(
        pulled
            .apply(&OrderEvent::Undo { decided_at: NOW }, &reviewer, NOW)
            .is_err()
    );
}
