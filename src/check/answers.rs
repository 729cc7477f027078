//! What the answers of a study say of the rules.

use std::collections::HashMap;

use super::probe::Probe;
use super::twins::first_line;
use super::walk::{self, Owner};
use super::{Finding, Lint, QuestionHits, Study, Together, UNTOUCHED, Untouched};
use crate::coding::Coded;
use crate::diagnostic::Result;
use crate::rule::evaluate::Evaluator;
use crate::rule::plan::Part;
use crate::rule::{Expr, Kind};
use crate::span::Span;
use crate::survey::{PerAnswer, Survey};
use crate::tabulate::Share;
use crate::text;
use crate::tokenize::{Document, Features, UnitKind};

/// Fewer answers than this say nothing of codes that go together.
const FEW: u64 = 3;

/// A code that holds for this many percent of at least [`ENOUGH`] answers tells nothing apart.
const NEARLY_ALL: u64 = 95;
const ENOUGH: u64 = 10;

/// The coded answers of a study.
pub(super) struct Answers<'s> {
    survey: &'s Survey,
    coded: PerAnswer<Coded>,
    /// Answers with content, cut.
    pub(super) documents: Vec<Document>,
}

impl<'s> Answers<'s> {
    pub(super) fn new(probe: &Probe<'_>, survey: &'s Survey) -> Result<Self> {
        let coded = probe.machine.code_all(survey, &|_| ())?;
        let mut documents = Vec::new();
        for (at, respondent) in survey.respondents.iter().enumerate() {
            for (answer, coded) in respondent.answers.iter().zip(coded.row(at)) {
                if let (Some(text), Some(Coded { reserved: None, .. })) = (answer.text(), coded) {
                    documents.push(probe.document(text)?);
                }
            }
        }
        Ok(Self { survey, coded, documents })
    }

    /// Morphemes of the longest unit of that kind.
    pub(super) fn longest(&self, kind: UnitKind) -> usize {
        let units = self.documents.iter().flat_map(|document| document.units(kind));
        units.map(|unit| unit.last - unit.first).max().unwrap_or(0)
    }

    /// Answers with content to one question, or to all.
    fn of(&self, question: Option<usize>) -> impl Iterator<Item = &Coded> {
        let questions = match question {
            Some(question) => question..question + 1,
            None => 0..self.survey.questions.len(),
        };
        let respondents = 0..self.survey.respondents.len();
        respondents
            .flat_map(move |respondent| questions.clone().map(move |question| (respondent, question)))
            .filter_map(|(respondent, question)| self.coded.get(respondent, question))
            .filter(|coded| coded.reserved.is_none())
    }

    fn share(&self, probe: &Probe<'_>, code: usize, question: Option<usize>) -> Share {
        let hits = self.of(question).filter(|coded| holds(probe, coded, code)).count();
        Share::new(hits as u64, self.of(question).count() as u64)
    }

    /// Codes that hold for no answer or for nearly all.
    pub(super) fn findings(&self, probe: &Probe<'_>) -> Vec<Finding> {
        let mut found = Vec::new();
        for (index, code) in probe.codebook().codes.iter().enumerate() {
            let Some(rule) = &code.rule else { continue };
            let share = self.share(probe, index, None);
            let (id, count, base, percent) = (&code.id, share.count(), share.base(), share.percent());
            let place = first_line(&rule.text.text, rule.expr.span);
            if base > 0 && count == 0 {
                let error = rule.text.error_at(
                    place,
                    text!(
                        "{id} は、内容のある回答 {base} 件のどれにも付きません。",
                        "\"{id}\" holds for none of {base} answers with content."
                    ),
                );
                let hint = text!(
                    "調査に無いテーマならそのままで構いません。そうでなければ語を確かめてください（aftercode tokens）。",
                    "Fine if nobody speaks of it; else check its words (aftercode tokens)."
                );
                found.push(Finding::new(Lint::NeverFires, Some(index), error, hint));
            } else if base >= ENOUGH && count * 100 >= base * NEARLY_ALL {
                let error = rule.text.error_at(
                    place,
                    text!(
                        "{id} は、内容のある回答 {base} 件のうち {count} 件（{percent}%）に付きます。",
                        "\"{id}\" holds for {count} of {base} answers with content ({percent}%)."
                    ),
                );
                let hint = text!(
                    "ほとんど全部に付くコードは何も区別しません。広すぎる語を探してください。",
                    "A code that holds for nearly all tells nothing apart. Look for too wide a word."
                );
                found.push(Finding::new(Lint::AlwaysFires, Some(index), error, hint));
            }
        }
        found
    }

    pub(super) fn report(&self, probe: &Probe<'_>) -> Result<Study> {
        let codes = probe.codebook().codes.len();
        let questions = (0..self.survey.questions.len())
            .map(|question| QuestionHits {
                question,
                answered: self.of(Some(question)).count() as u64,
                uncoded: self.of(Some(question)).filter(|coded| coded.codings.is_empty()).count() as u64,
                hits: (0..codes).map(|code| self.share(probe, code, Some(question))).collect(),
            })
            .collect();
        let mut untouched = self.untouched(probe)?;
        let untouched_total = untouched.len();
        untouched.truncate(UNTOUCHED);
        Ok(Study { questions, together: self.together(probe), untouched, untouched_total })
    }

    fn together(&self, probe: &Probe<'_>) -> Vec<Together> {
        let codebook = probe.codebook();
        let standalone: Vec<usize> = codebook.standalone().map(|(index, _)| index).collect();
        let sets: HashMap<usize, Vec<bool>> = standalone
            .iter()
            .map(|&code| (code, self.of(None).map(|coded| holds(probe, coded, code)).collect()))
            .collect();
        let count = |code: usize| sets[&code].iter().filter(|holds| **holds).count() as u64;
        let mut found = Vec::new();
        for &code in &standalone {
            for &with in standalone.iter().filter(|with| **with != code) {
                let (answers, with_answers) = (count(code), count(with));
                let inside = sets[&code].iter().zip(&sets[&with]).all(|(code, with)| !code || *with);
                let told = answers == with_answers && with < code;
                let axis = codebook.codes[code].axis == codebook.codes[with].axis;
                if axis && inside && answers >= FEW && !told {
                    found.push(Together { code, with, answers, with_answers });
                }
            }
        }
        found
    }

    /// Content words that stand in no place that a rule finds, the most frequent first.
    fn untouched(&self, probe: &Probe<'_>) -> Result<Vec<Untouched>> {
        let everything = all_words(probe);
        let plan = probe.plan_of(&[Some(&everything)])?;
        let tokenizer = probe.machine.tokenizer();
        let mut evaluator = Evaluator::new(&plan, tokenizer);
        let mut counts: HashMap<(String, String), u64> = HashMap::new();
        for document in &self.documents {
            let touched = evaluator.read(document, &[]).find(0, document.response()).unwrap_or_default();
            let mut words: Vec<(String, String)> = Vec::new();
            for token in &document.tokens {
                let features = tokenizer.features(*token, document.text());
                let next = touched.partition_point(|span| span.end <= token.span.start);
                if touched.get(next).is_none_or(|span| !span.overlaps(token.span)) && is_content(&features) {
                    words.push((features.base.to_owned(), features.pos().join("-")));
                }
            }
            words.sort_unstable();
            words.dedup();
            words.into_iter().for_each(|word| *counts.entry(word).or_default() += 1);
        }
        let mut words: Vec<Untouched> =
            counts.into_iter().map(|((base, pos), answers)| Untouched { base, pos, answers }).collect();
        words
            .sort_unstable_by(|a, b| b.answers.cmp(&a.answers).then_with(|| (&a.base, &a.pos).cmp(&(&b.base, &b.pos))));
        Ok(words)
    }
}

/// Whether the code holds for the answer; of a qualifying axis, whether a theme takes it.
fn holds(probe: &Probe<'_>, coded: &Coded, code: usize) -> bool {
    let id = &probe.codebook().codes[code].id;
    coded.codings.iter().any(|coding| {
        coding.code == code || coding.stance.as_ref().is_some_and(|stance| *stance.id == **id && is_stance(probe, code))
    })
}

fn is_stance(probe: &Probe<'_>, code: usize) -> bool {
    let codebook = probe.codebook();
    codebook.axes.iter().any(|axis| axis.id == codebook.codes[code].axis && axis.qualifies.is_some())
}

/// Everything that a `rule` or a `maybe` looks for, as one choice.
fn all_words(probe: &Probe<'_>) -> Expr {
    let mut words = Vec::new();
    for written in walk::all(probe.codebook()) {
        if matches!(written.owner, Owner::Code(_, Part::Rule | Part::Maybe)) {
            words.extend(walk::parts(&written.rule.expr).into_iter().filter(|part| is_word(part)).cloned());
        }
    }
    Expr { kind: Kind::Or(words), span: Span::default() }
}

fn is_word(expr: &Expr) -> bool {
    matches!(expr.kind, Kind::Word(_) | Kind::Text(_) | Kind::Regex(_) | Kind::Phrase(_) | Kind::List(_))
}

/// Nouns, verbs, adjectives and adverbs that mean something by themselves.
fn is_content(features: &Features<'_>) -> bool {
    let pos = features.pos();
    let light =
        ["する", "ある", "いる", "おる", "なる", "できる", "思う", "言う", "こと", "もの", "為る", "有る", "居る"];
    let class = match (pos.first().copied().unwrap_or_default(), pos.get(1).copied().unwrap_or_default()) {
        ("名詞", kind) => !matches!(
            kind,
            "非自立" | "代名詞" | "数" | "数詞" | "接尾" | "特殊" | "接続詞的" | "動詞非自立的" | "助動詞語幹"
        ),
        ("動詞" | "形容詞", kind) => !matches!(kind, "非自立" | "接尾" | "非自立可能"),
        ("形状詞" | "副詞", _) => true,
        _ => false,
    };
    class && !light.contains(&features.base) && features.base.chars().any(char::is_alphanumeric)
}
