//! The differences as one page that needs no other file. The template escapes every value.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

use super::Diff;
use super::view::{View, headings};
use crate::diagnostic::{Diagnostic, Lang, Result};
use crate::text;

#[derive(Serialize)]
struct Page {
    view: View,
    headings: [String; 6],
    /// What stands over the columns of cells and tests.
    columns: [&'static str; 4],
    nothing: &'static str,
}

/// The page.
///
/// # Errors
/// Never for the template this binary was built with; tests run it.
pub fn html(diff: &Diff, lang: Lang) -> Result<String> {
    let say = |ja: &'static str, en: &'static str| if lang == Lang::Ja { ja } else { en };
    let page = Page {
        view: View::of(diff, lang),
        headings: headings(lang),
        columns: match lang {
            Lang::Ja => ["項目", "群", "前", "後"],
            Lang::En => ["Row", "Group", "Before", "After"],
        },
        nothing: say("違いはありません。", "Nothing differs."),
    };
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
    let rendered = syntax.and_then(|syntax| {
        environment.set_syntax(syntax);
        environment.add_template("diff.html", include_str!("page/diff.html"))?;
        environment.get_template("diff.html")?.render(Serde(&page))
    });
    rendered
        .map_err(|error| Diagnostic::error(text!("ページを作れません: {error}", "The page cannot be made: {error}")))
}
