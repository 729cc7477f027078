//! [`Expr`] → [`Node`]: resolves names, collects word sets, works out what is needed.

use rustc_hash::FxHashMap;

use super::attributes;
use super::branch::Branches;
use super::circles::{self, targets};
use super::gather::gather;
use super::needs::Needs;
use super::regex::Patterns;
use super::{Compiled, Element, ElementId, Names, Node, Part, Plan, PlanError, SetId, Source, cycle_error};
use crate::diagnostic::suggest;
use crate::normalize::Normalizer;
use crate::rule::scan::{Atom, Hits, Scanner, WordCache, bits, marked};
use crate::rule::{Expr, Kind, RuleError, Word};
use crate::span::Span;
use crate::text;
use crate::tokenize::Tokenizer;

pub(super) fn plan(
    sources: &[Source<'_>],
    names: &Names<'_>,
    normalizer: &Normalizer,
    tokenizer: &Tokenizer,
) -> Result<Plan, Box<PlanError>> {
    circles::refuse(sources)?;
    let mut compiler = Compiler {
        sources,
        names,
        normalizer,
        patterns: Patterns::new(rules_of(sources).chain(names.lists.values().flatten().copied())),
        atoms: Vec::new(),
        atom_ids: FxHashMap::default(),
        words: FxHashMap::default(),
        sets: Vec::new(),
        set_ids: FxHashMap::default(),
        elements: Vec::new(),
        element_ids: FxHashMap::default(),
        list: None,
    };
    let mut rules = Vec::new();
    let mut first = 0;
    for (index, source) in sources.iter().enumerate() {
        let mut compile = |expr: Option<&Expr>, part: Part| {
            let alternatives: Vec<&Expr> = expr.map(alternatives).unwrap_or_default();
            compiler.list = None;
            let (words, others): (Vec<&Expr>, Vec<&Expr>) =
                alternatives.into_iter().partition(|expr| crate::rule::parse::word_level(expr).is_ok());
            let mut nodes = Vec::new();
            let failed = |error, list| Box::new(PlanError { source: index, part, error, list });
            if !words.is_empty() {
                match compiler.element(words.iter().copied()) {
                    Ok(element) => nodes.push(Node::Any(element)),
                    Err(error) => return Err(failed(error, compiler.list.take())),
                }
            }
            for expr in others {
                if part == Part::Except && !matches!(expr.kind, Kind::Near { .. }) {
                    return Err(failed(not_in_except(expr), None));
                }
                match compiler.node(expr) {
                    Ok(node) => nodes.push(node),
                    Err(error) => return Err(failed(error, compiler.list.take())),
                }
            }
            Ok(nodes.into_iter().flat_map(distributed).collect())
        };
        let rule = compile(source.rule, Part::Rule)?;
        let except = compile(source.except, Part::Except)?;
        let maybe = compile(source.maybe, Part::Maybe)?;
        let compiled = Compiled { unit: source.unit, first, rule, maybe, except };
        first += compiled.branches().count();
        rules.push(compiled);
    }
    let mut elements = compiler.elements;
    let sets = gather(compiler.sets, &mut elements);
    let scanner = Scanner::new(&compiler.atoms, &sets, tokenizer);
    let frequencies = frequencies(&scanner, &names.typical, normalizer, tokenizer);
    let needs = Needs::new(&rules, &elements, &frequencies);
    let (wakes, always) = needs.wakes(sets.len());
    let branches = Branches::new(&rules, &elements, &frequencies, &needs);
    let wakers = marked(wakes.iter().map(|branches| !branches.is_empty()));
    let wakes = wakes.into_iter().collect();
    let plain = marked(elements.iter().map(|element| element.regexes.is_empty()));
    let simple = marked(elements.iter().map(|element| element.phrases.is_empty()));
    Ok(Plan { rules, elements, simple, plain, scanner, wakes, wakers, branches, always })
}

/// The rules, and what they except and suggest.
fn rules_of<'s>(sources: &'s [Source<'s>]) -> impl Iterator<Item = &'s Expr> {
    sources.iter().flat_map(|source| [source.rule, source.except, source.maybe]).flatten()
}

/// In how many of the typical texts something of each set stands.
fn frequencies(scanner: &Scanner, typical: &[&str], normalizer: &Normalizer, tokenizer: &Tokenizer) -> Vec<u32> {
    let (mut cache, mut hits) = (WordCache::default(), Hits::default());
    let mut frequencies = vec![0; scanner.set_count()];
    let mut worker = tokenizer.worker();
    for text in typical.iter().step_by(typical.len().div_ceil(TYPICAL).max(1)) {
        // A text that cannot be cut says nothing; it is told when it is coded.
        let Ok(document) = worker.document(normalizer.normalize(text)) else { continue };
        scanner.scan(&document, tokenizer, &mut cache, &mut hits);
        bits(hits.seen()).for_each(|set| frequencies[set] += 1);
    }
    frequencies
}

/// So many texts tell common words from rare ones well enough.
const TYPICAL: usize = 200;

/// The alternatives of an expression, those inside alternatives too.
fn alternatives(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        Kind::Or(parts) => parts.iter().flat_map(alternatives).collect(),
        _ => vec![expr],
    }
}

/// `except` names places, so conditions cannot be among its alternatives.
fn not_in_except(expr: &Expr) -> RuleError {
    RuleError::new(
        expr.span,
        text!(
            "except に書けるのは語・near・seq を | でつないだものだけです。",
            "Only words, near and seq joined by | may stand in except."
        ),
    )
    .hint(text!("条件は rule に「& !…」の形で書いてください。", "Put a condition into the rule, as \"& !…\"."))
}

/// `(a | b) & c` as `a & c | b & c`, so that each is tried only where its own words stand.
fn distributed(node: Node) -> Vec<Node> {
    let Node::And(mut parts) = node else { return vec![node] };
    let Some(at) = parts.iter().position(|part| matches!(part, Node::Or(_))) else { return vec![Node::And(parts)] };
    let Node::Or(alternatives) = parts.remove(at) else { return Vec::new() };
    let together = |alternative| {
        let mut all = parts.clone();
        all.insert(at, alternative);
        Node::And(all)
    };
    alternatives.into_iter().map(together).collect()
}

/// What an element is written of: sets, phrases and patterns.
type Written = (Vec<SetId>, Vec<Vec<SetId>>, Vec<String>);

struct Compiler<'a> {
    sources: &'a [Source<'a>],
    names: &'a Names<'a>,
    normalizer: &'a Normalizer,
    patterns: Patterns<'a>,
    atoms: Vec<Atom>,
    atom_ids: FxHashMap<Atom, u32>,
    /// The atoms of words as they are written.
    words: FxHashMap<Word, u32>,
    /// Members of each set, sorted.
    sets: Vec<Vec<u32>>,
    set_ids: FxHashMap<Vec<u32>, SetId>,
    elements: Vec<Element>,
    element_ids: FxHashMap<Written, ElementId>,
    /// The list entry at fault, when an error comes from one.
    list: Option<(String, usize)>,
}

type Compiling<T> = Result<T, RuleError>;

impl Compiler<'_> {
    fn node(&mut self, expr: &Expr) -> Compiling<Node> {
        Ok(match &expr.kind {
            Kind::Or(_) => self.or(expr)?,
            Kind::And(parts) => Node::And(parts.iter().map(|part| self.node(part)).collect::<Compiling<_>>()?),
            Kind::Not(inner) => Node::Not(Box::new(self.node(inner)?)),
            Kind::Near { elements, ordered, distance } => Node::Near {
                elements: elements.iter().map(|element| self.element([element])).collect::<Compiling<_>>()?,
                ordered: *ordered,
                distance: *distance,
            },
            Kind::Code(name) => Node::Rule(self.code(name, expr.span)?),
            Kind::Attribute { name, negated, values } => {
                attributes::node(self.names.attributes, name, *negated, values, expr.span)?
            }
            Kind::Count { element, compare, number } => {
                Node::Count { element: self.element([element.as_ref()])?, compare: *compare, number: *number }
            }
            Kind::Length { compare, number } => Node::Length { compare: *compare, number: *number },
            Kind::Word(_) | Kind::Text(_) | Kind::Regex(_) | Kind::Phrase(_) | Kind::List(_) => {
                Node::Any(self.element([expr])?)
            }
        })
    }

    /// Words of an alternative become one element, so that a thousand of them cost one look-up.
    fn or(&mut self, expr: &Expr) -> Compiling<Node> {
        let (words, others): (Vec<&Expr>, Vec<&Expr>) =
            alternatives(expr).into_iter().partition(|part| crate::rule::parse::word_level(part).is_ok());
        let mut nodes = Vec::with_capacity(others.len() + 1);
        if !words.is_empty() {
            nodes.push(Node::Any(self.element(words)?));
        }
        for part in others {
            nodes.push(self.node(part)?);
        }
        Ok(Node::Or(nodes))
    }

    fn element<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr>) -> Compiling<ElementId> {
        let mut element = Element::default();
        let mut members = Vec::new();
        for expr in exprs {
            self.collect(expr, &mut members, &mut element, &mut Vec::new())?;
        }
        if !members.is_empty() {
            let set = self.set(members);
            element.sets.push(set);
        }
        element.sets.sort_unstable();
        element.sets.dedup();
        let patterns = element.regexes.iter().map(|(regex, _)| regex.as_str().to_owned()).collect();
        let next = self.elements.len() as ElementId;
        let id = *self.element_ids.entry((element.sets.clone(), element.phrases.clone(), patterns)).or_insert(next);
        if id == next {
            self.elements.push(element);
        }
        Ok(id)
    }

    fn collect(
        &mut self,
        expr: &Expr,
        members: &mut Vec<u32>,
        element: &mut Element,
        lists: &mut Vec<String>,
    ) -> Compiling<()> {
        match &expr.kind {
            Kind::Or(parts) => parts.iter().try_for_each(|part| self.collect(part, members, element, lists)),
            Kind::Word(word) => {
                let atom = self.word(word, expr.span)?;
                members.push(atom);
                Ok(())
            }
            Kind::Text(text) => {
                let folded = self.folded(text, expr.span)?;
                members.push(self.atom(Atom::Text(folded)));
                Ok(())
            }
            Kind::Phrase(words) => {
                let sets = words
                    .iter()
                    .map(|word| self.word(word, expr.span).map(|atom| self.set(vec![atom])))
                    .collect::<Compiling<Vec<_>>>()?;
                element.phrases.push(sets);
                Ok(())
            }
            Kind::Regex(pattern) => {
                let ready = self.patterns.get(pattern, expr.span)?;
                let (pattern, literals) = (ready.pattern.clone(), ready.literals.clone());
                // Where none of these characters stands, the pattern need not be tried.
                let set = literals.map(|literals| {
                    let members = literals.into_iter().map(|text| self.atom(Atom::Text(text))).collect();
                    self.set(members)
                });
                element.regexes.push((pattern, set));
                Ok(())
            }
            Kind::List(name) if lists.is_empty() => {
                let mut words = Vec::new();
                self.list(name, expr, &mut words, element, lists)?;
                if !words.is_empty() {
                    let set = self.set(words);
                    element.sets.push(set);
                }
                Ok(())
            }
            Kind::List(name) => self.list(name, expr, members, element, lists),
            _ => Err(crate::rule::parse::word_level(expr).err().unwrap_or_else(|| cycle_error(expr, &[]))),
        }
    }

    fn list(
        &mut self,
        name: &str,
        expr: &Expr,
        members: &mut Vec<u32>,
        element: &mut Element,
        lists: &mut Vec<String>,
    ) -> Compiling<()> {
        let Some(entries) = self.names.lists.get(name) else {
            let mut known: Vec<&str> = self.names.lists.keys().copied().collect();
            known.sort_unstable();
            let mut error =
                RuleError::new(expr.span, text!("リスト <{name}> はありません。", "There is no list \"<{name}>\"."));
            error.hint = suggest(name, &known)
                .or(Some(text!("[lists] に {name} = [\"…\"] を加えてください。", "Add {name} = [\"…\"] to [lists].")));
            return Err(error);
        };
        lists.push(name.to_owned());
        if lists[..lists.len() - 1].iter().any(|open| open == name) {
            return Err(cycle_error(expr, lists));
        }
        for (index, entry) in entries.iter().enumerate() {
            self.collect(entry, members, element, lists).inspect_err(|_| {
                self.list.get_or_insert((name.to_owned(), index));
            })?;
        }
        lists.pop();
        Ok(())
    }

    fn word(&mut self, word: &Word, span: Span) -> Compiling<u32> {
        if let Some(known) = self.words.get(word) {
            return Ok(*known);
        }
        let folded = self.folded(&word.text, span)?;
        let atom = self.atom(Atom::Word(Word { text: folded, ..word.clone() }));
        self.words.insert(word.clone(), atom);
        Ok(atom)
    }

    /// The text as answers are folded: a rule may be written in any spelling.
    fn folded(&self, text: &str, span: Span) -> Compiling<String> {
        let folded = self.normalizer.normalize(text).text().to_owned();
        if folded.trim().is_empty() {
            return Err(RuleError::new(
                span,
                text!("この語には探せる文字がありません。", "This word has no characters to look for."),
            )
            .hint(text!("別の語を書いてください。", "Write another word.")));
        }
        Ok(folded)
    }

    fn atom(&mut self, atom: Atom) -> u32 {
        let next = self.atoms.len() as u32;
        let id = *self.atom_ids.entry(atom.clone()).or_insert(next);
        if id == next {
            self.atoms.push(atom);
        }
        id
    }

    fn set(&mut self, mut members: Vec<u32>) -> SetId {
        members.sort_unstable();
        members.dedup();
        let next = self.sets.len() as SetId;
        let id = *self.set_ids.entry(members.clone()).or_insert(next);
        if id == next {
            self.sets.push(members);
        }
        id
    }

    fn code(&self, name: &str, span: Span) -> Compiling<Vec<usize>> {
        let found = targets(name, self.sources);
        if found.is_empty() {
            let mut known: Vec<&str> = self.sources.iter().map(|source| source.id.as_str()).collect();
            known.extend(self.sources.iter().filter_map(|source| source.net.as_deref()));
            known.dedup();
            let mut error = RuleError::new(span, text!("コード @{name} はありません。", "There is no code @{name}."));
            error.hint = suggest(name, &known);
            return Err(error);
        }
        Ok(found)
    }
}
