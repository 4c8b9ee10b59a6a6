//! Does `photo-check` keep its contract?
use crate::folder;
use expect_test::expect;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_photo-check"))
        .env("LC_ALL", "C")
        .args(args)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A folder with a good picture, one in a folder below, a torn one, and one that is no picture.
fn sample() -> tempfile::TempDir {
    let sample = tempfile::tempdir().unwrap();
    let good = std::fs::read(folder("studio").join("rand-paul.jpg")).unwrap();
    std::fs::create_dir(sample.path().join("below")).unwrap();
    std::fs::write(sample.path().join("below/rand-paul.jpg"), &good).unwrap();
    std::fs::write(sample.path().join("rand-paul.jpg"), &good).unwrap();
    std::fs::write(sample.path().join("torn.jpg"), &good[..good.len() / 3]).unwrap();
    std::fs::write(sample.path().join("words.jpg"), "not a picture").unwrap();
    std::fs::write(sample.path().join("notes.txt"), "left alone").unwrap();
    sample
}

fn lines(out: &Output) -> Vec<Value> {
    text(&out.stdout)
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect()
}

#[test]
fn json_has_the_keys_of_the_contract_in_order() {
    let good = folder("studio").join("rand-paul.jpg");
    let out = run(&[
        "--format",
        "json",
        "--spec",
        "chsi-graduate-2017",
        good.to_str().unwrap(),
    ]);
    assert_eq!(out.status.code(), Some(0));
    let line = text(&out.stdout);
    let value: Value = serde_json::from_str(&line).unwrap();
    let first = &value["findings"][0];
    let keys = |v: &Value| v.as_object().unwrap().keys().cloned().collect::<Vec<_>>().join(" ");
    expect!["crop faces file findings spec timings_ms verdict"].assert_eq(&keys(&value));
    expect!["bound measure quality reason remedy unit value verdict"].assert_eq(&keys(first));
    expect!["decode detect landmarks mask measures total"].assert_eq(&keys(&value["timings_ms"]));
    expect!["height width x y"].assert_eq(&keys(&value["crop"]));
    let order = [
        "\"file\"",
        "\"spec\"",
        "\"verdict\"",
        "\"findings\"",
        "\"crop\"",
        "\"faces\"",
        "\"timings_ms\"",
    ];
    let at: Vec<usize> = order.iter().map(|k| line.rfind(k).unwrap()).collect();
    assert!(at[3..].is_sorted() && line.starts_with("{\"file\":"));
    assert_eq!(
        (value["verdict"].as_str(), value["faces"].as_u64()),
        (Some("pass"), Some(1))
    );
    expect![[r#"{"bound":{"max":0.0,"min":null},"measure":"SingleFacePresent","quality":100,"reason":null,"remedy":null,"unit":"ratio","value":0.0,"verdict":"pass"}"#]]
        .assert_eq(&first.to_string());
}

#[test]
fn folders_are_searched_and_bad_files_are_failing_lines() {
    let sample = sample();
    let finished = sample.path().join("out");
    let report = sample.path().join("report.html");
    let out = run(&[
        "--format",
        "json",
        "--jobs",
        "2",
        "--finished",
        finished.to_str().unwrap(),
        "--report",
        report.to_str().unwrap(),
        sample.path().to_str().unwrap(),
    ]);
    assert_eq!(out.status.code(), Some(1), "{}", text(&out.stderr));
    let name = |v: &Value| {
        Path::new(v["file"].as_str().unwrap())
            .strip_prefix(sample.path())
            .unwrap()
            .display()
            .to_string()
    };
    let said: Vec<String> = lines(&out)
        .iter()
        .map(|v| {
            let reason = v["findings"]
                .as_array()
                .unwrap()
                .iter()
                .find_map(|f| f["reason"].as_str());
            format!(
                "{} {} {}",
                name(v).replace('\\', "/"),
                v["verdict"].as_str().unwrap(),
                reason.unwrap_or("-")
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            "below/rand-paul.jpg pass -",
            "rand-paul.jpg pass -",
            "torn.jpg fail Torn",
            "words.jpg fail Unreadable"
        ]
    );
    let one = std::fs::read(finished.join("rand-paul.jpg")).unwrap();
    assert_eq!(one, std::fs::read(finished.join("rand-paul-2.jpg")).unwrap());
    assert_eq!(std::fs::read_dir(&finished).unwrap().count(), 2);
    let html = std::fs::read_to_string(report).unwrap();
    assert_eq!(html.matches("<article class=").count(), 4);
    assert!(html.matches("data:image/jpeg;base64,").count() == 2 && html.ends_with("</html>\n"));
    assert!(!html.contains("src=\"http") && !html.contains("href="));
}

#[test]
fn a_table_is_for_people_and_csv_has_a_line_for_each_finding() {
    let sample = sample();
    let torn = sample.path().join("torn.jpg");
    let out = run(&["--lang", "zh", torn.to_str().unwrap()]);
    assert!(text(&out.stdout).contains("照片文件不完整或已损坏 → 请重拍一张"));
    let out = run(&["--format", "csv", torn.to_str().unwrap()]);
    let line = text(&out.stdout).replace(torn.to_str().unwrap(), "torn.jpg");
    expect![[r#"
        file,spec,verdict,measure,value,unit,quality,min,max,finding,reason,remedy
        torn.jpg,chsi-graduate-2017,fail,Readable,,,,,,fail,Torn,TakeAgain
    "#]]
    .assert_eq(&line);
}

#[test]
fn specs_and_explain_answer() {
    let out = run(&["specs", "--format", "json"]);
    let ids = |key: &str| lines(&out).iter().filter(|l| l[key].is_string()).count();
    assert_eq!((out.status.code(), ids("id"), ids("receiver")), (Some(0), 9, 3));
    let out = run(&["explain", "EyesToTop"]);
    expect![[r#"
        EyesToTop · eyes to top
        Eye line to the top edge; pixels of the finished picture
        Definition: the photo standard
        Quality 0–100: ours, or none
        chsi-graduate-2017: passes 200..300, beyond fails
        Source: 教毕指〔2017〕99号 (2017), as quoted by two or more independent pages; the notice itself could not be read (as quoted by others)
    "#]]
    .assert_eq(&text(&out.stdout));
    assert!(text(&run(&["explain", "Watermark"]).stdout).contains("strokes cover"));
}

#[test]
fn a_receiver_changes_the_standard_and_several_standards_share_one_look() {
    let good = folder("studio").join("rand-paul.jpg");
    let good = good.to_str().unwrap();
    let out = run(&["--format", "json", "--receiver", "example-white-50kb", good]);
    let line = &lines(&out)[0];
    let bound = |line: &Value, measure: &str| {
        let of = line["findings"]
            .as_array()
            .unwrap()
            .iter()
            .find(|f| f["measure"] == measure)
            .unwrap();
        (of["bound"]["min"].clone(), of["bound"]["max"].clone())
    };
    assert_eq!(
        (line["spec"].as_str(), line["receiver"].as_str()),
        (Some("chsi-graduate-2017"), Some("example-white-50kb"))
    );
    assert_eq!(bound(line, "FileSize"), (30.0.into(), 60.0.into()));
    // The studio's blue is not this receiver's white.
    assert_eq!(line["verdict"], "fail");
    let out = run(&["--format", "json", "--spec", "chsi-graduate-2017,cet-exam", good]);
    let specs: Vec<Value> = lines(&out).iter().map(|l| l["spec"].clone()).collect();
    assert_eq!(specs, ["chsi-graduate-2017", "cet-exam"]);
}

#[test]
fn wrong_use_is_exit_code_two_with_the_next_step() {
    let says = |args: &[&str], part: &str| {
        let out = run(args);
        let error = text(&out.stderr);
        assert_eq!(out.status.code(), Some(2), "{error}");
        assert!(error.contains(part) && out.stdout.is_empty(), "{error}");
    };
    says(&["no-such-file.jpg"], "Check the path");
    says(&["--receiver", "none", "x.jpg"], "`photo-check specs` lists them");
    says(&["--spec", "none", "x.jpg"], "`photo-check specs` lists them");
    says(&["explain", "Beauty"], "SingleFacePresent");
    says(&[], "Usage");
    says(&["--jobs", "0", "x.jpg"], "--jobs");
    let empty = tempfile::tempdir().unwrap();
    says(&[empty.path().to_str().unwrap()], "no photo");
}
