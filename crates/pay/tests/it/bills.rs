//! Bills are read as the provider documents them, and a bill that contradicts itself is refused whole.
use domain::{Money, UtcMs};
use pay::bill::{Bill, BillDate, BillWhat};
use pay::reconcile::{Difference, Direction, Movement, compare};

const HEADS: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";
const PAID: &str = "`2026-01-28 17:07:11,`wx81be3101902f7cb2,`1601959334,`0,`,`4200000925202601284997714292,`S20260128170702357723,`ofyak5qR,`NATIVE,`SUCCESS,`OTHERS,`CNY,`0.01,`0.00,`0,`0,`0.00,`0.00,`,`,`照片,`,`0.00000,`1.00%,`0.01,`0.00,`";
const BACK: &str = "`2026-01-28 18:00:00,`wx81be3101902f7cb2,`1601959334,`0,`,`4200000925202601284997714292,`S20260128170702357723,`ofyak5qR,`NATIVE,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`503000,`R1,`0.01,`0.00,`ORIGINAL,`SUCCESS,`照片,`,`0.00000,`1.00%,`0.00,`0.01,`";
const SUMS: &str = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";

fn bill(lines: &[&str], sums: &str) -> Result<Bill, pay::bill::BadBill> {
    let text = format!("\u{feff}{HEADS}\r\n{}\r\n{SUMS}\r\n{sums}\r\n", lines.join("\r\n"));
    Bill::parse(text.as_bytes())
}

#[test]
fn a_bill_reads_to_the_fen() {
    let bill = bill(&[PAID, BACK], "`2,`0.01,`0.01,`0.00,`0.00000,`0.01,`0.01").unwrap();
    assert_eq!(bill.lines.len(), 2);
    assert_eq!(bill.lines[0].out_trade_no, "S20260128170702357723");
    assert_eq!(
        bill.lines[0].what,
        BillWhat::Paid {
            amount: Money::from_fen(1)
        }
    );
    let BillWhat::Refunded {
        out_refund_no, amount, ..
    } = &bill.lines[1].what
    else {
        panic!("a refund")
    };
    assert_eq!((out_refund_no.as_str(), *amount), ("R1", Money::from_fen(1)));
}

#[test]
fn a_bill_that_contradicts_itself_is_refused() {
    let said = |lines: &[&str], sums: &str| bill(lines, sums).unwrap_err().to_string();
    assert_eq!(
        said(&[PAID], "`2,`0.01,`0.00,`0.00,`0.00000,`0.01,`0.00"),
        "line 4 of the bill: counts other lines"
    );
    assert_eq!(
        said(&[PAID], "`1,`0.01,`0.00,`0.00,`0.00000,`0.02,`0.00"),
        "line 4 of the bill: is not the sum of the lines"
    );
    let float = PAID.replace("`1.00%,`0.01", "`1.00%,`0.010");
    assert_eq!(
        said(&[float.as_str()], "`1,`0.01,`0.00,`0.00,`0.00000,`0.01,`0.00"),
        "line 2 of the bill: has no amount"
    );
    let cut = format!("{HEADS}\r\n{PAID}\r\n");
    assert_eq!(
        Bill::parse(cut.as_bytes()).unwrap_err().to_string(),
        "line 3 of the bill: is missing: the bill breaks off"
    );
    assert!(Bill::parse(b"").is_err());
    assert!(Bill::parse("姓名\n张\n".as_bytes()).is_err());
}

#[test]
fn each_kind_of_difference_is_named() {
    let bill = bill(&[PAID, BACK, PAID], "`3,`0.02,`0.01,`0.00,`0.00000,`0.02,`0.01").unwrap();
    let movement = |number: &str, direction, fen| Movement {
        number: number.to_owned(),
        direction,
        amount: Money::from_fen(fen),
    };
    let books = [
        movement("R1", Direction::Out, 2),
        movement("lost-0001", Direction::In, 5),
    ];
    let outcome = compare(&bill, "1601959334", &books);
    assert_eq!(outcome.matched, 0);
    assert_eq!(
        outcome.differences,
        [
            Difference::OnlyBill(movement("S20260128170702357723", Direction::In, 1)),
            Difference::Amount {
                number: "R1".to_owned(),
                direction: Direction::Out,
                bill: Money::from_fen(1),
                books: Money::from_fen(2)
            },
            Difference::Doubled(movement("S20260128170702357723", Direction::In, 1)),
            Difference::OnlyBooks(movement("lost-0001", Direction::In, 5)),
        ]
    );
    assert!(matches!(
        compare(&bill, "1", &[]).differences[0],
        Difference::OtherMerchant { .. }
    ));
}

#[test]
fn a_day_begins_at_midnight_in_china() {
    let day = BillDate::of(UtcMs(1_790_000_000_000));
    assert_eq!(day.to_string(), "2026-09-21");
    assert_eq!(BillDate::of(day.begins()), day);
    assert_eq!(BillDate::of(day.begins().plus(-1)), day.before());
    assert_eq!(day.before().next(), day);
}
