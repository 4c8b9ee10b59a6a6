//! Finding people as one types, the running order, and who was collected.
use crate::kit::{self, NOW, campaign, uuid};
use domain::{CodeHash, OrderId, PersonKey, RosterEntry, StationId, Subject};
use std::time::Instant;
use store::collected::{self, Collected};
use store::people::{self, Person};
use store::{Store, StoreError};

fn person(position: u32, name: &str, full: &[&str], initials: &[&str]) -> Person {
    let subject = Subject {
        name: Some(name.into()),
        student_number: Some(format!("2022A{position:05}")),
        id_number: Some(format!("43010220000101{:03}X", position % 1000)),
        ..Subject::default()
    };
    let words = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect();
    let entry = RosterEntry::new(subject).unwrap();
    Person {
        entry,
        position,
        pinyin_full: words(full),
        pinyin_initials: words(initials),
    }
}

fn put_all(store: &Store, all: &[Person]) {
    store
        .write(|tx| all.iter().try_for_each(|p| people::put(tx, campaign().id, p).map(drop)))
        .unwrap();
}

fn found(store: &Store, typed: &str) -> Vec<u32> {
    let hits = store.read(|c| people::search(c, campaign().id, typed, 10)).unwrap();
    hits.iter().map(|p| p.position).collect()
}

#[test]
fn search_finds_what_was_typed() {
    let (_dir, store) = kit::store();
    let mut blind = person(5, "", &[], &[]);
    let hash = CodeHash::of(b"code");
    blind.entry.key = PersonKey::Code(hash);
    blind.entry.subject = Subject {
        masked_name: Some("赵*".into()),
        ..Subject::default()
    };
    put_all(
        &store,
        &[
            person(1, "张三丰", &["zhangsanfeng"], &["zsf"]),
            person(2, "单雄信", &["shanxiongxin", "Dan Xiong Xin"], &["sxx", "dxx"]),
            person(3, "张三", &["zhangsan"], &["zs"]),
            person(4, "李张三", &["lizhangsan"], &["lzs"]),
            blind,
        ],
    );
    let cases: &[(&str, &[u32])] = &[
        ("zs", &[3, 1]),
        ("ZSF", &[1]),
        ("zhangsan", &[1, 3]),
        ("zhang san", &[1, 3]),
        ("hangsan", &[]),
        ("dxx", &[2]),
        ("danx", &[2]),
        ("张三", &[3, 1, 4]),
        ("00003", &[3]),
        ("2022a00003", &[3]),
        ("001x", &[1]),
        ("43010220000101004x", &[4]),
        ("赵", &[5]),
        (&hash.hex()[..8], &[5]),
        ("%", &[]),
        (" ", &[]),
        ("", &[]),
    ];
    for (typed, expected) in cases {
        assert_eq!(found(&store, typed), *expected, "{typed}");
    }
    let id = campaign().id;
    assert_eq!(store.read(|c| people::count(c, id)).unwrap(), 5);
    assert_eq!(store.read(|c| people::namesakes(c, id, "张三")).unwrap(), 1);
    assert_eq!(store.read(|c| people::search(c, id, "zhang", 1)).unwrap().len(), 1);
    let elsewhere = domain::CampaignId(uuid(99));
    assert_eq!(store.read(|c| people::search(c, elsewhere, "zs", 10)).unwrap(), []);
    let nowhere = store.write(|tx| people::put(tx, elsewhere, &person(1, "张三", &[], &[])));
    assert!(matches!(nowhere, Err(StoreError::Sql { .. })), "{nowhere:?}");
}

#[test]
fn the_running_order_leaves_out_who_was_collected() {
    let (_dir, store) = kit::store();
    let all: Vec<_> = (1..=4).map(|n| person(n, "张三", &["zhangsan"], &["zs"])).collect();
    put_all(&store, &all);
    let here = Collected {
        campaign: campaign().id,
        person: all[1].entry.key.clone(),
        at: NOW,
        order: Some(OrderId(uuid(7))),
        station: Some(StationId(uuid(3))),
    };
    let elsewhere = Collected {
        at: NOW.plus(5),
        order: None,
        station: None,
        ..here.clone()
    };
    for _ in 0..2 {
        store.write(|tx| collected::put(tx, &here)).unwrap();
        store.write(|tx| collected::put(tx, &elsewhere)).unwrap();
    }
    let order = |after| {
        let next = store
            .read(|c| people::running_order(c, campaign().id, after, 2))
            .unwrap();
        next.iter().map(|p| p.position).collect::<Vec<_>>()
    };
    assert_eq!(
        (order(None), order(Some(1)), order(Some(4))),
        (vec![1, 3], vec![3, 4], vec![])
    );
    let of = |key| store.read(|c| collected::of(c, campaign().id, key)).unwrap();
    assert_eq!(of(&here.person), [elsewhere.clone(), here.clone()]);
    assert_eq!(store.read(|c| collected::count(c, campaign().id)).unwrap(), 1);
    store.write(|tx| collected::forget(tx, OrderId(uuid(7)))).unwrap();
    assert_eq!(of(&here.person), [elsewhere]);
}

/// Prints the times of import and search over 20,000 rows: `cargo test -p store twenty_thousand -- --nocapture`.
#[test]
fn twenty_thousand_people_are_searched() {
    let (dir, store) = kit::store();
    let given = ["伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋"];
    let full = ["wei", "fang", "na", "min", "jing", "li", "qiang", "lei", "jun", "yang"];
    let all: Vec<_> = (0..20_000u32)
        .map(|n| {
            let (a, b) = ((n % 10) as usize, (n / 10 % 10) as usize);
            let name = format!("王{}{}", given[a], given[b]);
            let initials = format!("w{}{}", &full[a][..1], &full[b][..1]);
            person(n, &name, &[&format!("wang{}{}", full[a], full[b])], &[&initials])
        })
        .collect();
    let started = Instant::now();
    put_all(&store, &all);
    println!("import of 20,000: {} ms", started.elapsed().as_millis());
    let started = Instant::now();
    put_all(&store, &all);
    println!("import of the same 20,000: {} ms", started.elapsed().as_millis());
    drop(store);
    let store = kit::open(dir.path());
    for typed in ["wwf", "wangweifang", "伟芳", "19999", "777x", "nobody"] {
        for turn in ["first", "again"] {
            let started = Instant::now();
            let hits = store.read(|c| people::search(c, campaign().id, typed, 20)).unwrap();
            println!(
                "search {typed:12} {turn}: {} hits, {} us",
                hits.len(),
                started.elapsed().as_micros()
            );
        }
    }
    assert_eq!(found(&store, "19999"), [19_999]);
}
