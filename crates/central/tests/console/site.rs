//! The graduates' site on a phone: chromium against a real center with the payment sandbox (`ui/tests/my/journey.mjs`).
use crate::station::{Station, fresh, id, submit};
use crate::world::{SCHOOL, campaign, jpeg};
use crate::{open_for_years, root};
use central::sms::FILE;
use central::{Central, Clock, Config, Contact, SystemClock};
use domain::review::RejectReason;
use domain::{Money, OrderId};
use http::Method;
use paysim::{Faults, Sandbox};
use std::io::{BufRead, BufReader, Write};
use std::net::Ipv4Addr;
use std::process::{Command, Stdio};
use std::sync::Arc;
use wire::campaign::CampaignDoc;
use wire::op::{OpBody, OpStatus};
use wire::payment::PaymentCodeAnswer;

/// The graduate, and somebody else.
const PHONE: &str = "13812341234";
const OTHERS: &str = "13912345678";

/// An order of a number, from a station.
async fn order_of(station: &Station, phone: &str) -> OrderId {
    let n = fresh();
    let photo = jpeg(n as u32);
    assert!(matches!(station.put(&photo).await.status, 200 | 201));
    let OpBody::Submit(mut body) = submit(n, &photo) else {
        unreachable!()
    };
    let subject = &mut body.person.subject;
    (subject.phone, subject.name) = (Some(phone.to_owned()), Some("张三丰".to_owned()));
    subject.id_number = Some("430102200001011234".to_owned());
    (subject.masked_name, subject.major) = (None, Some("临床医学".to_owned()));
    subject.student_number = Some("2023001".to_owned());
    // The sitter in the middle, as the station would cut it.
    let [width, height] = body.photo.original_px;
    let cut = height / 4 * 3;
    body.photo.crop_px = [(width - cut) / 2, 0, cut, height / 4 * 4];
    let order = id(fresh());
    let result = station.op_result(&station.op(&order, 1, &OpBody::Submit(body))).await;
    assert_eq!(result.status, OpStatus::Applied, "{result:?}");
    order.parse().unwrap()
}

struct Day {
    central: Central,
    station: Station,
    provider: Sandbox,
}

impl Day {
    fn paid(&self, order: &OrderId) {
        self.central.mark_paid("coord", order, Money::from_fen(2500)).unwrap();
    }

    /// One order in each state a graduate asks about, and one of somebody else; the order to be paid last, so that it comes first.
    async fn fill(&self) -> Vec<String> {
        let mut orders = Vec::new();
        for _ in 0..3 {
            let order = order_of(&self.station, PHONE).await;
            self.paid(&order);
            orders.push(order);
        }
        let reasons = [RejectReason::Eyes, RejectReason::Light];
        self.central
            .reject("rev", &orders[1], &reasons, Some("请到二号机位"))
            .unwrap();
        self.central.approve("rev", &orders[2]).unwrap();
        self.central.pull("lab", &orders[2]).unwrap();
        self.central.produce("lab", &orders[2]).unwrap();
        orders.push(order_of(&self.station, PHONE).await);
        orders.push(order_of(&self.station, OTHERS).await);
        orders.iter().map(ToString::to_string).collect()
    }

    /// What the journey wishes for outside the page.
    async fn grant(&self, wish: &str) -> String {
        match wish.split(' ').collect::<Vec<_>>()[..] {
            ["pay", order] => {
                let target = format!("/v1/orders/{order}/payments");
                let code = self.station.send(&self.station.ask(Method::POST, &target, "")).await;
                let code: PaymentCodeAnswer = code.json();
                assert!(self.provider.with(|p, now| p.pay(&code.out_trade_no, now)));
                "paid".to_owned()
            }
            ["address", order] => {
                let order = self.central.order(&order.parse().unwrap()).unwrap();
                order.row.order.address.unwrap_or_default()
            }
            ["messages", order] => {
                let order = self.central.order(&order.parse().unwrap()).unwrap();
                order.row.messages.map_or_else(|| "none".to_owned(), |c| c.language)
            }
            _ => panic!("what is {wish}?"),
        }
    }
}

async fn day() -> (Day, String) {
    let dir = Box::leak(Box::new(tempfile::tempdir().unwrap()));
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let loopback = (Ipv4Addr::LOCALHOST, 0).into();
    let provider = Sandbox::start(loopback, Faults::NONE, 1, || SystemClock.now())
        .await
        .unwrap();
    let back = format!("http://{address}/v1/payments/notice");
    let settings = provider.settings(&back).unwrap();
    let config = Config {
        gateway: Some(pay::wechat::Client::new(settings, Arc::new(|| SystemClock.now())).unwrap()),
        console: Some(root().join("ui/dist")),
        ..Config::new(dir.path().join("center"), address)
    };
    let central = Central::open(config).expect("the center opens: are the screens built?");
    let doc = CampaignDoc {
        price_fen: 2500,
        collective: false,
        ..open_for_years(campaign())
    };
    central.put_campaign(&doc).unwrap();
    let card = Contact {
        hours: "周一至周五 9:00–17:00".to_owned(),
        phone: "010-12345678".to_owned(),
        address: "图书馆一层".to_owned(),
    };
    central.set_contact(&card).unwrap();
    let serving = central.clone();
    tokio::spawn(async move { serving.serve(listener, std::future::pending()).await });
    let mut station = Station::with_clock(address, Arc::new(SystemClock), "一号点");
    let code = central.enrol_code(SCHOOL).unwrap().code;
    assert_eq!(station.enrol(&code).await.status, 200);
    let day = Day {
        central,
        station,
        provider,
    };
    (day, format!("http://{address}/my"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_graduate_at_the_site() {
    let (day, url) = day().await;
    let orders = day.fill().await;
    let sent = day.central.config().data_dir.join(FILE);
    let mut journey = Command::new("node")
        .arg(root().join("ui/tests/my/journey.mjs"))
        .args([&url, sent.to_str().unwrap(), PHONE])
        .args(&orders)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node is there");
    let mut answers = journey.stdin.take().unwrap();
    for line in BufReader::new(journey.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        match line.strip_prefix('@') {
            Some(wish) => writeln!(answers, "{}", day.grant(wish).await).unwrap(),
            None => println!("{line}"),
        }
    }
    assert!(journey.wait().unwrap().success());
    let report = day.central.verify().unwrap();
    assert!(report.holds(), "{:#?}", report.findings);
}
