//! What a table can have in its rows or columns: an attribute, a closed question, the
//! codes of an open one, the columns of a matrix.

use crate::codebook::{Codebook, Label};
use crate::coding::{Coded, Coding};
use crate::diagnostic::{Lang, Text, fold_key};
use crate::read::closed::ClosedAnswers;
use crate::study::ClosedQuestion;
use crate::survey::{Answer, Net, People, PerAnswer, Survey};

use super::{Item, item_holds, items};

/// What kind of line of a table a category is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Everybody.
    Total,
    /// A code, an option, a category.
    Category,
    /// Categories counted together, a person once.
    Net,
    /// A whole answer without content.
    Reserved,
    /// No answer, no value.
    Missing,
}

impl Level {
    /// The word in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Category => "code",
            Self::Net => "net",
            Self::Reserved => "reserved",
            Self::Missing => "missing",
        }
    }
}

/// A line of a table with the respondents in it.
#[derive(Clone, Debug)]
pub struct Category {
    /// Identifier in files.
    pub id: String,
    /// Name for readers.
    pub label: Label,
    /// What kind of line it is.
    pub level: Level,
    /// For a net, the places of its members among the categories of its variable.
    pub of: Vec<usize>,
    /// Who is in it.
    pub people: People,
    /// Of whom it is known whether they are in it, where that differs from category to
    /// category.
    pub known: Option<People>,
}

/// A way to sort respondents.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name in files.
    pub name: String,
    /// Its wording for readers.
    pub title: String,
    /// Its categories and nets in the order of tables.
    pub categories: Vec<Category>,
    /// Who was asked.
    pub asked: People,
    /// Who gave an answer; all others that were asked are missing.
    pub answered: People,
    /// Whether each who answered is in exactly one category.
    pub is_single: bool,
}

/// A name that is the same in both languages.
pub(crate) fn same(name: &str) -> Label {
    Label { ja: name.to_owned(), en: name.to_owned() }
}

impl Variable {
    /// A variable whose `categories` are those of one value each.
    pub fn single(name: &str, categories: Vec<(String, People)>, asked: People) -> Self {
        let mut answered = People::none(asked.of());
        for (_, people) in &categories {
            answered = answered.or(people);
        }
        let categories = categories.into_iter().map(|(id, people)| Category::new(&id, people)).collect();
        Self { name: name.to_owned(), title: name.to_owned(), categories, asked, answered, is_single: true }
    }

    /// The attribute at `index` of `survey`.
    pub fn attribute(survey: &Survey, index: usize) -> Self {
        let attribute = &survey.attributes[index];
        let people = survey.respondents.len();
        let mut sets = vec![People::none(people); attribute.categories.len()];
        let places: std::collections::HashMap<&str, usize> =
            attribute.categories.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
        for (at, respondent) in survey.respondents.iter().enumerate() {
            if let Some(place) = respondent.values[index].as_deref().and_then(|value| places.get(value)) {
                sets[*place].insert(at);
            }
        }
        let categories = attribute.categories.iter().cloned().zip(sets).collect();
        let mut variable = Self::single(&attribute.name, categories, People::all(people));
        variable.add_nets(&attribute.nets);
        variable
    }

    /// A closed question with its answers.
    pub fn closed(question: &ClosedQuestion, answers: &ClosedAnswers) -> Self {
        let options = question.options.iter().zip(&answers.options);
        let categories = options.map(|(option, people)| Category::new(option, people.clone())).collect();
        let mut variable = Self {
            name: question.id.clone(),
            title: question.wording.clone(),
            categories,
            asked: answers.asked.clone(),
            answered: answers.answered.clone(),
            is_single: !question.is_multiple(),
        };
        variable.add_nets(&question.nets);
        variable
    }

    /// The codes of `axes` in the answers to the open question at `question`: those of a
    /// standalone axis with its nets and the reserved codes (also where `axes` is empty),
    /// those of a qualifying axis, or both crossed.
    pub fn codes(
        survey: &Survey,
        codebook: &Codebook,
        coded: &PerAnswer<Coded>,
        question: usize,
        axes: &[String],
    ) -> Self {
        let of = survey.respondents.len();
        let asked = survey.respondents.iter().map(|respondent| respondent.answers[question] != Answer::NotAsked);
        let is_answered = |coded: Option<&Coded>| coded.is_some_and(|coded| coded.reserved.is_none());
        let answered = (0..of).map(|respondent| is_answered(coded.get(respondent, question)));
        let Lines { mut categories, holds } = lines(codebook, axes);
        for (at, answer) in coded.column(question).enumerate() {
            let Some(answer) = answer else { continue };
            for (category, holds) in categories.iter_mut().zip(&holds) {
                if category.people.of() == 0 {
                    category.people = People::none(of);
                }
                if holds(answer) {
                    category.people.insert(at);
                }
            }
        }
        for category in &mut categories {
            if category.people.of() == 0 {
                category.people = People::none(of);
            }
        }
        let open = &survey.questions[question];
        Self {
            name: open.id.clone(),
            title: open.wording.clone(),
            categories,
            asked: People::where_holds(asked),
            answered: People::where_holds(answered),
            is_single: false,
        }
    }

    /// Adds nets whose members are named by id; members that do not exist hold nobody.
    pub fn add_nets(&mut self, nets: &[Net]) {
        for net in nets {
            let place = |member: &String| self.categories.iter().position(|category| category.id == *member);
            let of: Vec<usize> = net.of.iter().filter_map(place).collect();
            let mut people = People::none(self.asked.of());
            // Whether one is in the net is known of those in a member, and of those of
            // whom every member is known.
            let mut known: Option<People> = None;
            for member in of.iter().map(|&at| &self.categories[at]) {
                people = people.or(&member.people);
                if let Some(own) = &member.known {
                    known = Some(known.map_or_else(|| own.clone(), |known| known.and(own)));
                }
            }
            let known = known.map(|known| known.or(&people));
            let mut category = Category::new(&net.label, people);
            (category.level, category.of, category.known) = (Level::Net, of, known);
            self.categories.push(category);
        }
    }

    /// The category called `name` (width, case and blanks do not count).
    pub fn category(&self, name: &str) -> Option<&Category> {
        let key = fold_key(name);
        let exact = self.categories.iter().find(|category| category.id == name || category.label.ja == name);
        exact.or_else(|| self.categories.iter().find(|category| fold_key(&category.id) == key))
    }
}

impl Category {
    /// A category that goes by its name.
    pub fn new(id: &str, people: People) -> Self {
        Self { id: id.to_owned(), label: same(id), level: Level::Category, of: Vec::new(), people, known: None }
    }

    /// Its name in `lang`.
    pub fn name(&self, lang: Lang) -> &str {
        self.label.get(lang)
    }
}

type Holds<'c> = Box<dyn Fn(&Coded) -> bool + 'c>;

struct Lines<'c> {
    categories: Vec<Category>,
    holds: Vec<Holds<'c>>,
}

/// The lines that the codes of `axes` make, without people yet.
fn lines<'c>(codebook: &'c Codebook, axes: &[String]) -> Lines<'c> {
    let mut lines = Lines { categories: Vec::new(), holds: Vec::new() };
    let qualifying = codebook.axes.iter().find(|axis| axis.qualifies.is_some() && axes.contains(&axis.id));
    let of_axis = |item: &Item| match item {
        // They belong to no axis: the answer as a whole has no content.
        Item::Reserved(_) => true,
        item => axes.is_empty() || axes.iter().any(|axis| axis == item.axis(codebook)),
    };
    let Some(qualifying) = qualifying else {
        for item in items(codebook).into_iter().filter(of_axis) {
            lines.push(codebook, item, Box::new(move |coded| item_holds(item, codebook, coded)));
        }
        return lines;
    };
    let qualifiers: Vec<usize> = qualifying.order.iter().filter_map(|id| codebook.code(id)).collect();
    let standalone = axes.iter().any(|axis| *axis != qualifying.id);
    let reserved = |item: &Item| matches!(item, Item::Reserved(_));
    for item in items(codebook).into_iter().filter(|item| standalone && !reserved(item) && of_axis(item)) {
        lines.push(codebook, item, Box::new(move |coded| item_holds(item, codebook, coded)));
        for &qualifier in &qualifiers {
            let of_item = move |coding: &Coding| match item {
                Item::Code(code) => coding.code == code,
                Item::Net(net) => codebook.codes[coding.code].net.as_deref() == Some(&codebook.nets[net].id),
                Item::Reserved(_) => false,
            };
            lines.push_qualified(codebook, Some(item), qualifier, Box::new(of_item));
        }
    }
    for &qualifier in qualifiers.iter().filter(|_| !standalone) {
        lines.push_qualified(codebook, None, qualifier, Box::new(|_| true));
    }
    for item in items(codebook).into_iter().filter(reserved) {
        lines.push(codebook, item, Box::new(move |coded| item_holds(item, codebook, coded)));
    }
    lines
}

impl<'c> Lines<'c> {
    fn push(&mut self, codebook: &Codebook, item: Item, holds: Holds<'c>) {
        let level = match item {
            Item::Net(_) => Level::Net,
            Item::Code(_) => Level::Category,
            Item::Reserved(_) => Level::Reserved,
        };
        let mut category = Category::new(item.id(codebook), People::default());
        (category.label, category.level) = (item.label(codebook).clone(), level);
        self.categories.push(category);
        self.holds.push(holds);
    }

    /// A line of those who have a coding `of_item` with this qualifier (stance).
    fn push_qualified(
        &mut self,
        codebook: &'c Codebook,
        item: Option<Item>,
        qualifier: usize,
        of_item: Box<dyn Fn(&Coding) -> bool + 'c>,
    ) {
        let code = &codebook.codes[qualifier];
        let id = item.map_or_else(|| code.id.clone(), |item| format!("{}:{}", item.id(codebook), code.id));
        let mut category = Category::new(&id, People::default());
        category.label = item.map_or_else(
            || code.label.clone(),
            |item| {
                let label = item.label(codebook);
                Label {
                    ja: format!("{}・{}", label.ja, code.label.ja), en: format!("{}: {}", label.en, code.label.en)
                }
            },
        );
        if matches!(item, Some(Item::Net(_))) {
            category.level = Level::Net;
        }
        self.categories.push(category);
        let wanted = code.id.as_str();
        self.holds.push(Box::new(move |coded| {
            let stance = |coding: &Coding| coding.stance.as_ref().is_some_and(|stance| &*stance.id == wanted);
            coded.codings.iter().any(|coding| of_item(coding) && stance(coding))
        }));
    }
}

/// 不明 and 全体 as lines of a table.
pub(crate) fn named(text: Text, level: Level, people: People) -> Category {
    let mut category = Category::new(&text.ja, people);
    (category.label, category.level) = (Label { ja: text.ja, en: text.en }, level);
    category
}
