//! `aftercode tokens`: what the analyzer sees, for writers of codebooks.

use std::io::{BufRead as _, Write};

use aftercode::diagnostic::{Diagnostic, Lang};
use aftercode::normalize::Normalizer;
use aftercode::report::width;
use aftercode::text;
use aftercode::tokenize::{Document, Tokenizer, Worker};

use super::{Done, Failure};

/// Prints the morphemes and units of each text, or of each line of standard input.
pub fn tokens(texts: &[String], lang: Lang) -> Result<Done, Failure> {
    let normalizer = Normalizer::shipped()?;
    let tokenizer = Tokenizer::embedded(&[])?;
    let mut worker = tokenizer.worker();
    let mut out = std::io::stdout().lock();
    if texts.is_empty() || texts == ["-"] {
        for line in std::io::stdin().lock().lines() {
            let line = line.map_err(|error| {
                Diagnostic::error(text!("標準入力を読めません: {error}", "Standard input cannot be read: {error}"))
                    .hint(text!("文字コード UTF-8 で渡してください。", "Pass text in UTF-8."))
            })?;
            show(&line, &normalizer, &mut worker, &mut out, lang)?;
        }
    } else {
        for text in texts {
            show(text, &normalizer, &mut worker, &mut out, lang)?;
        }
    }
    Ok(Done::Well)
}

fn show(
    text: &str,
    normalizer: &Normalizer,
    worker: &mut Worker<'_>,
    out: &mut impl Write,
    lang: Lang,
) -> Result<(), Failure> {
    let document = worker.document(normalizer.normalize(text))?;
    let (folded, sentence, clause, header) = match lang {
        Lang::Ja => ("正規化後", "文", "節", ["語", "基本形", "品詞"]),
        Lang::En => ("folded", "sentence", "clause", ["surface", "base form", "part of speech"]),
    };
    if document.text() != text {
        writeln!(out, "{folded}: {}", document.text().escape_debug())?;
    }
    let rows = rows(&document, worker.tokenizer());
    let columns =
        |column: usize| rows.iter().map(|row| width(&row[column])).max().unwrap_or(0).max(width(header[column]));
    let (first, second) = (columns(0), columns(1));
    let pad = |cell: &str, to: usize| format!("{cell}{}", " ".repeat(to.saturating_sub(width(cell))));
    writeln!(out, "    {}  {}  {}", pad(header[0], first), pad(header[1], second), header[2])?;
    for (number, unit) in document.clauses.iter().enumerate() {
        let starts_sentence = document.sentences.iter().position(|other| other.first == unit.first);
        match starts_sentence {
            Some(at) => writeln!(out, "── {sentence} {} ・ {clause} {}", at + 1, number + 1)?,
            None => writeln!(out, "   ・ {clause} {}", number + 1)?,
        }
        for row in &rows[unit.first..unit.last] {
            writeln!(out, "    {}  {}  {}", pad(&row[0], first), pad(&row[1], second), row[2])?;
        }
    }
    writeln!(out)?;
    Ok(())
}

fn rows(document: &Document, tokenizer: &Tokenizer) -> Vec<[String; 3]> {
    let row = |token: &aftercode::tokenize::Token| {
        let features = tokenizer.features(*token, document.text());
        [token.span.of(document.text()).to_owned(), features.base.to_owned(), features.pos().join("-")]
    };
    document.tokens.iter().map(row).collect()
}
