//! Whole lives of orders, as station, reviewer and clock see them.
use crate::station::{fresh, id, number, photo_of, replace, submit};
use crate::world::{CAMPAIGN, DAY, HOUR, World, campaign, jpeg};
use central::{CentralError, Limits};
use domain::review::RejectReason;
use domain::{BlobId, Money, OrderId, OrderState};
use wire::op::{OpBody, OpStatus};
use wire::problem::Code;

fn order_id(text: &str) -> OrderId {
    text.parse().unwrap()
}

fn state(world: &World, order: &str) -> OrderState {
    world.central.order(&order_id(order)).unwrap().row.order.state
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn submit_reject_retake_approve() {
    let world = World::open().await;
    let station = world.station("desk").await;
    let (first, second) = (jpeg(1), jpeg(2));
    assert!(!station.has(&BlobId::of(&first)).await);
    assert_eq!(station.put(&first).await.status, 201);
    assert_eq!(station.put(&first).await.status, 200);
    assert!(station.has(&BlobId::of(&first)).await);

    let order = id(fresh());
    let answer = station.ops(&[station.op(&order, 1, &submit(1, &first))]).await;
    assert_eq!(answer.results[0].status, OpStatus::Applied);
    assert_eq!(answer.results[0].state.as_deref(), Some("pending_review"));
    let entry = &answer.receipt.unwrap().entries[0];
    assert_eq!(entry.blob_id, Some(BlobId::of(&first).to_string()));

    let reasons = [RejectReason::Eyes, RejectReason::Light];
    world
        .central
        .reject("li", &order_id(&order), &reasons, Some("左眼"))
        .unwrap();
    let told = station.told(&order).await.unwrap();
    assert_eq!((told.state.as_str(), told.tries), ("rejected", 0));
    let rejection = told.rejection.unwrap();
    assert_eq!(rejection.reasons, ["eyes", "light"]);
    assert_eq!(rejection.deadline_ms - rejection.at_ms, 2 * DAY);

    // The retake's op overtakes its photo: held until it comes.
    world.clock.forward(HOUR);
    let retake = station.op(&order, 2, &replace(&second, 2));
    let held = station.op_result(&retake).await;
    assert_eq!(held.status, OpStatus::Held);
    assert_eq!(held.missing_blobs, [BlobId::of(&second).to_string()]);
    assert_eq!(held.problem.unwrap().code, Code::MissingBlob);
    assert_eq!(station.put(&second).await.status, 201);
    assert_eq!(station.op_result(&retake).await.status, OpStatus::Applied);
    let told = station.told(&order).await.unwrap();
    assert_eq!(
        (told.state.as_str(), told.tries, told.order_rev),
        ("pending_review", 1, 2)
    );

    world.central.approve("li", &order_id(&order)).unwrap();
    assert_eq!(station.told(&order).await.unwrap().state, "pending_production");
    assert_eq!(world.central.photo(&order_id(&order)).unwrap(), second);
    let detail = world.central.order(&order_id(&order)).unwrap();
    let steps: Vec<_> = detail
        .history
        .iter()
        .map(|h| (h.what.as_str(), h.who.split(':').next().unwrap()))
        .collect();
    expect_test::expect![[r#"
        [
            (
                "submit",
                "station",
            ),
            (
                "T4",
                "system",
            ),
            (
                "T6",
                "reviewer",
            ),
            (
                "T7",
                "station",
            ),
            (
                "T5",
                "reviewer",
            ),
        ]
    "#]]
    .assert_debug_eq(&steps);
    assert_eq!(detail.photos.len(), 2);
    world.assert_consistent();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_goes_on_when_its_photo_comes_later() {
    let world = World::open().await;
    let station = world.station("desk").await;
    let (order, photo) = (id(fresh()), jpeg(3));
    let op = station.op(&order, 1, &submit(3, &photo));
    let answer = station.ops(std::slice::from_ref(&op)).await;
    assert_eq!(answer.results[0].state.as_deref(), Some("paid"));
    assert_eq!(answer.results[0].missing_blobs, [BlobId::of(&photo).to_string()]);
    // Without the bytes the receipt does not cover the photo, so the station keeps it.
    assert_eq!(answer.receipt.unwrap().entries[0].blob_id, None);
    station.put(&photo).await;
    assert_eq!(state(&world, &order), OrderState::PendingReview);
    let again = station.ops(&[op]).await;
    assert_eq!(
        again.receipt.unwrap().entries[0].blob_id,
        Some(BlobId::of(&photo).to_string())
    );
    world.assert_consistent();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn retakes_end_with_time_and_with_tries() {
    let mut doc = campaign();
    doc.retake_tries = 1;
    let world = World::open_with(doc, Limits::default()).await;
    let station = world.station("desk").await;
    let late = station.collect(1, &jpeg(1)).await;
    let tried = station.collect(2, &jpeg(2)).await;
    for order in [&late, &tried] {
        world
            .central
            .reject("li", &order_id(order), &[RejectReason::Pose], None)
            .unwrap();
    }
    station.put(&jpeg(20)).await;
    let retake = station.op_result(&station.op(&tried, 2, &replace(&jpeg(20), 2))).await;
    assert_eq!(retake.status, OpStatus::Applied);
    world
        .central
        .reject("li", &order_id(&tried), &[RejectReason::Pose], None)
        .unwrap();
    world.clock.forward(2 * DAY);
    assert_eq!(world.central.tick().unwrap().closed, 1, "only the one without tries");
    assert_eq!(state(&world, &tried), OrderState::Closed);
    world.clock.forward(1);
    assert_eq!(world.central.tick().unwrap().closed, 1, "now the one out of time");
    assert_eq!(station.told(&late).await.unwrap().state, "closed");
    let refused = station.op_result(&station.op(&late, 2, &replace(&jpeg(21), 2))).await;
    assert_eq!(refused.status, OpStatus::Rejected);
    assert_eq!(refused.problem.unwrap().code, Code::StateForbidden);
    assert_eq!(refused.order_rev, Some(2), "the refused op has used up its revision");
    world.assert_consistent();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_retake_in_time_is_waited_for() {
    let world = World::open().await;
    let station = world.station("desk").await;
    let order = station.collect(1, &jpeg(1)).await;
    world
        .central
        .reject("li", &order_id(&order), &[RejectReason::Pose], None)
        .unwrap();
    let retake = station.op(&order, 2, &replace(&jpeg(2), 2));
    assert_eq!(station.op_result(&retake).await.status, OpStatus::Held);
    world.clock.forward(2 * DAY + HOUR);
    assert_eq!(world.central.tick().unwrap().closed, 0);
    station.put(&jpeg(2)).await;
    assert_eq!(state(&world, &order), OrderState::PendingReview);
    world.assert_consistent();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_class_pays_and_an_unpaid_order_closes_with_its_campaign() {
    let mut doc = campaign();
    doc.price_fen = 2500;
    let world = World::open_with(doc, Limits::default()).await;
    let station = world.station("desk").await;
    let (paid, counted, unpaid) = (
        station.collect(1, &jpeg(1)).await,
        station.collect(2, &jpeg(2)).await,
        station.collect(3, &jpeg(3)).await,
    );
    assert_eq!(state(&world, &paid), OrderState::PendingPayment);
    let pay = |amount_fen| OpBody::PayClass {
        payment_id: id(7),
        amount_fen,
    };
    let short = station.op_result(&station.op(&paid, 2, &pay(2400))).await;
    assert_eq!(short.status, OpStatus::Rejected);
    let full = station.op_result(&station.op(&paid, 3, &pay(2500))).await;
    assert_eq!(
        (full.status, full.state.as_deref()),
        (OpStatus::Applied, Some("pending_review"))
    );
    let wrong = world.central.mark_paid("wang", &order_id(&counted), Money::from_fen(1));
    assert!(matches!(wrong, Err(CentralError::Refused(_))));
    world
        .central
        .mark_paid("wang", &order_id(&counted), Money::from_fen(2500))
        .unwrap();
    assert_eq!(state(&world, &counted), OrderState::PendingReview);
    world.clock.forward(31 * DAY);
    world.central.tick().unwrap();
    assert_eq!(state(&world, &unpaid), OrderState::Closed);
    assert_eq!(state(&world, &counted), OrderState::PendingReview);
    world.assert_consistent();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_changes_until_the_photo_is_produced() {
    let mut doc = campaign();
    (doc.price_fen, doc.collective) = (2500, false);
    let world = World::open_with(doc, Limits::default()).await;
    let station = world.station("desk").await;
    let order = station.collect(1, &jpeg(1)).await;
    let to = |address: &str| OpBody::EditAddress {
        address: address.to_owned(),
    };
    let kept = || world.central.order(&order_id(&order)).unwrap().row.order.address;
    let first = station.op_result(&station.op(&order, 2, &to("长沙市岳麓区"))).await;
    assert_eq!(first.state.as_deref(), Some("pending_payment"), "{first:?}");
    assert_eq!(kept().as_deref(), Some("长沙市岳麓区"));
    let bad = station.op_result(&station.op(&order, 3, &to("\u{7}"))).await;
    assert_eq!(
        (bad.status, kept().as_deref()),
        (OpStatus::Rejected, Some("长沙市岳麓区"))
    );
    let money = Money::from_fen(2500);
    world.central.mark_paid("wang", &order_id(&order), money).unwrap();
    world.central.approve("li", &order_id(&order)).unwrap();
    let later = station.op_result(&station.op(&order, 4, &to("株洲市"))).await;
    assert_eq!((later.status, kept().as_deref()), (OpStatus::Applied, Some("株洲市")));
    world.central.pull("lab", &order_id(&order)).unwrap();
    let late = station.op_result(&station.op(&order, 5, &to("湘潭市"))).await;
    assert_eq!((late.status, kept().as_deref()), (OpStatus::Rejected, Some("株洲市")));
    let told = world.central.order(&order_id(&order)).unwrap().history;
    assert!(told.iter().any(|h| h.what == "T2e"));
    assert!(!format!("{told:?}").contains("株洲"), "no address in the history");
    world.assert_consistent();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn corrections_and_reprints_are_linked_orders() {
    let world = World::open().await;
    let station = world.station("desk").await;
    let done = station.collect(1, &jpeg(1)).await;
    let early = station.op_result(&station.op(&id(fresh()), 1, &reprint(&done))).await;
    assert_eq!(early.status, OpStatus::Rejected, "nothing was approved yet");
    let done_id = order_id(&done);
    world.central.approve("li", &done_id).unwrap();
    let reprinted = station.op_result(&station.op(&id(fresh()), 1, &reprint(&done))).await;
    assert_eq!(reprinted.state.as_deref(), Some("pending_production"));
    world.central.pull("lab", &done_id).unwrap();
    world.central.produce("lab", &done_id).unwrap();
    station.put(&jpeg(9)).await;
    let body = OpBody::Correction {
        number: number(),
        of: done.clone(),
        photo: photo_of(&jpeg(9), 1),
    };
    let corrected = station.op_result(&station.op(&id(fresh()), 1, &body)).await;
    assert_eq!(corrected.state.as_deref(), Some("pending_review"), "{corrected:?}");
    assert!(!station.told(&done).await.unwrap().duplicate_person);
    world.assert_consistent();
}

fn reprint(of: &str) -> OpBody {
    OpBody::Reprint {
        number: number(),
        of: of.to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_withdrawn_photo_is_replaced_and_a_recall_comes_back() {
    let world = World::open().await;
    let station = world.station("desk").await;
    let order = station.collect(1, &jpeg(1)).await;
    world.central.withdraw(&order_id(&order)).unwrap();
    world.central.tick().unwrap();
    assert_eq!(
        state(&world, &order),
        OrderState::Paid,
        "the photo that was taken back stays back"
    );
    station.put(&jpeg(2)).await;
    let replaced = station.op_result(&station.op(&order, 2, &replace(&jpeg(2), 2))).await;
    assert_eq!(replaced.state.as_deref(), Some("pending_review"), "{replaced:?}");
    world.central.approve("li", &order_id(&order)).unwrap();
    world
        .central
        .recall("li", &order_id(&order), &[RejectReason::WrongPerson], None)
        .unwrap();
    assert_eq!(station.told(&order).await.unwrap().state, "rejected");
    world.assert_consistent();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_stations_and_one_person() {
    let world = World::open().await;
    let (one, two) = (world.station("one").await, world.station("two").await);
    let first = one.collect(1, &jpeg(1)).await;
    let second = two.collect(1, &jpeg(2)).await;
    let (a, b) = (one.told(&first).await.unwrap(), two.told(&second).await.unwrap());
    assert!(
        a.duplicate_person && b.duplicate_person,
        "both are kept, both are flagged"
    );
    // Another station's order does not exist here.
    let early = two.op_result(&two.op(&first, 2, &OpBody::Close)).await;
    assert_eq!(
        early.problem.unwrap().code,
        Code::MissingPredecessor,
        "as for an order nobody has"
    );
    let foreign = two.op_result(&two.op(&first, 1, &OpBody::Close)).await;
    assert_eq!((foreign.problem.unwrap().code, foreign.state), (Code::NotFound, None));
    assert_eq!(
        world.central.order(&order_id(&first)).unwrap().row.rev,
        1,
        "nothing of it touches the order"
    );
    let file = two.get(&format!("/v1/orders/{first}/files/original")).await;
    assert_eq!(file.code(), Code::NotFound);
    let own = one.get(&format!("/v1/orders/{first}/files/original")).await;
    assert_eq!((own.status, own.body), (200, jpeg(1)));
    world.assert_consistent();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_finished_picture_is_made_from_the_original() {
    let world = World::open().await;
    let station = world.station("desk").await;
    let order = station.collect(1, &jpeg(1)).await;
    let finished = world.central.finished(&order_id(&order)).unwrap();
    assert_eq!(crate::world::size_of(&finished), [480, 640]);
    assert_eq!(finished, world.central.finished(&order_id(&order)).unwrap());
    let sent = station.get(&format!("/v1/orders/{order}/files/finished")).await;
    assert_eq!(sent.body, finished);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orders_wait_for_a_campaign_the_center_does_not_know_yet() {
    let mut other = campaign();
    other.id = "01900000-0000-7000-8000-00000000000f".to_owned();
    let world = World::open_with(other, Limits::default()).await;
    let station = world.station("desk").await;
    let (order, photo) = (id(fresh()), jpeg(1));
    station.put(&photo).await;
    let op = station.op(&order, 1, &submit(1, &photo));
    assert_eq!(station.op_result(&op).await.status, OpStatus::Held);
    assert_eq!(campaign().id, CAMPAIGN);
    world.central.put_campaign(&campaign()).unwrap();
    assert_eq!(station.op_result(&op).await.status, OpStatus::Applied);
    world.assert_consistent();
}
