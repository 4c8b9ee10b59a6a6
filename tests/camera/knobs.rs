//! Are exposure, white balance, focus and zoom set, and set again when the camera comes back?
use crate::lab::{PATIENCE, look, plugged, source, started, until, until_state};
use camera::CameraState;
use camera::controls::{Knob, Setting, Settings, knobs, set};
use camera::mode::Wish;
use testkit::webcam::Webcam;

/// Units and selectors of USB Video Class: what the webcam itself must have been told.
const EXPOSURE_TIME: (u8, u8) = (1, 0x04);
const ZOOM: (u8, u8) = (1, 0x0B);
const WHITE_BALANCE: (u8, u8) = (3, 0x0A);

pub fn set_and_restored() -> String {
    let (webcam, id) = plugged(0, look("Lab Knobs", "K1"));
    let found = knobs(&id).unwrap();
    let names: Vec<&str> = found.iter().map(|k| k.knob.code()).collect();
    for knob in Knob::ALL {
        assert!(
            found.iter().any(|k| k.knob == knob),
            "{} is missing in {names:?}",
            knob.code()
        );
    }
    let settings = [
        Setting::new(Knob::ExposureAuto, 0),
        Setting::new(Knob::Exposure, 300),
        Setting::new(Knob::WhiteBalanceAuto, 0),
        Setting::new(Knob::WhiteBalance, 5200),
        Setting::new(Knob::Zoom, 140),
    ];
    set(&id, &settings).unwrap();
    let told = |webcam: &Webcam| [EXPOSURE_TIME, WHITE_BALANCE, ZOOM].map(|(u, s)| webcam.control(u, s).unwrap());
    assert_eq!(told(&webcam), [300, 5200, 140]);
    let chosen = Settings::new(settings.to_vec());
    let camera = started(Box::new(source(&id, Wish::default()).with_settings(chosen)));
    camera.wait_newer(0, PATIENCE).expect("a frame");
    webcam.unplug();
    until_state(&camera, &CameraState::Absent);
    // A webcam forgets everything when it loses power.
    let (webcam, _) = plugged(0, look("Lab Knobs", "K1"));
    assert_ne!(told(&webcam), [300, 5200, 140]);
    until_state(&camera, &CameraState::Streaming);
    until("all is set again", || (told(&webcam) == [300, 5200, 140]).then_some(()));
    names.join(" ")
}

/// One knob the camera refuses stops no other, costs no picture and is named.
pub fn one_refused() -> String {
    let (webcam, id) = plugged(0, look("Lab Refuse", "KR1"));
    webcam.refuse(EXPOSURE_TIME.0, EXPOSURE_TIME.1);
    let settings = [
        Setting::new(Knob::ExposureAuto, 0),
        Setting::new(Knob::Exposure, 300),
        Setting::new(Knob::WhiteBalanceAuto, 0),
        Setting::new(Knob::WhiteBalance, 5200),
        Setting::new(Knob::Zoom, 140),
    ];
    let chosen = Settings::new(settings.to_vec());
    let camera = started(Box::new(source(&id, Wish::default()).with_settings(chosen)));
    camera.wait_newer(0, PATIENCE).expect("a frame");
    assert_eq!(camera.report().refused_knobs, [Knob::Exposure]);
    let told = |(unit, selector): (u8, u8)| webcam.control(unit, selector).unwrap();
    assert_eq!([told(WHITE_BALANCE), told(ZOOM)], [5200, 140]);
    assert_ne!(told(EXPOSURE_TIME), 300);
    // Set by hand it is an error; the others of the same wish are set all the same.
    let by_hand = [Setting::new(Knob::Exposure, 200), Setting::new(Knob::Zoom, 200)];
    let refused = set(&id, &by_hand).unwrap_err();
    assert_eq!(told(ZOOM), 200);
    refused.to_string()
}
