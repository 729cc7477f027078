//! References between rules: what `@name` means, and that none leads back to itself.

use super::{Part, PlanError, Source, cycle_error};
use crate::rule::{Expr, Kind};

/// Refuses `@a` that leads back to itself.
pub(super) fn refuse(sources: &[Source<'_>]) -> Result<(), Box<PlanError>> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    fn visit(
        at: usize,
        sources: &[Source<'_>],
        states: &mut [State],
        path: &mut Vec<String>,
    ) -> Result<(), Box<PlanError>> {
        states[at] = State::Open;
        path.push(sources[at].id.clone());
        let parts = [(sources[at].rule, Part::Rule), (sources[at].maybe, Part::Maybe)];
        for (expr, part) in parts.into_iter().filter_map(|(expr, part)| Some((expr?, part))) {
            for reference in references(expr) {
                let Kind::Code(name) = &reference.kind else { continue };
                for next in targets(name, sources) {
                    match states[next] {
                        State::Done => {}
                        State::Open => {
                            let start = path.iter().position(|id| *id == sources[next].id).unwrap_or(0);
                            let mut circle = path[start..].to_vec();
                            circle.push(sources[next].id.clone());
                            return Err(Box::new(PlanError {
                                source: at,
                                part,
                                error: cycle_error(reference, &circle),
                                list: None,
                            }));
                        }
                        State::New => visit(next, sources, states, path)?,
                    }
                }
            }
        }
        path.pop();
        states[at] = State::Done;
        Ok(())
    }
    let mut states = vec![State::New; sources.len()];
    for at in 0..sources.len() {
        if states[at] == State::New {
            visit(at, sources, &mut states, &mut Vec::new())?;
        }
    }
    Ok(())
}

fn references(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        Kind::Or(parts) | Kind::And(parts) => parts.iter().flat_map(references).collect(),
        Kind::Not(inner) => references(inner),
        Kind::Code(_) => vec![expr],
        _ => Vec::new(),
    }
}

/// The rules that `@name` means: the code of that id, or the codes of that net.
pub(super) fn targets(name: &str, sources: &[Source<'_>]) -> Vec<usize> {
    let matching = |test: &dyn Fn(&Source<'_>) -> bool| -> Vec<usize> {
        sources.iter().enumerate().filter(|(_, source)| test(source)).map(|(at, _)| at).collect()
    };
    let codes = matching(&|source| source.id == name);
    if codes.is_empty() { matching(&|source| source.net.as_deref() == Some(name)) } else { codes }
}
