//! The demo's sitters, built in so that the demo runs wherever the program does. Source and licence: `assets/demo/README.md`.
use std::sync::Arc;

macro_rules! picture {
    ($name:literal) => {
        (
            $name,
            include_bytes!(concat!("../../../assets/demo/frames/", $name, ".jpg")),
        )
    };
}

/// The first two pass, the third does not: a visitor sees both within a minute.
const FRAMES: &[(&str, &[u8])] = &[
    picture!("rand-paul"),
    picture!("john-boozman"),
    picture!("antonio-delgado"),
    picture!("richard-blumenthal"),
    picture!("cory-booker"),
    picture!("richard-shelby"),
    picture!("cynthia-lummis"),
    picture!("jefferson-van-drew"),
    picture!("benjamin-cardin"),
    picture!("byron-donalds"),
    picture!("dutch-ruppersberger"),
    picture!("jack-bergman"),
    picture!("judy-chu"),
    picture!("kweisi-mfume"),
    picture!("mary-gay-scanlon"),
    picture!("pete-stauber"),
    picture!("richard-burr"),
    picture!("rob-portman"),
    picture!("roger-williams"),
    picture!("ron-johnson"),
    picture!("roy-blunt"),
    picture!("steve-daines"),
    picture!("ted-cruz"),
    picture!("thomas-tiffany"),
];

/// All frames by name.
pub(crate) fn frames() -> Vec<(String, Arc<[u8]>)> {
    FRAMES
        .iter()
        .map(|(name, jpeg)| ((*name).to_owned(), Arc::from(*jpeg)))
        .collect()
}
