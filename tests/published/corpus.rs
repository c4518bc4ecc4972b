//! The published tables, from the folder that `DGPF_CORPUS` names, and their way through the library.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dgpf::framework::{self, Framework, Source};
use dgpf::problem;
use dgpf::responses::{self, Input, Options};
use dgpf::scoring::{Assumptions, GroupRow, Plan, ScoreTable};

use crate::kit;

/// A table as text: what a CSV file holds.
#[derive(Clone)]
pub(crate) struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// One line of a [`Table`].
#[derive(Clone, Copy)]
pub(crate) struct Row<'a> {
    header: &'a [String],
    cells: &'a [String],
}

impl<'a> Row<'a> {
    /// The cell in the column `name`.
    pub(crate) fn get(self, name: &str) -> &'a str {
        let column = self
            .header
            .iter()
            .position(|column| column == name)
            .unwrap_or_else(|| panic!("no column `{name}`"));
        &self.cells[column]
    }

    /// The cell as a number, if there is one.
    pub(crate) fn number(self, name: &str) -> Option<f64> {
        let text = self.get(name);
        (!text.is_empty()).then(|| text.parse().expect("a number"))
    }
}

impl Table {
    /// The file `name` of the corpus.
    pub(crate) fn read(corpus: &Path, name: &str) -> Self {
        let path = corpus.join(name);
        let text = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut records = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(text.as_bytes())
            .into_records()
            .map(|record| {
                let record = record.expect("the corpus is well-formed CSV");
                record.iter().map(str::to_owned).collect::<Vec<_>>()
            });
        Self {
            header: records.next().expect("a header"),
            rows: records.collect(),
        }
    }

    /// A table with this header and these rows.
    pub(crate) fn new(header: &[&str], rows: Vec<Vec<String>>) -> Self {
        Self {
            header: header.iter().map(|&name| name.to_owned()).collect(),
            rows,
        }
    }

    /// Its lines.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|cells| Row {
            header: &self.header,
            cells,
        })
    }

    /// Only the lines that `keep` wants.
    pub(crate) fn filtered(&self, keep: impl Fn(Row<'_>) -> bool) -> Self {
        let rows = self.rows();
        let kept = rows.filter(|&row| keep(row)).map(|row| row.cells.to_vec());
        Self {
            header: self.header.clone(),
            rows: kept.collect(),
        }
    }

    /// The columns named on the left of each pair, under the names on the right.
    pub(crate) fn columns(&self, names: &[(&str, &str)]) -> Self {
        let rows = self.rows();
        let cells = |row: Row<'_>| {
            names
                .iter()
                .map(|(from, _)| row.get(from).to_owned())
                .collect()
        };
        Self {
            header: names.iter().map(|&(_, to)| to.to_owned()).collect(),
            rows: rows.map(cells).collect(),
        }
    }

    /// One more column, made from each line and its position.
    pub(crate) fn with(&self, name: &str, cell: impl Fn(Row<'_>, usize) -> String) -> Self {
        let mut header = self.header.clone();
        header.push(name.to_owned());
        let rows = self.rows().enumerate().map(|(position, row)| {
            let mut cells = row.cells.to_vec();
            cells.push(cell(row, position));
            cells
        });
        Self {
            header,
            rows: rows.collect(),
        }
    }

    /// As CSV.
    pub(crate) fn csv(&self) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&self.header).expect("memory is enough");
        for row in &self.rows {
            writer.write_record(row).expect("memory is enough");
        }
        writer.into_inner().expect("memory is enough")
    }
}

/// A framework and what it made of responses.
pub(crate) struct Scored {
    pub(crate) framework: Framework,
    pub(crate) table: ScoreTable,
    found: BTreeMap<(String, String), usize>,
}

/// The framework in `file`, a path from the package's root.
pub(crate) fn framework(file: &str) -> Framework {
    let path = root().join(file);
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).ok()?;
        let name = Arc::from(path.display().to_string());
        Some(Source { name, text })
    };
    let beside = path.clone();
    let find = move |id: &str| read(beside.with_file_name(format!("{id}.yaml")));
    let source = read(path.clone()).unwrap_or_else(|| panic!("no file {}", path.display()));
    match framework::load(&source, &find) {
        Ok(loaded) => {
            // A framework that is right has nothing to remark upon.
            assert_eq!(loaded.remarks, [], "{}", problem::render(&loaded.remarks));
            loaded.framework
        }
        Err(problems) => panic!("{}", problem::render(&problems)),
    }
}

/// The folder of `Cargo.toml`.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The framework in `file` and the scores of `tables` by it.
pub(crate) fn score(file: &str, tables: &[&[u8]]) -> Scored {
    score_rows(file, tables, 0)
}

/// The same for the finer rows down to row step `depth`; units are then named with their keys, joined by `/`.
pub(crate) fn score_rows(file: &str, tables: &[&[u8]], depth: usize) -> Scored {
    let framework = framework(file);
    let inputs: Vec<Input<'_>> = tables
        .iter()
        .map(|&bytes| Input {
            name: "responses.csv",
            bytes,
        })
        .collect();
    let responses = match responses::load(&inputs, &framework, &Options::default()) {
        Ok(loaded) => loaded.responses,
        Err(problems) => panic!("{file}: {}", problem::render(&problems)),
    };
    let assumptions = Assumptions::of(&framework);
    let said = kit::agrees(&framework, &assumptions, &responses);
    assert!(said, "{file}: there is no query");
    let plan = Plan::compile(&framework, &assumptions);
    let table = match depth {
        0 => plan.score(&responses),
        _ => plan.score_rows(&responses, depth),
    };
    let found = table
        .observations
        .iter()
        .enumerate()
        .map(|(position, observation)| {
            let period = table.periods[observation.period].clone();
            ((observation.unit.to_string(), period), position)
        })
        .collect();
    Scored {
        framework,
        table,
        found,
    }
}

impl Scored {
    fn place(&self, unit: &str, period: &str, node: &str) -> (usize, usize) {
        let node = self
            .framework
            .find(node)
            .unwrap_or_else(|| panic!("no node `{node}`"));
        let observation = self
            .found
            .get(&(unit.to_owned(), period.to_owned()))
            .unwrap_or_else(|| panic!("no unit `{unit}` in period `{period}`"));
        (node.0, *observation)
    }

    /// A score on the framework's range.
    pub(crate) fn shown(&self, unit: &str, period: &str, node: &str) -> Option<f64> {
        let (node, observation) = self.place(unit, period, node);
        let score = self.table.nodes[node].score[observation];
        score.map(|score| self.framework.range.show(score))
    }

    /// A rank.
    pub(crate) fn rank(&self, unit: &str, period: &str, node: &str) -> Option<f64> {
        let (node, observation) = self.place(unit, period, node);
        self.table.nodes[node].rank[observation]
    }

    /// The share of weight that was answered.
    pub(crate) fn coverage(&self, unit: &str, period: &str, node: &str) -> Option<f64> {
        let (node, observation) = self.place(unit, period, node);
        self.table.nodes[node].coverage[observation]
    }

    /// What the score could still become, on the framework's range.
    pub(crate) fn bounds(&self, unit: &str, period: &str, node: &str) -> Option<(f64, f64)> {
        let (node, observation) = self.place(unit, period, node);
        let column = &self.table.nodes[node];
        let range = self.framework.range;
        let low = range.show(column.low[observation]?);
        Some((low, range.show(column.high[observation]?)))
    }

    /// The title of the index's level.
    pub(crate) fn level(&self, unit: &str, period: &str) -> Option<&str> {
        let (node, observation) = self.place(unit, period, "index");
        let band = self.table.nodes[node].level[observation]?;
        let levels = self.framework.levels_of(Framework::INDEX)?;
        Some(levels.bands[band].title.as_str())
    }

    /// The mean of a group on the framework's range.
    pub(crate) fn mean_of(&self, group: &str, node: &str) -> f64 {
        let row = self.table.groups.iter().find(|row| row.id == group);
        self.mean(row.unwrap_or_else(|| panic!("no group `{group}`")), node)
    }

    /// The mean of the peers on the framework's range.
    pub(crate) fn peers_mean(&self, node: &str) -> f64 {
        self.mean(&self.table.peers[0], node)
    }

    /// What a facet weighs in the index within a dimension.
    pub(crate) fn facet_weight(&self, facet: &str, dimension: &str) -> f64 {
        let dimension = self.framework.find(dimension);
        let column = self.table.facets.iter().find(|column| {
            self.framework.facets[column.facet].id.as_str() == facet && column.within == dimension
        });
        column
            .unwrap_or_else(|| panic!("no facet `{facet}` in {dimension:?}"))
            .weight
    }

    fn mean(&self, row: &GroupRow, node: &str) -> f64 {
        let node = self
            .framework
            .find(node)
            .unwrap_or_else(|| panic!("no node `{node}`"));
        let spread = row.nodes[node.0].as_ref().expect("somebody has a score");
        self.framework.range.show(spread.mean)
    }
}
