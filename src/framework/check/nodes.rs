//! Drafts become nodes: every property read, every name resolved.

use super::conditions::Subjects;
use super::head::Head;
use super::levels::Bands;
use super::names::Names;
use super::tree::Drafts;
use super::{number, read, rules};
use crate::framework::findings::Findings;
use crate::framework::value::{Id, Text, Weight};
use crate::framework::yaml::Tree;
use crate::framework::{
    Aggregate, Answers, AttributeIx, Body, Cohort, Curve, Evidence, FacetIx, Goalposts, Indicator,
    MinCoverage, MissingAnswer, MissingPart, Node, NodeIx, Normalise, Number, Parent, Periods,
    Range, Tier,
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

impl Context<'_> {
    pub(super) fn subjects(&self) -> Subjects<'_> {
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
            rounding: property("rounding")
                .and_then(|tree| rules::rounding(tree, self.head.rounding.digits.mode)),
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
        let rule = property("aggregate").and_then(|tree| rules::aggregate(tree, findings));
        let parent = Parent {
            children: self.drafts.nodes[ix]
                .children
                .iter()
                .map(|child| NodeIx(*child))
                .collect(),
            aggregate: rule.map_or(Aggregate::Mean, |rule| rule.aggregate),
            missing: property("missing")
                .and_then(rules::missing_part)
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
            if number.curve == Curve::AsIs && property("normalise").is_none() {
                number.curve = as_shown(self.head.range);
            }
            number.per = property("number").and_then(|number| self.per(ix, number, findings));
            number.treat = property("treat").and_then(|treat| {
                let cohort = treat.get("cohort");
                let cohort = cohort.map(|cohort| self.head.cohort(cohort, findings));
                super::answers::treat(treat, cohort, findings)
            });
        } else if let (Some(own), Some(_)) = (tree.entry("treat"), &answers) {
            let key = own.key.clone();
            findings.error(own.at, FrameworkKind::OnlyForNumbers { key });
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
            "previous" => Some(MissingAnswer::Previous {
                at_most: details.and_then(|details| read::count(details, "at-most")),
                or_next: details.is_some_and(|details| read::is(details, "or", "next")),
            }),
            "interpolate" => Some(MissingAnswer::Interpolate),
            "row-mean" | "row-median" => Some(MissingAnswer::Row {
                within: self.within(ix, details, findings)?,
                median: word == "row-median",
            }),
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

/// A number without a scale is a score as it is shown: on `range: [0, 100]` 57.3 is the share 0.573.
fn as_shown(range: Range) -> Curve {
    match range {
        Range::Between { low, high } if range != Range::UNIT => Curve::Goalposts(Goalposts {
            from: low,
            to: high,
            clamp: false,
            log: false,
            onto: (0.0, 1.0),
        }),
        Range::Between { .. } | Range::Unbounded => Curve::AsIs,
    }
}

/// Whether a period comes after another: as numbers if both are, else as text.
fn after(first: &str, last: &str) -> bool {
    match (number::read(first), number::read(last)) {
        (Ok(first), Ok(last)) => first > last,
        _ => first > last,
    }
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
