//! The day in numbers.
use super::commands;

commands! {
    today() => Today;
    defect_shots(reason: String) => DefectShots;
    end_of_day() => EndOfDay;
    absent() => Absent;
    settle_card(wish: String) => SettleCard;
    standards() => Standards;
}
