//! The language as a JSON Schema, for editors that complete and check while somebody writes. Made from the same table of
//! keys that files are checked against.

use serde_json::{Map, Value, json};

use super::language::{Bounds, Case, FRAMEWORK, Fits, Form, Object, SCALE, SCALE_LONG};

/// The JSON Schema (draft 2020-12) of a framework file, as text.
pub fn schema() -> String {
    let mut schema = Schema::default();
    let root = schema.object(&FRAMEWORK);
    let mut file = Map::new();
    file.insert(
        "$schema".to_owned(),
        json!("https://json-schema.org/draft/2020-12/schema"),
    );
    file.insert(
        "title".to_owned(),
        json!("dgpf framework, language version 1"),
    );
    file.insert("$ref".to_owned(), root["$ref"].clone());
    file.insert("$defs".to_owned(), Value::Object(schema.definitions));
    format!("{:#}\n", Value::Object(file))
}

/// What is longer than this is defined once instead of being repeated.
const LONG: usize = 160;

#[derive(Default)]
struct Schema {
    /// By name, in the order in which they are met first.
    definitions: Map<String, Value>,
}

impl Schema {
    /// A reference to an object, defined on its first use.
    fn object(&mut self, object: &Object) -> Value {
        let name = slug(object.name);
        let reference = json!({"$ref": format!("#/$defs/{name}")});
        if self.definitions.contains_key(&name) {
            return reference;
        }
        // Nodes hold nodes: the name is taken before the keys are looked at.
        self.definitions.insert(name.clone(), Value::Null);
        let mut properties = Map::new();
        for key in object.keys {
            let form = self.form(&key.form);
            let form = self.named(key.name, form);
            properties.insert(key.name.to_owned(), described(form, key.meaning));
        }
        let required: Vec<&str> = object
            .keys
            .iter()
            .filter(|key| key.required)
            .map(|key| key.name)
            .collect();
        let mut definition = json!({"type": "object", "additionalProperties": false});
        if !required.is_empty() {
            definition["required"] = json!(required);
        }
        definition["properties"] = Value::Object(properties);
        self.definitions.insert(name, definition);
        reference
    }

    /// A reference to what can stand at a key, if that is long enough to be worth one definition for all its uses.
    fn named(&mut self, key: &str, form: Value) -> Value {
        if form.to_string().len() < LONG {
            return form;
        }
        let mut name = format!("{key}-value");
        while self
            .definitions
            .get(&name)
            .is_some_and(|other| *other != form)
        {
            name.push('+');
        }
        let reference = json!({"$ref": format!("#/$defs/{name}")});
        self.definitions.insert(name, form);
        reference
    }

    fn form(&mut self, form: &Form) -> Value {
        match form {
            Form::Text | Form::Name => json!({"type": ["string", "number", "boolean"]}),
            Form::Translated => self.translated(),
            Form::Id => json!({"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_.-]{0,63}$"}),
            Form::Code => json!({"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_]{0,63}$"}),
            Form::Number(bounds) => number(*bounds),
            Form::Count(low, high) => json!({"type": "integer", "minimum": low, "maximum": high}),
            Form::Flag => json!({"type": "boolean"}),
            Form::Word(words) => json!({"enum": words}),
            Form::WordOrNumber(words, bounds) => {
                json!({"anyOf": [{"enum": words}, number(*bounds)]})
            }
            Form::List(item) => json!({"type": "array", "items": self.form(item)}),
            Form::Filled(item) => {
                json!({"type": "array", "minItems": 1, "items": self.form(item)})
            }
            Form::Interval(bounds) => pair(*bounds),
            Form::Points => json!({"type": "array", "minItems": 2, "items": pair(Bounds::Any)}),
            Form::Object(object) => self.object(object),
            Form::Node(object) => self.object(object()),
            Form::Map(value) => {
                json!({"type": "object", "additionalProperties": self.form(value)})
            }
            Form::FilledMap(value) => {
                json!({"type": "object", "minProperties": 1, "additionalProperties": self.form(value)})
            }
            Form::Scale => self.scale(),
            Form::Either(shapes) => {
                let forms = [shapes.scalar, shapes.list, shapes.map]
                    .into_iter()
                    .flatten();
                let forms: Vec<Value> = forms.map(|form| self.form(form)).collect();
                json!({"anyOf": forms})
            }
            Form::Case(cases) => self.cases(cases),
        }
    }

    /// A text or one text a language, defined once.
    fn translated(&mut self) -> Value {
        let definition = json!({
            "anyOf": [
                {"type": ["string", "number", "boolean"]},
                {
                    "type": "object",
                    "minProperties": 1,
                    "propertyNames": {"pattern": "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"},
                    "additionalProperties": {"type": ["string", "number", "boolean"]}
                }
            ]
        });
        self.definitions.insert("text".to_owned(), definition);
        json!({"$ref": "#/$defs/text"})
    }

    /// The name of a scale, or a scale in its short or long form, defined once.
    fn scale(&mut self) -> Value {
        let long = self.object(&SCALE_LONG);
        let short = self.form(&SCALE);
        let definition = json!({"anyOf": [{"type": "string"}, long, short]});
        self.definitions.insert("any-scale".to_owned(), definition);
        json!({"$ref": "#/$defs/any-scale"})
    }

    fn cases(&mut self, cases: &[Case]) -> Value {
        let here = || cases.iter().filter(|case| case.fits == Fits::Here);
        let alone: Vec<&str> = here()
            .filter(|case| case.alone)
            .map(|case| case.word)
            .collect();
        let mut forms = vec![json!({"enum": alone})];
        for case in here() {
            if let Some(details) = case.details {
                let details = self.form(details);
                forms.push(json!({
                    "type": "object",
                    "additionalProperties": false,
                    "required": [case.word],
                    "properties": {case.word: details}
                }));
            }
        }
        json!({"anyOf": forms})
    }
}

/// A schema with a sentence on what it means.
fn described(schema: Value, meaning: &str) -> Value {
    let mut described = Map::new();
    described.insert("description".to_owned(), json!(meaning));
    if let Value::Object(keywords) = schema {
        described.extend(keywords);
    }
    Value::Object(described)
}

/// A number within bounds, or a fraction.
fn number(bounds: Bounds) -> Value {
    const FRACTION: &str = "^[-+.0-9eE ]+(/[-+.0-9eE ]+)?$";
    let mut number = json!({"type": "number"});
    match bounds {
        Bounds::Any => {}
        Bounds::NotNegative => number["minimum"] = json!(0),
        Bounds::Positive => number["exclusiveMinimum"] = json!(0),
        Bounds::Share => {
            number["minimum"] = json!(0);
            number["maximum"] = json!(1);
        }
        Bounds::Within(low, high) => {
            number["minimum"] = json!(low);
            number["maximum"] = json!(high);
        }
    }
    // Keywords speak of numbers or of strings only, so that one schema serves for both.
    number["type"] = json!(["number", "string"]);
    number["pattern"] = json!(FRACTION);
    number
}

fn pair(bounds: Bounds) -> Value {
    json!({"type": "array", "minItems": 2, "maxItems": 2, "items": number(bounds)})
}

/// The name of an object without its article, as one word: `an outlier treatment` is `outlier-treatment`.
fn slug(name: &str) -> String {
    let name = ["an ", "a ", "the "]
        .into_iter()
        .find_map(|article| name.strip_prefix(article))
        .unwrap_or(name);
    let letters = name.chars().filter(|c| *c != '`');
    letters.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every object of the language with its own keys, in the order in which they are met.
    fn objects(object: &'static Object, met: &mut Vec<&'static Object>) {
        if met
            .iter()
            .any(|other| std::ptr::eq(other.keys, object.keys))
        {
            return;
        }
        met.push(object);
        for key in object.keys {
            inside(&key.form, met);
        }
    }

    fn inside(form: &'static Form, met: &mut Vec<&'static Object>) {
        match form {
            Form::List(form) | Form::Filled(form) | Form::Map(form) | Form::FilledMap(form) => {
                inside(form, met);
            }
            Form::Object(object) => objects(object, met),
            Form::Node(object) => objects(object(), met),
            Form::Scale => objects(&SCALE_LONG, met),
            Form::Either(shapes) => {
                for form in [shapes.scalar, shapes.list, shapes.map]
                    .into_iter()
                    .flatten()
                {
                    inside(form, met);
                }
            }
            Form::Case(cases) => {
                for details in cases.iter().filter_map(|case| case.details) {
                    inside(details, met);
                }
            }
            Form::Text
            | Form::Translated
            | Form::Id
            | Form::Code
            | Form::Name
            | Form::Number(_)
            | Form::Count(..)
            | Form::Flag
            | Form::Word(_)
            | Form::WordOrNumber(..)
            | Form::Interval(_)
            | Form::Points => {}
        }
    }

    #[test]
    fn objects_of_one_name_have_the_same_keys() {
        let mut met = Vec::new();
        objects(&FRAMEWORK, &mut met);
        let names =
            |object: &Object| -> Vec<&str> { object.keys.iter().map(|key| key.name).collect() };
        for (position, object) in met.iter().enumerate() {
            for other in &met[..position] {
                if slug(other.name) == slug(object.name) {
                    assert_eq!(names(other), names(object), "{}", object.name);
                }
            }
        }
    }

    #[test]
    fn every_key_says_what_it_means() {
        let mut met = Vec::new();
        objects(&FRAMEWORK, &mut met);
        for object in met {
            for (position, key) in object.keys.iter().enumerate() {
                assert!(!key.meaning.is_empty(), "{} of {}", key.name, object.name);
                let before = &object.keys[..position];
                assert!(
                    before.iter().all(|other| other.name != key.name),
                    "{} is there twice in {}",
                    key.name,
                    object.name
                );
            }
        }
    }
}
