//! Response rates: how many of a population answered (対象・回答・回収率).

use super::variable::{Level, Variable};
use crate::codebook::Label;
use crate::diagnostic::{Diagnostic, Severity};
use crate::text;

/// A population with those of it who answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    /// The attribute.
    pub by: String,
    /// All, a category or a net.
    pub label: Label,
    /// Which of these.
    pub level: Level,
    /// How many there are; `None` of those whose category is not known.
    pub population: Option<u64>,
    /// How many answered.
    pub respondents: u64,
}

impl Rate {
    /// The response rate with one decimal, rounded half up; empty without a population, or
    /// where more answered than it holds.
    pub fn percent(&self) -> String {
        match self.population {
            Some(population) if self.respondents <= population => {
                super::Share::new(self.respondents, population).percent()
            }
            _ => String::new(),
        }
    }
}

/// The rates of `variable`, whose categories that are no nets have the sizes `population`,
/// in their order: all, each category and each net, and then those whose value is missing.
pub fn rates(variable: &Variable, population: &[u64]) -> Vec<Rate> {
    let counts: Vec<u64> = variable.categories.iter().map(|category| category.people.count()).collect();
    let missing = variable.asked.without(&variable.answered).count();
    rates_of(variable, population, &counts, variable.asked.count(), missing)
}

/// As [`rates`], where the respondents of `variable` are counted already: those of each
/// category, all of them, and those whose value is missing.
pub fn rates_of(variable: &Variable, population: &[u64], counts: &[u64], all: u64, missing: u64) -> Vec<Rate> {
    let rate = |label: Label, level, population, respondents| Rate {
        by: variable.name.clone(),
        label,
        level,
        population,
        respondents,
    };
    let total = Label { ja: "全体".to_owned(), en: "Total".to_owned() };
    let mut rates = vec![rate(total, Level::Total, Some(population.iter().sum()), all)];
    for (at, category) in variable.categories.iter().enumerate() {
        let size = match category.level {
            Level::Net => category.of.iter().map(|member| population[*member]).sum(),
            _ => population[at],
        };
        rates.push(rate(category.label.clone(), category.level, Some(size), counts[at]));
    }
    if missing > 0 {
        let unknown = Label { ja: "不明".to_owned(), en: "Unknown".to_owned() };
        rates.push(rate(unknown, Level::Missing, None, missing));
    }
    rates
}

/// A warning for every population that is smaller than what answered of it.
pub fn exceeded(rates: &[Rate]) -> Vec<Diagnostic> {
    let too_many = rates.iter().filter(|rate| rate.population.is_some_and(|population| rate.respondents > population));
    too_many
        .map(|rate| {
            let (by, ja, en) = (&rate.by, &rate.label.ja, &rate.label.en);
            let (respondents, population) = (rate.respondents, rate.population.unwrap_or_default());
            let message = text!(
                "{by}「{ja}」の回答数 {respondents} が、母集団の数 {population} を超えています。",
                "\"{en}\" of \"{by}\" has {respondents} respondents in a population of {population}."
            );
            let mut warning = Diagnostic::new(Severity::Warning, message);
            warning.hint = Some(text!("population の数を確かめてください。", "Check the number of the population."));
            warning
        })
        .collect()
}
