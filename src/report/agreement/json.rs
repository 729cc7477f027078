//! An audit as one object: from code to statistic to value. What has no value is
//! `{"undefined": reason}`.

use serde_json::{Map, Value, json};

use super::Audited;
use super::values::{self, Values};
use crate::audit::{Agreement, Axis, Block, Part};

pub(super) fn json(audited: &Audited<'_>) -> Value {
    let Audited { codings, findings, .. } = audited;
    let mut root = object(&findings.main);
    root.insert("version".to_owned(), Value::from(env!("CARGO_PKG_VERSION")));
    root.insert("files".to_owned(), codings.files.iter().map(file).collect());
    root.insert("all_coders".to_owned(), Value::from(findings.coders.clone()));
    let bootstrap = audited.bootstrap.map(|own| json!({"replicates": own.replicates, "seed": own.seed}));
    root.insert("bootstrap".to_owned(), bootstrap.unwrap_or(Value::Null));
    if let Some(with_rules) = &findings.with_rules {
        root.insert("with_rules".to_owned(), Value::Object(object(with_rules)));
    }
    let part = |Part { by, name, sets }: &Part| {
        let mut part = Map::from_iter([("by".to_owned(), Value::from(by.as_str()))]);
        part.insert("name".to_owned(), Value::from(name.as_str()));
        part.insert("units".to_owned(), Value::from(sets.units));
        part.extend(map(values::sets(sets)));
        Value::Object(part)
    };
    root.insert("parts".to_owned(), findings.parts.iter().map(part).collect());
    let codes = |of: &dyn Fn(usize) -> Values| -> Value {
        let one = |(at, label): (usize, &String)| (label.clone(), Value::Object(map(of(at))));
        Value::Object(findings.labels.iter().enumerate().map(one).collect())
    };
    let mut pairs = Vec::new();
    for own in &findings.pairs {
        let names = own.coders.map(|at| findings.coders[at].clone());
        let mut pair = Map::from_iter([("coders".to_owned(), json!(names))]);
        pair.insert("units".to_owned(), Value::from(own.sets.units));
        pair.extend(map(values::two(own)));
        pair.insert("codes".to_owned(), codes(&|at| values::pair(&own.codes[at])));
        pairs.push(Value::Object(pair));
    }
    root.insert("pairs".to_owned(), Value::Array(pairs));
    if let Some(gold) = &findings.gold {
        let mut against = Map::new();
        for own in &findings.against {
            let mut coder = map(values::against(own));
            coder.insert("codes".to_owned(), codes(&|at| values::against_code(own, at)));
            against.insert(own.coder.clone(), Value::Object(coder));
        }
        root.insert("gold".to_owned(), json!({"coder": gold, "against": against}));
    }
    let confused = audited
        .confused
        .iter()
        .map(|own| json!({"codes": own.codes.map(|at| findings.labels[at].as_str()), "answers": own.answers}));
    root.insert("confused".to_owned(), confused.collect());
    Value::Object(root)
}

fn file(file: &crate::audit::FileRead) -> Value {
    json!({
        "file": file.path.file_name().map(|name| name.to_string_lossy()),
        "form": file.form.id(),
        "coders": file.coders,
        "coded": file.coded,
        "codings": file.given,
        "sha256": file.sha256,
    })
}

fn object(block: &Block) -> Map<String, Value> {
    let mut object = Map::from_iter([("coders".to_owned(), json!(block.coders))]);
    object.insert("coded".to_owned(), Value::from(block.coded));
    object.insert("units".to_owned(), Value::from(block.units));
    for (name, list) in [("codes", &block.codes), ("nets", &block.nets)] {
        let one = |(label, own): &(String, Agreement)| {
            let given = |(coder, uses): (&String, &Vec<u64>)| (coder.clone(), Value::from(uses[1]));
            let mut code = Map::from_iter([("units".to_owned(), Value::from(own.coefficients.pairable))]);
            let uses: Map<String, Value> = block.coders.iter().zip(&own.uses).map(given).collect();
            code.insert("given".to_owned(), Value::Object(uses));
            if let [only] = own.pairs.as_slice() {
                code.insert("table".to_owned(), json!(only.pair.counts()));
            }
            code.extend(map(values::agreement(own)));
            (label.clone(), Value::Object(code))
        };
        object.insert(name.to_owned(), Value::Object(list.iter().map(one).collect()));
    }
    if let Some(own) = &block.axis {
        object.insert("axis".to_owned(), axis(block, own));
    }
    let mut sets = Map::from_iter([("units".to_owned(), Value::from(block.sets.units))]);
    sets.extend(map(values::sets(&block.sets)));
    object.insert("sets".to_owned(), Value::Object(sets));
    if let Some(own) = &block.stance {
        object.insert("stance".to_owned(), axis(block, own));
    }
    object
}

fn axis(block: &Block, axis: &Axis) -> Value {
    let mut object = Map::from_iter([("units".to_owned(), Value::from(axis.units))]);
    object.insert("categories".to_owned(), json!(axis.categories));
    let given = |(coder, uses): (&String, &Vec<u64>)| (coder.clone(), json!(uses));
    let uses: Map<String, Value> = block.coders.iter().zip(&axis.agreement.uses).map(given).collect();
    object.insert("given".to_owned(), Value::Object(uses));
    let pair = |of: &crate::audit::PairOf| {
        json!({
            "coders": [block.coders[of.first], block.coders[of.second]],
            "units": of.pair.units(),
            "counts": of.pair.counts(),
        })
    };
    object.insert("confusion".to_owned(), axis.agreement.pairs.iter().map(pair).collect());
    object.extend(map(values::axis(axis)));
    Value::Object(object)
}

fn map(values: Values) -> Map<String, Value> {
    let value = |value| match value {
        Ok(value) => whole(value),
        Err(reason) => json!({"undefined": crate::statistics::Undefined::id(reason)}),
    };
    values.into_iter().map(|(name, own)| (name, value(own))).collect()
}

/// A number; a count without a decimal point would be one anyway in JSON, but is easier
/// to read so.
fn whole(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() > 1.0 && value.abs() < 1e15 {
        Value::from(value as i64)
    } else {
        Value::from(value)
    }
}
