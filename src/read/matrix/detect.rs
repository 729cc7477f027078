//! Which columns of a matrix are what.

use super::super::closed::mark;
use super::super::{Table, note};
use super::Wanted;
use crate::diagnostic::{Diagnostic, Result, Severity};
use crate::text;

/// Names under which ids are found without being asked for.
const IDS: [&str; 4] = ["respondent_id", "回答者ID", "ID", "id"];

/// Of 0/1 cells and others in a column: at least so many in a hundred 0/1 cells make the
/// others look like slips rather than the column like another kind.
const MOSTLY: usize = 80;

/// Where everything stands.
pub(super) struct Layout {
    pub(super) id: Option<usize>,
    pub(super) question: Option<usize>,
    pub(super) status: Option<usize>,
    pub(super) by: Vec<usize>,
    pub(super) conditions: Vec<usize>,
    pub(super) weight: Option<usize>,
    /// Columns to count, and whether each is a net of others.
    pub(super) codes: Vec<(usize, bool)>,
    /// One-based column of the file in which the table starts.
    pub(super) first: usize,
}

/// What a cell says; `NA`, as R writes it, is not known.
pub(super) fn said(cell: &str) -> Option<Option<bool>> {
    if cell.trim() == "NA" { Some(None) } else { mark(cell) }
}

impl Layout {
    pub(super) fn find(table: &Table, wanted: &Wanted, notes: &mut Vec<Diagnostic>) -> Result<Self> {
        let exact = |name: &str| table.columns.iter().position(|column| column == name);
        let run = match (exact("respondent_id"), exact("question"), exact("status")) {
            (Some(id), Some(question), Some(status)) => Some((id, question, status)),
            _ => None,
        };
        let id = match (&wanted.id, run) {
            (Some(name), _) => Some(table.column(name)?),
            (None, Some((id, ..))) => Some(id),
            (None, None) => IDS.iter().find_map(|name| exact(name)),
        };
        let several = |names: &[String]| names.iter().map(|name| table.column(name)).collect::<Result<Vec<_>>>();
        let conditions: Vec<String> = wanted.conditions.iter().map(|(name, _)| name.clone()).collect();
        let mut layout = Self {
            id,
            question: run.map(|(_, question, _)| question),
            status: run.map(|(.., status)| status),
            by: several(&wanted.by)?,
            conditions: several(&conditions)?,
            weight: wanted.weight.as_ref().map(|name| table.column(name)).transpose()?,
            codes: Vec::new(),
            first: table.header.first_column + 1,
        };
        let codes = if wanted.codes.is_empty() { layout.detect(table, notes)? } else { several(&wanted.codes)? };
        for (index, code) in codes.iter().enumerate() {
            if codes[..index].contains(code) || layout.by.contains(code) {
                let name = &table.columns[*code];
                return Err(Diagnostic::error(text!(
                    "列「{name}」が2回指定されています。",
                    "The column \"{name}\" is named twice."
                ))
                .file(&table.source.path)
                .hint(text!("--codes と --by を確かめてください。", "Check --codes and --by.")));
            }
        }
        let names: Vec<&str> = codes.iter().map(|&code| table.columns[code].as_str()).collect();
        let is_net = |name: &str| {
            run.is_some()
                && names.iter().any(|other| other.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')))
        };
        layout.codes = codes.iter().zip(&names).map(|(code, name)| (*code, is_net(name))).collect();
        Ok(layout)
    }

    /// The 0/1 columns that are nothing else. In a run's matrix those behind the status.
    fn detect(&self, table: &Table, notes: &mut Vec<Diagnostic>) -> Result<Vec<usize>> {
        let (mut codes, mut others) = (Vec::new(), Vec::new());
        for (column, name) in table.columns.iter().enumerate() {
            let has_part = [self.id, self.question, self.status, self.weight].contains(&Some(column));
            let before = self.status.is_some_and(|status| column < status);
            if has_part || before || name.is_empty() || self.by.contains(&column) || self.conditions.contains(&column) {
                continue;
            }
            let cells = || table.rows.iter().map(|row| (row.line, row.cells[column].as_str()));
            let marks = cells().filter(|(_, cell)| said(cell).is_some_and(|said| said.is_some())).count();
            let odd = cells().filter(|(_, cell)| said(cell).is_none()).count();
            match (marks, odd) {
                (1.., 0) => codes.push(column),
                (1.., _) if marks * 100 >= (marks + odd) * MOSTLY => {
                    let (line, cell) = cells().find(|(_, cell)| said(cell).is_none()).unwrap_or_default();
                    return Err(no_mark(name, cell.trim())
                        .file(&table.source.path)
                        .line(line)
                        .column(self.first + column));
                }
                _ => others.push(name.as_str()),
            }
        }
        if codes.is_empty() {
            return Err(Diagnostic::error(text!("0 と 1 だけの列がありません。", "There is no column of 0 and 1."))
                .file(&table.source.path)
                .hint(text!(
                    "1行に1人、コードごとに 0/1 の列があるファイルを指定してください。",
                    "Name a file with a row a respondent and a 0/1 column a code."
                )));
        }
        if !others.is_empty() {
            let (ja, en) =
                (others.join("、"), others.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", "));
            let message = text!("0/1 でない列は数えません: {ja}", "Columns other than 0/1 are not counted: {en}");
            notes.push(*note(Severity::Note, message).file(&table.source.path));
        }
        Ok(codes)
    }
}

/// A cell that must be 0, 1 or blank, and is not.
pub(super) fn no_mark(column: &str, cell: &str) -> Box<Diagnostic> {
    Diagnostic::error(text!(
        "列「{column}」の「{cell}」は 0 でも 1 でも空欄でもありません。",
        "\"{cell}\" in the column \"{column}\" is neither 0 nor 1 nor blank."
    ))
    .hint(text!(
        "0 か 1 に直すか、分からないなら空欄にしてください。数えない列なら --codes で数える列だけを指定します。",
        "Make it 0 or 1, or blank if it is not known. If the column is not to be counted, name those that are with --codes."
    ))
}
