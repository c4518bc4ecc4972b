//! [`Editions`]: nodes, answers, attributes and missing rules of two frameworks in each other's words.

use crate::framework::{
    Answers, AttributeIx, Body, Framework, MissingAnswer, NodeIx, Normalise, Periods, partners,
    stated,
};
use crate::responses::{Answer, AttributeColumn, Responses, Retelling};
use crate::scoring::{Assumptions, exists};

use super::{NodePair, Relation, Side};

/// Two editions and how they are related; the old one is at position 0.
pub(super) struct Editions {
    /// The newer framework's nodes in their order, then those that are gone.
    pub(super) nodes: Vec<NodePair>,
    /// Both are scored by the same framework under the same assumptions; the cohorts that they are compared with may differ.
    pub(super) same: bool,
    /// Whether the finer rows of both have the same keys, so that they can be told from each other.
    pub(super) same_rows: bool,
    /// For each edition and each of its nodes: the node of the other edition.
    partners: [Vec<Option<NodeIx>>; 2],
    /// For each edition and each of its attributes: the attribute of the other edition with the same kind of values.
    pub(super) attributes: [Vec<Option<usize>>; 2],
}

/// What two frameworks say of each other's scores.
pub(super) fn relation(old: &Framework, new: &Framework) -> Relation {
    let major = |framework: &Framework| {
        let version = framework.version.split('.').next();
        version.unwrap_or_default().to_owned()
    };
    let said = stated(old, new).or_else(|| stated(new, old));
    let same = old.id.as_str().eq_ignore_ascii_case(new.id.as_str());
    match said {
        Some(stated) => Relation::Stated {
            comparable: stated.comparable,
            reason: stated.reason.clone(),
        },
        None if same && major(old) == major(new) => Relation::Same,
        None if same => Relation::Major,
        None => Relation::Unrelated,
    }
}

impl Editions {
    pub(super) fn of(old: &Side<'_>, new: &Side<'_>) -> Self {
        let frameworks = [old.framework, new.framework];
        let pairs = partners(old.framework, new.framework);
        let mut partners = frameworks.map(|framework| vec![None; framework.nodes.len()]);
        for (before, after) in &pairs {
            partners[0][before.0] = Some(*after);
            partners[1][after.0] = Some(*before);
        }
        let kept = new.framework.walk().map(|(ix, _)| NodePair {
            old: partners[1][ix.0],
            new: Some(ix),
        });
        let gone = old.framework.walk().map(|(ix, _)| ix);
        let gone = gone.filter(|ix| partners[0][ix.0].is_none());
        let keys = frameworks.map(|framework| {
            let steps = framework.rows.iter();
            steps
                .map(|step| step.key.to_lowercase())
                .collect::<Vec<_>>()
        });
        Self {
            nodes: kept
                .chain(gone.map(|ix| NodePair {
                    old: Some(ix),
                    new: None,
                }))
                .collect(),
            same: apart(old.assumptions) == apart(new.assumptions)
                && what_counts(old.framework) == what_counts(new.framework),
            same_rows: keys[0] == keys[1],
            partners,
            attributes: [0, 1].map(|own| attributes(frameworks[own], frameworks[1 - own])),
        }
    }

    /// The answers of one side in the words of the other's framework, by that framework's questions and the side's rows;
    /// `None` where it has no word for them.
    pub(super) fn retold(&self, sides: [&Side<'_>; 2], from: usize) -> Vec<Vec<Option<Answer>>> {
        let (own, other) = (sides[from], sides[1 - from]);
        let rows = 0..own.responses.rows.len();
        let mut positions = vec![None; own.framework.nodes.len()];
        for (position, (ix, _, _)) in own.framework.indicators().enumerate() {
            positions[ix.0] = Some(position);
        }
        let questions = other.framework.indicators();
        questions
            .map(|(ix, _, indicator)| {
                let source = self.partners[1 - from][ix.0];
                let found = source.and_then(|source| {
                    Some((
                        own.framework.node(source).indicator()?,
                        positions[source.0]?,
                    ))
                });
                let Some((source, position)) = found else {
                    return vec![None; rows.len()];
                };
                let column = &own.responses.answers[position];
                let mut retelling = Retelling::new(source, other.framework, indicator);
                rows.clone()
                    .map(|row| retelling.answer(column.get(row)))
                    .collect()
            })
            .collect()
    }

    /// The framework of one side with the rules for missing answers of the other.
    pub(super) fn with_rules(&self, sides: [&Side<'_>; 2], own: usize) -> (Framework, Assumptions) {
        let (mut framework, mut assumptions) =
            (sides[own].framework.clone(), sides[own].assumptions.clone());
        let other = sides[1 - own];
        framework.screen.clone_from(&other.framework.screen);
        for ix in 0..framework.nodes.len() {
            let Some(partner) = self.partners[own][ix] else {
                continue;
            };
            match (
                &mut framework.nodes[ix].body,
                &other.framework.node(partner).body,
            ) {
                (Body::Parent(parent), Body::Parent(theirs)) => {
                    assumptions.missing[ix] = other.assumptions.missing[partner.0];
                    parent.missing = assumptions.missing[ix];
                    parent.min_coverage = theirs.min_coverage;
                }
                (Body::Indicator(indicator), Body::Indicator(_)) => {
                    let rule = &other.assumptions.missing_answer[partner.0];
                    if let Some(rule) = self.rule(rule, 1 - own) {
                        assumptions.missing_answer[ix] = rule.clone();
                        indicator.missing = rule;
                    }
                }
                (Body::Parent(_) | Body::Indicator(_), _) => {}
            }
        }
        (framework, assumptions)
    }

    /// A rule for missing answers of one edition in the other one's words, if it has them.
    fn rule(&self, rule: &MissingAnswer, from: usize) -> Option<MissingAnswer> {
        let attribute = |attribute: &AttributeIx| self.partner_attribute(from, *attribute);
        Some(match rule {
            MissingAnswer::Mean(Some(by)) => MissingAnswer::Mean(Some(attribute(by)?)),
            MissingAnswer::Median(Some(by)) => MissingAnswer::Median(Some(attribute(by)?)),
            MissingAnswer::Row { within, median } => MissingAnswer::Row {
                within: self.partners[from][within.0]?,
                median: *median,
            },
            MissingAnswer::Keep
            | MissingAnswer::Zero
            | MissingAnswer::Lowest
            | MissingAnswer::Constant(_)
            | MissingAnswer::Mean(None)
            | MissingAnswer::Median(None)
            | MissingAnswer::Previous { .. }
            | MissingAnswer::Interpolate => rule.clone(),
        })
    }

    fn partner_attribute(&self, from: usize, attribute: AttributeIx) -> Option<AttributeIx> {
        let mut columns = self.attributes[1 - from].iter();
        let found = columns.position(|source| *source == Some(attribute.0));
        found.map(AttributeIx)
    }
}

/// Assumptions without the cohort, which is a cause of its own.
fn apart(assumptions: &Assumptions) -> Assumptions {
    Assumptions {
        cohort: None,
        ..assumptions.clone()
    }
}

/// A framework without what moves no score: where it was read from, summary rows that were asked for, and ranks, which there
/// are none of beside a frozen cohort.
fn what_counts(framework: &Framework) -> Framework {
    let mut counts = framework.clone();
    counts.sources.clear();
    counts.sha256.clear();
    counts.group_by.clear();
    counts.ranking = None;
    counts.nodes.iter_mut().for_each(|node| node.line = 0);
    counts
}

/// For each attribute of `own` the position of the same column in `other`, if it has the same kind of values.
fn attributes(own: &Framework, other: &Framework) -> Vec<Option<usize>> {
    let is_number = |framework: &Framework, at: usize| {
        framework.attributes[at].kind == crate::framework::AttributeKind::Number
    };
    let find = |at: usize| {
        let column = &own.attributes[at].column;
        let mut columns = other.attributes.iter();
        let found = columns.position(|theirs| theirs.column.eq_ignore_ascii_case(column))?;
        (is_number(own, at) == is_number(other, found)).then_some(found)
    };
    (0..own.attributes.len()).map(find).collect()
}

/// Fixes which nodes exist, as they do in `period`: a mixture can stand at a period of the other wave.
pub(super) fn as_of(framework: &mut Framework, period: &str) {
    for node in &mut framework.nodes {
        node.periods = if exists(&node.periods, period) {
            Periods::default()
        } else {
            // No period, be it a number or a text, lies at or above 1 and at or below 0.
            Periods {
                from: Some("1".to_owned()),
                to: Some("0".to_owned()),
            }
        };
    }
}

/// Whether a unit's scores depend on anything but its own answers in one period.
pub(super) fn is_relative(framework: &Framework, assumptions: &Assumptions) -> bool {
    use crate::framework::Aggregate;
    let scaled = |how: &Option<Normalise>| how.as_ref().is_some_and(Normalise::compares);
    let filled = |rule: &MissingAnswer| match rule {
        MissingAnswer::Mean(_)
        | MissingAnswer::Median(_)
        | MissingAnswer::Row { .. }
        | MissingAnswer::Previous { .. }
        | MissingAnswer::Interpolate => true,
        MissingAnswer::Keep
        | MissingAnswer::Zero
        | MissingAnswer::Lowest
        | MissingAnswer::Constant(_) => false,
    };
    let competes = |how: &Aggregate| matches!(how, Aggregate::Copeland | Aggregate::Borda);
    let treated = framework.indicators().any(|(ix, _, indicator)| {
        assumptions.treat[ix.0].is_some() && matches!(indicator.answers, Answers::Number(_))
    });
    let compared = treated || assumptions.normalise.iter().any(scaled);
    compared && assumptions.cohort.is_none()
        || assumptions.missing_answer.iter().any(filled)
        || assumptions.aggregate.iter().any(competes)
}

/// What an attribute says of a row.
#[derive(Clone, Debug)]
pub(super) enum Said {
    Text(Option<std::sync::Arc<str>>),
    Number(Option<f64>),
}

impl Said {
    pub(super) fn of(responses: &Responses, attribute: usize, row: usize) -> Self {
        match &responses.attributes[attribute] {
            AttributeColumn::Text(texts) => Self::Text(texts[row].clone()),
            AttributeColumn::Number(numbers) => Self::Number(numbers[row]),
        }
    }

    pub(super) fn is_known(&self) -> bool {
        match self {
            Self::Text(text) => text.is_some(),
            Self::Number(number) => number.is_some(),
        }
    }

    /// The same kind of attribute without a value.
    pub(super) fn nothing(&self) -> Self {
        match self {
            Self::Text(_) => Self::Text(None),
            Self::Number(_) => Self::Number(None),
        }
    }

    pub(super) fn push_to(self, column: &mut AttributeColumn) {
        match (column, self) {
            (AttributeColumn::Text(texts), Self::Text(text)) => texts.push(text),
            (AttributeColumn::Number(numbers), Self::Number(number)) => numbers.push(number),
            // Only attributes of one kind are paired.
            (AttributeColumn::Text(texts), Self::Number(_)) => texts.push(None),
            (AttributeColumn::Number(numbers), Self::Text(_)) => numbers.push(None),
        }
    }
}
