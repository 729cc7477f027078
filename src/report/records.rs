//! Rows with named columns, and the forms they are written in: one content, several
//! formats.

use serde_json::{Map, Value};

use super::csv::Sheet;

/// Columns that hold numbers; elsewhere "1" is a name.
const NUMBERS: [&str; 23] = [
    "count",
    "base",
    "percent",
    "ci_low",
    "ci_high",
    "statistic",
    "df",
    "p",
    "p_adjusted",
    "effect_value",
    "difference",
    "difference_low",
    "difference_high",
    "min_expected",
    "population",
    "respondents",
    "weighted_percent",
    "residual",
    "earlier_count",
    "earlier_base",
    "earlier_percent",
    "units",
    "value",
];

/// Rows with named columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Records {
    /// Names of the columns.
    pub header: Vec<&'static str>,
    /// As many cells a row; empty where there is no value.
    pub rows: Vec<Vec<String>>,
}

impl Records {
    /// No rows yet.
    pub fn new(header: &[&'static str]) -> Self {
        Self { header: header.to_vec(), rows: Vec::new() }
    }

    /// Whether a column holds numbers.
    pub fn is_number(name: &str) -> bool {
        NUMBERS.contains(&name)
    }

    /// As the bytes of a CSV file.
    pub fn csv(&self, raw: bool) -> Vec<u8> {
        let mut sheet = Sheet::new(raw, self.header.iter().copied());
        for row in &self.rows {
            // A negative number would be taken for a formula and get an apostrophe.
            let cells = row.iter().zip(&self.header).map(|(cell, name)| (cell.as_str(), Self::is_number(name)));
            sheet.typed(cells);
        }
        sheet.bytes()
    }

    /// As a list of objects; an empty cell is null in a column of numbers.
    pub fn json(&self) -> Value {
        let cell = |name: &&'static str, cell: &String| match (Self::is_number(name), cell.is_empty()) {
            (true, true) => Value::Null,
            (true, false) => serde_json::from_str(cell).unwrap_or_else(|_| Value::String(cell.clone())),
            (false, _) => Value::String(cell.clone()),
        };
        let object = |row: &Vec<String>| {
            let cells = self.header.iter().zip(row).map(|(name, text)| ((*name).to_owned(), cell(name, text)));
            Value::Object(cells.collect::<Map<_, _>>())
        };
        Value::Array(self.rows.iter().map(object).collect())
    }

    /// As a Markdown table.
    pub fn markdown(&self) -> String {
        let header: Vec<String> = self.header.iter().map(|name| (*name).to_owned()).collect();
        let numbers: Vec<bool> = self.header.iter().map(|name| Self::is_number(name)).collect();
        markdown(&header, &numbers, &self.rows)
    }
}

/// A Markdown table; `right` are the columns that are set flush right.
pub(super) fn markdown(header: &[String], right: &[bool], rows: &[Vec<String>]) -> String {
    let escape = |cell: &String| cell.replace('\\', "\\\\").replace('|', "\\|").replace(['\n', '\r'], " ");
    let line = |cells: &[String]| format!("| {} |\n", cells.iter().map(escape).collect::<Vec<_>>().join(" | "));
    let rule: Vec<&str> = right.iter().map(|right| if *right { "---:" } else { "---" }).collect();
    let body: String = rows.iter().map(|row| line(row)).collect();
    format!("{}| {} |\n{body}", line(header), rule.join(" | "))
}
