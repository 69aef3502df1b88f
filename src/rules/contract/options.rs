use schemars::Schema;
use serde_json::Value as Json;

use super::OptionDoc;

/// The options that a schema describes. Serde's map keeps no order, so they come sorted by name.
pub(super) fn documented(schema: &Schema) -> Vec<OptionDoc> {
    let root = schema.as_value();
    let Some(properties) = root.get("properties").and_then(Json::as_object) else { return Vec::new() };
    let option = |(name, property): (&String, &Json)| OptionDoc {
        name: name.clone(),
        ty: type_words(property, root),
        default: property.get("default").map(hcl).unwrap_or_default(),
        text: text_of(property, root),
    };
    properties.iter().map(option).collect()
}

fn text_of(property: &Json, root: &Json) -> String {
    let own = property.get("description").or_else(|| referred(property, root)?.get("description"));
    own.and_then(Json::as_str).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn referred<'a>(property: &Json, root: &'a Json) -> Option<&'a Json> {
    root.pointer(property.get("$ref")?.as_str()?.strip_prefix('#')?)
}

fn type_words(property: &Json, root: &Json) -> String {
    if let Some(target) = referred(property, root) {
        return type_words(target, root);
    }
    if let Some(alternatives) =
        property.get("anyOf").or_else(|| property.get("oneOf")).and_then(Json::as_array)
    {
        let mut words: Vec<String> = alternatives
            .iter()
            .filter(|alternative| alternative.get("type") != Some(&Json::from("null")))
            .map(|alternative| type_words(alternative, root))
            .collect();
        words.dedup();
        return words.join(" or ");
    }
    if let Some(words) = property.get("enum").or_else(|| property.get("const")) {
        return match words {
            Json::Array(words) => words.iter().map(hcl).collect::<Vec<_>>().join(" or "),
            word => hcl(word),
        };
    }
    let ty = match property.get("type") {
        Some(Json::String(ty)) => ty.as_str(),
        Some(Json::Array(types)) => {
            types.iter().filter_map(Json::as_str).find(|ty| *ty != "null").unwrap_or("any")
        }
        _ => "any",
    };
    let inner =
        |key: &str| property.get(key).map_or_else(|| "any".to_owned(), |inner| type_words(inner, root));
    match ty {
        "array" => format!("list of {}", inner("items")),
        "object" if property.get("properties").is_some() => "block".to_owned(),
        "object" => format!("map of {}", inner("additionalProperties")),
        "integer" => "whole number".to_owned(),
        "boolean" => "bool".to_owned(),
        other => other.to_owned(),
    }
}

/// A JSON value as the configuration would write it.
fn hcl(value: &Json) -> String {
    match value {
        Json::Array(elements) => format!("[{}]", elements.iter().map(hcl).collect::<Vec<_>>().join(", ")),
        Json::Object(entries) if entries.is_empty() => "{}".to_owned(),
        Json::Object(entries) => {
            let entries: Vec<String> =
                entries.iter().map(|(key, value)| format!("{key} = {}", hcl(value))).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        Json::String(text) => {
            let quoted = Json::String(text.replace("${", "$${").replace("%{", "%%{"));
            quoted.to_string()
        }
        other => other.to_string(),
    }
}
