//! What stands around the cards: style, heading, totals, the defects by how often they occur, and what a click does?
use super::escape;
use assess::words::{self, Language};
use domain::{Measure, PhotoSpec, Verdict};
use std::io::{self, Write};

/// Writes everything before the first card.
pub(super) fn head(
    out: &mut impl Write,
    specs: &[PhotoSpec],
    receiver: Option<&str>,
    language: Language,
) -> io::Result<()> {
    let titles: Vec<String> = specs
        .iter()
        .map(|s| match language {
            Language::Chinese => escape(&s.title_zh),
            Language::English => escape(&s.title_en),
        })
        .collect();
    let ids: Vec<String> = specs
        .iter()
        .map(|s| format!("{} ({})", escape(&s.id.0), escape(&s.version)))
        .collect();
    let (lang, heading, sort, by, find) = match language {
        Language::Chinese => (
            "zh-CN",
            "照片检测报告",
            "排序",
            ["结论", "问题数", "文件名"],
            "按文件名查找",
        ),
        Language::English => (
            "en",
            "Photo check",
            "Sort by",
            ["verdict", "problems", "name"],
            "Find a file",
        ),
    };
    let receiver = receiver.map(|r| format!(" · {}", escape(r))).unwrap_or_default();
    writeln!(
        out,
        "<!doctype html><html lang=\"{lang}\"><meta charset=\"utf-8\"><meta name=viewport content=\"width=device-width\">\
         <title>{heading} · {}</title><style>{STYLE}</style><header><h1>{heading}</h1><p>{}</p><p class=ids>{}{receiver}</p></header>\
         <div id=sum></div><nav><input id=find type=search placeholder=\"{find}\"><span>{sort}</span>\
         <button data-s=v>{}</button><button data-s=n>{}</button><button data-s=name>{}</button></nav><main>",
        titles.join(" · "),
        titles.join("<br>"),
        ids.join(" · "),
        by[0],
        by[1],
        by[2],
    )
}

/// Writes everything after the last card; the script lifts the totals to the top.
pub(super) fn foot(
    out: &mut impl Write,
    counts: [usize; 3],
    defects: &[(Measure, [usize; 2])],
    language: Language,
) -> io::Result<()> {
    let [pass, warn, fail] = counts;
    let all = (pass + warn + fail).max(1);
    let word = |v| words::verdict(v).of(language);
    let tile = |class: &str, place: usize, count: usize, name: &str| {
        let percent = 100.0 * count as f32 / all as f32;
        format!(
            "<button class=\"tile {class}\" data-f={place}><b>{count}</b><span>{name}</span><small>{percent:.0} %</small></button>"
        )
    };
    let heading = match language {
        Language::Chinese => "问题分布（点击筛选）",
        Language::English => "Problems by how often they occur (click to filter)",
    };
    write!(
        out,
        "</main><template id=totals><section class=tiles>{}{}{}</section>",
        tile("pass", 0, pass, word(Verdict::Pass)),
        tile("warn", 1, warn, word(Verdict::Warn)),
        tile("fail", 2, fail, word(Verdict::Fail)),
    )?;
    if !defects.is_empty() {
        let most = defects.iter().map(|(_, [w, f])| w + f).max().unwrap_or(1).max(1);
        write!(out, "<section class=pareto><h3>{heading}</h3>")?;
        for (measure, [warns, fails]) in defects {
            let share = |n: &usize| 100.0 * *n as f32 / most as f32;
            write!(
                out,
                "<button data-m={}><span>{}</span><i><u class=fail style=\"width:{:.1}%\"></u><u class=warn style=\"width:{:.1}%\"></u></i><b>{}</b></button>",
                measure.id(),
                words::measure(*measure).of(language),
                share(fails),
                share(warns),
                warns + fails,
            )?;
        }
        write!(out, "</section>")?;
    }
    writeln!(out, "</template><script>{SCRIPT}</script></html>")
}

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");
