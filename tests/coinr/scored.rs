//! Frameworks of this folder and the scores that they give, through the public interface.

use std::collections::BTreeMap;
use std::sync::Arc;

use dgpf::framework::{self, Framework, Indicator, NodeIx, Source};
use dgpf::problem;
use dgpf::responses::{self, Input, Options};
use dgpf::scoring::{Assumptions, NodeColumn, Plan, ScoreTable};

use crate::kit;

/// A framework with the scores that it gave.
pub(crate) struct Scored {
    pub(crate) framework: Framework,
    pub(crate) table: ScoreTable,
    places: BTreeMap<(String, String), usize>,
}

/// The framework `tests/coinr/ID.yaml`.
pub(crate) fn framework(id: &str) -> Framework {
    let source = file(id).unwrap_or_else(|| panic!("there is no framework `{id}` in tests/coinr"));
    load(&source)
}

/// A framework written in a test; it may extend those of this folder.
pub(crate) fn written(text: &str) -> Framework {
    load(&Source {
        name: Arc::from("written.yaml"),
        text: text.to_owned(),
    })
}

fn load(source: &Source) -> Framework {
    match framework::load(source, &file) {
        Ok(loaded) => loaded.framework,
        Err(problems) => panic!("{}", problem::render(&problems)),
    }
}

fn file(id: &str) -> Option<Source> {
    let name = format!("tests/coinr/{id}.yaml");
    let path = format!("{}/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).ok()?;
    Some(Source {
        name: Arc::from(name),
        text,
    })
}

impl Scored {
    /// What the framework of this folder with this id makes of responses.
    pub(crate) fn of(id: &str, csv: &str) -> Self {
        Self::by(framework(id), csv)
    }

    /// What a framework makes of responses.
    pub(crate) fn by(framework: Framework, csv: &str) -> Self {
        let assumptions = Assumptions::of(&framework);
        Self::under(framework, &assumptions, csv)
    }

    /// The same with a named weight set.
    pub(crate) fn weighted(id: &str, set: &str, csv: &str) -> Self {
        let framework = framework(id);
        let named = framework
            .weight_sets
            .iter()
            .find(|own| own.id.as_str() == set)
            .expect("the base has this weight set");
        let assumptions = Assumptions::of(&framework).with_weight_set(named);
        Self::under(framework, &assumptions, csv)
    }

    fn under(framework: Framework, assumptions: &Assumptions, csv: &str) -> Self {
        let input = Input {
            name: "responses.csv",
            bytes: csv.as_bytes(),
        };
        let loaded = responses::load(&[input], &framework, &Options::default());
        let responses = match loaded {
            Ok(loaded) => loaded.responses,
            Err(problems) => panic!("{}", problem::render(&problems)),
        };
        // Not everything here can be said in SQL; docs/sql.md lists what cannot.
        kit::agrees(&framework, assumptions, &responses);
        let table = Plan::compile(&framework, assumptions).score(&responses);
        let places = table.observations.iter().enumerate().map(|(at, case)| {
            let period = table.periods[case.period].clone();
            ((case.unit.to_string(), period), at)
        });
        Self {
            places: places.collect(),
            framework,
            table,
        }
    }

    /// Where a unit's observation of a period is.
    pub(crate) fn place(&self, unit: &str, period: &str) -> usize {
        let key = (unit.to_owned(), period.to_owned());
        *self
            .places
            .get(&key)
            .unwrap_or_else(|| panic!("{unit} was not observed in {period}"))
    }

    /// A node.
    pub(crate) fn node(&self, id: &str) -> NodeIx {
        self.framework
            .find(id)
            .unwrap_or_else(|| panic!("there is no node `{id}`"))
    }

    /// What is known of a node.
    pub(crate) fn column(&self, id: &str) -> &NodeColumn {
        &self.table.nodes[self.node(id).0]
    }

    /// A score, in the only period.
    pub(crate) fn score(&self, id: &str, unit: &str) -> Option<f64> {
        self.column(id).score[self.only(unit)]
    }

    /// A score in a period.
    pub(crate) fn score_in(&self, id: &str, unit: &str, period: &str) -> Option<f64> {
        self.column(id).score[self.place(unit, period)]
    }

    /// A rank, in the only period.
    pub(crate) fn rank(&self, id: &str, unit: &str) -> Option<f64> {
        self.column(id).rank[self.only(unit)]
    }

    /// A unit's only observation.
    pub(crate) fn only(&self, unit: &str) -> usize {
        self.place(unit, &self.table.periods[0])
    }

    /// Every indicator's id with the indicator, in framework order.
    pub(crate) fn indicators(&self) -> impl Iterator<Item = (&str, &Indicator)> {
        self.framework
            .indicators()
            .map(|(_, node, indicator)| (node.id.as_str(), indicator))
    }

    /// Every indicator's score of a unit, in framework order.
    pub(crate) fn leaves(&self, unit: &str) -> Vec<Option<f64>> {
        let place = self.only(unit);
        self.framework
            .indicators()
            .map(|(ix, _, _)| self.table.nodes[ix.0].score[place])
            .collect()
    }
}
