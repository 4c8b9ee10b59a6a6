//! The ledger: equal on both sides after any bookings, and never below nothing.
use domain::{Money, OrderId, PaymentId};
use pay::ledger::{Account, BadEntry, Entry, Ledger};
use pay::{OutRefundNo, OutTradeNo};
use proptest::prelude::*;

fn order(n: u8) -> OrderId {
    OrderId(format!("0198c0de-0000-7000-8000-0000000000{n:02x}").parse().unwrap())
}

fn entry(kind: u8, n: u8, fen: u64) -> Entry {
    let amount = Money::from_fen(fen);
    let name = format!("n{n}");
    match kind % 6 {
        0 => Entry::paid(&name, order(n), amount),
        1 => Entry::surplus(&name, amount),
        2 => Entry::class(&name, order(n), amount),
        3 => Entry::refund_asked(&name, Account::Order(order(n)), amount),
        4 => Entry::refund_asked(&name, Account::Surplus(name.clone()), amount),
        _ => Entry::refund_done(&name, Account::Gateway, amount),
    }
}

proptest! {
    #[test]
    fn whatever_is_booked_the_sides_are_equal(steps in prop::collection::vec((0u8..6, 0u8..4, 0u64..4), 0..60)) {
        let mut books = Ledger::default();
        for (kind, n, fen) in steps {
            let before: Vec<_> = books.balances().map(|(a, m)| (a.clone(), m)).collect();
            let entry = entry(kind, n, fen);
            match books.book(entry.clone()) {
                Ok(()) => {
                    // Booked again, it changes nothing.
                    let once: Vec<_> = books.balances().map(|(a, m)| (a.clone(), m)).collect();
                    prop_assert_eq!(books.book(entry), Ok(()));
                    let twice: Vec<_> = books.balances().map(|(a, m)| (a.clone(), m)).collect();
                    prop_assert_eq!(once, twice);
                }
                Err(_) => {
                    let after: Vec<_> = books.balances().map(|(a, m)| (a.clone(), m)).collect();
                    prop_assert_eq!(before, after, "a refused booking changes nothing");
                }
            }
            prop_assert!(books.balances_hold());
        }
    }

    #[test]
    fn accounts_and_numbers_read_back(bytes in any::<[u8; 16]>()) {
        let payment = PaymentId(domain_uuid(bytes));
        let trade = OutTradeNo::of(payment);
        prop_assert_eq!(trade.as_str().len(), 32);
        prop_assert_eq!(trade.payment(), Some(payment));
        prop_assert_eq!(OutRefundNo::of(payment).refund(), Some(payment));
        for account in [Account::Gateway, Account::Till, Account::Order(OrderId(payment.0)), Account::Surplus(trade.to_string()), Account::Returning("r".to_owned())] {
            prop_assert_eq!(Account::from_text(&account.text()), Some(account));
        }
    }
}

fn domain_uuid(bytes: [u8; 16]) -> uuid::Uuid {
    uuid::Uuid::from_bytes(bytes)
}

#[test]
fn money_cannot_leave_where_none_is() {
    let mut books = Ledger::default();
    books.book(entry(0, 1, 2500)).unwrap();
    let more = books.book(entry(3, 1, 2501));
    assert!(matches!(more, Err(BadEntry::Overdrawn { .. })));
    assert!(matches!(books.book(entry(0, 1, 2600)), Err(BadEntry::Otherwise { .. })));
    assert!(matches!(books.book(entry(0, 2, 0)), Err(BadEntry::Nothing)));
    assert!(matches!(books.book(entry(0, 3, u64::MAX)), Err(BadEntry::Range)));
}

#[test]
fn a_number_has_6_to_32_characters() {
    assert!(OutTradeNo::parse("12345").is_err());
    assert!(OutTradeNo::parse("123456").is_ok());
    assert!(OutTradeNo::parse(&"x".repeat(32)).is_ok());
    assert!(OutTradeNo::parse(&"x".repeat(33)).is_err());
    assert!(OutTradeNo::parse("12345/?").is_err());
    assert!(OutRefundNo::parse("1").is_ok());
}
