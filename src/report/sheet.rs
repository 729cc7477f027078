//! A sheet in which a person codes answers: a row an answer, a column a code.
//!
//! | column | |
//! | --- | --- |
//! | `row` | "3 of 20", so that a row that was deleted is noticed |
//! | `coder`, `respondent_id`, `question`, `answer` | as they must come back |
//! | `coded` | 1 when the answer is done: "coded with nothing" and "not coded" differ |
//! | codes | 1 or blank; a `stance:` column beside each that has stances |
//! | `comment` | for people |
//!
//! [`crate::audit::Codings::read`] reads it back.

use rust_xlsxwriter::{DataValidation, Format, Worksheet, XlsxError};

use super::book::{failed, head_format, text_format, workbook};
use super::csv::Sheet;
use crate::audit::{COMMENT, ROW, STANCE_PREFIX, Scheme, Unit};
use crate::coding::Coded;
use crate::diagnostic::{Diagnostic, Lang, Result};
use crate::survey::PerAnswer;
use crate::text;

/// What a sheet is to hold.
pub struct SheetPlan<'s> {
    /// The study's names.
    pub scheme: &'s Scheme<'s>,
    /// The coder's name.
    pub coder: &'s str,
    /// The answers, in the order of the rows.
    pub units: &'s [Unit],
    /// What the rules make of the answers, by respondent and question; `None` for a
    /// coder who is not to see it.
    pub coded: Option<&'s PerAnswer<Coded>>,
    /// The language of headers and definitions.
    pub lang: Lang,
}

/// A column of the sheet.
enum Column {
    Fixed(&'static str, f64),
    Code(usize),
    Stance(usize),
}

impl SheetPlan<'_> {
    fn columns(&self) -> Vec<Column> {
        let fixed =
            [(ROW, 9.0), ("coder", 9.0), ("respondent_id", 12.0), ("question", 9.0), ("answer", 60.0), ("coded", 7.0)];
        let mut columns: Vec<Column> = fixed.map(|(name, width)| Column::Fixed(name, width)).into();
        for label in 0..self.scheme.labels().len() {
            columns.push(Column::Code(label));
            if !self.scheme.stances(label).is_empty() {
                columns.push(Column::Stance(label));
            }
        }
        columns.push(Column::Fixed(COMMENT, 30.0));
        columns
    }

    fn title(&self, column: &Column) -> String {
        let labels = self.scheme.labels();
        match column {
            Column::Fixed(name, _) => (*name).to_owned(),
            Column::Code(label) => {
                let (name, id) = (self.scheme.name(*label), &labels[*label]);
                let name = name.get(self.lang);
                if name == id { id.clone() } else { format!("{name}\n({id})") }
            }
            Column::Stance(label) => format!("{STANCE_PREFIX}{}", labels[*label]),
        }
    }

    /// The cells of a row, in the order of the columns.
    fn row(&self, at: usize, columns: &[Column]) -> Vec<String> {
        let unit = &self.units[at];
        let own = self.coded.and_then(|coded| coded.get(unit.place.0, unit.place.1));
        let codebook = self.scheme.codebook;
        let stance_of = |label: usize| -> Option<Option<String>> {
            let (own, id) = (own?, &self.scheme.labels()[label]);
            if own.reserved.is_some_and(|reserved| codebook.reserved[reserved].id == *id) {
                return Some(None);
            }
            let coding = own.codings.iter().find(|coding| codebook.codes[coding.code].id == *id)?;
            Some(coding.stance.as_ref().map(|stance| stance.id.to_string()))
        };
        let cell = |column: &Column| match column {
            Column::Fixed(ROW, _) => format!("{} of {}", at + 1, self.units.len()),
            Column::Fixed("coder", _) => self.coder.to_owned(),
            Column::Fixed("respondent_id", _) => unit.respondent.clone(),
            Column::Fixed("question", _) => unit.question.clone(),
            Column::Fixed("answer", _) => self.scheme.text(unit).to_owned(),
            // Filled in or not, a person says when the answer is done.
            Column::Fixed(..) => String::new(),
            Column::Code(label) => stance_of(*label).map_or_else(String::new, |_| "1".to_owned()),
            Column::Stance(label) => stance_of(*label).flatten().unwrap_or_default(),
        };
        columns.iter().map(cell).collect()
    }

    /// The sheet as CSV.
    pub fn csv(&self) -> Vec<u8> {
        let columns = self.columns();
        let titles: Vec<String> = columns.iter().map(|column| self.title(column).replace('\n', " ")).collect();
        let mut sheet = Sheet::new(false, titles.iter().map(String::as_str));
        for at in 0..self.units.len() {
            let row = self.row(at, &columns);
            sheet.typed(row.iter().map(|cell| (cell.as_str(), false)));
        }
        sheet.bytes()
    }

    /// The sheet as a workbook, with the definitions on a second sheet.
    ///
    /// # Errors
    /// If an answer is too long for a cell of Excel.
    pub fn xlsx(&self) -> Result<Vec<u8>> {
        if let Some(unit) = self.units.iter().find(|unit| self.scheme.text(unit).encode_utf16().count() > 32_767) {
            let name = unit.name();
            return Err(Diagnostic::error(text!(
                "「{name}」の回答は Excel のセルに入りません。",
                "The answer \"{name}\" is too long for a cell of Excel."
            ))
            .hint(text!("--format csv を選んでください。", "Choose --format csv.")));
        }
        self.book().map_err(|error| failed(&error))
    }

    fn book(&self) -> std::result::Result<Vec<u8>, XlsxError> {
        let mut book = workbook()?;
        let sheet = book.add_worksheet();
        sheet.set_name("coding")?;
        let columns = self.columns();
        let (body, head) = (text_format(), head_format());
        for (at, column) in (0u16..).zip(&columns) {
            let width = match column {
                Column::Fixed(_, width) => *width,
                Column::Code(_) | Column::Stance(_) => 13.0,
            };
            sheet.set_column_width(at, width)?;
            sheet.write_string_with_format(0, at, self.title(column), &head)?;
        }
        let last = self.units.len() as u32;
        for row in 0..self.units.len() {
            for (column, cell) in (0u16..).zip(self.row(row, &columns)) {
                write(sheet, row as u32 + 1, column, &cell, &body)?;
            }
        }
        for (at, column) in (0u16..).zip(&columns).filter(|_| last > 0) {
            let choices: Vec<&str> = match column {
                Column::Code(_) | Column::Fixed("coded", _) => vec!["1"],
                Column::Stance(label) => self.scheme.stances(*label).iter().map(String::as_str).collect(),
                Column::Fixed(..) => continue,
            };
            let error = if self.lang == Lang::Ja {
                "一覧から選ぶか、空にしてください。"
            } else {
                "Choose from the list, or leave blank."
            };
            let rule =
                DataValidation::new().allow_list_strings(&choices)?.ignore_blank(true).set_error_message(error)?;
            sheet.add_data_validation(1, at, last, at, &rule)?;
        }
        // The answer stays in sight while the codes are scrolled.
        sheet.set_freeze_panes(1, 6)?;
        self.definitions(book.add_worksheet())?;
        book.save_to_buffer()
    }

    /// What each code means, and what each stance means.
    fn definitions(&self, sheet: &mut Worksheet) -> std::result::Result<(), XlsxError> {
        let (codebook, lang) = (self.scheme.codebook, self.lang);
        let say = |ja: &'static str, en: &'static str| if lang == Lang::Ja { ja } else { en };
        sheet.set_name(say("定義", "definitions"))?;
        let header = [
            ("id", 22.0),
            (say("名前", "name"), 26.0),
            (say("定義", "definition"), 60.0),
            (say("含むもの", "include"), 50.0),
            (say("含まないもの", "exclude"), 50.0),
            (say("例", "examples"), 50.0),
        ];
        let (body, head) = (text_format(), head_format());
        for (column, (name, width)) in (0u16..).zip(header) {
            sheet.set_column_width(column, width)?;
            sheet.write_string_with_format(0, column, name, &head)?;
        }
        let mut rows: Vec<[String; 6]> = Vec::new();
        for code in &codebook.codes {
            let examples: Vec<&str> = code.examples.iter().map(|example| example.text.as_str()).collect();
            let (include, exclude) = (code.include.join("\n"), code.exclude.join("\n"));
            let name = code.label.get(lang).to_owned();
            rows.push([code.id.clone(), name, code.definition.clone(), include, exclude, examples.join("\n")]);
        }
        let whole = say("回答の全体がこれだけのとき", "where the whole answer says only this");
        for reserved in codebook.reserved.iter().rev() {
            let name = reserved.label.get(lang).to_owned();
            rows.push([reserved.id.clone(), name, whole.to_owned(), String::new(), String::new(), String::new()]);
        }
        let done = say(
            "判定を終えた行に 1。コードが1つもない回答も 1 にします。空の行は「未判定」です。",
            "1 in every row that is done, also where no code holds. A blank means \"not coded\".",
        );
        rows.push(["coded".to_owned(), String::new(), done.to_owned(), String::new(), String::new(), String::new()]);
        for (row, cells) in (1u32..).zip(&rows) {
            for (column, cell) in (0u16..).zip(cells) {
                write(sheet, row, column, cell, &body)?;
            }
        }
        sheet.set_freeze_panes(1, 2)?;
        Ok(())
    }
}

/// Writes a text; an empty one too, so that the cell is formatted as text for what is
/// typed into it.
fn write(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &str,
    format: &Format,
) -> std::result::Result<(), XlsxError> {
    if cell.is_empty() {
        sheet.write_blank(row, column, format)?;
    } else {
        sheet.write_string_with_format(row, column, cell, format)?;
    }
    Ok(())
}
