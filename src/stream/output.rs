//! What is written before, between and behind the rows.

use std::io;

use super::{CodedBatch, Form, Options, render};
use crate::codebook::Codebook;
use crate::coding::Machine;
use crate::report::csv::matrix_items;
use crate::report::parquet::Sheet;
use crate::tabulate::Item;

/// The output so far.
pub(super) struct Output<'o> {
    options: &'o Options,
    codebook: &'o Codebook,
    items: Vec<Item>,
    /// What stands before the first row, until that is written.
    header: Vec<u8>,
    /// The Parquet file, until it is ended.
    sheet: Option<Sheet>,
}

impl<'o> Output<'o> {
    /// Nothing is written yet.
    pub(super) fn new(options: &'o Options, machine: &'o Machine) -> io::Result<Self> {
        let codebook = machine.codebook();
        let header = if options.skip == 0 { render::header(options, codebook) } else { Vec::new() };
        let sheet = match options.form {
            Form::Parquet(rows) => Some(Sheet::new(&render::columns(rows, codebook), about(machine))?),
            _ => None,
        };
        Ok(Self { options, codebook, items: matrix_items(codebook), header, sheet })
    }

    /// Adds a batch, and gives the bytes that are to be written now.
    pub(super) fn add(&mut self, batch: CodedBatch) -> io::Result<Vec<u8>> {
        match (batch, self.options.form, &mut self.sheet) {
            (CodedBatch::Lines { lines, made }, Form::Parquet(rows), Some(sheet)) => {
                for (line, made) in lines.iter().zip(made.column(0)) {
                    render::typed((line, made), (rows, self.options), (self.codebook, &self.items), sheet)?;
                }
                sheet.take()
            }
            (CodedBatch::Written(bytes), ..) => Ok([std::mem::take(&mut self.header), bytes].concat()),
            (CodedBatch::Lines { .. }, ..) => Ok(Vec::new()),
        }
    }

    /// What stands behind the last row.
    pub(super) fn end(&mut self) -> io::Result<Vec<u8>> {
        match self.sheet.take() {
            Some(sheet) => sheet.finish(),
            None => Ok(std::mem::take(&mut self.header)),
        }
    }
}

/// What made the codes, for whoever finds the file.
fn about(machine: &Machine) -> Vec<(&'static str, String)> {
    let codebook = machine.codebook();
    vec![
        ("aftercode.version", env!("CARGO_PKG_VERSION").to_owned()),
        ("aftercode.codebook", format!("{} {}", codebook.id, codebook.version)),
        ("aftercode.codebook_sha256", codebook.sha256.clone()),
        ("aftercode.dictionary", machine.tokenizer().name().to_owned()),
        ("aftercode.dictionary_sha256", machine.tokenizer().sha256().to_owned()),
        ("aftercode.variants_sha256", machine.normalizer().sha256().to_owned()),
    ]
}
