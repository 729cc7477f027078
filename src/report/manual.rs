//! The codebook as a manual for human coders: what the codes mean, and no rules.
//!
//! Rules are left out on purpose: a person who knows what the machine looks for codes
//! after it, and the agreement of the two says nothing any more.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

use crate::codebook::Reserved;
use crate::codebook::written::{Record, Written};
use crate::diagnostic::{Diagnostic, Lang, Result};
use crate::text;

/// The form of a manual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManualFormat {
    /// Markdown.
    Markdown,
    /// One HTML file that needs no other.
    Html,
}

impl ManualFormat {
    /// The template; the end of its name tells whether values are escaped in it.
    const fn template(self) -> (&'static str, &'static str) {
        match self {
            Self::Markdown => ("manual.md", include_str!("manual/manual.md")),
            Self::Html => ("manual.html", include_str!("manual/manual.html")),
        }
    }

    fn escaped(self, value: &str) -> String {
        match self {
            Self::Html => value.trim_end().to_owned(),
            Self::Markdown => markdown(value),
        }
    }
}

#[derive(Serialize)]
struct Manual<'w> {
    lang: &'static str,
    title: String,
    id: &'w str,
    version: String,
    words: Words,
    axes: Vec<Axis<'w>>,
    nets: Vec<Net<'w>>,
    reserved: Vec<Name<'w>>,
}

#[derive(Serialize)]
struct Axis<'w> {
    id: &'w str,
    label: String,
    /// What is said of the axis as a whole.
    about: Vec<String>,
    order: Vec<Name<'w>>,
    codes: Vec<Code<'w>>,
}

#[derive(Serialize)]
struct Net<'w> {
    id: &'w str,
    label: String,
    definition: String,
    codes: Vec<Name<'w>>,
}

#[derive(Serialize)]
struct Name<'w> {
    id: &'w str,
    label: String,
}

#[derive(Serialize)]
struct Code<'w> {
    id: &'w str,
    label: String,
    net: Option<String>,
    unit: &'static str,
    definition: String,
    parts: Vec<Part>,
}

/// A list under a code, under its heading.
#[derive(Serialize)]
struct Part {
    /// The key of the codebook, for the style.
    kind: &'static str,
    heading: &'static str,
    quoted: bool,
    items: Vec<String>,
}

/// What the templates themselves say.
#[derive(Serialize)]
struct Words {
    manual: &'static str,
    version: &'static str,
    contents: &'static str,
    nets: &'static str,
    nets_about: &'static str,
    net: &'static str,
    unit: &'static str,
    order: &'static str,
    reserved: &'static str,
    reserved_about: &'static str,
    comma: &'static str,
}

/// The manual of a codebook, in the language of `lang`; what the codebook says only in
/// Japanese stays so. The same codebook gives the same text.
///
/// # Errors
/// Never for the templates this binary was built with; tests run both.
pub fn manual(written: &Written, reserved: &[Reserved], format: ManualFormat, lang: Lang) -> Result<String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let (name, template) = format.template();
    let content = content(written, reserved, format, lang);
    // A block on a line of its own leaves no blank line.
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
    let rendered = syntax.and_then(|syntax| {
        environment.set_syntax(syntax);
        environment.add_template(name, template)?;
        environment.get_template(name)?.render(Serde(&content))
    });
    rendered
        .map_err(|error| Diagnostic::error(text!("手引きを作れません: {error}", "The manual cannot be made: {error}")))
}

fn content<'w>(written: &'w Written, reserved: &'w [Reserved], format: ManualFormat, lang: Lang) -> Manual<'w> {
    let name = |record: &'w Record| Name { id: record.id(), label: format.escaped(record.label(lang)) };
    let code_of = |id: &String| written.codes.iter().find(|code| code.id() == id);
    let axis = |record: &'w Record| Axis {
        id: record.id(),
        label: format.escaped(axis_label(record, lang)),
        about: about(written, record, lang).iter().map(|line| format.escaped(line)).collect(),
        order: record.texts("order").iter().filter_map(code_of).map(name).collect(),
        codes: written
            .codes
            .iter()
            .filter(|code| written.axis_of(code) == record.id())
            .map(|record| code(written, record, format, lang))
            .collect(),
    };
    let net = |record: &'w Record| Net {
        id: record.id(),
        label: format.escaped(record.label(lang)),
        definition: format.escaped(record.text("definition").unwrap_or_default()),
        codes: written.codes.iter().filter(|code| code.text("net") == Some(record.id())).map(name).collect(),
    };
    let head = &written.head;
    Manual {
        lang: if lang == Lang::Ja { "ja" } else { "en" },
        title: format.escaped(head.text("title").unwrap_or_else(|| head.id())),
        id: head.id(),
        version: format.escaped(head.text("version").unwrap_or_default()),
        words: words(lang),
        axes: written.axes.iter().map(axis).collect(),
        nets: written.nets.iter().map(net).collect(),
        reserved: reserved
            .iter()
            .map(|code| Name { id: &code.id, label: format.escaped(code.label.get(lang)) })
            .collect(),
    }
}

/// The name of an axis; the usual two have one in both languages.
fn axis_label(axis: &Record, lang: Lang) -> &str {
    if axis.text("label").is_some() || axis.text("label_en").is_some() {
        return axis.label(lang);
    }
    match (axis.id(), lang) {
        ("theme", Lang::Ja) => "テーマ",
        ("theme", Lang::En) => "Themes",
        ("stance", Lang::Ja) => "立場",
        ("stance", Lang::En) => "Stance",
        (id, _) => id,
    }
}

fn about(written: &Written, axis: &Record, lang: Lang) -> Vec<String> {
    let Some(other) = axis.text("qualifies") else {
        let plain = text!("1つの回答に、当てはまるコードをすべて付けます。", "An answer gets every code that applies.");
        return vec![plain.get(lang).to_owned()];
    };
    let other = written.axes.iter().find(|axis| axis.id() == other).map_or(other, |axis| axis_label(axis, lang));
    let lines = [
        text!("「{other}」のコード1つごとに、1つ付けます。", "Every code of \"{other}\" gets one of these."),
        text!(
            "コードの根拠になった節に書かれた立場を採り、なければ同じ文の後の節を近い順に見ます。それもなければ設問の既定です。前の節は見ません。",
            "It is what the clause with the evidence shows; else the clauses that follow in the sentence, nearest first; else the default of the question. Clauses before do not count."
        ),
    ];
    lines.iter().map(|line| line.get(lang).to_owned()).collect()
}

fn code<'w>(written: &'w Written, record: &'w Record, format: ManualFormat, lang: Lang) -> Code<'w> {
    let say = |ja: &'static str, en: &'static str| if lang == Lang::Ja { ja } else { en };
    let lists = [
        ("include", say("含むもの", "Includes"), false),
        ("exclude", say("含まないもの", "Does not include"), false),
        ("examples", say("例", "Examples"), true),
        ("counter_examples", say("付けない例", "Not for"), true),
        ("replaces", say("以前の id", "Earlier ids"), false),
    ];
    let part = |(kind, heading, quoted): (&'static str, &'static str, bool)| {
        let items: Vec<String> = record.texts(kind).iter().map(|item| format.escaped(item)).collect();
        (!items.is_empty()).then_some(Part { kind, heading, quoted, items })
    };
    let net = record.text("net").and_then(|id| written.nets.iter().find(|net| net.id() == id));
    Code {
        id: record.id(),
        label: format.escaped(record.label(lang)),
        net: net.map(|net| format.escaped(net.label(lang))),
        unit: match written.unit_of(record) {
            "response" => say("回答全体", "the whole answer"),
            "clause" => say("節", "a clause"),
            _ => say("文", "a sentence"),
        },
        definition: format.escaped(record.text("definition").unwrap_or_default()),
        parts: lists.into_iter().filter_map(part).collect(),
    }
}

fn words(lang: Lang) -> Words {
    let say = |ja: &'static str, en: &'static str| if lang == Lang::Ja { ja } else { en };
    Words {
        manual: say("コーディングの手引き", "Coding manual"),
        version: say("版", "Version"),
        contents: say("目次", "Contents"),
        nets: say("まとめて数えるコード（ネット）", "Codes counted together (nets)"),
        nets_about: say(
            "集計のときに1人を1回だけ数えるまとまりです。ネットそのものは付けません。",
            "Tables count a person once in them. They are not given to answers.",
        ),
        net: say("ネット", "Net"),
        unit: say("単位", "Unit"),
        order: say("同じ節に複数あるときの優先順", "Where one clause shows several, the first of these wins"),
        reserved: say("内容のない回答", "Answers without content"),
        reserved_about: say(
            "回答の全体がこれに当たるときだけ付け、ほかのコードとは一緒に付けません。",
            "Only where the whole answer is one of these, and never beside another code.",
        ),
        comma: say("、", ", "),
    }
}

/// Text that Markdown shows as it is. A line break becomes `<br>`, so that it can stand
/// in a list.
pub(super) fn markdown(value: &str) -> String {
    let line = |line: &str| {
        let mut out = String::new();
        let line = line.trim();
        for (at, c) in line.char_indices() {
            let starts = at == 0 && matches!(c, '-' | '+' | '=');
            // `1.` and `1)` with a blank behind them start a numbered list.
            let numbers = matches!(c, '.' | ')')
                && at > 0
                && line[..at].bytes().all(|byte| byte.is_ascii_digit())
                && line[at + 1..].chars().next().is_none_or(char::is_whitespace);
            if starts
                || numbers
                || matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '&' | '~' | '!')
            {
                out.push('\\');
            }
            out.push(c);
        }
        out
    };
    value.trim().lines().map(line).collect::<Vec<_>>().join("<br>")
}

#[cfg(test)]
mod tests {
    use super::markdown;

    #[test]
    fn markdown_is_taken_literally() {
        assert_eq!(markdown("- 3 * 4 <b>"), r"\- 3 \* 4 \<b\>");
        assert_eq!(markdown("1. 一\n2) 二\n"), r"1\. 一<br>2\) 二");
        assert_eq!(markdown("3.5倍 [x](y) &amp;"), r"3.5倍 \[x\](y) \&amp;");
    }
}
