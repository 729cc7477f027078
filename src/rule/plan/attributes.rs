//! Attributes of respondents: what rules ask of them, and which can make a difference.

use super::{AttributeNames, Compiled, Node, Plan};
use crate::diagnostic::suggest;
use crate::rule::RuleError;
use crate::span::Span;
use crate::text;

impl Plan {
    /// The attributes that rules ask for, in order: respondents alike in these are alike
    /// for all rules.
    pub(crate) fn attributes(&self) -> Vec<usize> {
        let mut found = Vec::new();
        self.rules.iter().flat_map(Compiled::branches).for_each(|(_, node)| of(node, &mut found));
        found.sort_unstable();
        found.dedup();
        found
    }
}

fn of(node: &Node, found: &mut Vec<usize>) {
    match node {
        Node::Or(parts) | Node::And(parts) => parts.iter().for_each(|part| of(part, found)),
        Node::Not(part) => of(part, found),
        Node::Attribute { index, .. } => found.push(*index),
        Node::Any(_)
        | Node::Near { .. }
        // The other rule is one of the plan.
        | Node::Rule(_)
        | Node::UnknownAttribute
        | Node::Count { .. }
        | Node::Length { .. } => {}
    }
}

/// The condition on an attribute, one of those that a study has.
pub(super) fn node(
    attributes: Option<&[AttributeNames]>,
    name: &str,
    negated: bool,
    values: &[String],
    span: Span,
) -> Result<Node, RuleError> {
    let Some(attributes) = attributes else { return Ok(Node::UnknownAttribute) };
    let Some(index) = attributes.iter().position(|attribute| attribute.names.iter().any(|known| known == name)) else {
        let known: Vec<&str> =
            attributes.iter().flat_map(|attribute| attribute.names.iter().map(String::as_str)).collect();
        let mut error =
            RuleError::new(span, text!("属性「{name}」は調査にありません。", "The study has no attribute \"{name}\"."));
        error.hint = suggest(name, &known);
        return Err(error);
    };
    let attribute = &attributes[index];
    let mut accepted = Vec::new();
    for value in values {
        if let Some((_, members)) = attribute.nets.iter().find(|(net, _)| net == value) {
            accepted.extend(members.iter().cloned());
        } else if attribute.values.is_empty() || attribute.values.contains(value) {
            accepted.push(value.clone());
        } else {
            let known: Vec<&str> =
                attribute.values.iter().chain(attribute.nets.iter().map(|(net, _)| net)).map(String::as_str).collect();
            let mut error = RuleError::new(
                span,
                text!(
                    "属性「{name}」に「{value}」という値はありません。",
                    "The attribute \"{name}\" has no value \"{value}\"."
                ),
            );
            error.hint = suggest(value, &known);
            return Err(error);
        }
    }
    Ok(Node::Attribute { index, negated, values: accepted })
}
