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

const FRAMES: &[(&str, &[u8])] = &[
    picture!("antonio-delgado"),
    picture!("benjamin-cardin"),
    picture!("byron-donalds"),
    picture!("cory-booker"),
    picture!("cynthia-lummis"),
    picture!("dutch-ruppersberger"),
    picture!("jack-bergman"),
    picture!("jefferson-van-drew"),
    picture!("john-boozman"),
    picture!("judy-chu"),
    picture!("kweisi-mfume"),
    picture!("mary-gay-scanlon"),
    picture!("pete-stauber"),
    picture!("rand-paul"),
    picture!("richard-blumenthal"),
    picture!("richard-burr"),
    picture!("richard-shelby"),
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
