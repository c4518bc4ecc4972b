//! Skip logic, presets and denominators: what an indicator takes from other answers and from attributes.

use super::answers;
use super::conditions::{tests_of, where_of};
use super::names::fold;
use super::nodes::Context;
use super::number;
use crate::framework::findings::{Findings, Spot};
use crate::framework::words::few;
use crate::framework::yaml::{Entry, Tree};
use crate::framework::{
    Answers, Denominator, Gap, MultipleOption, NodeIx, Outcome, Preset, Scale, Subject, Test, Tier,
    When, Where,
};
use crate::problem::FrameworkKind;

impl Context<'_> {
    /// The indicator of this id or code.
    fn find_indicator(&self, name: &str) -> Option<usize> {
        let by_id = self.drafts.names.find(name);
        by_id
            .filter(|ix| self.drafts.nodes[*ix].tier == Tier::Indicator)
            .or_else(|| self.codes.find(name))
    }

    fn near_subject(&self, name: &str, findings: &mut Findings) -> Option<String> {
        let indicators = self.drafts.nodes.iter();
        let ids = indicators
            .filter(|draft| draft.tier == Tier::Indicator)
            .map(|draft| draft.id);
        let attributes = self.head.attributes.iter();
        let columns = attributes.map(|attribute| attribute.column.as_str());
        findings.nearest(name, ids.chain(columns))
    }

    /// The conditions of a node and of all that hold it, the outermost first.
    pub(super) fn whens(&self, ix: usize, findings: &mut Findings) -> Vec<When> {
        let mut chain = vec![ix];
        while let Some(parent) = chain
            .last()
            .and_then(|last| self.drafts.nodes[*last].parent)
        {
            chain.push(parent);
        }
        let rows = self.rows_where(ix, findings);
        let own = chain.into_iter().rev();
        let own = own.filter_map(|node| self.when(node, ix, findings));
        rows.into_iter().chain(own).collect()
    }

    /// The attributes of the rows that the indicator `ix` is for; to others it does not apply, whatever else they say.
    fn rows_where(&self, ix: usize, findings: &mut Findings) -> Option<When> {
        let stated = self.drafts.nodes[ix].tree.get("rows-where")?;
        let tests = where_of(stated, &self.subjects(), findings).into_iter();
        Some(When {
            tests: tests
                .map(|(attribute, test)| (Subject::Attribute(attribute), test))
                .collect(),
            otherwise: Outcome::NotApplicable,
        })
    }

    /// The condition that `node` states, for the indicator `ix` at or below it. What is wrong with the condition of a
    /// parent is noted once for each indicator and thrown out as a duplicate later.
    fn when(&self, node: usize, ix: usize, findings: &mut Findings) -> Option<When> {
        let tree = self.drafts.nodes[node].tree;
        let Some(stated) = tree.get("when") else {
            if let Some(otherwise) = tree.entry("otherwise")
                && node == ix
                && self.drafts.nodes[ix].tier == Tier::Indicator
                && !self.has_when(ix)
            {
                findings.error(otherwise.at, FrameworkKind::OtherwiseWithoutWhen);
            }
            return None;
        };
        let tests = stated
            .entries()
            .iter()
            .flat_map(|entry| self.condition(entry, ix, findings))
            .collect();
        Some(When {
            tests,
            otherwise: tree
                .get("otherwise")
                .and_then(answers::outcome)
                .unwrap_or(Outcome::NotApplicable),
        })
    }

    /// The tests of one subject, for the indicator `ix`.
    fn condition(&self, entry: &Entry, ix: usize, findings: &mut Findings) -> Vec<(Subject, Test)> {
        if let Some(subject) = self.find_indicator(&entry.key) {
            if subject == ix {
                let id = self.drafts.nodes[ix].id.to_owned();
                findings.error(entry.at, FrameworkKind::WhenItself { id });
                return Vec::new();
            }
            let subject_ix = Subject::Indicator(NodeIx(subject));
            let tests = self.answer_tests(subject, &entry.value, findings);
            return tests.into_iter().map(|test| (subject_ix, test)).collect();
        }
        if let Some(attribute) = self.subjects().find(&entry.key) {
            let tests = self.subjects().tests(attribute, entry, findings);
            let subject = Subject::Attribute(attribute);
            return tests.into_iter().map(|test| (subject, test)).collect();
        }
        let name = entry.key.clone();
        let kind = if self.drafts.names.find(&name).is_some() {
            FrameworkKind::WhenOnParent { name }
        } else {
            let near = self.near_subject(&name, findings);
            FrameworkKind::UnknownSubject { name, near }
        };
        findings.error(entry.at, kind);
        Vec::new()
    }

    fn has_when(&self, ix: usize) -> bool {
        let mut at = Some(ix);
        while let Some(node) = at {
            if self.drafts.nodes[node].tree.get("when").is_some() {
                return true;
            }
            at = self.drafts.nodes[node].parent;
        }
        false
    }

    /// Tests of another indicator's answer; answers are named by their code.
    fn answer_tests(&self, subject: usize, tree: &Tree, findings: &mut Findings) -> Vec<Test> {
        let id = self.drafts.nodes[subject].id;
        let Some(answers) = &self.answers[subject] else {
            return Vec::new();
        };
        if let Some(least) = tree.entry("at-least")
            && !matches!(answers, Answers::Number(_))
        {
            let id = id.to_owned();
            findings.error(least.at, FrameworkKind::AtLeastOfChoice { id });
        }
        let mut accept = |text: &str, spot: Spot, findings: &mut Findings| match answers {
            Answers::Choice(scale) => choice(text, scale, id, spot, findings),
            Answers::Multiple(multiple) => chosen(text, &multiple.options, id, spot, findings),
            Answers::Number(_) => {
                let value = number::read(text).ok();
                if value.is_none() {
                    findings.error(
                        spot,
                        FrameworkKind::NotANumber {
                            what: id.to_owned(),
                            found: text.to_owned(),
                            expected: "a number".to_owned(),
                            near: None,
                            remedy: "write the number that the answer is compared with".into(),
                        },
                    );
                }
                value.map(|value| value.to_string())
            }
        };
        tests_of(tree, &mut accept, findings)
    }

    /// Answers for units with an attribute.
    pub(super) fn presets(
        &self,
        tree: &Tree,
        answers: Option<&Answers>,
        findings: &mut Findings,
    ) -> Vec<(Where, Preset)> {
        let mut presets = Vec::new();
        for item in tree.items() {
            let conditions = item
                .get("where")
                .map(|tests| where_of(tests, &self.subjects(), findings))
                .unwrap_or_default();
            if let (Some(answer), Some(answers)) = (item.get("answer"), answers)
                && let Some(preset) = preset(answer, answers, findings)
            {
                presets.push((conditions, preset));
            }
        }
        presets
    }

    /// What a number is divided by.
    pub(super) fn per(
        &self,
        ix: usize,
        tree: &Tree,
        findings: &mut Findings,
    ) -> Option<Denominator> {
        let Some(per) = tree.get("per") else {
            if let Some(times) = tree.entry("times") {
                findings.error(times.at, FrameworkKind::TimesWithoutPer);
            }
            return None;
        };
        let name = per.text().filter(|name| !name.trim().is_empty())?;
        if let Some(node) = self.find_indicator(name) {
            if node == ix {
                findings.error(per.spot, FrameworkKind::PerItself);
                return None;
            }
            if let Some(Answers::Choice(_) | Answers::Multiple(_)) = self.answers[node] {
                let name = name.to_owned();
                findings.error(per.spot, FrameworkKind::PerNoNumber { name });
                return None;
            }
            return Some(Denominator::Indicator(NodeIx(node)));
        }
        if self.subjects().find(name).is_none() {
            let name = name.to_owned();
            let kind = if self.drafts.names.find(&name).is_some() {
                FrameworkKind::PerOnParent { name }
            } else {
                let near = self.near_subject(&name, findings);
                FrameworkKind::UnknownSubject { name, near }
            };
            findings.error(per.spot, kind);
            return None;
        }
        self.subjects()
            .number_attribute(per, findings)
            .map(Denominator::Attribute)
    }
}

/// The code of the answer that a condition on a single choice names.
fn choice(
    text: &str,
    scale: &Scale,
    id: &str,
    spot: Spot,
    findings: &mut Findings,
) -> Option<String> {
    let Some(option) = option_of(text, scale) else {
        let codes = || scale.options.iter().map(|option| option.code.as_str());
        unknown_answer(text, id, codes, spot, findings);
        return None;
    };
    let option = &scale.options[option];
    if !matches!(option.outcome, Outcome::Score(_)) {
        let answer = option.code.clone();
        findings.error(spot, FrameworkKind::WhenOnNoScore { answer });
        return None;
    }
    Some(option.code.clone())
}

fn option_of(text: &str, scale: &Scale) -> Option<usize> {
    scale
        .options
        .iter()
        .position(|option| spelled(text, &option.code, &option.aliases))
}

/// The code of the option that a condition on a multiple choice names.
fn chosen(
    text: &str,
    options: &[MultipleOption],
    id: &str,
    spot: Spot,
    findings: &mut Findings,
) -> Option<String> {
    let option = options
        .iter()
        .find(|option| spelled(text, &option.code, &option.aliases));
    if option.is_none() {
        let codes = || options.iter().map(|option| option.code.as_str());
        unknown_answer(text, id, codes, spot, findings);
    }
    option.map(|option| option.code.clone())
}

fn spelled(text: &str, code: &str, aliases: &[String]) -> bool {
    let wanted = fold(text);
    fold(code) == wanted || aliases.iter().any(|alias| fold(alias) == wanted)
}

fn unknown_answer<'a, I: Iterator<Item = &'a str>>(
    text: &str,
    id: &str,
    codes: impl Fn() -> I,
    spot: Spot,
    findings: &mut Findings,
) {
    let near = findings.nearest(text, codes());
    findings.error(
        spot,
        FrameworkKind::UnknownAnswer {
            answer: text.to_owned(),
            indicator: id.to_owned(),
            near,
            known: few(codes()),
        },
    );
}

fn preset(tree: &Tree, answers: &Answers, findings: &mut Findings) -> Option<Preset> {
    let text = tree.text()?;
    let answer = match answers {
        Answers::Choice(scale) => {
            option_of(text, scale).map(|option| match scale.options[option].outcome {
                Outcome::Score(_) | Outcome::Error => Preset::Given(option as f64),
                Outcome::NotApplicable => Preset::NotApplicable,
                Outcome::Missing(gap) => Preset::Missing(gap),
            })
        }
        Answers::Multiple(multiple) => multiple
            .options
            .iter()
            .position(|option| spelled(text, &option.code, &option.aliases))
            .map(|option| Preset::Given((1_u64 << option) as f64)),
        Answers::Number(_) => number::read(text).ok().map(Preset::Given),
    };
    let found = answer.or(match text {
        "not-applicable" => Some(Preset::NotApplicable),
        "missing" => Some(Preset::Missing(Gap::Unanswered)),
        "dont-know" => Some(Preset::Missing(Gap::DontKnow)),
        "not-asked" => Some(Preset::Missing(Gap::NotAsked)),
        _ => None,
    });
    if found.is_none() {
        let answer = text.to_owned();
        findings.error(tree.spot, FrameworkKind::UnknownPreset { answer });
    }
    found
}
