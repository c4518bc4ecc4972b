//! Drafts become nodes: every property read, every name resolved.

use super::answers::{self, Scales};
use super::head::Head;
use super::levels::Bands;
use super::names::{Names, fold};
use super::tests::{Subjects, tests_of, where_of};
use super::tree::Drafts;
use super::{number, read, rules, shape};
use crate::framework::findings::{Findings, Spot};
use crate::framework::value::{Id, Text, Weight};
use crate::framework::yaml::Tree;
use crate::framework::{
    Aggregate, Answers, AttributeIx, Body, Cohort, Curve, Denominator, Evidence, FacetIx, Gap,
    Indicator, MinCoverage, MissingAnswer, MissingPart, Node, NodeIx, Normalise, Number, Outcome,
    Parent, Periods, Preset, Subject, Test, Tier, When, Where,
};
use crate::problem::FrameworkKind;

/// What nodes need to know of the rest of the file.
pub(super) struct Context<'a> {
    pub(super) head: &'a Head,
    pub(super) drafts: &'a Drafts<'a>,
    pub(super) cohort: Cohort,
    pub(super) answers: Vec<Option<Answers>>,
    /// Indicators by code, at the position of their node.
    pub(super) codes: Names,
    /// Which set of bands each node has.
    pub(super) levels: Vec<Option<usize>>,
    pub(super) bands: Vec<Bands<'a>>,
}

/// A node, and whether its aggregation says what zeros do.
pub(super) struct Built {
    pub(super) node: Node,
    pub(super) zeros_stated: bool,
}

/// What every indicator can be answered with; `None` where that was refused.
pub(super) fn answers(
    drafts: &Drafts<'_>,
    scales: &Scales,
    findings: &mut Findings,
) -> Vec<Option<Answers>> {
    (0..drafts.nodes.len())
        .map(|ix| match drafts.nodes[ix].tier {
            Tier::Indicator => answers_of(ix, drafts, scales, findings),
            Tier::Index | Tier::Dimension | Tier::Pillar => None,
        })
        .collect()
}

const WAYS: [&str; 3] = ["scale", "multiple", "number"];

fn answers_of(
    ix: usize,
    drafts: &Drafts<'_>,
    scales: &Scales,
    findings: &mut Findings,
) -> Option<Answers> {
    let draft = &drafts.nodes[ix];
    let own: Vec<_> = WAYS
        .into_iter()
        .filter_map(|way| draft.tree.entry(way))
        .collect();
    if let [first, second, ..] = own.as_slice() {
        findings.error_with(
            second.at,
            first.at,
            FrameworkKind::SeveralAnswers {
                first: first.key.clone(),
                second: second.key.clone(),
            },
        );
        return None;
    }
    let stated = own
        .first()
        .map(|entry| (entry.key.as_str(), &entry.value))
        .or_else(|| {
            WAYS.into_iter()
                .find_map(|way| Some((way, drafts.default(Tier::Indicator, way)?)))
        });
    match stated {
        Some(("scale", tree)) => scales.get(tree, findings).map(Answers::Choice),
        Some(("multiple", tree)) => answers::multiple(tree, findings).map(Answers::Multiple),
        Some((_, tree)) => Some(Answers::Number(Box::new(Number {
            curve: answers::curve(tree, findings)?,
            valid: read::interval(tree, "valid"),
            codes: answers::codes(tree, findings),
            better: read::better(tree),
            per: None,
            times: read::number(tree, "times").unwrap_or(1.0),
            unit: read::text(tree, "unit"),
            treat: tree.get("treat").map(answers::treat),
        }))),
        None => {
            let id = draft.id.to_owned();
            findings.error(draft.spot, FrameworkKind::NoAnswers { id });
            None
        }
    }
}

/// The column of every indicator, at the position of its node.
pub(super) fn codes(drafts: &Drafts<'_>, head: &Head, findings: &mut Findings) -> Names {
    let mut codes = Names::new("column");
    for draft in &drafts.nodes {
        if draft.tier != Tier::Indicator || draft.id.is_empty() {
            codes.skip();
            continue;
        }
        let (code, spot) = match draft.tree.get("code") {
            Some(code) => (code.text().unwrap_or_default(), code.spot),
            None => (draft.id, draft.spot),
        };
        if code.is_empty() {
            codes.skip();
            continue;
        }
        if draft.tree.get("code").is_none() && !shape::is_code(code) && Id::new(code).is_some() {
            let id = code.to_owned();
            findings.error(spot, FrameworkKind::IdIsNoColumn { id });
        }
        if head.columns.iter().any(|column| fold(column) == fold(code)) {
            let code = code.to_owned();
            findings.error(spot, FrameworkKind::ColumnTaken { code });
        }
        // Without a code of its own the id has been compared already.
        if draft.tree.get("code").is_some() {
            codes.add(code, spot, findings);
        } else if let Some(before) = codes.note(code, spot)
            && drafts.nodes[before].tree.get("code").is_some()
        {
            codes.taken(before, code, spot, findings);
        }
    }
    codes
}

impl Context<'_> {
    fn subjects(&self) -> Subjects<'_> {
        Subjects::attributes(&self.head.attributes, &self.head.attribute_names)
    }

    /// The node at `ix`.
    pub(super) fn build(&self, ix: usize, findings: &mut Findings) -> Built {
        let draft = &self.drafts.nodes[ix];
        let tree = draft.tree;
        let id = Id::new(draft.id).unwrap_or_else(Id::unnamed);
        let (body, zeros_stated) = if draft.tier == Tier::Indicator {
            (
                Body::Indicator(Box::new(self.indicator(ix, findings))),
                true,
            )
        } else {
            self.parent(ix, findings)
        };
        let property = |key| self.drafts.property(ix, key);
        let normalise = property("normalise").and_then(|tree| rules::normalise(tree, findings));
        self.scaled_twice(ix, normalise.as_ref(), findings);
        let node = Node {
            title: read::translated(tree, "title").unwrap_or_else(|| Text::plain(id.as_str())),
            description: property("description").and_then(read::text_of),
            tier: draft.tier,
            depth: draft.depth,
            parent: draft.parent.map(NodeIx),
            weight: self
                .drafts
                .weight(ix)
                .and_then(Weight::new)
                .unwrap_or(Weight::ONE),
            scored: self.drafts.scored(ix),
            stage: self.drafts.stage(ix),
            body,
            normalise,
            cohort: property("cohort").map_or_else(
                || self.cohort.clone(),
                |tree| self.head.cohort(tree, findings),
            ),
            cap: tree
                .get("cap")
                .and_then(|cap| self.drafts.names.of(cap, findings))
                .map(NodeIx),
            rounding: property("rounding").and_then(rules::rounding),
            levels: self.levels[ix].map(crate::framework::LevelsIx),
            stages: self.stages(ix, findings),
            periods: self.periods(ix, findings),
            replaces: read::texts(tree, "replaces")
                .iter()
                .filter_map(|id| Id::new(id))
                .collect(),
            deprecated: property("deprecated").and_then(read::text_of),
            advice: property("advice").and_then(read::text_of),
            references: property("references")
                .map(read::texts_of)
                .unwrap_or_default(),
            line: draft.spot.line,
            id,
        };
        Built { node, zeros_stated }
    }

    fn parent(&self, ix: usize, findings: &mut Findings) -> (Body, bool) {
        let property = |key| self.drafts.property(ix, key);
        let rule = property("aggregate")
            .and_then(|tree| rules::aggregate(tree, self.drafts.stages(ix), findings));
        let parent = Parent {
            children: self.drafts.nodes[ix]
                .children
                .iter()
                .map(|child| NodeIx(*child))
                .collect(),
            aggregate: rule.map_or(Aggregate::Mean, |rule| rule.aggregate),
            missing: property("missing")
                .and_then(|tree| rules::missing_part(tree, findings))
                .unwrap_or(MissingPart::Renormalise),
            min_coverage: property("min-coverage")
                .and_then(|tree| rules::min_coverage(tree, findings))
                .unwrap_or(MinCoverage::Weight(0.0)),
        };
        let stated = rule.is_some_and(|rule| rule.zeros_stated);
        (Body::Parent(parent), stated)
    }

    fn indicator(&self, ix: usize, findings: &mut Findings) -> Indicator {
        let tree = self.drafts.nodes[ix].tree;
        let property = |key| self.drafts.property(ix, key);
        let mut answers = self.answers[ix].clone();
        if let Some(Answers::Number(number)) = &mut answers {
            number.per = property("number").and_then(|number| self.per(ix, number, findings));
        }
        let evidence = property("evidence");
        let asked = evidence.and_then(|tree| tree.text().or_else(|| tree.get("ask")?.text()));
        Indicator {
            code: tree
                .get("code")
                .and_then(Tree::text)
                .unwrap_or(self.drafts.nodes[ix].id)
                .to_owned(),
            question: property("question").and_then(read::text_of),
            guidance: property("guidance").and_then(read::text_of),
            missing: property("missing")
                .and_then(|tree| self.missing_answer(ix, tree, findings))
                .unwrap_or_default(),
            when: self.whens(ix, findings),
            rows_where: property("rows-where")
                .map(|tree| where_of(tree, &self.subjects(), findings))
                .unwrap_or_default(),
            presets: property("preset")
                .map(|tree| self.presets(tree, answers.as_ref(), findings))
                .unwrap_or_default(),
            facets: self.facets(ix, findings),
            evidence: match asked {
                Some("required") => Evidence::Required,
                Some("optional") => Evidence::Optional,
                _ => Evidence::None,
            },
            evidence_note: evidence.and_then(|tree| read::translated(tree, "note")),
            effort: property("effort").and_then(number::of),
            answers: answers.unwrap_or_else(nothing),
        }
    }

    fn per(&self, ix: usize, tree: &Tree, findings: &mut Findings) -> Option<Denominator> {
        let per = tree.get("per")?;
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
            findings.error(
                per.spot,
                FrameworkKind::UnknownSubject {
                    near: self.near_subject(&name),
                    name,
                },
            );
            return None;
        }
        self.subjects()
            .number_attribute(per, findings)
            .map(Denominator::Attribute)
    }

    /// The indicator of this id or code.
    fn find_indicator(&self, name: &str) -> Option<usize> {
        let by_id = self.drafts.names.find(name);
        by_id
            .filter(|ix| self.drafts.nodes[*ix].tier == Tier::Indicator)
            .or_else(|| self.codes.find(name))
    }

    fn near_subject(&self, name: &str) -> Option<String> {
        let indicators = self.drafts.nodes.iter();
        let ids = indicators
            .filter(|draft| draft.tier == Tier::Indicator)
            .map(|draft| draft.id);
        let attributes = self.head.attributes.iter();
        let columns = attributes.map(|attribute| attribute.column.as_str());
        super::words::nearest(name, ids.chain(columns))
    }

    fn missing_answer(
        &self,
        ix: usize,
        tree: &Tree,
        findings: &mut Findings,
    ) -> Option<MissingAnswer> {
        let (word, details) = read::case(tree)?;
        let by = |findings: &mut Findings| -> Option<AttributeIx> {
            self.subjects().attribute(details?.get("by")?, findings)
        };
        let periods = matches!(word, "previous" | "interpolate");
        if periods && self.head.period.is_none() {
            findings.error(tree.spot, FrameworkKind::NoPeriods);
        }
        match word {
            "renormalise" => Some(MissingAnswer::Keep),
            "zero" => Some(MissingAnswer::Zero),
            "lowest" => Some(MissingAnswer::Lowest),
            "constant" => details.and_then(number::of).map(MissingAnswer::Constant),
            "mean" => Some(MissingAnswer::Mean(by(findings))),
            "median" => Some(MissingAnswer::Median(by(findings))),
            "previous" => Some(MissingAnswer::Previous(
                details.and_then(|details| read::count(details, "at-most")),
            )),
            "interpolate" => Some(MissingAnswer::Interpolate),
            "row-mean" | "row-median" => Some(MissingAnswer::Row {
                within: self.within(ix, details, findings)?,
                median: word == "row-median",
            }),
            "no-score" => {
                let word = word.to_owned();
                findings.error(tree.spot, FrameworkKind::OnlyForParents { word });
                None
            }
            _ => None,
        }
    }

    fn within(&self, ix: usize, details: Option<&Tree>, findings: &mut Findings) -> Option<NodeIx> {
        let Some(stated) = details.and_then(|details| details.get("within")) else {
            return self.drafts.nodes[ix].parent.map(NodeIx);
        };
        let node = self.drafts.names.of(stated, findings)?;
        if self.drafts.nodes[node].tier == Tier::Indicator {
            let name = self.drafts.nodes[node].id.to_owned();
            findings.error(stated.spot, FrameworkKind::WithinIndicator { name });
            return None;
        }
        Some(NodeIx(node))
    }

    /// The conditions of a node and of all that hold it, the outermost first.
    fn whens(&self, ix: usize, findings: &mut Findings) -> Vec<When> {
        let mut chain = vec![ix];
        while let Some(parent) = chain
            .last()
            .and_then(|last| self.drafts.nodes[*last].parent)
        {
            chain.push(parent);
        }
        chain
            .into_iter()
            .rev()
            .filter_map(|node| self.when(node, ix, findings))
            .collect()
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
        let mut tests = Vec::new();
        for entry in stated.entries() {
            if let Some(subject) = self.find_indicator(&entry.key) {
                if subject == ix {
                    let id = self.drafts.nodes[ix].id.to_owned();
                    findings.error(entry.at, FrameworkKind::WhenItself { id });
                    continue;
                }
                for test in self.answer_tests(subject, &entry.value, findings) {
                    tests.push((Subject::Indicator(NodeIx(subject)), test));
                }
            } else if let Some(attribute) = self.subjects().find(&entry.key) {
                for test in self.subjects().tests(attribute, entry, findings) {
                    tests.push((Subject::Attribute(attribute), test));
                }
            } else if self.drafts.names.find(&entry.key).is_some() {
                let name = entry.key.clone();
                findings.error(entry.at, FrameworkKind::WhenOnParent { name });
            } else {
                let name = entry.key.clone();
                let near = self.near_subject(&name);
                findings.error(entry.at, FrameworkKind::UnknownSubject { name, near });
            }
        }
        Some(When {
            tests,
            otherwise: tree
                .get("otherwise")
                .and_then(answers::outcome)
                .unwrap_or(Outcome::NotApplicable),
        })
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
            Answers::Choice(scale) => {
                let wanted = fold(text);
                let option = scale.options.iter().find(|option| {
                    fold(&option.code) == wanted
                        || option.aliases.iter().any(|alias| fold(alias) == wanted)
                });
                match option {
                    Some(option) if !matches!(option.outcome, Outcome::Score(_)) => {
                        let answer = option.code.clone();
                        findings.error(spot, FrameworkKind::WhenOnNoScore { answer });
                        None
                    }
                    Some(option) => Some(option.code.clone()),
                    None => {
                        let codes = || scale.options.iter().map(|option| option.code.as_str());
                        unknown_answer(text, id, codes, spot, findings);
                        None
                    }
                }
            }
            Answers::Multiple(multiple) => {
                let wanted = fold(text);
                let option = multiple.options.iter().find(|option| {
                    fold(&option.code) == wanted
                        || option.aliases.iter().any(|alias| fold(alias) == wanted)
                });
                if option.is_none() {
                    let codes = || multiple.options.iter().map(|option| option.code.as_str());
                    unknown_answer(text, id, codes, spot, findings);
                }
                option.map(|option| option.code.clone())
            }
            Answers::Number(_) => match number::read(text) {
                Ok(value) => Some(value.to_string()),
                Err(_) => {
                    findings.error(
                        spot,
                        FrameworkKind::NotANumber {
                            what: id.to_owned(),
                            found: text.to_owned(),
                            expected: "a number".to_owned(),
                            near: None,
                        },
                    );
                    None
                }
            },
        };
        tests_of(tree, &mut accept, findings)
    }

    fn presets(
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

    fn facets(&self, ix: usize, findings: &mut Findings) -> Vec<FacetIx> {
        let mut facets = Vec::new();
        let mut at = Some(ix);
        while let Some(node) = at {
            let draft = &self.drafts.nodes[node];
            let stated = if node == ix {
                self.drafts.property(ix, "facet")
            } else {
                draft.tree.get("facet")
            };
            for name in stated.into_iter().flat_map(read::each_of) {
                if let Some(facet) = self.head.facet_names.of(name, findings)
                    && !facets.contains(&FacetIx(facet))
                {
                    facets.push(FacetIx(facet));
                }
            }
            at = draft.parent;
        }
        facets.sort();
        facets
    }

    fn stages(&self, ix: usize, findings: &mut Findings) -> Vec<(usize, Text)> {
        let Some(stages) = self.drafts.property(ix, "stages") else {
            return Vec::new();
        };
        // An indicator has no level of its own, but a codebook may say what the framework's levels mean for it.
        let own = self.levels[ix].or((!self.bands.is_empty()).then_some(0));
        let Some(bands) = own else {
            findings.error(stages.spot, FrameworkKind::StagesWithoutLevels);
            return Vec::new();
        };
        let mut texts = Vec::new();
        for entry in stages.entries() {
            let level = self.bands[bands]
                .names
                .resolve(&entry.key, entry.at, findings);
            if let (Some(level), Some(text)) = (level, read::text_of(&entry.value)) {
                texts.push((level, text));
            }
        }
        texts
    }

    fn periods(&self, ix: usize, findings: &mut Findings) -> Periods {
        if let Some(periods) = self.drafts.nodes[ix].tree.entry("periods")
            && self.head.period.is_none()
        {
            findings.error(periods.at, FrameworkKind::NoPeriods);
        }
        let Some(periods) = self.drafts.property(ix, "periods") else {
            return Periods::default();
        };
        let (from, to) = (read::text(periods, "from"), read::text(periods, "to"));
        if let (Some(first), Some(last)) = (&from, &to)
            && after(first, last)
            && let Some(end) = periods.get("to")
        {
            findings.error(
                end.spot,
                FrameworkKind::PeriodsReversed {
                    from: first.clone(),
                    to: last.clone(),
                },
            );
        }
        Periods { from, to }
    }

    /// Notes an indicator whose number goalposts and a cohort would both turn into a score.
    fn scaled_twice(&self, ix: usize, normalise: Option<&Normalise>, findings: &mut Findings) {
        if let (Some(_), Some(Answers::Number(number))) = (normalise, &self.answers[ix])
            && number.curve != Curve::AsIs
            && let Some(stated) = self.drafts.property(ix, "normalise")
        {
            findings.error(stated.spot, FrameworkKind::ScaledTwice);
        }
    }
}

/// Whether a period comes after another: as numbers if both are, else as text.
fn after(first: &str, last: &str) -> bool {
    match (number::read(first), number::read(last)) {
        (Ok(first), Ok(last)) => first > last,
        _ => first > last,
    }
}

fn unknown_answer<'a, I: Iterator<Item = &'a str>>(
    text: &str,
    id: &str,
    codes: impl Fn() -> I,
    spot: Spot,
    findings: &mut Findings,
) {
    findings.error(
        spot,
        FrameworkKind::UnknownAnswer {
            answer: text.to_owned(),
            indicator: id.to_owned(),
            near: super::words::nearest(text, codes()),
            known: super::words::list(codes(), ","),
        },
    );
}

fn preset(tree: &Tree, answers: &Answers, findings: &mut Findings) -> Option<Preset> {
    let text = tree.text()?;
    let wanted = fold(text);
    let option = match answers {
        Answers::Choice(scale) => scale
            .options
            .iter()
            .position(|option| {
                fold(&option.code) == wanted
                    || option.aliases.iter().any(|alias| fold(alias) == wanted)
            })
            .map(|position| match scale.options[position].outcome {
                Outcome::Score(_) | Outcome::Error => Preset::Given(position as f64),
                Outcome::NotApplicable => Preset::NotApplicable,
                Outcome::Missing(gap) => Preset::Missing(gap),
            }),
        Answers::Multiple(multiple) => multiple
            .options
            .iter()
            .position(|option| fold(&option.code) == wanted)
            .map(|position| Preset::Given((1_u64 << position) as f64)),
        Answers::Number(_) => number::read(text).ok().map(Preset::Given),
    };
    let word = || match text {
        "not-applicable" => Some(Preset::NotApplicable),
        "missing" => Some(Preset::Missing(Gap::Unanswered)),
        "dont-know" => Some(Preset::Missing(Gap::DontKnow)),
        "not-asked" => Some(Preset::Missing(Gap::NotAsked)),
        _ => None,
    };
    let found = option.or_else(word);
    if found.is_none() {
        let answer = text.to_owned();
        findings.error(tree.spot, FrameworkKind::UnknownPreset { answer });
    }
    found
}

/// Stands where answers were refused; a framework with it is never handed out.
fn nothing() -> Answers {
    Answers::Number(Box::new(Number {
        curve: Curve::AsIs,
        valid: None,
        codes: Vec::new(),
        better: crate::framework::Better::Higher,
        per: None,
        times: 1.0,
        unit: None,
        treat: None,
    }))
}
