//! Order numbers, times, money, ID numbers.
use crate::build::NOW;
use domain::Money;
use domain::id_number::{IdNumber, IdNumberError};
use domain::order_number::{NumberPrefix, OrderNumber};
use domain::{UtcMs, time::UtcOffset};
use proptest::prelude::*;

#[test]
fn an_order_number_has_the_manuals_form() {
    // 2024-02-20 11:38:24.101 in China, the example of the manual.
    let at = UtcMs(1_708_400_304_101);
    let prefix = NumberPrefix::parse("000015").unwrap();
    assert_eq!(
        OrderNumber::next(&prefix, at, None).0.as_str(),
        "000015-20240220113824101"
    );
    assert!(OrderNumber::parse("000015-20240220113824101").is_ok());
    for bad in [
        "",
        "000015",
        "00015-20240220113824101",
        "000015-2024022011382410x",
        "０00015-20240220113824101",
    ] {
        assert!(OrderNumber::parse(bad).is_err(), "{bad}");
    }
}

proptest! {
    #[test]
    fn numbers_of_a_station_never_repeat(jumps in prop::collection::vec(-5_000i64..5_000, 1..200)) {
        let prefix = NumberPrefix::parse("ABC123").unwrap();
        let (mut now, mut last, mut before) = (NOW, None, None);
        for jump in jumps {
            now = now.plus(jump);
            let (number, used) = OrderNumber::next(&prefix, now, last);
            prop_assert!(before.is_none_or(|b: OrderNumber| b < number));
            prop_assert!(used >= now);
            (last, before) = (Some(used), Some(number));
        }
    }

    #[test]
    fn the_calendar_agrees_with_itself(days in -200_000i64..200_000) {
        let today = UtcMs(days * 86_400_000).civil(UtcOffset { minutes: 0 });
        let tomorrow = UtcMs((days + 1) * 86_400_000).civil(UtcOffset { minutes: 0 });
        let key = |c: domain::time::Civil| (c.year, c.month, c.day);
        prop_assert!(key(today) < key(tomorrow));
        prop_assert!((1..=12).contains(&today.month) && (1..=31).contains(&today.day));
    }

    #[test]
    fn one_wrong_digit_never_passes(position in 0usize..17, digit in 0u8..10) {
        let good = "11010519491231002X";
        let mut bytes = good.as_bytes().to_vec();
        bytes[position] = b'0' + digit;
        let text = String::from_utf8(bytes).unwrap();
        prop_assert_eq!(IdNumber::parse(&text).is_ok(), text == good);
    }
}

#[test]
fn known_days() {
    let show = |ms| UtcMs(ms).civil(UtcOffset::CHINA).to_string();
    assert_eq!(show(0), "1970-01-01 08:00:00");
    assert_eq!(show(951_753_599_000), "2000-02-28 23:59:59");
    assert_eq!(show(951_753_600_000), "2000-02-29 00:00:00");
    assert_eq!(show(4_107_513_600_000), "2100-03-01 00:00:00");
}

#[test]
fn id_numbers() {
    // The example of GB 11643-1999, annex A.
    assert!(IdNumber::parse("11010519491231002X").is_ok());
    assert!(IdNumber::parse(" 11010519491231002x ").is_ok());
    assert_eq!(IdNumber::parse("110105194912310021"), Err(IdNumberError::CheckDigit));
    assert_eq!(IdNumber::parse("11010519491331002X"), Err(IdNumberError::BirthDate));
    for bad in ["", "H1234567", "1101051949123100", "１1010519491231002X", "4.3E+17"] {
        assert_eq!(IdNumber::parse(bad), Err(IdNumberError::Form), "{bad}");
    }
}

#[test]
fn money_is_fen() {
    assert_eq!(Money::from_fen(2505).to_string(), "¥25.05");
    assert_eq!(Money::from_fen(u64::MAX).plus(Money::from_fen(1)), None);
    assert_eq!(Money::from_fen(2500).times(40), Some(Money::from_fen(100_000)));
}
