//! `[[question]]` with `kind = "single"` or `"multiple"`: questions whose answers are
//! chosen, not written.

use super::load::{filled, known, require_filled, unique};
use crate::config::{Located, Table};
use crate::diagnostic::{Result, fold_key};
use crate::survey::Net;
use crate::text;

/// Where the answers to a closed question stand.
#[derive(Clone, Debug)]
pub enum ClosedColumns {
    /// One column that holds the option.
    Single(Located),
    /// A 0/1 column an option, in the order of the options.
    Multiple(Vec<Located>),
}

/// A question whose answers are chosen.
#[derive(Clone, Debug)]
pub struct ClosedQuestion {
    /// Short name.
    pub id: String,
    /// The wording, as asked.
    pub wording: String,
    /// The options, in the order of tables.
    pub options: Vec<String>,
    /// Options counted together, a person once.
    pub nets: Vec<Net>,
    /// Where the answers stand.
    pub columns: ClosedColumns,
    /// Cell values that mean "not asked".
    pub not_asked: Vec<String>,
}

impl ClosedQuestion {
    /// Whether several options can be chosen.
    pub const fn is_multiple(&self) -> bool {
        matches!(self.columns, ClosedColumns::Multiple(_))
    }

    /// All names that a condition can use: options and nets.
    pub fn names(&self) -> Vec<String> {
        self.options.iter().cloned().chain(self.nets.iter().map(|net| net.label.clone())).collect()
    }
}

/// Reads a closed `[[question]]`, but for `id`, `wording` and `not_asked`.
pub(super) fn closed(
    table: &Table,
    id: &Located,
    wording: Option<String>,
    not_asked: Vec<String>,
    is_multiple: bool,
) -> Result<ClosedQuestion> {
    let column = filled(table, "column")?;
    let prefix = filled(table, "prefix")?;
    let columns = table.get("columns").map(|_| table.texts("columns")).transpose()?;
    table.require("options")?;
    let options = options(table)?;
    let nets = nets(table, &options)?;
    table.check()?;
    let columns = if is_multiple {
        refuse(table, "column", "columns", column.is_some(), "multiple")?;
        ClosedColumns::Multiple(several(table, &options, prefix.as_ref(), columns)?)
    } else {
        refuse(table, "columns", "column", columns.is_some(), "single")?;
        refuse(table, "prefix", "column", prefix.is_some(), "single")?;
        ClosedColumns::Single(column.unwrap_or_else(|| id.clone()))
    };
    Ok(ClosedQuestion {
        id: id.text.clone(),
        wording: wording.unwrap_or_else(|| id.text.clone()),
        options: options.into_iter().map(|option| option.text).collect(),
        nets,
        columns,
        not_asked,
    })
}

/// Refuses a key that is for the other kind of question.
fn refuse(table: &Table, key: &str, instead: &str, is_there: bool, kind: &str) -> Result<()> {
    if !is_there {
        return Ok(());
    }
    Err(table
        .error_at_key(
            key,
            text!(
                "「{key}」は kind = \"{kind}\" の設問では使えません。",
                "\"{key}\" is not for questions of kind = \"{kind}\"."
            ),
        )
        .hint(text!("代わりに「{instead}」を使ってください。", "Use \"{instead}\" instead.")))
}

fn options(table: &Table) -> Result<Vec<Located>> {
    let options = table.texts("options")?;
    let mut taken = Vec::new();
    for option in &options {
        if option.text.trim().is_empty() {
            return Err(option
                .error(text!("選択肢の名前が空です。", "The name of an option is empty."))
                .hint(text!("空のセルはいつも「不明」として数えます。", "A blank cell always counts as unknown.")));
        }
        unique(option, &mut taken, text!("選択肢", "option"))?;
    }
    if options.is_empty() {
        return Err(table
            .error_at_key("options", text!("「options」が空です。", "\"options\" is empty."))
            .hint(text!("選択肢を表に出す順に並べてください。", "List the options in the order of tables.")));
    }
    Ok(options)
}

/// The column of each option: named in `columns`, or prefix and option.
fn several(
    table: &Table,
    options: &[Located],
    prefix: Option<&Located>,
    columns: Option<Vec<Located>>,
) -> Result<Vec<Located>> {
    let Some(columns) = columns else {
        let prefix = prefix.map_or("", |prefix| prefix.text.as_str());
        return Ok(options.iter().map(|option| option.renamed(format!("{prefix}{}", option.text))).collect());
    };
    if prefix.is_some() {
        return Err(table
            .error_at_key(
                "prefix",
                text!("「prefix」と「columns」は一緒に使えません。", "\"prefix\" and \"columns\" exclude each other."),
            )
            .hint(text!("どちらかを消してください。", "Delete one of them.")));
    }
    let (named, wanted) = (columns.len(), options.len());
    if named != wanted {
        return Err(table
            .error_at_key(
                "columns",
                text!(
                    "「columns」が {named} 列で、選択肢の数（{wanted}）と合いません。",
                    "\"columns\" names {named} columns for {wanted} options."
                ),
            )
            .hint(text!(
                "選択肢と同じ順に、1つずつ列名を書いてください。",
                "Name a column an option, in their order."
            )));
    }
    let mut taken = Vec::new();
    for column in &columns {
        unique(column, &mut taken, text!("列", "column"))?;
    }
    Ok(columns)
}

fn nets(table: &Table, options: &[Located]) -> Result<Vec<Net>> {
    let names: Vec<String> = options.iter().map(|option| option.text.clone()).collect();
    let mut taken: Vec<String> = names.iter().map(|name| fold_key(name)).collect();
    let mut nets = Vec::new();
    for net in table.tables("net")? {
        let label = require_filled(&net, "label")?;
        unique(&label, &mut taken, text!("選択肢またはまとめの名前", "name of an option or net"))?;
        net.require("of")?;
        let members = net.texts("of")?;
        if members.is_empty() {
            return Err(net
                .error_at_key("of", text!("「of」が空です。", "\"of\" is empty."))
                .hint(text!("まとめる選択肢を並べてください。", "List the options it counts together.")));
        }
        let of = known(members, &names, &text!("選択肢", "option"))?;
        net.finish()?;
        nets.push(Net { label: label.text, of });
    }
    Ok(nets)
}
