//! Answers to be coded: all of them, or a stratified random sample.

use super::codings::Unit;
use super::scheme::Scheme;
use crate::statistics::Stream;

/// A sample of the answers with text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// What was drawn, in random order.
    pub units: Vec<Unit>,
    /// Where it was drawn from, by question, then group.
    pub strata: Vec<Stratum>,
}

/// The answers to a question of the respondents of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stratum {
    /// The question's id.
    pub question: String,
    /// The group; `None` where it is unknown, or there are no groups.
    pub group: Option<String>,
    /// Answers with text.
    pub answers: u64,
    /// How many of them were drawn.
    pub drawn: u64,
}

/// The answers with text to these questions (by place), in the survey's order.
pub fn answered(scheme: &Scheme<'_>, questions: &[usize]) -> Vec<Unit> {
    let mut units = Vec::new();
    for (at, respondent) in scheme.survey.respondents.iter().enumerate() {
        for &question in questions.iter().filter(|question| respondent.answers[**question].text().is_some()) {
            units.push(scheme.unit_at(at, question));
        }
    }
    units
}

impl Sample {
    /// Draws `count` of the answers with text to these questions (by place), as many of
    /// each question and each value of an attribute (by place) as its share asks for, by
    /// largest remainder; at least one of each, if there are enough to draw. All answers
    /// if there are no more than `count`.
    ///
    /// The seed alone decides, not the order of the rows in the file of answers.
    pub fn draw(scheme: &Scheme<'_>, questions: &[usize], by: Option<usize>, count: u64, seed: u64) -> Self {
        let survey = scheme.survey;
        let mut units: Vec<((usize, usize), Unit)> = answered(scheme, questions)
            .into_iter()
            .map(|unit| {
                let value = by.and_then(|by| survey.respondents[unit.place.0].values[by].as_deref());
                let categories = by.map_or(&[][..], |by| &survey.attributes[by].categories);
                // The unknown come last.
                let group = categories.iter().position(|own| Some(own.as_str()) == value).unwrap_or(categories.len());
                ((unit.place.1, group), unit)
            })
            .collect();
        units.sort_by_key(|(stratum, _)| *stratum);
        let strata: Vec<&mut [((usize, usize), Unit)]> = units.chunk_by_mut(|one, other| one.0 == other.0).collect();
        let quotas = quotas(&strata.iter().map(|own| own.len() as u64).collect::<Vec<_>>(), count);
        let mut sample = Self { units: Vec::new(), strata: Vec::new() };
        for ((own, &drawn), stream) in strata.into_iter().zip(&quotas).zip(1..) {
            let (question, group) = own[0].0;
            shuffle(own, drawn as usize, &mut Stream::new(seed, stream));
            sample.units.extend(own[..drawn as usize].iter().map(|(_, unit)| unit.clone()));
            sample.strata.push(Stratum {
                question: survey.questions[question].id.clone(),
                group: by.and_then(|by| survey.attributes[by].categories.get(group).cloned()),
                answers: own.len() as u64,
                drawn,
            });
        }
        let all = sample.units.len();
        shuffle(&mut sample.units, all, &mut Stream::new(seed, 0));
        sample
    }
}

/// Brings `count` random items to the front: Fisher and Yates, as far as it is needed.
fn shuffle<T>(items: &mut [T], count: usize, stream: &mut Stream) {
    for at in 0..count {
        let other = at + stream.below((items.len() - at) as u64) as usize;
        items.swap(at, other);
    }
}

/// How many of each stratum, given their sizes; they add up to `count`, or to all.
fn quotas(sizes: &[u64], count: u64) -> Vec<u64> {
    let mut left = count.min(sizes.iter().sum());
    let mut quotas = vec![0; sizes.len()];
    let mut open: Vec<usize> = (0..sizes.len()).collect();
    // Strata whose share is less than one get one, and the others share the rest.
    let is_enough = left >= sizes.len() as u64;
    loop {
        let all: u64 = open.iter().map(|&at| sizes[at]).sum();
        let (large, small): (Vec<usize>, Vec<usize>) = open.iter().partition(|&&at| left * sizes[at] >= all);
        if small.is_empty() || !is_enough {
            break;
        }
        small.iter().for_each(|&at| quotas[at] = 1);
        left -= small.len() as u64;
        open = large;
    }
    let all: u64 = open.iter().map(|&at| sizes[at]).sum();
    open.iter().for_each(|&at| quotas[at] = left * sizes[at] / all);
    let rest = left - open.iter().map(|&at| quotas[at]).sum::<u64>();
    // Of equal remainders the first counts; the order is stable.
    open.sort_by_key(|&at| std::cmp::Reverse(left * sizes[at] % all));
    open.iter().take(rest as usize).for_each(|&at| quotas[at] += 1);
    quotas
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotas_follow_the_shares() {
        assert_eq!(quotas(&[50, 30, 20], 10), [5, 3, 2]);
        // Shares of 20: 5.48, 5.63, 4.00, 4.89.
        assert_eq!(quotas(&[37, 38, 27, 33], 20), [5, 6, 4, 5]);
        assert_eq!(quotas(&[100, 1, 1], 10), [8, 1, 1]);
        assert_eq!(quotas(&[5, 5, 5], 2), [1, 1, 0]);
        assert_eq!(quotas(&[3, 2], 9), [3, 2]);
        assert_eq!(quotas(&[], 4), Vec::<u64>::new());
    }

    #[test]
    fn quotas_add_up_and_fit() {
        let mut stream = Stream::new(5, 0);
        for _ in 0..3_000 {
            let sizes: Vec<u64> = (0..1 + stream.below(12)).map(|_| 1 + stream.below(60)).collect();
            let all: u64 = sizes.iter().sum();
            let count = 1 + stream.below(all + 5);
            let quotas = quotas(&sizes, count);
            assert_eq!(quotas.iter().sum::<u64>(), count.min(all), "{sizes:?} {count}");
            for (quota, size) in quotas.iter().zip(&sizes) {
                assert!(quota <= size, "{sizes:?} {count}: {quotas:?}");
                assert!(*quota >= 1 || count < sizes.len() as u64, "{sizes:?} {count}: {quotas:?}");
                // Never further from its share than what the small ones took.
                let share = count.min(all) as f64 * *size as f64 / all as f64;
                assert!(*quota as f64 <= share + 1.0, "{sizes:?} {count}: {quotas:?}");
            }
        }
    }
}
