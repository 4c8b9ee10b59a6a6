//! Does a center that is killed in the middle of its work keep what it has acknowledged?
use crate::cli::{Serving, campaign_file, central, enrolled, serve};
use crate::station::{Station, fresh, id, submit};
use crate::world::jpeg;
use axum::body::{Body, to_bytes};
use domain::BlobId;
use http::Request;
use hyper_util::rt::TokioIo;
use std::collections::BTreeMap;
use wire::op::{Op, OpStatus, OpsAnswer, OpsRequest};

const KILLS: usize = 10;

/// Sends a request to a center that may die meanwhile.
async fn try_send(address: std::net::SocketAddr, request: Request<Body>) -> Option<(u16, Vec<u8>)> {
    let stream = tokio::net::TcpStream::connect(address).await.ok()?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
    tokio::spawn(connection);
    let (parts, body) = sender.send_request(request).await.ok()?.into_parts();
    Some((
        parts.status.as_u16(),
        to_bytes(Body::new(body), usize::MAX).await.ok()?.to_vec(),
    ))
}

/// What the center has signed for: the op, its order and its photo.
type Acknowledged = BTreeMap<String, (String, Option<String>)>;

/// Sends orders one after another; the center is killed while the photo and the op of one of them are on their way.
async fn work(station: &Station, serving: &mut Serving, kill: usize) -> Acknowledged {
    let mut acknowledged = Acknowledged::new();
    for i in 0..=kill {
        let photo = jpeg((kill * 1000 + i) as u32);
        let target = format!("/v1/blobs/{}", BlobId::of(&photo));
        let put = station.sign(&station.ask(http::Method::PUT, &target, &*photo));
        let op: Op = station.op(&id(fresh()), 1, &submit(fresh(), &photo));
        let body = serde_json::to_vec(&OpsRequest { ops: vec![op.clone()] }).unwrap();
        let ask = station.sign(&station.ask(http::Method::POST, "/v1/ops", body));
        let address = serving.address;
        let answer = if i < kill {
            assert_eq!(try_send(address, put).await.unwrap().0, 201);
            try_send(address, ask).await
        } else {
            let sending = tokio::spawn(async move {
                try_send(address, put).await;
                try_send(address, ask).await
            });
            // The kill falls somewhere in the two requests: at each a few looks at the task later.
            for _ in 0..kill * 3 {
                tokio::task::yield_now().await;
            }
            serving.child.kill().unwrap();
            sending.await.unwrap()
        };
        let Some((200, answer)) = answer else { break };
        let answer: OpsAnswer = serde_json::from_slice(&answer).unwrap();
        assert_eq!(answer.results[0].status, OpStatus::Applied, "{:?}", answer.results[0]);
        let receipt = answer.receipt.unwrap();
        receipt.verify(station.server_key.as_ref().unwrap()).unwrap();
        acknowledged.insert(op.op_id, (op.order_id, receipt.entries[0].blob_id.clone()));
    }
    serving.child.wait().unwrap();
    acknowledged
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_acknowledged_op_is_lost_when_the_center_is_killed() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("center");
    let file = campaign_file(dir.path());
    assert!(
        central(&data)
            .args(["campaign", "import"])
            .arg(file)
            .status()
            .unwrap()
            .success()
    );
    let mut acknowledged = Acknowledged::new();
    let mut serving = serve(&data);
    let mut station = enrolled(&data, &serving).await;
    for kill in 1..=KILLS {
        acknowledged.extend(work(&station, &mut serving, kill).await);
        serving = serve(&data);
        station.move_to(serving.address);
    }
    drop(serving);
    assert!(
        acknowledged.len() > KILLS,
        "something was acknowledged: {}",
        acknowledged.len()
    );
    let center = ::central::Central::open(::central::Config::new(&data, ([127, 0, 0, 1], 0).into())).unwrap();
    for (order, blob) in acknowledged.values() {
        let detail = center.order(&order.parse().unwrap()).unwrap();
        let Some(blob) = blob else {
            assert!(!detail.photo_here);
            continue;
        };
        let bytes = center.photo(&order.parse().unwrap()).unwrap();
        assert_eq!(BlobId::of(&bytes).to_string(), *blob);
    }
    let report = center.verify().unwrap();
    assert!(report.holds(), "{:#?}", report.findings);
}
