//! Everything an audit says of codings: of each code and net, of whole sets, of stances,
//! by question and group, of each two coders, and against a gold standard.

use rayon::prelude::*;

use super::agreement::Agreement;
use super::alpha::{Alpha, Bootstrap};
use super::codings::Codings;
use super::coefficients::Coefficients;
use super::distance::Distance;
use super::draws::Draws;
use super::gold::SetPerformance;
use super::matrix::Matrix;
use super::pair::Pair;
use super::ratings::Ratings;
use crate::statistics::{Adjustment, Defined, McNemar, Undefined};

/// Agreement of some coders.
#[derive(Clone, Debug)]
pub struct Block {
    /// Their names.
    pub coders: Vec<String>,
    /// Units that somebody coded.
    pub coded: u64,
    /// Units that at least two of them coded.
    pub units: u64,
    /// Each code.
    pub codes: Vec<(String, Agreement)>,
    /// Each net.
    pub nets: Vec<(String, Agreement)>,
    /// The labels as categories, where every coding holds exactly one.
    pub axis: Option<Axis>,
    /// Whole sets.
    pub sets: Sets,
    /// Stances, of the themes that coders share.
    pub stance: Option<Axis>,
}

/// Agreement on an axis of which every unit gets one category.
#[derive(Clone, Debug)]
pub struct Axis {
    /// The categories.
    pub categories: Vec<String>,
    /// Units that at least two coders coded.
    pub units: u64,
    /// The agreement.
    pub agreement: Agreement,
    /// Fleiss and Conger of the units that every coder coded.
    pub complete: [Defined<f64>; 2],
}

/// Agreement on whole sets.
#[derive(Clone, Debug)]
pub struct Sets {
    /// Units that at least two coders coded.
    pub units: u64,
    /// How often two coders gave exactly the same set: the mean over units.
    pub same: Defined<f64>,
    /// α by each distance, in the order of [`Distance::ALL`].
    pub alphas: [(Distance, Alpha); 3],
}

/// Agreement within a question or a group of respondents.
#[derive(Clone, Debug)]
pub struct Part {
    /// The question, or the attribute.
    pub by: String,
    /// The question's id, or the group.
    pub name: String,
    /// Its sets.
    pub sets: Sets,
}

/// Two coders.
#[derive(Clone, Debug)]
pub struct Two {
    /// Their places among all coders.
    pub coders: [usize; 2],
    /// Their sets.
    pub sets: Sets,
    /// The table of each code.
    pub codes: Vec<Pair>,
}

/// A coder against the gold standard.
#[derive(Clone, Debug)]
pub struct Against {
    /// The coder.
    pub coder: String,
    /// How well sets are found.
    pub performance: SetPerformance,
    /// The table of each code; the gold standard's categories are the rows.
    pub codes: Vec<Pair>,
    /// McNemar's exact p of each code, adjusted by Holm over the codes that the two give
    /// differently at least once; `None` for the others.
    pub holm: Vec<Option<f64>>,
}

/// How an audit is to be made.
pub struct Request<'r> {
    /// The coder that the others are measured by.
    pub gold: Option<usize>,
    /// The coder that rules are.
    pub rules: Option<usize>,
    /// How intervals of α are found.
    pub bootstrap: Option<Bootstrap>,
    /// The nets, and for each label in which it is.
    pub nets: (Vec<String>, Vec<Option<usize>>),
    /// The stances.
    pub stances: Vec<String>,
    /// Parts of the units: by what, name, and which units.
    pub parts: &'r [(String, String, Vec<usize>)],
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Findings {
    /// All coders.
    pub coders: Vec<String>,
    /// The labels.
    pub labels: Vec<String>,
    /// Those coders who code independently: neither the gold standard nor the rules, if
    /// there are two of them.
    pub main: Block,
    /// The same with the rules, if `main` is without.
    pub with_rules: Option<Block>,
    /// Parts of `main`.
    pub parts: Vec<Part>,
    /// Each two of all coders.
    pub pairs: Vec<Two>,
    /// The gold standard.
    pub gold: Option<String>,
    /// The other coders against it.
    pub against: Vec<Against>,
}

impl Findings {
    /// Audits the codings.
    pub fn new(codings: &Codings, request: &Request<'_>) -> Self {
        let matrix = codings.matrix();
        let all: Vec<usize> = (0..codings.coders.len()).filter(|at| Some(*at) != request.gold).collect();
        let people: Vec<usize> = all.iter().copied().filter(|at| Some(*at) != request.rules).collect();
        let chosen = match (people.len() >= 2, all.len() >= 2) {
            (true, _) => people,
            (false, true) => all.clone(),
            (false, false) => (0..codings.coders.len()).collect(),
        };
        let main = block(codings, &matrix, &chosen, request, request.bootstrap);
        let with_rules = (chosen.len() < all.len()).then(|| block(codings, &matrix, &all, request, None));
        let own = matrix.of_coders(&chosen);
        let part = |(by, name, units): &(String, String, Vec<usize>)| Part {
            by: by.clone(),
            name: name.clone(),
            sets: sets(&own.of_units(units), None),
        };
        let count = codings.coders.len();
        let pairs = (0..count).flat_map(|one| (one + 1..count).map(move |other| [one, other]));
        let two = |coders: [usize; 2]| Two {
            coders,
            sets: sets(&matrix.of_coders(&coders), None),
            codes: tables(&matrix, coders),
        };
        Self {
            coders: codings.coders.clone(),
            labels: codings.labels.clone(),
            main,
            with_rules,
            parts: request.parts.iter().map(part).collect(),
            pairs: pairs.map(two).collect(),
            gold: request.gold.map(|gold| codings.coders[gold].clone()),
            against: request
                .gold
                .map_or_else(Vec::new, |gold| all.iter().map(|&coder| against(&matrix, gold, coder)).collect()),
        }
    }
}

fn tables(matrix: &Matrix, [one, other]: [usize; 2]) -> Vec<Pair> {
    (0..matrix.labels.len()).map(|label| Pair::new(&matrix.label(label), one, other)).collect()
}

fn block(
    codings: &Codings,
    matrix: &Matrix,
    coders: &[usize],
    request: &Request<'_>,
    bootstrap: Option<Bootstrap>,
) -> Block {
    let own = matrix.of_coders(coders);
    let draws = bootstrap.map(Draws::new);
    let draws = draws.as_ref();
    let each = |matrix: &Matrix| -> Vec<(String, Agreement)> {
        let one = |(at, label): (usize, &String)| (label.clone(), Agreement::by(&matrix.label(at), draws));
        matrix.labels.par_iter().enumerate().map(one).collect()
    };
    let (nets, of) = &request.nets;
    let nets = if nets.is_empty() { Vec::new() } else { each(&codings.nets(nets.clone(), of).of_coders(coders)) };
    let stance = (!request.stances.is_empty())
        .then(|| axis(&codings.stances(&request.stances).of_coders(coders), draws))
        .flatten();
    let ratings = own.sets().0;
    Block {
        coders: own.coders.clone(),
        coded: ratings.coded(),
        units: ratings.pairable(),
        codes: each(&own),
        nets,
        axis: axis(&own, draws),
        sets: sets(&own, draws),
        stance,
    }
}

/// The labels as categories. Of 0 and 1 both could be chosen, even if one was not.
fn axis(matrix: &Matrix, draws: Option<&Draws>) -> Option<Axis> {
    let mut ratings = matrix.axis().ok()?;
    let mut categories = matrix.labels.clone();
    if !categories.is_empty() && categories.iter().all(|label| label == "0" || label == "1") {
        let one = categories.iter().position(|label| label == "1");
        ratings = match one {
            Some(one) => matrix.label(one),
            None => Ratings::new(2, ratings.coders(), ratings.units().to_vec()),
        };
        categories = vec!["0".to_owned(), "1".to_owned()];
    }
    let everyone = ratings.units().iter().filter(|unit| unit.iter().all(Option::is_some)).cloned().collect();
    let complete = Coefficients::new(&Ratings::new(ratings.categories(), ratings.coders(), everyone));
    Some(Axis {
        categories,
        units: ratings.pairable(),
        agreement: Agreement::by(&ratings, draws),
        complete: [complete.fleiss.value, complete.conger.value],
    })
}

fn sets(matrix: &Matrix, draws: Option<&Draws>) -> Sets {
    let ratings = matrix.sets().0;
    let (mut units, mut same) = (0_u64, 0.0);
    for unit in ratings.units() {
        let given: Vec<usize> = unit.iter().flatten().copied().collect();
        let pairs = given.len() * given.len().saturating_sub(1);
        if pairs > 0 {
            let equal: usize = given.iter().map(|one| given.iter().filter(|other| *other == one).count() - 1).sum();
            units += 1;
            same += equal as f64 / pairs as f64;
        }
    }
    Sets {
        units,
        same: if units == 0 { Err(Undefined::NoPair) } else { Ok(same / units as f64) },
        alphas: Distance::ALL.map(|distance| (distance, matrix.set_alpha_by(distance, draws))),
    }
}

fn against(matrix: &Matrix, gold: usize, coder: usize) -> Against {
    let codes = tables(matrix, [gold, coder]);
    let tests: Vec<Option<McNemar>> = codes.iter().map(|pair| pair.mcnemar().ok()).collect();
    let differ = |pair: &Pair| pair.agreed() < pair.units();
    let ps: Vec<Option<f64>> =
        tests.iter().zip(&codes).map(|(test, pair)| test.filter(|_| differ(pair)).map(|test| test.p)).collect();
    let family: Vec<f64> = ps.iter().flatten().copied().collect();
    let mut adjusted = Adjustment::Holm.adjust(&family).into_iter();
    let holm = ps.iter().map(|p| p.and_then(|_| adjusted.next())).collect();
    Against { coder: matrix.coders[coder].clone(), performance: SetPerformance::new(matrix, gold, coder), codes, holm }
}
