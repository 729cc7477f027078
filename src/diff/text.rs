//! The differences for the terminal.

use std::fmt::Write as _;

use super::Diff;
use super::view::{View, headings};
use crate::diagnostic::Lang;
use crate::report::width;

/// The text for the terminal.
pub fn text(diff: &Diff, lang: Lang) -> String {
    let view = View::of(diff, lang);
    let mut out = format!("{} → {}\n", view.before, view.after);
    if view.same {
        out.push_str(if lang == Lang::Ja { "違いはありません。\n" } else { "Nothing differs.\n" });
        return out;
    }
    let [decided, files, codebook, answers, cells, tests] = headings(lang);
    let comma = if lang == Lang::Ja { "、" } else { ", " };
    part(&mut out, &decided, &view.decided);
    let names = if view.files.is_empty() { Vec::new() } else { vec![view.files.join(comma)] };
    part(&mut out, &files, &names);
    part(&mut out, &codebook, &view.codebook);
    part(&mut out, &answers, &view.summary);
    for answer in &view.answers {
        let only = answer.only.map_or_else(String::new, |only| format!("［{only}］"));
        // Writing to a string cannot fail.
        let _ = writeln!(out, "\n  {}{only} 「{}」", answer.place, answer.text.replace(['\r', '\n'], "⏎"));
        for code in &answer.codes {
            let _ = writeln!(out, "      {} {} {} {}", code.sign, code.code, code.label, code.said);
        }
    }
    let widest = view.cells.iter().map(|cell| width(&cell.group)).max().unwrap_or(0);
    let mut lines = Vec::new();
    let mut row = "";
    for cell in &view.cells {
        if cell.row != row {
            row = &cell.row;
            lines.push(row.to_owned());
        }
        let blank = " ".repeat(widest - width(&cell.group));
        lines.push(format!("    {}{blank}  {} → {}", cell.group, cell.before, cell.after));
    }
    part(&mut out, &cells, &lines);
    let lines: Vec<String> = view
        .tests
        .iter()
        .map(|test| format!("{} {}: {} → {}", test.sign, test.what, test.before, test.after))
        .collect();
    part(&mut out, &tests, &lines);
    out
}

/// A heading with its lines, if there are any.
fn part(out: &mut String, heading: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{heading}");
    for line in lines {
        let _ = writeln!(out, "{}", format!("  {line}").trim_end());
    }
}
