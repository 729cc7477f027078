//! Messages to the person at the keyboard: where, what, and what to do next.
//!
//! A [`Diagnostic`] is both the error type of the library and the form of a
//! warning. It carries its text in both languages; only the binary chooses one.

mod mistakes;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization as _;
use unicode_width::UnicodeWidthStr as _;

pub use mistakes::{Mistakes, together};

/// The language of everything a user reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// Japanese, the default.
    #[default]
    Ja,
    /// English.
    En,
}

/// One sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

impl Text {
    /// The sentence in `lang`.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ja => &self.ja,
            Lang::En => &self.en,
        }
    }
}

/// Builds a [`Text`] from a Japanese and an English format string; both see the
/// caller's variables.
#[macro_export]
macro_rules! text {
    ($ja:literal, $en:literal $(,)?) => {
        $crate::diagnostic::Text { ja: format!($ja), en: format!($en) }
    };
}

/// How much a message matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The work could not be done.
    Error,
    /// A row was left out of the result.
    Skipped,
    /// The result stands, but the reader must know this.
    Warning,
    /// A choice that was made for the user.
    Note,
}

impl Severity {
    /// The word that opens a printed message.
    pub const fn label(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Error, Lang::Ja) => "エラー",
            (Self::Error, Lang::En) => "error",
            (Self::Skipped, Lang::Ja) => "除外",
            (Self::Skipped, Lang::En) => "skipped",
            (Self::Warning, Lang::Ja) => "注意",
            (Self::Warning, Lang::En) => "warning",
            (Self::Note, Lang::Ja) => "お知らせ",
            (Self::Note, Lang::En) => "note",
        }
    }
}

/// A line of a source with the part that a message is about.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Excerpt {
    line: String,
    before: usize,
    width: usize,
}

/// The result type of the library.
pub type Result<T> = std::result::Result<T, Box<Diagnostic>>;

/// A message with its place and the next step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// What is wrong.
    pub message: Text,
    /// What to do about it.
    pub hint: Option<Text>,
    /// The file it is about.
    pub file: Option<PathBuf>,
    /// One-based line (or spreadsheet row).
    pub line: Option<usize>,
    /// One-based column, in characters (or spreadsheet column).
    pub column: Option<usize>,
    excerpt: Option<Excerpt>,
    /// Further mistakes that were found with this one.
    also: Vec<Diagnostic>,
}

impl Diagnostic {
    /// A message of the given severity without a place.
    pub fn new(severity: Severity, message: Text) -> Self {
        Self { severity, message, hint: None, file: None, line: None, column: None, excerpt: None, also: Vec::new() }
    }

    /// An error, boxed as [`Result`] wants it.
    pub fn error(message: Text) -> Box<Self> {
        Box::new(Self::new(Severity::Error, message))
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self: Box<Self>, hint: Text) -> Box<Self> {
        self.hint = Some(hint);
        self
    }

    /// Adds the file, unless one is named already, to all mistakes.
    #[must_use]
    pub fn file(mut self: Box<Self>, file: &Path) -> Box<Self> {
        for one in self.also.iter_mut().map(|other| &mut other.file).chain([&mut self.file]) {
            one.get_or_insert_with(|| file.to_path_buf());
        }
        self
    }

    /// Adds a one-based line or row.
    #[must_use]
    pub fn line(mut self: Box<Self>, line: usize) -> Box<Self> {
        self.line = Some(line);
        self
    }

    /// Adds a one-based column.
    #[must_use]
    pub fn column(mut self: Box<Self>, column: usize) -> Box<Self> {
        self.column = Some(column);
        self
    }

    /// Points at bytes `start..end` of `source`: line, column, and the line itself
    /// with a caret. Positions outside `source` are clamped to it.
    #[must_use]
    pub fn at(mut self: Box<Self>, source: &str, start: usize, end: usize) -> Box<Self> {
        let start = floor_boundary(source, start);
        let end = floor_boundary(source, end.max(start));
        let line_start = source[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = source[start..].find('\n').map_or(source.len(), |at| start + at);
        let marked = &source[start..end.min(line_end).max(start)];
        self.line = Some(source[..start].matches('\n').count() + 1);
        self.column = Some(source[line_start..start].chars().count() + 1);
        self.excerpt = Some(Excerpt {
            line: source[line_start..line_end].trim_end_matches('\r').replace('\t', " "),
            before: source[line_start..start].replace('\t', " ").width(),
            width: marked.width().max(1),
        });
        self
    }

    /// The message as it is printed, without a final line break.
    pub fn render(&self, lang: Lang) -> String {
        let mut out = format!("{}: {}", self.severity.label(lang), self.message.get(lang));
        let mut place = String::new();
        if let Some(file) = &self.file {
            let _ = write!(place, "{}", file.display());
        }
        match lang {
            Lang::Ja => {
                let _ = self.line.map(|line| write!(place, " {line}行"));
                let _ = self.column.map(|column| write!(place, " {column}列"));
            }
            Lang::En => {
                let _ = self.line.map(|line| write!(place, " line {line}"));
                let _ = self.column.map(|column| write!(place, " column {column}"));
            }
        }
        if !place.is_empty() {
            let _ = write!(out, "\n  --> {}", place.trim_start());
        }
        if let Some(excerpt) = &self.excerpt {
            let _ = write!(out, "\n   | {}", excerpt.line);
            let _ = write!(out, "\n   | {}{}", " ".repeat(excerpt.before), "^".repeat(excerpt.width));
        }
        if let Some(hint) = &self.hint {
            let _ = write!(out, "\n  → {}", hint.get(lang));
        }
        for other in &self.also {
            let _ = write!(out, "\n{}", other.render(lang));
        }
        out
    }
}

fn floor_boundary(source: &str, at: usize) -> usize {
    let at = at.min(source.len());
    (0..=at).rev().find(|&at| source.is_char_boundary(at)).unwrap_or(0)
}

/// The candidate that a mistyped name most likely meant, if one is near enough.
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name_folded = fold_key(name);
    candidates
        .into_iter()
        .map(|candidate| {
            let folded = fold_key(candidate);
            let contained = !folded.is_empty()
                && name_folded.chars().count() >= 2
                && (folded.contains(&name_folded) || name_folded.contains(&folded));
            let score = strsim::jaro_winkler(&name_folded, &folded).max(if contained { 0.85 } else { 0.0 });
            (score, candidate)
        })
        .filter(|(score, _)| *score >= 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// Width, case and blanks do not count when names are compared.
pub fn fold_key(name: &str) -> String {
    if name.is_ascii() {
        // Most ids are; normalizing them costs more than reading the file.
        return name.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect();
    }
    name.nfkc().flat_map(char::to_lowercase).filter(|c| !c.is_whitespace()).collect()
}

/// A hint "did you mean" when a name is near, else the list of what there is.
pub fn suggest<'a>(name: &str, candidates: &[&'a str]) -> Option<Text> {
    if let Some(near) = did_you_mean(name, candidates.iter().copied()) {
        return Some(text!("「{near}」のことでしょうか。", "Did you mean \"{near}\"?"));
    }
    if candidates.is_empty() {
        return None;
    }
    let shown: Vec<&'a str> = candidates.iter().copied().take(20).collect();
    let more = if candidates.len() > 20 { " …" } else { "" };
    let ja = shown.join("、");
    let en = shown.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    Some(text!("使えるのは次のものです: {ja}{more}", "There is: {en}{more}"))
}

/// What came back from the operating system about a file, said for a researcher.
pub fn io_error(path: &Path, error: &std::io::Error) -> Box<Diagnostic> {
    use std::io::ErrorKind;
    let diagnostic = match error.kind() {
        ErrorKind::NotFound => Diagnostic::error(text!("ファイルが見つかりません。", "The file does not exist.")).hint(
            neighbor(path)
                .unwrap_or_else(|| text!("パスとファイル名を確かめてください。", "Check the path and the file name.")),
        ),
        ErrorKind::PermissionDenied => Diagnostic::error(text!("アクセスが許可されていません。", "Permission denied."))
            .hint(text!(
                "ファイルやフォルダーの権限を確かめてください。",
                "Check the permissions of the file or folder."
            )),
        ErrorKind::IsADirectory => {
            Diagnostic::error(text!("ファイルではなくフォルダーです。", "This is a folder, not a file."))
                .hint(text!("中のファイルを指定してください。", "Name a file inside it."))
        }
        ErrorKind::StorageFull => Diagnostic::error(text!("ディスクの空きがありません。", "The disk is full."))
            .hint(text!("空きを作ってからやり直してください。", "Free some space and try again.")),
        ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            Diagnostic::error(text!("割り当てられた容量を超えました。", "The space allotted to you is used up."))
                .hint(text!("空きを作ってからやり直してください。", "Free some space and try again."))
        }
        ErrorKind::ReadOnlyFilesystem => {
            Diagnostic::error(text!("書き込みのできないディスクです。", "The disk is read-only."))
                .hint(text!("書き込みできる場所を指定してください。", "Name a place you can write to."))
        }
        _ => Diagnostic::error(text!("読み書きに失敗しました: {error}", "Reading or writing failed: {error}")),
    };
    diagnostic.file(path)
}

/// A hint at a file in the folder of the missing `path` whose name is much like its own.
fn neighbor(path: &Path) -> Option<Text> {
    let wanted = path.file_name()?.to_str()?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut names: Vec<String> =
        std::fs::read_dir(folder).ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    // The order of a folder differs by machine.
    names.sort();
    let near = did_you_mean(wanted, names.iter().map(String::as_str))?;
    Some(text!("「{near}」のことでしょうか。", "Did you mean \"{near}\"?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caret_stands_under_wide_characters() {
        let source = "a = 1\nrule = \"補助金 || 助成\"\n";
        let at = source.find("||").unwrap_or_default();
        let rendered = Diagnostic::error(text!("だめ", "bad")).at(source, at, at + 2).render(Lang::Ja);
        assert_eq!(rendered, "エラー: だめ\n  --> 2行 13列\n   | rule = \"補助金 || 助成\"\n   |                ^^");
    }

    #[test]
    fn near_names_are_suggested_and_far_ones_listed() {
        assert_eq!(did_you_mean("施設種類", ["施設種別", "回答者ID"]), Some("施設種別"));
        assert_eq!(did_you_mean("zzz", ["施設種別"]), None);
    }
}
