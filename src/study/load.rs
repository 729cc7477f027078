//! TOML → [`Study`].

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::agreement::agreement;
use super::attribute::{attribute, attributes};
use super::closed::{ClosedQuestion, closed};
use super::codings::codings;
use super::quotes::quotes;
use super::tables::{Known, checks, comparands, tables};
use super::{Answers, DictionaryPaths, Layout, Missing, Study, StudyAttribute, StudyQuestion};
use crate::config::{Located, Source, Table};
use crate::diagnostic::{Diagnostic, Lang, Result, Text, fold_key, suggest};
use crate::digest::sha256;
use crate::span::Span;
use crate::survey::Question;
use crate::text;

/// The stance of a theme that says nothing else, where the question does not say it.
const DEFAULT_STANCE: &str = "request";

pub(super) fn study(source: &Arc<Source>) -> Result<Study> {
    let folder = source.path.parent().unwrap_or(Path::new(""));
    let root = source.parse()?;
    let head = root.require_section("study")?;
    let id = identifier(&head)?.text;
    let title = filled(&head, "title")?.map(|title| title.text);
    let codebook = folder.join(require_filled(&head, "codebook")?.text);
    let written_output = filled(&head, "output")?;
    let lang = choice(&head, "lang", &[("ja", Lang::Ja), ("en", Lang::En)])?;

    let (questions, closed) = questions(&root)?;
    let answers = answers(&root.require_section("answers")?, folder, &questions)?;
    let attributes = attributes(root.tables("attribute")?.iter().map(attribute).collect::<Result<_>>()?)?;
    distinct(&root, &attributes, &questions, &closed)?;
    let known = Known { attributes: &attributes, closed: &closed, questions: &questions };
    let (table, tables) = tables(&root, &known)?;
    let checks = checks(&root, &known)?;
    let compare = comparands(&root, folder)?;
    let codings = root.section("codings")?.map(|table| codings(&table, folder)).transpose()?;
    let agreement = root.section("agreement")?.map(|table| agreement(&table, folder)).transpose()?;
    let dictionary = root.section("dictionary")?.map(|table| dictionary(&table, folder)).transpose()?;
    let quotes = root.section("quotes")?.map(|table| quotes(&table, folder)).transpose()?.unwrap_or_default();
    let output_name = written_output.as_ref().map_or("out", |name| name.text.as_str());
    let output = folder.join(output_name);
    let study = Study {
        path: source.path.clone(),
        sha256: sha256(source.text.as_bytes()),
        from_output: from_output(Path::new(output_name), &source.path),
        id,
        title,
        codebook,
        output,
        lang,
        answers,
        attributes,
        questions,
        closed,
        table,
        tables,
        checks,
        compare,
        codings,
        agreement,
        quotes,
        dictionary: dictionary.unwrap_or_default(),
    };
    if let Some(input) = input_in(&study.output, &study.own_inputs()) {
        let error = |message| match &written_output {
            Some(output) => output.error(message),
            None => head.error(message),
        };
        return Err(holds_input(error, input));
    }
    head.finish()?;
    root.finish()?;
    Ok(study)
}

/// The way back from the output folder `name` to the study file.
fn from_output(name: &Path, study: &Path) -> Option<String> {
    let mut back = String::new();
    for component in name.components() {
        match component {
            Component::Normal(_) => back.push_str("../"),
            Component::CurDir => {}
            // The way back would name folders that are no part of the study.
            _ => return None,
        }
    }
    Some(back + &study.file_name()?.to_string_lossy())
}

/// Refuses a file of answers in place of a study file.
pub(super) fn not_answers(path: &Path) -> Result<()> {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default().to_lowercase();
    if !matches!(extension.as_str(), "csv" | "tsv" | "xlsx" | "xlsm" | "xls") || !path.is_file() {
        return Ok(());
    }
    Err(Diagnostic::error(text!(
        "これは回答のファイルです。調査ファイル（study.toml）を指定してください。",
        "This is a file of answers; name the study file (study.toml)."
    ))
    .file(path)
    .hint(text!(
        "調査ファイルのひな形は aftercode init フォルダー名 で作れます。",
        "`aftercode init FOLDER` makes a study file to start from."
    )))
}

/// The first of `inputs` that lies in the folder `output`.
pub(super) fn input_in<'p>(output: &Path, inputs: &[&'p Path]) -> Option<&'p Path> {
    inputs.iter().copied().find(|input| absolute(input).starts_with(absolute(output)))
}

/// Results are written over what bears their names, so the folder must hold no input.
pub(super) fn holds_input(error: impl FnOnce(Text) -> Box<Diagnostic>, input: &Path) -> Box<Diagnostic> {
    let name = input.file_name().unwrap_or_default().display();
    error(text!(
        "出力先のフォルダーに、入力の {name} が入っています。",
        "The output folder holds an input of the study, {name}."
    ))
    .hint(text!(
        "output に別のフォルダーを指定してください。例: output = \"out\"",
        "Name another folder, e.g. output = \"out\"."
    ))
}

/// The path from the root, with `.` and `..` resolved by name only.
fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut resolved = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                resolved.pop();
            }
            other => resolved.push(other),
        }
    }
    resolved
}

fn identifier(head: &Table) -> Result<Located> {
    let id = require_filled(head, "id")?;
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let Some((at, odd)) = id.text.char_indices().find(|(_, c)| !allowed(*c)) else { return Ok(id) };
    Err(id
        .error_at(
            Span::new(at, at + odd.len_utf8()),
            text!("id に「{odd}」は使えません。", "\"{odd}\" cannot stand in an id."),
        )
        .hint(text!("使えるのは文字・数字と - _ だけです。", "An id consists of letters, digits, - and _ only.")))
}

fn answers(table: &Table, folder: &Path, questions: &[StudyQuestion]) -> Result<Answers> {
    let sheet = filled(table, "sheet")?.map(|sheet| sheet.text);
    let encoding = filled(table, "encoding")?.map(|encoding| encoding.text);
    let delimiter = table.text("delimiter")?.map(|delimiter| single_character(&delimiter)).transpose()?;
    let header_rows = header_rows(table)?;
    let weight = filled(table, "weight")?;
    let layout = layout(table, questions)?;
    let file = folder.join(require_filled(table, "file")?.text);
    let id = require_filled(table, "id")?;
    table.check()?;
    Ok(Answers { file, layout, id, sheet, encoding, delimiter, header_rows, weight })
}

fn single_character(delimiter: &Located) -> Result<char> {
    let mut characters = delimiter.text.chars();
    match (characters.next(), characters.next()) {
        (Some(c), None) if !matches!(c, '"' | '\n' | '\r') => Ok(c),
        _ => Err(delimiter
            .error(text!("delimiter には区切り文字を1つだけ書きます。", "\"delimiter\" takes a single character."))
            .hint(text!(
                "例: \",\"　タブなら \"\\t\"　セミコロンなら \";\"",
                "E.g. \",\", \"\\t\" for a tab, \";\" for a semicolon."
            ))),
    }
}

fn header_rows(table: &Table) -> Result<usize> {
    let Some(node) = table.get("header_rows") else { return Ok(1) };
    match usize::try_from(node.count()?) {
        Ok(rows @ 1..=100) => Ok(rows),
        _ => Err(node
            .error(text!("header_rows は 1 から 100 までです。", "\"header_rows\" goes from 1 to 100."))
            .hint(text!("見出しが何行あるかを書いてください。", "Say how many rows the header takes."))),
    }
}

fn layout(table: &Table, questions: &[StudyQuestion]) -> Result<Layout> {
    let is_long = choice(table, "layout", &[("wide", false), ("long", true)])?.unwrap_or(false);
    let missing = choice(table, "missing", &[("blank", Missing::Blank), ("not_asked", Missing::NotAsked)])?;
    let question = filled(table, "question")?;
    if !is_long {
        filled(table, "text")?;
        return match ["question", "text", "missing"].into_iter().find(|key| table.get(key).is_some()) {
            None => Ok(Layout::Wide),
            Some(key) => Err(table
                .error_at_key(
                    key,
                    text!(
                        "「{key}」は1行に1回答のデータ（layout = \"long\"）だけで使います。",
                        "\"{key}\" is for data with a row an answer (layout = \"long\") only."
                    ),
                )
                .hint(text!(
                    "layout = \"long\" を加えるか、「{key}」を消してください。",
                    "Add layout = \"long\", or delete \"{key}\"."
                ))),
        };
    }
    if question.is_none() && questions.len() > 1 {
        return Err(table
            .error(text!(
                "設問が複数あるので、設問名の列「question」が要ります。",
                "There are several questions, so the column that names the question is needed."
            ))
            .hint(text!("question = \"設問名の列\" を加えてください。", "Add question = \"the column\".")));
    }
    Ok(Layout::Long { question, text: require_filled(table, "text")?, missing: missing.unwrap_or_default() })
}

/// What a question is answered with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Open,
    Single,
    Multiple,
}

/// The open questions and the closed ones.
fn questions(root: &Table) -> Result<(Vec<StudyQuestion>, Vec<ClosedQuestion>)> {
    let mut ids = Vec::new();
    let mut columns = Vec::new();
    let (mut questions, mut closed_questions) = (Vec::new(), Vec::new());
    for table in root.tables("question")? {
        let kinds = [("open", Kind::Open), ("single", Kind::Single), ("multiple", Kind::Multiple)];
        let kind = choice(&table, "kind", &kinds)?.unwrap_or(Kind::Open);
        let wording = filled(&table, "wording")?;
        let not_asked = not_asked(&table)?;
        if kind != Kind::Open {
            let id = require_filled(&table, "id")?;
            unique(&id, &mut ids, text!("設問の id", "question id"))?;
            let wording = wording.map(|wording| wording.text);
            closed_questions.push(closed(&table, &id, wording, not_asked, kind == Kind::Multiple)?);
            continue;
        }
        let stance = filled(&table, "default_stance")?;
        let column = filled(&table, "column")?;
        let id = require_filled(&table, "id")?;
        table.finish()?;
        unique(&id, &mut ids, text!("設問の id", "question id"))?;
        let column = column.unwrap_or_else(|| id.clone());
        unique(&column, &mut columns, text!("設問の column", "question column"))?;
        let question = Question {
            id: id.text,
            wording: wording.map_or_else(|| column.text.clone(), |wording| wording.text),
            default_stance: Some(stance.map_or_else(|| DEFAULT_STANCE.to_owned(), |stance| stance.text)),
        };
        questions.push(StudyQuestion { question, column, not_asked });
    }
    if questions.is_empty() {
        let message = if closed_questions.is_empty() {
            text!("設問（[[question]]）が1つもありません。", "There is no [[question]].")
        } else {
            text!("自由記述の設問（[[question]]）が1つもありません。", "There is no open [[question]].")
        };
        return Err(root
            .error(message)
            .hint(text!("[[question]] と id = \"Q1\" を加えてください。", "Add [[question]] with id = \"Q1\".")));
    }
    Ok((questions, closed_questions))
}

/// An attribute and a question of one name could not be told apart in a table.
fn distinct(
    root: &Table,
    attributes: &[StudyAttribute],
    questions: &[StudyQuestion],
    closed: &[ClosedQuestion],
) -> Result<()> {
    let open = questions.iter().map(|question| question.question.id.as_str());
    for id in open.chain(closed.iter().map(|question| question.id.as_str())) {
        if attributes.iter().any(|attribute| fold_key(&attribute.attribute.name) == fold_key(id)) {
            return Err(root
                .error(text!(
                    "「{id}」が、属性と設問の両方にあります。",
                    "\"{id}\" is both an attribute and a question."
                ))
                .hint(text!("どちらかの名前を変えてください。", "Rename one of them.")));
        }
    }
    Ok(())
}

fn not_asked(table: &Table) -> Result<Vec<String>> {
    let values = table.texts("not_asked")?;
    match values.iter().find(|value| value.text.trim().is_empty()) {
        None => Ok(values.into_iter().map(|value| value.text).collect()),
        Some(blank) => Err(blank
            .error(text!("not_asked に空欄は書けません。", "A blank cannot stand in \"not_asked\"."))
            .hint(text!("空のセルはいつも無回答として数えます。", "A blank cell always counts as no answer."))),
    }
}

fn dictionary(table: &Table, folder: &Path) -> Result<DictionaryPaths> {
    let path = |key| Ok::<_, Box<Diagnostic>>(filled(table, key)?.map(|path| folder.join(path.text)));
    let paths = DictionaryPaths { path: path("path")?, terms: path("terms")?, variants: path("variants")? };
    table.check()?;
    Ok(paths)
}

/// The names, each of which must be one of `all`, and none twice.
pub(super) fn known(names: Vec<Located>, all: &[String], kind: &Text) -> Result<Vec<String>> {
    let mut taken = Vec::new();
    for name in &names {
        if !all.contains(&name.text) {
            let (written, Text { ja, en }) = (&name.text, kind);
            let candidates: Vec<&str> = all.iter().map(String::as_str).collect();
            let mut error = name.error(text!("{ja}「{written}」はありません。", "There is no {en} \"{written}\"."));
            let nothing = || text!("この調査には{ja}が書かれていません。", "The study declares no {en}.");
            error.hint = Some(suggest(written, &candidates).unwrap_or_else(nothing));
            return Err(error);
        }
        unique(name, &mut taken, kind.clone())?;
    }
    Ok(names.into_iter().map(|name| name.text).collect())
}

/// Refuses a name that differs from one of `taken` in width, case and blanks at most.
pub(super) fn unique(name: &Located, taken: &mut Vec<String>, kind: Text) -> Result<()> {
    let key = fold_key(&name.text);
    if taken.contains(&key) {
        let (written, Text { ja, en }) = (&name.text, kind);
        return Err(name
            .error(text!("{ja}「{written}」が重なっています。", "The {en} \"{written}\" stands twice."))
            .hint(text!(
                "違う名前にするか、片方を消してください（全角・半角、大文字・小文字、空白の違いは区別しません）。",
                "Rename or delete one of them (width, case and blanks make no difference)."
            )));
    }
    taken.push(key);
    Ok(())
}

/// The string of `key`, which may not be blank.
pub(super) fn filled(table: &Table, key: &'static str) -> Result<Option<Located>> {
    match table.text(key)? {
        Some(value) if value.text.trim().is_empty() => Err(value
            .error(text!("「{key}」が空です。", "\"{key}\" is empty."))
            .hint(text!("値を書くか、この行を消してください。", "Give it a value, or delete the line."))),
        value => Ok(value),
    }
}

/// The string of `key`, which must be there and may not be blank.
pub(super) fn require_filled(table: &Table, key: &'static str) -> Result<Located> {
    match filled(table, key)? {
        Some(value) => Ok(value),
        None => table.require(key)?.text(),
    }
}

pub(super) fn choice<T: Clone>(table: &Table, key: &'static str, options: &[(&str, T)]) -> Result<Option<T>> {
    let Some(value) = table.text(key)? else { return Ok(None) };
    if let Some((_, option)) = options.iter().find(|(name, _)| *name == value.text) {
        return Ok(Some(option.clone()));
    }
    let written = &value.text;
    let names: Vec<&str> = options.iter().map(|(name, _)| *name).collect();
    let mut error = value.error(text!("「{key}」に「{written}」は使えません。", "\"{key}\" cannot be \"{written}\"."));
    error.hint = suggest(written, &names);
    Err(error)
}
