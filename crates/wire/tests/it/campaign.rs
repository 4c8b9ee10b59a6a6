//! The campaign file: short, forgiving where it may be, exact where it must be.
use expect_test::expect;
use wire::campaign::CampaignDoc;

const FILE: &str = r#"
id = "01900000-0000-7000-8000-000000000001"
title = "2027 届毕业生图像采集"
school_code = "10533"
school_name = "示例大学"
job = "graduate"
number_prefix = "10533A"
spec = "chsi-graduate-2017"
opens_at_ms = 1811984400000
closes_at_ms = 1814662800000
consent_version = "2027-01"

[[feature_codes]]
code = "AB12CD"
"#;

pub fn doc() -> CampaignDoc {
    CampaignDoc::from_toml(FILE).unwrap()
}

#[test]
fn a_file_with_only_what_it_must_say() {
    let campaign = doc().to_domain().unwrap();
    assert_eq!((campaign.retake.tries, campaign.retake.within_ms), (3, 2 * 86_400_000));
    assert_eq!(
        campaign.feature_codes[0].until.0, 1_814_662_800_000,
        "a code lives as long as its campaign"
    );
    let again = CampaignDoc::from(&campaign);
    assert_eq!(again.to_domain().unwrap(), campaign);
    assert_eq!(
        CampaignDoc::from_toml(&toml::to_string(&again).unwrap()).unwrap(),
        again
    );
}

#[test]
fn what_does_not_hold_is_named() {
    let said = |from: &str, to: &str| {
        let file = FILE.replace(from, to);
        CampaignDoc::from_toml(&file)
            .unwrap()
            .to_domain()
            .unwrap_err()
            .to_string()
    };
    expect!["school_code: must have 5 to 10 characters"].assert_eq(&said("\"10533\"", "\"105\""));
    expect!["job: must be graduate, freshman or staff"].assert_eq(&said("\"graduate\"", "\"wedding\""));
    expect!["closes_at_ms: must lie after opens_at_ms"].assert_eq(&said("1814662800000", "1"));
    expect!["number_prefix: an order number begins with six letters or digits"].assert_eq(&said("10533A", "10-33A"));
    expect!["feature_codes.code: a feature code is six letters or digits"].assert_eq(&said("AB12CD", "AB12"));
    expect!["title: must have 1 to 200 characters"].assert_eq(&said("2027 届毕业生图像采集", " "));
    let broken = CampaignDoc::from_toml("id = 7").unwrap_err().to_string();
    assert!(broken.contains("line 1"), "{broken}");
}
