//! What was asked of whom, and what they answered.

/// A question of the survey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Short name, e.g. `Q1`.
    pub id: String,
    /// The wording, as asked.
    pub wording: String,
    /// The stance of a theme that says nothing else (a bare noun).
    pub default_stance: Option<String>,
}

/// An attribute by which respondents are grouped, e.g. 施設種別.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its values, in the order of tables.
    pub categories: Vec<String>,
    /// Categories counted together.
    pub nets: Vec<Net>,
    /// Size of the population of each category, in the order of `categories`.
    pub population: Option<Vec<u64>>,
}

/// Several categories counted as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Net {
    /// Its name.
    pub label: String,
    /// Its categories.
    pub of: Vec<String>,
}

/// What a respondent gave for a question. Missing is a variant, never a string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Words, with line breaks as LF.
    Text(String),
    /// Asked, and left empty.
    Blank,
    /// Not asked.
    NotAsked,
}

impl Answer {
    /// The words, if there are any.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Blank | Self::NotAsked => None,
        }
    }
}

/// A respondent with attributes and answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Respondent {
    /// Identifier as in the source.
    pub id: String,
    /// Values of the survey's attributes, in their order; `None` is missing (不明).
    pub values: Vec<Option<String>>,
    /// Answers to the survey's questions, in their order.
    pub answers: Vec<Answer>,
}

/// The respondents of a study, in the order of their identifiers.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    /// Attributes.
    pub attributes: Vec<Attribute>,
    /// Questions.
    pub questions: Vec<Question>,
    /// Respondents, sorted by identifier (numbers inside it by value).
    pub respondents: Vec<Respondent>,
}
