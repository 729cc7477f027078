//! Every value of an audit under the name it has in files.

use crate::audit::{Against, Agreement, Axis, Block, Findings, Pair, Part, Performance, Sets, Two};
use crate::statistics::{Defined, Undefined};

/// Values by their names, in the order of presentation.
pub(super) type Values = Vec<(String, Defined<f64>)>;

/// Something that agreement was measured on.
pub(super) struct Level {
    pub(super) coders: Vec<String>,
    /// `code`, `net`, `axis`, `sets`, `stance`, `part`, `pair` or `gold`.
    pub(super) level: &'static str,
    pub(super) name: String,
    /// How many units the values rest on.
    pub(super) units: u64,
    pub(super) values: Values,
}

/// A count as a value.
fn count(name: &str, count: u64) -> (String, Defined<f64>) {
    (name.to_owned(), Ok(count as f64))
}

/// The values of a code, a net or an axis.
pub(super) fn agreement(agreement: &Agreement) -> Values {
    agreement.named().into_iter().map(|named| (named.name.to_owned(), named.value)).collect()
}

/// The values of an axis: what is said of its categories comes as well.
pub(super) fn axis(axis: &Axis) -> Values {
    let mut values = agreement(&axis.agreement);
    let [fleiss, conger] = axis.complete;
    values.push(("fleiss_complete_cases".to_owned(), fleiss));
    values.push(("conger_complete_cases".to_owned(), conger));
    if let [only] = axis.agreement.pairs.as_slice() {
        if axis.categories.len() == 2 {
            values.push(("mcnemar_chi2_p".to_owned(), only.pair.stuart_maxwell().map(|test| test.p)));
        }
        let specific: Vec<f64> =
            (0..axis.categories.len()).filter_map(|category| only.pair.specific(category).ok()).collect();
        values.push(("f1_micro".to_owned(), only.pair.po()));
        values.push(("f1_macro".to_owned(), mean(&specific)));
    }
    values
}

fn mean(values: &[f64]) -> Defined<f64> {
    if values.is_empty() { Err(Undefined::NoPair) } else { Ok(values.iter().sum::<f64>() / values.len() as f64) }
}

/// The values of whole sets.
pub(super) fn sets(sets: &Sets) -> Values {
    let mut values = vec![("pa_exact_set".to_owned(), sets.same)];
    for (distance, alpha) in &sets.alphas {
        let name = format!("alpha_{}", distance.id());
        values.push((name.clone(), alpha.value));
        if let Some(bootstrap) = alpha.interval {
            values.push((format!("{name}_boot_lo"), bootstrap.interval.map(|interval| interval.low)));
            values.push((format!("{name}_boot_hi"), bootstrap.interval.map(|interval| interval.high)));
        }
    }
    values
}

/// The values of a code of two coders.
pub(super) fn pair(pair: &Pair) -> Values {
    let [[neither, second], [first, both]] = [0, 1].map(|one| [0, 1].map(|other| pair.counts()[one][other]));
    let counts = [("both", both), ("only_first", first), ("only_second", second), ("neither", neither)];
    let named = pair.named().into_iter().map(|named| (named.name.to_owned(), named.value));
    counts.into_iter().map(|(name, value)| count(name, value)).chain(named).collect()
}

/// The mean κ of the codes that have one, and of how many.
pub(super) fn mean_kappa(two: &Two) -> (Defined<f64>, usize) {
    let kappas: Vec<f64> = two.codes.iter().filter_map(|pair| pair.cohen().kappa.ok()).collect();
    let mean = if kappas.is_empty() { Err(Undefined::NoVariation) } else { mean(&kappas) };
    (mean, kappas.len())
}

/// The values of two coders' sets.
pub(super) fn two(two: &Two) -> Values {
    let (kappa, codes) = mean_kappa(two);
    let mut values = sets(&two.sets);
    values.push(("kappa_mean".to_owned(), kappa));
    values.push(count("kappa_mean_codes", codes as u64));
    values
}

/// The values of a coder against the gold standard.
pub(super) fn against(against: &Against) -> Values {
    let own = &against.performance;
    let over = |measure: fn(&Performance) -> Defined<f64>| own.macro_mean(measure).map(|(mean, _)| mean);
    let codes = own.macro_mean(Performance::f1).map_or(0, |(_, codes)| codes);
    let exact = if own.units == 0 { Err(Undefined::NoPair) } else { Ok(own.exact as f64 / own.units as f64) };
    let mut values = vec![count("n_pairs", own.units), count("exact", own.exact), count("both_empty", own.empty)];
    let named: [(&str, Defined<f64>); 9] = [
        ("subset_accuracy", exact),
        ("precision_micro", own.micro.precision()),
        ("recall_micro", own.micro.recall()),
        ("f1_micro", own.micro.f1()),
        ("precision_macro", over(Performance::precision)),
        ("recall_macro", over(Performance::recall)),
        ("f1_macro", over(Performance::f1)),
        ("f1_samples", own.sample_f1),
        ("f1_samples_labeled", own.sample_f1_labeled),
    ];
    values.extend(named.map(|(name, value)| (name.to_owned(), value)));
    values.push(count("f1_macro_codes", codes));
    values
}

/// The values of one code against the gold standard.
pub(super) fn against_code(against: &Against, code: usize) -> Values {
    let own = &against.performance.labels[code];
    let pair = &against.codes[code];
    let mut values: Values =
        [("hits", own.hits), ("false_alarms", own.false_alarms), ("misses", own.misses), ("rest", own.rest)]
            .map(|(name, value)| count(name, value))
            .to_vec();
    let holm = against.holm[code].ok_or(if pair.units() == 0 { Undefined::NoPair } else { Undefined::NoDisagreement });
    let named: [(&str, Defined<f64>); 7] = [
        ("precision", own.precision()),
        ("recall", own.recall()),
        ("f1", own.f1()),
        ("mcc", pair.mcc()),
        ("mcnemar_exact_p", pair.mcnemar().map(|test| test.p)),
        ("mcnemar_midp", pair.mcnemar().map(|test| test.mid_p)),
        ("mcnemar_exact_p_holm", holm),
    ];
    values.extend(named.map(|(name, value)| (name.to_owned(), value)));
    values
}

/// Values under which one coder's use of a category stands before them.
fn with_uses(coders: &[String], own: &Agreement, values: Values) -> Values {
    let uses = coders.iter().zip(&own.uses);
    let given = uses.filter_map(|(coder, uses)| Some(count(&format!("given:{coder}"), *uses.get(1)?)));
    given.chain(values).collect()
}

/// All values of an audit, a level after the other.
pub(super) fn all(findings: &Findings) -> Vec<Level> {
    let mut levels = Vec::new();
    for block in std::iter::once(&findings.main).chain(&findings.with_rules) {
        levels.extend(of_block(block));
    }
    let main = &findings.main.coders;
    for Part { by, name, sets: own } in &findings.parts {
        let name = format!("{by}={name}");
        levels.push(Level { coders: main.clone(), level: "part", name, units: own.units, values: sets(own) });
    }
    for own in &findings.pairs {
        let coders = own.coders.map(|at| findings.coders[at].clone()).to_vec();
        let level = |name: &str, values| Level {
            coders: coders.clone(),
            level: "pair",
            name: name.to_owned(),
            units: own.sets.units,
            values,
        };
        levels.push(level("", two(own)));
        levels.extend(findings.labels.iter().zip(&own.codes).map(|(label, codes)| level(label, pair(codes))));
    }
    for own in &findings.against {
        let coders = [findings.gold.clone().unwrap_or_default(), own.coder.clone()].to_vec();
        let level = |name: &str, values| Level {
            coders: coders.clone(),
            level: "gold",
            name: name.to_owned(),
            units: own.performance.units,
            values,
        };
        levels.push(level("", against(own)));
        levels.extend(findings.labels.iter().enumerate().map(|(at, label)| level(label, against_code(own, at))));
    }
    levels
}

fn of_block(block: &Block) -> Vec<Level> {
    let level = |level, name: &str, units, values| Level {
        coders: block.coders.clone(),
        level,
        name: name.to_owned(),
        units,
        values,
    };
    let mut levels = Vec::new();
    for (kind, list) in [("code", &block.codes), ("net", &block.nets)] {
        for (name, own) in list {
            levels.push(level(kind, name, block.units, with_uses(&block.coders, own, agreement(own))));
        }
    }
    levels.extend(block.axis.iter().map(|own| level("axis", "", own.units, axis(own))));
    levels.push(level("sets", "", block.sets.units, sets(&block.sets)));
    levels.extend(block.stance.iter().map(|own| level("stance", "", own.units, axis(own))));
    levels
}
