//! What all writers share: the plan, the layers that grow, names, and what cannot be said.

use crate::framework::{
    AttributeIx, AttributeKind, Cohort, CohortPeriods, Framework, NodeIx, TOLERANCE, Test, Where,
};
use crate::scoring::Plan;

use super::Options;
use super::expr::{
    Comparison, Expr, Function, Name, Over, all, among, any, at_least, call, case, compare, equal,
    not_null, number, only_if, over, plus, ratio, text,
};
use super::layers::Layers;
use super::names::names;
use super::slot::Slot;

/// Something that cannot be said in SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Line of the framework file; 0: the whole file.
    pub line: usize,
    /// The node or key that asks for it.
    pub what: String,
    /// Why not, and what to do instead.
    pub why: String,
}

/// A query in the making.
pub(super) struct Work<'p> {
    pub(super) plan: &'p Plan<'p>,
    pub(super) options: &'p Options,
    pub(super) layers: Layers,
    /// Names of nodes.
    pub(super) names: Vec<String>,
    /// Names of attributes.
    pub(super) attributes: Vec<String>,
    /// Reasons for which something cannot be said.
    pub(super) reasons: Vec<Refusal>,
    /// How many finer keys rows still have.
    pub(super) depth: usize,
    /// Indicators that wait for the node that caps them.
    pub(super) late: Vec<(NodeIx, Slot)>,
}

impl<'p> Work<'p> {
    pub(super) fn new(plan: &'p Plan<'p>, options: &'p Options, layers: Layers) -> Self {
        let framework = plan.framework;
        let attributes = framework.attributes.iter();
        Self {
            names: names(framework.nodes.iter().map(|node| node.id.as_str())),
            attributes: names(attributes.map(|attribute| attribute.column.as_str())),
            plan,
            options,
            layers,
            reasons: Vec::new(),
            depth: framework.rows.len(),
            late: Vec::new(),
        }
    }

    pub(super) fn framework(&self) -> &'p Framework {
        self.plan.framework
    }

    /// Something of a node that cannot be said.
    pub(super) fn refuse(&mut self, node: NodeIx, what: &str, why: &str) -> Expr {
        let node = self.framework().node(node);
        let refusal = Refusal {
            line: node.line,
            what: format!("`{}`: {what}", node.id),
            why: why.to_owned(),
        };
        let known = self.reasons.iter().position(|reason| *reason == refusal);
        Expr::Refused(known.unwrap_or_else(|| {
            self.reasons.push(refusal);
            self.reasons.len() - 1
        }))
    }

    /// The title of a node as a comment names it.
    pub(super) fn title(&self, node: NodeIx) -> String {
        let node = self.framework().node(node);
        if node.title.as_str() == node.id.as_str() {
            node.id.to_string()
        } else {
            format!("{}: {}", node.id, node.title)
        }
    }

    /// Whether rows have a period.
    pub(super) fn has_period(&self) -> bool {
        self.options.period.is_some()
    }

    /// What every row of an observation agrees in: unit and period, and the first `depth` finer keys.
    pub(super) fn keys(&self, depth: usize) -> Vec<Name> {
        let period = self.has_period().then(|| Name::from("period"));
        let finer = (1..=depth).map(|key| Name::from(format!("key_{key}").as_str()));
        std::iter::once(Name::from("unit"))
            .chain(period)
            .chain(finer)
            .collect()
    }

    /// The column of an attribute.
    pub(super) fn attribute(&self, attribute: AttributeIx) -> Expr {
        column(&format!("at_{}", self.attributes[attribute.0]))
    }

    /// Whether a row has all of these attributes.
    pub(super) fn belongs(&self, members: &Where) -> Expr {
        let tests = members
            .iter()
            .map(|(attribute, test)| self.attribute_meets(*attribute, test));
        all(tests.collect::<Vec<_>>())
    }

    /// Whether an attribute meets a test; a row without it meets none.
    pub(super) fn attribute_meets(&self, attribute: AttributeIx, test: &Test) -> Expr {
        let value = self.attribute(attribute);
        match self.framework().attributes[attribute.0].kind {
            AttributeKind::Number => number_meets(value, test),
            AttributeKind::Text | AttributeKind::OneOf(_) => {
                let lower = call(Function::Lower, vec![value.clone()]);
                match test {
                    Test::OneOf(wanted) => among(lower, spellings(wanted)),
                    Test::NoneOf(unwanted) => {
                        let others = spellings(unwanted)
                            .into_iter()
                            .map(|other| compare(Comparison::Differs, lower.clone(), text(&other)));
                        all(std::iter::once(not_null(value)).chain(others))
                    }
                    Test::AtLeast(least) => {
                        let parsed = only_if(
                            call(Function::IsNumber, vec![lower.clone()]),
                            call(Function::ToNumber, vec![lower]),
                        );
                        at_least(parsed, number(*least))
                    }
                }
            }
        }
    }

    /// Whose values count in a cohort, and which rows are compared with each other.
    pub(super) fn cohort(&self, cohort: &Cohort) -> Among {
        let mut members = Vec::new();
        if let Some(group) = cohort.units {
            members.push(self.belongs(&self.framework().groups[group.0].members));
        }
        let mut partition = Vec::new();
        match &cohort.periods {
            CohortPeriods::Same => {
                if self.has_period() {
                    partition.push(column("period"));
                }
            }
            CohortPeriods::All => {}
            CohortPeriods::Listed(listed) => {
                if self.has_period() {
                    members.push(among(column("period"), listed.clone()));
                }
            }
        }
        Among {
            member: all(members),
            partition,
        }
    }
}

/// Whose values count, and which rows are compared with each other.
#[derive(Clone, Debug)]
pub(super) struct Among {
    pub(super) member: Expr,
    pub(super) partition: Vec<Expr>,
}

impl Among {
    /// The values of the members.
    pub(super) fn of(&self, value: Expr) -> Expr {
        only_if(self.member.clone(), value)
    }

    /// Something of all members' values.
    pub(super) fn over(&self, function: Over, value: Expr) -> Expr {
        over(function, self.of(value), &self.partition)
    }
}

/// Stands for a bound that nothing sets.
pub(super) const UNLIMITED: f64 = 9e99;

/// A generated column.
pub(super) fn column(name: &str) -> Expr {
    Expr::Column(Name::from(name))
}

/// `score ≥ threshold`, up to the tolerance.
pub(super) fn reaches(score: Expr, threshold: Expr) -> Expr {
    at_least(plus(score, number(TOLERANCE)), threshold)
}

/// The key by which scores tie.
pub(super) fn tie_key(score: Expr) -> Expr {
    let scaled = plus(ratio(score, number(TOLERANCE)), number(0.5));
    call(Function::Floor, vec![scaled])
}

/// Whether a number meets a test.
pub(super) fn number_meets(value: Expr, test: &Test) -> Expr {
    let named = |texts: &[String]| -> Vec<f64> {
        let numbers = texts.iter().filter_map(|text| text.trim().parse().ok());
        numbers.filter(|number: &f64| number.is_finite()).collect()
    };
    match test {
        Test::OneOf(texts) => any(named(texts)
            .into_iter()
            .map(|wanted| equal(value.clone(), number(wanted)))),
        Test::NoneOf(texts) => {
            let others = named(texts)
                .into_iter()
                .map(|other| compare(Comparison::Differs, value.clone(), number(other)));
            all(std::iter::once(not_null(value.clone())).chain(others))
        }
        Test::AtLeast(least) => at_least(value, number(*least)),
    }
}

/// Texts as they are compared, in every form that an engine's lower case gives them: some change ASCII letters only.
pub(super) fn spellings(texts: &[String]) -> Vec<String> {
    let mut forms: Vec<String> = Vec::new();
    for text in texts {
        let lower = text.trim().to_lowercase();
        let mut letters = lower.chars();
        let title: String = letters
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .chain(letters)
            .collect();
        for form in [
            lower.clone(),
            lower.to_uppercase().to_ascii_lowercase(),
            title.to_ascii_lowercase(),
            text.trim().to_ascii_lowercase(),
        ] {
            if !forms.contains(&form) {
                forms.push(form);
            }
        }
    }
    forms
}

/// 1 where there is a value, else 0, as a share.
pub(super) fn given(value: Expr) -> Expr {
    case([(not_null(value), number(1.0))], number(0.0))
}
