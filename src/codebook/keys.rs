//! What a codebook file may say: its sections and their keys.
//!
//! The JSON Schema, the columns of codebook sheets and the help in them are made from
//! these tables; a test holds them to what the loader asks for.

use crate::diagnostic::Lang;

/// A kind of section of a codebook file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Section {
    /// `[codebook]`: what the codebook is.
    Codebook,
    /// `[[axis]]`
    Axis,
    /// `[[net]]`
    Net,
    /// An entry of `[lists]`.
    List,
    /// `[[code]]`
    Code,
}

/// What a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// An identifier: letters, digits and `.` `_` `-`.
    Id,
    /// A string.
    Text,
    /// A rule.
    Rule,
    /// `response`, `sentence` or `clause`.
    Unit,
    /// A list of strings; a single string is a list of one.
    Texts,
    /// A list of identifiers.
    Ids,
}

impl Form {
    /// Whether it takes several values.
    pub const fn is_list(self) -> bool {
        matches!(self, Self::Texts | Self::Ids)
    }
}

/// A key of a section.
#[derive(Debug)]
pub struct Key {
    /// Its name in the file.
    pub name: &'static str,
    /// What it takes.
    pub form: Form,
    /// Whether it must be there.
    pub required: bool,
    ja: &'static str,
    en: &'static str,
}

impl Key {
    /// What it is for, in a sentence.
    pub const fn help(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Ja => self.ja,
            Lang::En => self.en,
        }
    }
}

const fn key(name: &'static str, form: Form, ja: &'static str, en: &'static str) -> Key {
    Key { name, form, required: false, ja, en }
}

const fn required(name: &'static str, form: Form, ja: &'static str, en: &'static str) -> Key {
    Key { name, form, required: true, ja, en }
}

impl Section {
    /// All kinds, in the order in which files are written.
    pub const ALL: [Self; 5] = [Self::Codebook, Self::Axis, Self::Net, Self::List, Self::Code];

    /// The word for a row of this kind in a sheet.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Codebook => "codebook",
            Self::Axis => "axis",
            Self::Net => "net",
            Self::List => "list",
            Self::Code => "code",
        }
    }

    /// Its keys, in the order in which they are written. Entries of `[lists]` are no
    /// tables in the file; their keys are those of a sheet.
    pub const fn keys(self) -> &'static [Key] {
        match self {
            Self::Codebook => &CODEBOOK,
            Self::Axis => &AXIS,
            Self::Net => &NET,
            Self::List => &LIST,
            Self::Code => &CODE,
        }
    }

    /// The key called `name`.
    pub fn key(self, name: &str) -> Option<&'static Key> {
        self.keys().iter().find(|key| key.name == name)
    }
}

const LABEL: Key = key("label", Form::Text, "表に出る名前", "Name in tables");
const LABEL_EN: Key = key("label_en", Form::Text, "英語の名前", "English name in tables");

static CODEBOOK: [Key; 5] = [
    required("id", Form::Id, "コードブックの id", "Identifier of the codebook"),
    required("version", Form::Text, "版（例: \"1.0.0\"）", "Version, e.g. \"1.0.0\""),
    key("title", Form::Text, "題名", "Title"),
    key("language", Form::Text, "回答の言語（例: \"ja\"）", "Language of the answers, e.g. \"ja\""),
    key("unit", Form::Unit, "コードに unit がないときの単位", "Unit of codes that name none"),
];

static AXIS: [Key; 5] = [
    required("id", Form::Id, "軸の id", "Identifier of the axis"),
    LABEL,
    LABEL_EN,
    key(
        "qualifies",
        Form::Id,
        "この軸のコードが修飾する軸（立場→テーマ）",
        "The axis whose codes this one qualifies (stance → theme)",
    ),
    key("order", Form::Ids, "同じ節に複数あるときの優先順", "Which code wins where a clause shows several"),
];

static NET: [Key; 4] = [
    required("id", Form::Id, "ネットの id", "Identifier of the net"),
    LABEL,
    LABEL_EN,
    key("definition", Form::Text, "定義", "Definition"),
];

static LIST: [Key; 2] = [
    required("id", Form::Text, "リストの名前。ルールでは <名前> と書く", "Name of the list; <name> in a rule"),
    key("words", Form::Texts, "リストの語", "Words of the list"),
];

static CODE: [Key; 15] = [
    required("id", Form::Id, "コードの id（例: funding.subsidy）", "Identifier of the code, e.g. funding.subsidy"),
    key("axis", Form::Id, "軸。なければ最初の軸", "Its axis; the first one if missing"),
    key("net", Form::Id, "一緒に数えるネット", "The net it is counted in"),
    LABEL,
    LABEL_EN,
    key("definition", Form::Text, "定義", "Definition"),
    key("include", Form::Texts, "含むもの", "What belongs to it"),
    key("exclude", Form::Texts, "含まないもの", "What does not"),
    key("unit", Form::Unit, "ルールを試す単位", "The unit its rule is tried on"),
    key("rule", Form::Rule, "ルール", "The rule"),
    key(
        "except",
        Form::Rule,
        "この語の中はルールから見えない",
        "What lies inside these words is not there for the rule",
    ),
    key("maybe", Form::Rule, "数えずに、人が確かめる候補に挙げる", "Not counted: listed for a person to decide"),
    key("examples", Form::Texts, "このコードが付くべき回答", "Answers that must get the code"),
    key("counter_examples", Form::Texts, "このコードが付いてはならない回答", "Answers that must not"),
    key("replaces", Form::Ids, "このコードが引き継ぐ、以前の id", "Earlier ids that it takes the place of"),
];
