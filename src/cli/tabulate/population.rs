//! Sizes of populations from a file of two columns: a group and its size.

use std::path::Path;

use aftercode::diagnostic::{Diagnostic, Result, suggest};
use aftercode::read::words;
use aftercode::tabulate::rates::{Rate, rates};
use aftercode::tabulate::variable::{Level, Variable};
use aftercode::text;

/// The response rates of the column to group by whose values the file at `path` lists.
pub(super) fn rates_of(path: &Path, groups: &[Variable]) -> Result<Vec<Rate>> {
    let rows = words(path, &["group", "population"], 2)?;
    let categories = |variable: &Variable| -> Vec<String> {
        let own = variable.categories.iter().filter(|category| category.level == Level::Category);
        own.map(|category| category.id.clone()).collect()
    };
    let names: Vec<&str> = rows.iter().map(|row| row.cells[0].as_str()).collect();
    let fit = |variable: &&Variable| {
        let own = categories(variable);
        names.iter().filter(|name| own.iter().any(|own| own == *name)).count()
    };
    // Of equals the first: that is the main grouping.
    let Some(variable) = groups.iter().rev().max_by_key(fit) else {
        return Err(Diagnostic::error(text!(
            "--population には --by も要ります。",
            "--population needs --by as well."
        ))
        .hint(text!("母集団の区分がある列を --by で指定してください。", "Name the column of the groups with --by.")));
    };
    let own = categories(variable);
    let mut sizes: Vec<Option<u64>> = vec![None; own.len()];
    for row in &rows {
        let [name, size] = [&row.cells[0], &row.cells[1]];
        let said = |message| Diagnostic::error(message).file(path).line(row.line);
        let Some(place) = own.iter().position(|own| own == name) else {
            let by = &variable.name;
            let candidates: Vec<&str> = own.iter().map(String::as_str).collect();
            let mut error =
                said(text!("{by}「{name}」は、データにありません。", "The data has no \"{name}\" in \"{by}\"."));
            error.hint = suggest(name, &candidates);
            return Err(error);
        };
        let number = size.parse::<u64>().ok().filter(|size| *size > 0);
        let Some(number) = number else {
            return Err(said(text!(
                "母集団の数「{size}」が 1 以上の整数ではありません。",
                "The population \"{size}\" is no whole number of at least 1."
            ))
            .hint(text!(
                "半角の数字だけで書いてください（コンマや「人」は付けません）。",
                "Write digits only, no commas or units."
            )));
        };
        if sizes[place].replace(number).is_some() {
            return Err(said(text!("「{name}」が2回あります。", "\"{name}\" stands twice."))
                .hint(text!("片方を消してください。", "Delete one of the rows.")));
        }
    }
    let sizes: Option<Vec<u64>> = sizes.iter().copied().collect();
    match sizes {
        Some(sizes) => Ok(rates(variable, &sizes)),
        None => {
            let lacking: Vec<&str> =
                own.iter().filter(|own| !names.contains(&own.as_str())).map(String::as_str).collect();
            let (by, list) = (&variable.name, lacking.join("、"));
            let english = lacking.join("\", \"");
            Err(Diagnostic::error(text!(
                "{by}の母集団の数が足りません: {list}",
                "Sizes of \"{by}\" are missing: \"{english}\""
            ))
            .file(path)
            .hint(text!("すべての区分の数を書いてください。", "Give the size of every value.")))
        }
    }
}
