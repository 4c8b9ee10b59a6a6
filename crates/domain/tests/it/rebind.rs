//! A photo filed under the wrong person: exchanged or taken away before approval, and never after.
use crate::build::{order, photo};
use crate::lifecycle::{payment, walk};
use domain::Money;
use domain::lifecycle::{Actor, OrderEvent};
use expect_test::expect;

#[test]
fn a_photo_under_the_wrong_name_is_put_right() {
    let (there, back) = (OrderEvent::Rebind(photo(2)), OrderEvent::Rebind(photo(1)));
    let desk = Actor::Photographer;
    expect![[r#"
        待支付
        待支付
          refused: T7s is not for Graduate
        待支付
        待支付
          refused: the new photo is the same as the old one
        待支付
        待支付
        已支付
        已支付
        已支付
        待审核
        待审核
        已支付
        已支付
        待审核
        待制作
          refused: Rebind is not possible from 待制作
          refused: Withdraw is not possible from 待制作
    "#]]
    .assert_eq(&walk(
        order(2500),
        &[
            (there.clone(), desk.clone()),
            (back.clone(), Actor::Graduate),
            (back.clone(), desk.clone()),
            (there.clone(), desk.clone()),
            (there.clone(), desk.clone()),
            // Its photo goes away, and the same one comes back: a repair and its undoing.
            (OrderEvent::Withdraw, desk.clone()),
            (there.clone(), desk.clone()),
            (
                OrderEvent::Pay {
                    payment: payment(1),
                    amount: Money::from_fen(2500),
                },
                Actor::PaymentProvider,
            ),
            (OrderEvent::Withdraw, desk.clone()),
            (there, desk.clone()),
            (OrderEvent::ImageArrived(photo(2)), Actor::System),
            (back.clone(), desk.clone()),
            (OrderEvent::Withdraw, desk.clone()),
            (back.clone(), desk.clone()),
            (OrderEvent::ImageArrived(photo(1)), Actor::System),
            (OrderEvent::Approve, Actor::Reviewer("li".into())),
            (back, desk.clone()),
            (OrderEvent::Withdraw, desk),
        ],
    ));
}
