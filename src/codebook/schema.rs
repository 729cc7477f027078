//! The JSON Schema (draft 2020-12) of codebook files, for editors.

use serde_json::{Map, Value, json};

use super::keys::{Form, Key, Section};
use crate::diagnostic::Lang;
use crate::tokenize::UnitKind;

/// The schema, with descriptions in `lang`. What names must exist and whether a rule
/// parses only the program itself can tell.
pub fn schema(lang: Lang) -> Value {
    let list = json!({ "type": "object", "additionalProperties": form(Form::Texts) });
    let root = [
        ("codebook", section(Section::Codebook, lang)),
        ("lists", list),
        ("axis", several(Section::Axis, lang, 1)),
        ("net", several(Section::Net, lang, 0)),
        ("code", several(Section::Code, lang, 1)),
    ];
    let properties: Map<String, Value> = root.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": match lang { Lang::Ja => "aftercode のコードブック", Lang::En => "Codebook of aftercode" },
        "type": "object",
        "properties": properties,
        "required": ["codebook", "axis", "code"],
        "additionalProperties": false,
    })
}

fn several(kind: Section, lang: Lang, least: usize) -> Value {
    json!({ "type": "array", "minItems": least, "items": section(kind, lang) })
}

fn section(section: Section, lang: Lang) -> Value {
    let property = |key: &Key| {
        let mut value = form(key.form);
        value["description"] = key.help(lang).into();
        (key.name.to_owned(), value)
    };
    let properties: Map<String, Value> = section.keys().iter().map(property).collect();
    let required: Vec<&str> = section.keys().iter().filter(|key| key.required).map(|key| key.name).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn form(form: Form) -> Value {
    // As `char::is_alphanumeric`, which the loader asks.
    let id = json!({ "type": "string", "pattern": r"^[\p{Alphabetic}\p{N}._-]+$" });
    let one_or_more = |item: Value| json!({ "anyOf": [item.clone(), { "type": "array", "items": item }] });
    match form {
        Form::Id => id,
        Form::Text => json!({ "type": "string" }),
        Form::Rule => json!({ "type": "string", "pattern": r"\S" }),
        Form::Unit => {
            let names = [UnitKind::Response, UnitKind::Sentence, UnitKind::Clause].map(UnitKind::name);
            json!({ "enum": names })
        }
        Form::Texts | Form::Ids => one_or_more(json!({ "type": "string" })),
    }
}
