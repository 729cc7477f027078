//! Coded answers as the bytes of the output.

use std::io;

use serde_json::{Value, json};

use super::feed::Line;
use super::{Delimiter, Form, Options, Rows};
use crate::codebook::Codebook;
use crate::coding::Coded;
use crate::mask::Mask;
use crate::report::RULES;
use crate::report::csv::{BOM, CODINGS, Sheet, codings_of, matrix_cell, matrix_items, places, status};
use crate::report::parquet::{self, Cell, Kind};
use crate::report::quoted::Quoted;
use crate::span::Span;
use crate::tabulate::{Item, item_holds};

/// What the rules make of an answer, and what is masked in it.
type Made = (Coded, Vec<Mask>);

const MATRIX: [&str; 3] = ["respondent_id", "question", "status"];

fn byte(delimiter: Delimiter) -> u8 {
    match delimiter {
        Delimiter::Comma => b',',
        Delimiter::Tab => b'\t',
    }
}

/// What stands before the first row.
pub(super) fn header(options: &Options, codebook: &Codebook) -> Vec<u8> {
    let start = if options.raw { Vec::new() } else { BOM.to_vec() };
    let sheet = |delimiter| Sheet::continued(options.raw, byte(delimiter), start);
    match options.form {
        Form::Objects | Form::Parquet(_) => Vec::new(),
        Form::Codings(delimiter) => {
            let mut sheet = sheet(delimiter);
            sheet.row(CODINGS);
            sheet.bytes()
        }
        Form::Matrix(delimiter) => {
            let mut sheet = sheet(delimiter);
            let items = matrix_items(codebook);
            sheet.row(MATRIX.into_iter().chain(items.iter().map(|item| item.id(codebook))));
            sheet.bytes()
        }
    }
}

/// The rows of these answers.
pub(super) fn lines(lines: &[(&Line, Option<&Made>)], options: &Options, codebook: &Codebook) -> Vec<u8> {
    match options.form {
        // Its rows are put together in `output`.
        Form::Parquet(_) => Vec::new(),
        Form::Objects => {
            let object =
                |(line, made): &(&Line, Option<&Made>)| format!("{}\n", object(line, *made, options, codebook));
            lines.iter().map(object).collect::<String>().into_bytes()
        }
        Form::Codings(delimiter) => {
            let mut sheet = Sheet::continued(options.raw, byte(delimiter), Vec::new());
            for (line, made) in lines {
                if let (Some(answer), Some((coded, masks))) = (line.answer.text(), made) {
                    let answer = Quoted::new(answer, masks, options.show, options.lang);
                    codings_of((&line.id, &line.question), &answer, coded, codebook, &mut sheet);
                }
            }
            sheet.bytes()
        }
        Form::Matrix(delimiter) => {
            let mut sheet = Sheet::continued(options.raw, byte(delimiter), Vec::new());
            let items = matrix_items(codebook);
            for (line, made) in lines {
                let coded = &made.map(|(coded, _)| coded);
                let first = [line.id.as_str(), &line.question, status(&line.answer, *coded, codebook)];
                let cells = items.iter().map(|item| matrix_cell(*item, *coded, codebook));
                sheet.row(first.into_iter().chain(cells));
            }
            sheet.bytes()
        }
    }
}

/// One answer with what codings.csv says of it, and the words of its stances.
fn object(line: &Line, made: Option<&Made>, options: &Options, codebook: &Codebook) -> Value {
    let (coded, masks) = made.map_or((None, &[][..]), |(coded, masks)| (Some(coded), masks));
    let answer = line.answer.text().unwrap_or_default();
    let words = |spans: &[Span]| -> Vec<Value> {
        let quoted = Quoted::new(answer, masks, options.show, options.lang);
        let places = places(answer, spans).into_iter().zip(spans);
        let object = |((start, end, _), span): (_, &Span)| match quoted.is_shown() {
            true => json!({ "start": start, "end": end, "text": quoted.words(*span) }),
            false => json!({ "start": start, "end": end }),
        };
        places.map(object).collect()
    };
    let mut codings = Vec::new();
    if let Some(reserved) = coded.and_then(|coded| coded.reserved) {
        let evidence = words(&[Span::new(0, answer.len())]);
        let code = &codebook.reserved[reserved].id;
        codings.push(json!({ "code": code, "stance": null, "unit": "response", "evidence": evidence }));
    }
    for coding in coded.into_iter().flat_map(|coded| &coded.codings) {
        let code = &codebook.codes[coding.code];
        let stance = coding.stance.as_ref();
        let mut object = json!({
            "code": code.id,
            "stance": stance.map(|stance| &*stance.id),
            "unit": code.unit.name(),
            "evidence": words(&coding.evidence),
        });
        if let Some(stance) = stance {
            object["stance_evidence"] = Value::Array(words(&stance.evidence));
        }
        codings.push(object);
    }
    let status = status(&line.answer, coded, codebook);
    json!({ "row": line.row, "id": line.id, "question": &*line.question, "status": status, "codings": codings })
}

/// The columns of a Parquet file of this form.
pub(super) fn columns(rows: Rows, codebook: &Codebook) -> Vec<(&str, Kind)> {
    match rows {
        Rows::Codings => CODINGS
            .into_iter()
            .map(|name| match name {
                "stance" => (name, Kind::Optional),
                "start" | "end" => (name, Kind::Places),
                "evidence" => (name, Kind::Texts),
                _ => (name, Kind::Text),
            })
            .collect(),
        Rows::Matrix => {
            let items = matrix_items(codebook).into_iter().map(|item| (item.id(codebook), Kind::Mark));
            MATRIX.into_iter().map(|name| (name, Kind::Text)).chain(items).collect()
        }
    }
}

/// The rows of one answer in a Parquet file.
pub(super) fn typed(
    (line, made): (&Line, Option<&Made>),
    (rows, options): (Rows, &Options),
    (codebook, items): (&Codebook, &[Item]),
    sheet: &mut parquet::Sheet,
) -> io::Result<()> {
    let coded = made.map(|(coded, _)| coded);
    let first = [line.id.as_str(), &line.question].map(Cell::Text);
    if rows == Rows::Matrix {
        let status = Cell::Text(status(&line.answer, coded, codebook));
        let mark = |item: &Item| Cell::Mark(coded.map(|coded| item_holds(*item, codebook, coded)));
        return sheet.row(first.into_iter().chain([status]).chain(items.iter().map(mark)));
    }
    let (Some(answer), Some((coded, masks))) = (line.answer.text(), made) else { return Ok(()) };
    let quoted = Quoted::new(answer, masks, options.show, options.lang);
    let mut row = |code, stance, spans: &[Span], unit| {
        let places = places(answer, spans);
        let shown = if quoted.is_shown() { spans } else { &[] };
        let words: Vec<_> = shown.iter().map(|span| quoted.words(*span)).collect();
        let all = |place: &dyn Fn(&(usize, usize, &str)) -> usize| {
            places.iter().map(|found| i32::try_from(place(found)).unwrap_or(i32::MAX)).collect()
        };
        sheet.row([
            Cell::Text(&line.id),
            Cell::Text(&line.question),
            Cell::Text(code),
            Cell::Optional(stance),
            Cell::Text(RULES),
            Cell::Places(all(&|found| found.0)),
            Cell::Places(all(&|found| found.1)),
            Cell::Texts(words.iter().map(|words| &**words).collect()),
            Cell::Text(unit),
        ])
    };
    if let Some(reserved) = coded.reserved {
        row(&codebook.reserved[reserved].id, None, &[Span::new(0, answer.len())], "response")?;
    }
    for coding in &coded.codings {
        let code = &codebook.codes[coding.code];
        row(&code.id, coding.stance.as_ref().map(|stance| &*stance.id), &coding.evidence, code.unit.name())?;
    }
    Ok(())
}
