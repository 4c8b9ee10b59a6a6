//! Names are found by every reading.
use station::names::name_keys;

#[test]
fn every_reading_of_a_name_is_kept() {
    let keys = name_keys("单雄信");
    assert!(keys.initials.split(' ').any(|i| i == "sxx") && keys.initials.split(' ').any(|i| i == "dxx"));
    assert!(keys.full.split(' ').any(|f| f == "shanxiongxin"));
    assert_eq!(name_keys("Li Ming").initials, "liming");
    assert_eq!(
        name_keys("阿卜杜拉·买买提").initials.split(' ').map(str::len).max(),
        Some(7)
    );
    assert_eq!(name_keys("").full, "");
}
