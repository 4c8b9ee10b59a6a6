//! What did the cases report, and did each of them report once?
use super::Outcome;

/// The lines so far.
#[derive(Debug, Default)]
pub(super) struct Report {
    passed: Vec<String>,
    failed: Vec<String>,
    /// Failures that are no case's.
    others: u32,
}

impl Report {
    /// Takes a line: `lab ok NAME …`, `lab FAILED NAME …`, or anything else.
    pub fn take(&mut self, line: &str) {
        let name = |rest: &str| {
            let name = rest.split(' ').next().unwrap_or_default();
            name.trim_end_matches(':').to_owned()
        };
        if let Some(rest) = line.strip_prefix("lab ok ") {
            self.passed.push(name(rest));
        } else if let Some(rest) = line.strip_prefix("lab FAILED ") {
            self.failed.push(name(rest));
        }
    }

    /// Something failed besides the cases.
    pub fn fail(&mut self, why: &str) {
        println!("lab FAILED {why}");
        self.others += 1;
    }

    /// Counts; a case that did not report, or twice, has failed.
    pub fn close(mut self, cases: &[String]) -> Outcome {
        if cases.is_empty() {
            self.fail("there are no cases");
        }
        for case in cases {
            let times = |names: &[String]| names.iter().filter(|n| *n == case).count();
            let (passed, failed) = (times(&self.passed), times(&self.failed));
            if (passed, failed) != (1, 0) && failed == 0 {
                self.fail(&format!("{case} reported {passed} times"));
            }
        }
        let is_case = |name: &&String| cases.contains(name);
        let strange = self.passed.iter().filter(|name| !is_case(name)).count();
        if strange > 0 {
            self.fail(&format!("{strange} cases reported that there are not"));
        }
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Outcome {
            passed: count(self.passed.iter().filter(is_case).count()),
            failed: count(self.failed.len()) + self.others,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &[&str], expected: (u32, u32)) {
        let mut report = Report::default();
        lines.iter().for_each(|line| report.take(line));
        let cases = ["list", "stall"].map(str::to_owned);
        let outcome = report.close(&cases);
        assert_eq!((outcome.passed, outcome.failed), expected, "{lines:?}");
    }

    #[test]
    fn every_case_must_report_once() {
        check(&["lab ok list 5 ms: x", "lab ok stall 5 ms: y", "lab done"], (2, 0));
        check(&["lab ok list 5 ms: x", "lab done"], (1, 1));
        check(&["lab done"], (0, 2));
        check(
            &["lab ok list 5 ms: x", "lab FAILED stall: it hangs after 40 s"],
            (1, 1),
        );
        check(
            &["lab ok list 1 ms: x", "lab ok list 1 ms: x", "lab ok stall 1 ms: y"],
            (3, 1),
        );
        check(
            &["lab ok list 1 ms: x", "lab ok stall 1 ms: y", "lab ok other 1 ms: z"],
            (2, 1),
        );
        check(
            &[
                "lab FAILED loading vivid",
                "lab ok list 1 ms: x",
                "lab ok stall 1 ms: y",
            ],
            (2, 1),
        );
    }
}
