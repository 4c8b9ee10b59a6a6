//! Does a collection day work in the real window? The built programs, a display, a driver, and what a photographer does.
#![allow(clippy::unwrap_used, missing_docs)]
mod center;
mod driver;
mod process;
mod window;

use center::Center;
use std::path::PathBuf;
use window::Window;

/// The demo's sitter whose portrait passes the graduate standard, as `people.csv` has them.
const CODE: &str = "XYDEMO1|rand-paul|温**|430102********915X";
/// How the window calls them: a station at work reads nothing in a code, it knows its SHA-256 only.
const CALLED: &str = "采集码 7413de0f";
/// F8, as WebDriver names it: what a foot pedal sends.
const PEDAL: char = '\u{e038}';
/// Seconds an accepted photo may take to be signed for by the center: 8 s in which it may be taken back, and the way.
const SIGNED_S: u64 = 60;

/// Closes the kiosk.
const PIN: &str = "2027";
const PASSWORD: &str = "a-long-walk-in-june";

#[test]
fn a_day_in_the_window() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(pictures()).unwrap();
    let center = Center::start(&home.path().join("center"));
    let window = Window::open(home.path());
    enrol(&window, &center);
    import_a_roster(&window);
    find_a_person(&window);
    take_up_the_graduate_job(&window);
    hold_verdicts(&window);
    scan_and_take(&window);
    let order = see_it_at_the_center(&window, &center);
    rejected_comes_back(&window, &center, &order);
    review_in_a_window(&window, &center);
    window.go("orders");
    window.sees(".row", "待制作", SIGNED_S);
    window.picture("11-approved");
    a_graduate_looks(&window);
    center.verify();
    window.close();
}

/// The station is introduced to the center with a one-time code; the campaigns come by themselves.
fn enrol(window: &Window, center: &Center) {
    window.sees("main", "还没有选择任务", 30);
    window.picture("01-first-start");
    window.go("sync");
    window.fill("form input[type=url]", &center.url);
    window.fill("form input.mono", &center.enrol_code());
    window.press("form button", "登记到中心");
    window.sees("dl dd", "在线", 30);
    window.picture("02-enrolled");
}

/// The school's sheet: looked at, then imported.
fn import_a_roster(window: &Window) {
    use_campaign(window, "新生照片");
    window.go("roster");
    window.sees(".drop", "把名单文件拖到这里", 10);
    let sheet = repository().join("assets/demo/roster.xlsx");
    window.fill("input[type=file]", sheet.to_str().unwrap());
    window.sees(".keys", "导入 30 行", 20);
    window.picture("03-roster-columns");
    window.press(".keys button", "导入 30 行");
    window.sees("main", "全部导入完成", 20);
    window.picture("04-roster-imported");
}

/// `/`, pinyin initials, Enter: the person sits. Backspace: it was a mistake.
fn find_a_person(window: &Window) {
    window.go("capture");
    window.sees("nav.deck", "名单顺序", 10);
    window.key('/');
    window.sees("dialog", "", 10);
    window.fill("input[role=combobox]", "wsy");
    window.sees("#found-people", "温", 10);
    window.picture("05-search");
    window.key('\u{e007}');
    window.sees(".card h2", "温", 10);
    window.picture("06-seated");
    window.key('\u{e003}');
    window.sees("main", "请扫码或查找学生", 10);
}

/// The blind job, with the school's feature code.
fn take_up_the_graduate_job(window: &Window) {
    use_campaign(window, "毕业生图像采集");
    window.go("capture");
    window.sees("dialog", "特征码", 10);
    window.fill("dialog input", "xy2027");
    window.press("dialog button", "确定");
    window.sees("main", "请扫描图像采集码", 10);
}

/// A verdict waits for its key, so that the test can look at it.
fn hold_verdicts(window: &Window) {
    window.go("settings");
    window.press("button[role=switch]", "合格自动采用");
    window.sees("button[role=switch][aria-checked=false]", "合格自动采用", 10);
    window.go("capture");
}

/// Code, shutter, verdict, accepted.
fn scan_and_take(window: &Window) {
    window.portrait("rand-paul");
    window.scan(CODE);
    window.sees(".card h2", CALLED, 10);
    window.picture("07-ready");
    shoot_and_accept(window, "08-verdict");
}

/// The pedal takes the photo; one that passes is accepted by its button, one that fails with a reason's digit.
fn shoot_and_accept(window: &Window, picture: &str) {
    window.key(PEDAL);
    window.sees(".strip", "", 30);
    window.picture(picture);
    if window.shows(".strip.fail", "") {
        window.key('3');
    } else {
        window.press(".strip button", "采用");
    }
    window.sees("main", "请扫描图像采集码", 20);
}

/// The order is listed, goes out by itself, and awaits review with the center's signature.
fn see_it_at_the_center(window: &Window, center: &Center) -> String {
    window.go("orders");
    window.sees(".row strong", CALLED, 10);
    window.sees(".row .acknowledged", "中心已签收", SIGNED_S);
    window.sees(".row .state", "待审核", SIGNED_S);
    window.picture("09-signed");
    center.only_order("pending_review")
}

/// The reviewer rejects it; the station calls the person back, and the new photo goes the same way.
fn rejected_comes_back(window: &Window, center: &Center, order: &str) {
    center.reject(order, "light");
    window.go("recall");
    window.sees("ol li", "光线过暗", SIGNED_S);
    window.sees("ol li", order, 5);
    window.picture("10-recall");
    window.portrait("john-boozman");
    window.press("ol li button", "请来重拍");
    window.sees(".card", "被驳回", 10);
    window.picture("10-recalled");
    shoot_and_accept(window, "10-retaken");
    window.go("orders");
    window.sees(".row .state", "待审核", SIGNED_S);
    window.sees(".row .acknowledged", "中心已签收", SIGNED_S);
    let again = center.only_order("pending_review");
    assert_eq!(again, order, "a retake is a new photo of the same order");
}

/// The coordinator's own window, opened from the rail: account, password, the photo, `A`.
fn review_in_a_window(window: &Window, center: &Center) {
    center.add_coordinator("wang", PASSWORD);
    window.press("nav button", "审核");
    let desk = window.turn_to_second();
    window.sees("main form", "密码", 30);
    window.fill("input[name=account]", "wang");
    window.fill("input[name=password]", PASSWORD);
    window.press("form button", "登录");
    window.sees(".cell.current", "", 30);
    window.shows_picture(".cell.current img");
    window.picture("12-review");
    window.key('a');
    window.sees("main", "这些照片都已审完", 20);
    window.close_second(&desk);
}

/// The kiosk's own window: a graduate holds the code to the scanner, sees the order and leaves; the staff close it with the PIN.
fn a_graduate_looks(window: &Window) {
    window.go("settings");
    window.fill("input[type=password][maxlength='8']", PIN);
    window.press("section:has(input[maxlength='8']) .row button", "保存");
    window.sees("[role=status], .toasts", "PIN 已保存", 10);
    window.press("button", "打开自助终端");
    let desk = window.turn_to_second();
    window.sees("main", "请选择要办理的业务", 30);
    window.picture("13-kiosk");
    window.scan(CODE);
    window.sees("main", "待制作", 20);
    window.picture("14-own-order");
    window.press("header button", "结束并离开");
    window.sees("main", "请选择要办理的业务", 10);
    for _ in 0..5 {
        window.press("header .corner", "");
    }
    for digit in PIN.chars() {
        window.press(".pad button", &digit.to_string());
    }
    window.press_and_go("main button", "确定", &desk);
}

/// Takes up the campaign of this title, unless it is in use.
fn use_campaign(window: &Window, title: &str) {
    window.go("campaign");
    window.sees("main li h2", title, 30);
    if !window.shows("main li.chosen", title) {
        window.press_inside("main li", title);
    }
    window.sees("main li.chosen", title, 10);
}

/// The repository's folder.
fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A program of this workspace as it was built beside the window's.
fn built(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_BIN_EXE_xueying")).with_file_name(name);
    assert!(path.exists(), "{name} is built first: cargo build -p {name} --bins");
    path
}

/// Where the pictures of the steps are kept: beside the programs' folder, as `target/e2e`.
fn pictures() -> PathBuf {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_xueying"));
    program.ancestors().nth(2).unwrap().join("e2e")
}
