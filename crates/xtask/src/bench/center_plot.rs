//! The center's figures as three small charts side by side: orders a second by stations, by stored orders, by processes.
use super::center::engine;
use serde_json::Value;
use std::fmt::Write;

/// Size of one chart's field, and the space around it, in px.
const FIELD: (f64, f64) = (220.0, 160.0);
const SPACE: (f64, f64) = (60.0, 46.0);
/// Stations where something else is varied.
const USUAL_STATIONS: u64 = 16;
const ENGINES: [(&str, &str); 2] = [("SQLite", "#2563eb"), ("PostgreSQL", "#c2410c")];

/// Draws them.
pub fn draw(rates: &[Value]) -> String {
    let top = rates
        .iter()
        .filter_map(|f| f["orders_per_s"].as_f64())
        .fold(1.0, f64::max);
    let top = (top / 100.0).ceil() * 100.0;
    let usual = |f: &&Value, but: &str| {
        (but == "stations" || f["stations"] == USUAL_STATIONS)
            && (but == "stored" || f["stored"] == 0)
            && (but == "processes" || f["processes"] == 1)
            && f["schools"] == 1
    };
    let (width, height) = (3.0 * (FIELD.0 + SPACE.0) + 20.0, FIELD.1 + 2.0 * SPACE.1 + 20.0);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"11\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n"
    );
    let charts = [
        ("stations", "stations"),
        ("stored", "stored orders"),
        ("processes", "processes"),
    ];
    for (n, (key, title)) in charts.into_iter().enumerate() {
        let left = SPACE.0 + n as f64 * (FIELD.0 + SPACE.0);
        let _ = writeln!(
            svg,
            "<g transform=\"translate({left} {})\"><text x=\"{}\" y=\"-12\" text-anchor=\"middle\" font-weight=\"bold\">orders/s by {title}</text>",
            SPACE.1,
            FIELD.0 / 2.0
        );
        let chosen: Vec<&Value> = rates.iter().filter(|f| usual(f, key)).collect();
        chart(&mut svg, &chosen, key, top);
        svg.push_str("</g>\n");
    }
    for (n, (name, colour)) in ENGINES.iter().enumerate() {
        let (x, y) = (SPACE.0 + n as f64 * 110.0, height - 12.0);
        let _ = writeln!(
            svg,
            "<rect x=\"{x}\" y=\"{}\" width=\"10\" height=\"10\" fill=\"{colour}\"/><text x=\"{}\" y=\"{y}\">{name}</text>",
            y - 9.0,
            x + 15.0
        );
    }
    svg.push_str("</svg>\n");
    svg
}

fn chart(svg: &mut String, figures: &[&Value], key: &str, top: f64) {
    let mut steps: Vec<u64> = figures.iter().filter_map(|f| f[key].as_u64()).collect();
    steps.sort_unstable();
    steps.dedup();
    // Each step is several times the one before: they stand at equal distances.
    let at = |step: u64| {
        let n = steps.iter().position(|s| *s == step).unwrap_or(0) as f64;
        FIELD.0 * (n + 0.5) / steps.len().max(1) as f64
    };
    let up = |rate: f64| FIELD.1 * (1.0 - rate / top);
    for n in 0..=4 {
        let rate = top * f64::from(n) / 4.0;
        let _ = writeln!(
            svg,
            "<line x1=\"0\" x2=\"{}\" y1=\"{y}\" y2=\"{y}\" stroke=\"#ddd\"/><text x=\"-6\" y=\"{}\" text-anchor=\"end\">{rate:.0}</text>",
            FIELD.0,
            up(rate) + 4.0,
            y = up(rate)
        );
    }
    for step in &steps {
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{step}</text>",
            at(*step),
            FIELD.1 + 16.0
        );
    }
    for (name, colour) in ENGINES {
        let mut points: Vec<(u64, f64)> = figures
            .iter()
            .filter(|f| engine(f) == name)
            .filter_map(|f| Some((f[key].as_u64()?, f["orders_per_s"].as_f64()?)))
            .collect();
        // The same configuration may have been measured for another chart too; the latest counts.
        points.reverse();
        points.sort_by_key(|(step, _)| *step);
        points.dedup_by_key(|(step, _)| *step);
        let line: Vec<String> = points
            .iter()
            .map(|(s, r)| format!("{:.1},{:.1}", at(*s), up(*r)))
            .collect();
        let _ = writeln!(
            svg,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            line.join(" ")
        );
        for (step, rate) in points {
            let _ = writeln!(
                svg,
                "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\" fill=\"{colour}\"><title>{name}, {step}: {rate:.0}/s</title></circle>",
                at(step),
                up(rate)
            );
        }
    }
}
