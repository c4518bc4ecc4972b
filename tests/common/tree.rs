//! The tree of a random framework.

use dgpf::framework::{
    Aggregate, Answers, Body, Cohort, CohortPeriods, Curve, Framework, Goalposts, GroupIx,
    MinCoverage, MissingPart, Node, NodeIx, Normalise, Parent, Periods, Text, Tier, Weight, Zeros,
};

use super::answers::indicator;
use super::{Dice, Wild, digits, id};

/// Grows the nodes of a framework: 1 to 4 parts a node, at most three tiers between index and indicators.
pub(super) fn grow(framework: &mut Framework, dice: &mut Dice, wild: Wild) {
    let mut growing = Growing {
        nodes: Vec::new(),
        earlier: Vec::new(),
        wild,
    };
    growing.parent(dice, None, 0);
    framework.nodes = growing.nodes;
}

struct Growing {
    nodes: Vec<Node>,
    earlier: Vec<(NodeIx, Answers)>,
    wild: Wild,
}

impl Growing {
    fn parent(&mut self, dice: &mut Dice, above: Option<NodeIx>, depth: usize) -> NodeIx {
        let ix = NodeIx(self.nodes.len());
        let body = Body::Parent(Parent {
            children: Vec::new(),
            aggregate: self.aggregate(dice),
            missing: self.missing(dice),
            min_coverage: if self.wild.gaps {
                dice.pick(&[
                    MinCoverage::Weight(0.0),
                    MinCoverage::Weight(0.0),
                    MinCoverage::Weight(0.5),
                    MinCoverage::Parts(0.5),
                    MinCoverage::Answers(0.4),
                ])
            } else {
                MinCoverage::Weight(0.0)
            },
        });
        let tier = match depth {
            0 => Tier::Index,
            1 => Tier::Dimension,
            _ => Tier::Pillar,
        };
        let mut node = self.node(dice, above, depth, tier, body);
        if self.wild.relative && depth > 0 && dice.once_in(6) {
            node.normalise = Some(normalise(dice));
            node.cohort = cohort(dice);
        }
        self.nodes.push(node);
        let count = 1 + dice.roll(4);
        let mut children: Vec<NodeIx> = Vec::new();
        for at in 0..count {
            let child = if depth < 3 && dice.once_in(3) {
                self.parent(dice, Some(ix), depth + 1)
            } else {
                self.leaf(dice, ix, depth + 1)
            };
            let node = &mut self.nodes[child.0];
            if at == 0 {
                (node.weight, node.scored) = (Weight::ONE, true);
            } else if self.wild.logic && dice.once_in(6) {
                node.cap = Some(children[0]);
            }
            children.push(child);
        }
        if let Body::Parent(parent) = &mut self.nodes[ix.0].body {
            parent.children = children;
        }
        ix
    }

    fn leaf(&mut self, dice: &mut Dice, parent: NodeIx, depth: usize) -> NodeIx {
        let ix = NodeIx(self.nodes.len());
        let code = format!("q{}", ix.0);
        let indicator = indicator(dice, &code, &self.earlier, parent, self.wild);
        self.earlier.push((ix, indicator.answers.clone()));
        let is_number = matches!(indicator.answers, Answers::Number(_));
        let body = Body::Indicator(Box::new(indicator));
        let mut node = self.node(dice, Some(parent), depth, Tier::Indicator, body);
        if self.wild.relative && is_number && dice.once_in(3) {
            node.normalise = Some(normalise(dice));
            node.cohort = cohort(dice);
        }
        self.nodes.push(node);
        ix
    }

    fn node(
        &self,
        dice: &mut Dice,
        parent: Option<NodeIx>,
        depth: usize,
        tier: Tier,
        body: Body,
    ) -> Node {
        let name = format!("n{}", self.nodes.len());
        let weight = dice.pick(&[1.0, 2.0, 1.0, 0.5, 3.0, 0.0]);
        Node {
            id: id(&name),
            title: Text::plain(name),
            description: None,
            tier,
            depth,
            parent,
            weight: Weight::new(weight).expect("not negative"),
            scored: !dice.once_in(12),
            stage: 1 + u32::try_from(dice.roll(3)).expect("small"),
            body,
            normalise: None,
            cohort: Cohort::default(),
            cap: None,
            rounding: (self.wild.rounding && dice.once_in(10)).then(|| digits(1)),
            levels: None,
            stages: Vec::new(),
            periods: Periods::default(),
            replaces: Vec::new(),
            deprecated: None,
            advice: None,
            references: Vec::new(),
            line: 1,
        }
    }

    fn aggregate(&self, dice: &mut Dice) -> Aggregate {
        let zeros = |dice: &mut Dice| dice.pick(&[Zeros::Zero, Zeros::Floor(0.01)]);
        if !self.wild.curved {
            return dice.pick(&[
                Aggregate::Mean,
                Aggregate::Mean,
                Aggregate::Sum { out_of: 3.0 },
            ]);
        }
        match dice.roll(if self.wild.relative { 16 } else { 14 }) {
            3 => Aggregate::Geometric(zeros(dice)),
            4 => Aggregate::Harmonic(zeros(dice)),
            5 => Aggregate::Power(dice.pick(&[2.0, 0.5, -1.0, 3.0]), zeros(dice)),
            6 => Aggregate::Median,
            7 => Aggregate::Minimum,
            8 => Aggregate::Maximum,
            9 => Aggregate::Sum { out_of: 3.0 },
            10 => Aggregate::Product,
            11 => Aggregate::LevelSum {
                out_of: dice.once_in(2).then_some(3.0),
            },
            12 => Aggregate::Staged {
                pass: 0.7,
                partial: true,
            },
            13 => Aggregate::Staged {
                pass: 1.0,
                partial: false,
            },
            14 => Aggregate::Copeland,
            15 => Aggregate::Borda,
            _ => Aggregate::Mean,
        }
    }

    fn missing(&self, dice: &mut Dice) -> MissingPart {
        if !self.wild.gaps {
            return MissingPart::Renormalise;
        }
        dice.pick(&[
            MissingPart::Renormalise,
            MissingPart::Renormalise,
            MissingPart::Zero,
            MissingPart::Lowest,
            MissingPart::Constant(0.25),
            MissingPart::NoScore,
        ])
    }
}

fn normalise(dice: &mut Dice) -> Normalise {
    match dice.roll(11) {
        0 => Normalise::MinMax { onto: (0.0, 1.0) },
        1 => Normalise::ZScore { mean: 0.5, sd: 0.1 },
        2 => Normalise::Rank { average: true },
        3 => Normalise::Borda,
        4 => Normalise::Percentile,
        5 => Normalise::ShareOfLeader,
        6 => Normalise::DistanceToTarget {
            at: dice.pick(&[0.9, 0.2]),
            cap: dice.pick(&[true, false]),
        },
        7 => Normalise::DistanceToInterval {
            low: 0.4,
            high: 0.6,
        },
        8 => Normalise::Fixed(Curve::Bands(vec![(0.0, 0.2), (0.25, 0.6), (0.75, 1.0)])),
        9 => Normalise::Fixed(Curve::Lines(vec![(0.1, 0.0), (0.5, 0.75), (1.0, 0.8)])),
        _ => Normalise::Fixed(Curve::Goalposts(Goalposts {
            from: 0.0,
            to: 0.8,
            clamp: true,
            log: false,
            onto: (0.0, 1.0),
        })),
    }
}

fn cohort(dice: &mut Dice) -> Cohort {
    Cohort {
        units: dice.once_in(4).then_some(GroupIx(0)),
        periods: if dice.once_in(3) {
            CohortPeriods::All
        } else {
            CohortPeriods::Same
        },
    }
}
