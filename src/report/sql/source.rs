//! The user's table → one row for each row of the responses: keys, attributes, and answers as clean texts.

use crate::framework::AttributeKind;

use super::expr::{Expr, Function, Name, Over, aggregate, among, call, equal, only_if, text};
use super::layers::{Alone, Layers};
use super::work::{Work, column, spellings};
use super::{Input, Options};

/// Long form: most questions that every answer is held against.
const ASKED_AT_ONCE: usize = 64;

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
        let texts = if questions.len() > ASKED_AT_ONCE {
            self.part(questions, &keys, &answer)
        } else {
            let of_question = |question: &usize| {
                let here = among(asked.clone(), self.called(*question));
                only_if(here, answer.clone())
            };
            questions.iter().map(of_question).collect()
        };
        let mut columns = self.greatest_attributes();
        for (question, text) in questions.iter().zip(texts) {
            let name = Name::from(self.raw(*question));
            columns.push((name, aggregate(Over::Max, text)));
        }
        self.layers.group(
            "answers",
            "one row an observation, one column a question",
            &keys,
            columns,
        );
    }

    /// What answers these many questions, column by column, in rows of many answers each. Were every answer held against
    /// every question, the work would grow with the square of the questions. So they are divided in parts that share
    /// columns, and only rows of a part are held against every question.
    fn part(&mut self, questions: &[usize], keys: &[Name], answer: &Expr) -> Vec<Expr> {
        let size = questions.len().isqrt();
        let [question, part, place] = ["question", "part", "place"].map(Name::from);
        let answer_at = |place: i64| Name::from(format!("answer_{place}"));
        let mut rows = Vec::new();
        let mut texts = Vec::new();
        for (number, questions) in (1..).zip(questions.chunks(size)) {
            for (at, own) in (1..).zip(questions) {
                for called in self.called(*own) {
                    rows.push(vec![text(&called), Expr::Whole(number), Expr::Whole(at)]);
                }
                let here = equal(Expr::Column(part.clone()), Expr::Whole(number));
                texts.push(only_if(here, Expr::Column(answer_at(at))));
            }
        }
        let entries = self.layers.end();
        let columns = [question.clone(), part.clone(), place.clone()];
        let listed = self.layers.listed("questions", &columns, rows);
        // A row that answers none of them still says that there is a unit.
        let on = vec![(Name::from("asked"), question)];
        self.layers
            .beside(entries, listed, on, Alone::Stays, "placed");
        let mut columns = self.greatest_attributes();
        for at in (1..).take(size) {
            let here = equal(Expr::Column(place.clone()), Expr::Whole(at));
            let text = aggregate(Over::Max, only_if(here, answer.clone()));
            columns.push((answer_at(at), text));
        }
        let keys: Vec<Name> = keys.iter().cloned().chain([part]).collect();
        let note =
            "one row an observation and part of the questions, one column a question of the part";
        self.layers.group("parts", note, &keys, columns);
        texts
    }

    /// The attributes of rows that are put together; the reader of files refuses rows that contradict each other.
    fn greatest_attributes(&self) -> Vec<(Name, Expr)> {
        let greatest = |attribute: &String| {
            let own = format!("at_{attribute}");
            (Name::from(own.as_str()), aggregate(Over::Max, column(&own)))
        };
        self.attributes.iter().map(greatest).collect()
    }

    /// What a question is called in a long table.
    fn called(&self, question: usize) -> Vec<String> {
        let node = self.plan.questions.nodes[question];
        spellings(&[
            self.plan.questions.indicator(question).code.clone(),
            self.framework().node(node).id.to_string(),
        ])
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
