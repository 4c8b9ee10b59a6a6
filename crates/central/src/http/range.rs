//! Which stretch of a file is asked for (RFC 9110, 14): one range, and only while the file is still the same.
use axum::http::HeaderMap;
use axum::http::header::{IF_NONE_MATCH, IF_RANGE, RANGE};

/// What is to be sent of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stretch {
    /// All of it.
    Whole,
    /// From the first byte to the last, both counted from 0 and sent.
    Part(u64, u64),
    /// Nothing: it asks for what is not there.
    Beyond,
    /// Nothing: the client has it.
    Same,
}

/// Reads the headers of a request for a file of this length and with this strong tag.
pub fn stretch(headers: &HeaderMap, etag: &str, bytes: u64) -> Stretch {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    if let Some(known) = text(IF_NONE_MATCH)
        && known
            .split(',')
            .any(|t| t.trim() == "*" || t.trim().trim_start_matches("W/") == etag)
    {
        return Stretch::Same;
    }
    // A weak tag or a date never vouches for single bytes.
    if text(IF_RANGE).is_some_and(|tag| tag.trim() != etag) {
        return Stretch::Whole;
    }
    let Some(asked) = text(RANGE).and_then(|r| r.trim().strip_prefix("bytes=")) else {
        return Stretch::Whole;
    };
    one(asked, bytes).unwrap_or(Stretch::Whole)
}

/// `None` for what does not read as one range, which is ignored.
fn one(asked: &str, bytes: u64) -> Option<Stretch> {
    let (first, last) = asked.trim().split_once('-')?;
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse().unwrap_or(u64::MAX))
    };
    let (first, last) = match (first, last) {
        ("", tail) => match number(tail)? {
            0 => return Some(Stretch::Beyond),
            length => (bytes.saturating_sub(length), u64::MAX),
        },
        (first, "") => (number(first)?, u64::MAX),
        (first, last) => (number(first)?, number(last)?),
    };
    if first > last {
        return None;
    }
    if first >= bytes {
        return Some(Stretch::Beyond);
    }
    Some(Stretch::Part(first, last.min(bytes - 1)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const TAG: &str = "\"abc\"";

    fn asked(pairs: &[(&'static str, &str)]) -> Stretch {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        stretch(&headers, TAG, 100)
    }

    #[test]
    fn ranges_are_read() {
        for (range, expected) in [
            ("bytes=0-", Stretch::Part(0, 99)),
            ("bytes=10-19", Stretch::Part(10, 19)),
            ("bytes=10-1000", Stretch::Part(10, 99)),
            ("bytes=-7", Stretch::Part(93, 99)),
            ("bytes=-700", Stretch::Part(0, 99)),
            ("bytes=99-99", Stretch::Part(99, 99)),
            ("bytes=100-", Stretch::Beyond),
            ("bytes=-0", Stretch::Beyond),
            ("bytes=99999999999999999999999-", Stretch::Beyond),
            ("bytes=5-4", Stretch::Whole),
            ("bytes=0-1,5-6", Stretch::Whole),
            ("bytes=+1-2", Stretch::Whole),
            ("bytes=-", Stretch::Whole),
            ("rows=1-2", Stretch::Whole),
        ] {
            assert_eq!(asked(&[("range", range)]), expected, "{range}");
        }
        assert_eq!(asked(&[]), Stretch::Whole);
    }

    #[test]
    fn a_stretch_is_only_given_of_the_same_file() {
        let range = ("range", "bytes=10-");
        assert_eq!(asked(&[range, ("if-range", TAG)]), Stretch::Part(10, 99));
        assert_eq!(asked(&[range, ("if-range", "\"other\"")]), Stretch::Whole);
        assert_eq!(asked(&[range, ("if-range", "W/\"abc\"")]), Stretch::Whole);
        assert_eq!(
            asked(&[range, ("if-range", "Sat, 29 Oct 1994 19:43:31 GMT")]),
            Stretch::Whole
        );
        assert_eq!(asked(&[("if-none-match", "\"x\", W/\"abc\"")]), Stretch::Same);
        assert_eq!(asked(&[("if-none-match", "\"x\"")]), Stretch::Whole);
    }
}
