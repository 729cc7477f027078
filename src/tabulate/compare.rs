//! Differences between groups, tested.
//!
//! For each code, the groups of a comparison make a table of "has it" and "has it not":
//! Fisher's exact test for two groups, Fisher–Freeman–Halton for more. Beside it stand
//! mid-p and χ²; they are not adjusted, and no decision rests on them.

use rayon::prelude::*;

use super::Share;
use super::cross::Head;
use super::variable::Level;
use crate::diagnostic::{Diagnostic, Lang, Result, Text, suggest};
use crate::statistics::{Adjustment, Method, Plan, Table, fisher, freeman_halton, newcombe};
use crate::text;

/// Groups that are compared with each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The variable they are groups of.
    pub by: String,
    /// Their columns.
    pub groups: Vec<usize>,
    /// Whether two were picked, rather than all categories taken.
    pub is_pair: bool,
}

/// Which test a row tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Fisher's exact test.
    Fisher,
    /// The same for more than two groups.
    FreemanHalton,
    /// Fisher's with mid-p.
    MidP,
    /// Pearson's χ².
    ChiSquare,
}

impl Kind {
    /// The word in `tests.csv`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fisher => "fisher",
            Self::FreemanHalton => "fisher-freeman-halton",
            Self::MidP => "fisher-mid-p",
            Self::ChiSquare => "chi-square",
        }
    }

    /// Whether it is the test that counts, and is adjusted.
    pub const fn is_main(self) -> bool {
        matches!(self, Self::Fisher | Self::FreemanHalton)
    }
}

/// A difference of two shares in tenths of a percentage point, with Newcombe's interval
/// in percentage points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The first minus the second, rounded half away from zero.
    pub tenths: i64,
    /// Bounds at 95 %.
    pub bounds: (f64, f64),
}

/// A test of one code in one comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// The row of the table.
    pub item: usize,
    /// The comparison, by its place.
    pub comparison: usize,
    /// Which test.
    pub kind: Kind,
    /// χ².
    pub statistic: Option<f64>,
    /// Degrees of freedom of χ².
    pub df: Option<u64>,
    /// The p-value.
    pub p: Option<f64>,
    /// The p-value, adjusted for its family.
    pub p_adjusted: Option<f64>,
    /// Cramér's V.
    pub cramers_v: Option<f64>,
    /// Of two groups.
    pub difference: Option<Difference>,
    /// The smallest expected count.
    pub min_expected: Option<f64>,
    /// What the reader must know.
    pub notes: Vec<Text>,
}

impl Comparison {
    /// The name in `tests.csv`: the variable, and for a pair its groups, first minus second.
    pub fn name(&self, columns: &[Head], lang: Lang) -> String {
        match (self.is_pair, self.groups.as_slice()) {
            (true, [one, two]) => format!("{}: {} - {}", self.by, columns[*one].name(lang), columns[*two].name(lang)),
            _ => self.by.clone(),
        }
    }
}

/// The comparisons of a table with these columns: all categories of each variable, and in
/// pairs the groups that are `shown`, where these exclude each other and are not just all
/// the categories.
pub fn comparisons(columns: &[Head], shown: &dyn Fn(&Head) -> bool) -> Vec<Comparison> {
    let mut comparisons = Vec::new();
    let blocks = columns.iter().filter_map(|head| head.block).max().map_or(0, |last| last + 1);
    for block in 0..blocks {
        let own: Vec<usize> = (0..columns.len())
            .filter(|&at| columns[at].block == Some(block) && matches!(columns[at].level, Level::Category | Level::Net))
            .collect();
        let Some(&first) = own.first().filter(|&&first| columns[first].is_single) else { continue };
        let by = &columns[first].variable;
        let all: Vec<usize> = own.iter().copied().filter(|&at| columns[at].level == Level::Category).collect();
        let picked: Vec<usize> = own.into_iter().filter(|&at| shown(&columns[at])).collect();
        if all.len() > 1 {
            comparisons.push(Comparison { by: by.clone(), groups: all.clone(), is_pair: false });
        }
        let disjoint =
            picked.iter().enumerate().all(|(index, &one)| picked[..index].iter().all(|&two| apart(columns, one, two)));
        if picked == all || !disjoint {
            continue;
        }
        for (index, &one) in picked.iter().enumerate() {
            let pair = |&two: &usize| Comparison { by: by.clone(), groups: vec![one, two], is_pair: true };
            comparisons.extend(picked[index + 1..].iter().map(pair));
        }
    }
    comparisons
}

/// The comparison of the groups called `names`.
///
/// # Errors
/// If there is no such group, or a respondent can be in both.
pub fn pair(columns: &[Head], names: [&str; 2]) -> Result<Comparison> {
    let find = |name: &str| {
        let is_group = |head: &&Head| matches!(head.level, Level::Category | Level::Net);
        let known: Vec<&str> = columns.iter().filter(is_group).map(|head| head.id.as_str()).collect();
        columns.iter().position(|head| is_group(&head) && head.id == name).ok_or_else(|| {
            let mut error = Diagnostic::error(text!(
                "比べる群「{name}」がありません。",
                "There is no group \"{name}\" to compare."
            ));
            error.hint = suggest(name, &known);
            error
        })
    };
    let (one, two) = (find(names[0])?, find(names[1])?);
    if columns[one].block != columns[two].block || !columns[one].is_single || !apart(columns, one, two) {
        let [first, second] = names;
        return Err(Diagnostic::error(text!(
            "「{first}」と「{second}」は、同じ人が両方に入りうるので比べられません。",
            "\"{first}\" and \"{second}\" cannot be compared: a respondent may be in both."
        ))
        .hint(text!(
            "同じ列の、重ならない2つの群を指定してください。",
            "Name two groups of one column that exclude each other."
        )));
    }
    Ok(Comparison { by: columns[one].variable.clone(), groups: vec![one, two], is_pair: true })
}

fn members(columns: &[Head], at: usize) -> Vec<usize> {
    if columns[at].level == Level::Net { columns[at].of.clone() } else { vec![at] }
}

fn apart(columns: &[Head], one: usize, two: usize) -> bool {
    let own = members(columns, one);
    members(columns, two).iter().all(|member| !own.contains(member))
}

/// Tests every row of `shares` (by row, then column) in every comparison. The family of an
/// adjustment is the rows of one comparison that `counts` holds for.
pub fn tests(
    shares: &[Vec<Share>],
    comparisons: &[Comparison],
    adjustment: Option<Adjustment>,
    counts: &(dyn Fn(usize) -> bool + Sync),
) -> Vec<Test> {
    let mut found = Vec::new();
    for (at, comparison) in comparisons.iter().enumerate() {
        let rows: Vec<usize> = (0..shares.len()).filter(|&item| counts(item)).collect();
        let mut tests: Vec<Vec<Test>> = rows
            .par_iter()
            .map(|&item| {
                let groups: Vec<Share> = comparison.groups.iter().map(|&group| shares[item][group]).collect();
                of_row(&groups, item, at)
            })
            .collect();
        let p: Vec<f64> = tests.iter().filter_map(|tests| tests[0].p).collect();
        let adjusted = adjustment.map(|adjustment| adjustment.adjust(&p));
        let mut adjusted = adjusted.into_iter().flatten();
        let size = p.len();
        for test in tests.iter_mut().map(|tests| &mut tests[0]).filter(|test| test.p.is_some()) {
            test.p_adjusted = adjusted.next();
            if test.p_adjusted.is_some() {
                test.notes.push(text!(
                    "族: この設問・この比較の {size} 検定",
                    "family: the {size} tests of this question and comparison"
                ));
            }
        }
        found.extend(tests.into_iter().flatten());
    }
    found
}

/// The tests of one row: the one that counts first.
fn of_row(groups: &[Share], item: usize, comparison: usize) -> Vec<Test> {
    let blank = |kind| Test {
        item,
        comparison,
        kind,
        statistic: None,
        df: None,
        p: None,
        p_adjusted: None,
        cramers_v: None,
        difference: None,
        min_expected: None,
        notes: Vec::new(),
    };
    let counts = |share: &Share| vec![share.count(), share.base() - share.count()];
    let table = Table::new(groups.iter().map(counts).collect());
    let mut tests = Vec::new();
    if let [one, two] = groups {
        let exact = fisher([one, two].map(|share| [share.count(), share.base() - share.count()]));
        tests.push(Test { p: Some(exact.p), difference: difference(*one, *two), ..blank(Kind::Fisher) });
        tests.push(Test { p: Some(exact.mid_p), ..blank(Kind::MidP) });
    } else {
        let exact = freeman_halton(&table, &work(groups.len()));
        let mut test = Test { p: Some(exact.p), ..blank(Kind::FreemanHalton) };
        if let Method::MonteCarlo { replicates, seed, standard_error } = exact.method {
            test.notes.push(text!(
                "モンテカルロ法（{replicates}回、シード {seed}、標準誤差 {standard_error:.5}）",
                "Monte Carlo ({replicates} tables, seed {seed}, standard error {standard_error:.5})"
            ));
        }
        tests.push(test);
    }
    let empty = groups.iter().filter(|share| share.base() == 0).count();
    if empty > 0 {
        tests[0].notes.push(text!("母数0の群が {empty} つあります", "groups with a base of 0: {empty}"));
    }
    // A group of nobody says nothing of the others.
    let occupied = Table::new(groups.iter().filter(|share| share.base() > 0).map(counts).collect());
    let mut chi = blank(Kind::ChiSquare);
    match occupied.chi_square() {
        Ok(square) => {
            (chi.statistic, chi.df, chi.p) = (Some(square.statistic), Some(square.df), Some(square.p));
            if square.min_expected < 5.0 {
                chi.notes.push(text!("期待度数が5未満: χ²は参考", "an expected count under 5: do not rely on χ²"));
            }
        }
        Err(undefined) => {
            let Text { ja, en } = undefined.reason();
            chi.notes.push(text!("計算できません: {ja}", "undefined: {en}"));
        }
    }
    tests[0].cramers_v = occupied.cramers_v().ok();
    let expected = table.min_expected().ok();
    tests.push(chi);
    for test in &mut tests {
        test.min_expected = expected;
    }
    tests
}

/// Fewer tables are drawn of many groups, whose draws take longer; the standard error
/// stands in the note.
fn work(groups: usize) -> Plan {
    Plan { replicates: (400_000 / groups as u64).clamp(5_000, 50_000), ..Plan::default() }
}

/// The difference of two shares; `None` with an empty base.
pub fn difference(one: Share, two: Share) -> Option<Difference> {
    let interval = newcombe((one.count(), one.base()), (two.count(), two.base())).ok()?;
    let [a, n, b, m] = [one.count(), one.base(), two.count(), two.base()].map(i128::from);
    let (over, under) = (1000 * (a * m - b * n), n * m);
    let tenths = over.signum() * ((2 * over.abs() + under) / (2 * under));
    Some(Difference { tenths: tenths as i64, bounds: (100.0 * interval.low, 100.0 * interval.high) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_rounded_from_the_counts() {
        let of = |a, n, b, m| difference(Share::new(a, n), Share::new(b, m)).map(|difference| difference.tenths);
        // 28/37 − 30/98 = 45.06… points; 1/16 = 6.25; its negative.
        assert_eq!(of(28, 37, 30, 98), Some(451));
        assert_eq!(of(1, 16, 0, 5), Some(63));
        assert_eq!(of(0, 5, 1, 16), Some(-63));
        assert_eq!(of(1, 2, 0, 0), None);
    }

    #[test]
    fn an_empty_margin_has_p_1_and_no_chi_square() {
        let nobody = of_row(&[Share::new(0, 37), Share::new(0, 98)], 0, 0);
        assert_eq!((nobody[0].p, nobody[0].cramers_v), (Some(1.0), None));
        let chi = nobody.last().unwrap();
        assert_eq!((chi.kind, chi.p), (Kind::ChiSquare, None));
        assert!(chi.notes[0].ja.starts_with("計算できません"));
    }
}
