//! Does any picture file make the decoder's gate, or the reading of EXIF and ICC, panic, hang or fill the memory?
#![no_main]
use domain::SizePx;
use libfuzzer_sys::fuzz_target;
use photo::{Limits, Scale};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits::default();
    let small = Scale::AtLeast(SizePx { width: 40, height: 30 });
    let _ = photo::inspect(bytes);
    let _ = photo::decode(bytes, Scale::Full, &limits);
    let _ = photo::decode(bytes, small, &limits);
    let _ = photo::decode_any(bytes, &limits);
    let _ = photo::decode_grey(bytes, &limits);
});
