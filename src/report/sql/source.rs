//! The user's table → one row for each row of the responses: keys, attributes, and answers as clean texts.

use crate::framework::AttributeKind;

use super::expr::{Expr, Function, Name, Over, aggregate, among, call, only_if};
use super::layers::Layers;
use super::work::{Work, column, spellings};
use super::{Input, Options};

/// Layers of the user's table.
pub(super) fn open(options: &Options) -> Layers {
    Layers::new(&table(options), "answers", "")
}

/// The table as the dialect quotes it, part by part.
pub(super) fn table(options: &Options) -> String {
    let parts = options.table.iter();
    let parts: Vec<String> = parts.map(|part| options.dialect.identifier(part)).collect();
    options.reference.clone().unwrap_or_else(|| parts.join("."))
}

impl Work<'_> {
    /// Reads keys, attributes and the answers to these questions.
    pub(super) fn read(&mut self, questions: &[usize]) {
        match self.options.input {
            Input::Wide => self.read_wide(questions),
            Input::Long => self.read_long(questions),
        }
    }

    fn read_wide(&mut self, questions: &[usize]) {
        self.layers.stage(
            "answers",
            "answers as they are compared: trimmed, in lower case",
        );
        self.read_keys();
        for question in questions {
            let code = self.plan.questions.indicator(*question).code.clone();
            let clean = call(Function::Clean, vec![Expr::Own(code)]);
            self.layers.define(&self.raw(*question), clean, None);
        }
    }

    /// Reads keys and attributes, and in the long form what is asked; no answers.
    pub(super) fn read_keys_only(&mut self) {
        self.layers.stage("entries", "keys as they are compared");
        self.read_keys();
        if self.options.input == Input::Long {
            self.asked();
        }
    }

    /// Long form: which indicator a row answers.
    fn asked(&mut self) -> Expr {
        let indicator = call(
            Function::Clean,
            vec![Expr::Own(self.options.indicator.clone())],
        );
        self.layers.define("asked", indicator, None)
    }

    fn read_long(&mut self, questions: &[usize]) {
        self.layers.stage("entries", "one row an answer");
        self.read_keys();
        let asked = self.asked();
        let answer = call(
            Function::Clean,
            vec![Expr::Own(self.options.answer.clone())],
        );
        let answer = self.layers.define("answer", answer, None);
        let keys = self.keys(self.framework().rows.len());
        let mut columns: Vec<(Name, Expr)> = Vec::new();
        for attribute in 0..self.attributes.len() {
            let own = format!("at_{}", self.attributes[attribute]);
            // The reader of files refuses rows that contradict each other.
            let first = aggregate(Over::Max, column(&own));
            columns.push((Name::from(own.as_str()), first));
        }
        for question in questions {
            let node = self.plan.questions.nodes[*question];
            let names = [
                self.plan.questions.indicator(*question).code.clone(),
                self.framework().node(node).id.to_string(),
            ];
            let here = among(asked.clone(), spellings(&names));
            let text = aggregate(Over::Max, only_if(here, answer.clone()));
            columns.push((Name::from(self.raw(*question).as_str()), text));
        }
        self.layers.group(
            "answers",
            "one row an observation, one column a question",
            &keys,
            columns,
        );
    }

    fn read_keys(&mut self) {
        let trimmed = |name: &str| call(Function::Trim, vec![Expr::Own(name.to_owned())]);
        let unit = trimmed(&self.options.unit);
        self.layers.define("unit", unit, None);
        if let Some(period) = self.options.period.clone() {
            self.layers.define("period", trimmed(&period), None);
        }
        for (at, step) in self.framework().rows.iter().enumerate() {
            let name = format!("key_{}", at + 1);
            self.layers.define(&name, trimmed(&step.key), None);
        }
        for (at, attribute) in self.framework().attributes.iter().enumerate() {
            let name = format!("at_{}", self.attributes[at]);
            let own = Expr::Own(attribute.column.clone());
            let value = match attribute.kind {
                AttributeKind::Number => {
                    let clean = call(Function::Clean, vec![own]);
                    only_if(
                        call(Function::IsNumber, vec![clean.clone()]),
                        call(Function::ToNumber, vec![clean]),
                    )
                }
                AttributeKind::Text => trimmed(&attribute.column),
                AttributeKind::OneOf(_) => call(Function::Clean, vec![own]),
            };
            self.layers.define(&name, value, None);
        }
    }

    /// The column of a question's clean text.
    pub(super) fn raw(&self, question: usize) -> String {
        let node = self.plan.questions.nodes[question];
        format!("a_{}", self.names[node.0])
    }

    /// The text that answers a question, if there is one.
    pub(super) fn answer(&self, question: usize) -> Expr {
        column(&self.raw(question))
    }
}
