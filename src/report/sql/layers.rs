//! A query as layers: each is one `WITH` step that adds columns to those of the step before.
//!
//! Columns are defined in any order that respects what they read; a column goes into the first layer that follows all it
//! reads. What nothing reads is not written, so that those who define columns need not know what is wanted.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::dialect::Dialect;
use super::expr::{Expr, Name};
use super::names::comment;

/// One `WITH` step.
#[derive(Clone, Debug)]
struct Layer {
    name: String,
    notes: Vec<String>,
    from: From,
    columns: Vec<Column>,
    /// Of a layer that groups: its keys. All its other columns are aggregates.
    group: Option<Vec<Name>>,
}

#[derive(Clone, Debug)]
struct Column {
    name: Name,
    expr: Expr,
    note: Option<String>,
}

/// Where a layer's rows are from.
#[derive(Clone, Debug)]
enum From {
    /// The user's table, quoted.
    Table(String),
    /// An earlier layer.
    Layer(usize),
    /// Earlier layers, joined on these keys.
    Join(Vec<usize>, Vec<Name>),
    /// Every row of one beside every row of another that agrees with it in these columns; no two are called the same.
    Beside(usize, usize, Vec<(Name, Name)>, Alone),
    /// These columns, and what stands in them, row by row.
    Listed(Vec<Name>, Vec<Vec<Expr>>),
}

/// What becomes of a row that no row of the other layer agrees with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alone {
    Goes,
    Stays,
}

/// What of the layers a query needs.
struct Live {
    /// Columns of each layer.
    needed: Vec<BTreeSet<Name>>,
    /// Of each layer that joins: those among which its columns are.
    joined: BTreeMap<usize, Vec<usize>>,
    /// Reasons for which it cannot be said.
    refused: BTreeSet<usize>,
}

/// A query that grows.
#[derive(Clone, Debug)]
pub(super) struct Layers {
    all: Vec<Layer>,
    /// The first layer of the stage that columns are defined in now.
    stage: usize,
    /// The first layer whose columns can be read now: those of a table that is read once more, until all are joined.
    block: usize,
    /// What the stage is called and what it does.
    title: (String, String),
    /// In which layers columns of a name are defined: those of groups are called as they were before.
    place: BTreeMap<Name, Vec<usize>>,
}

/// How much a written query says beside what is computed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    pub(super) dialect: Dialect,
    pub(super) comments: bool,
}

impl Layers {
    /// Of the rows of `table`, which is written as the dialect wants it.
    pub(super) fn new(table: &str, name: &str, note: &str) -> Self {
        let mut layers = Self {
            all: Vec::new(),
            stage: 0,
            block: 0,
            title: (String::new(), String::new()),
            place: BTreeMap::new(),
        };
        layers.start(From::Table(table.to_owned()), name, note);
        layers
    }

    /// The same table once more, beside what was made of it so far.
    pub(super) fn again(&mut self, table: &str, name: &str, note: &str) {
        self.block = self.all.len();
        self.start(From::Table(table.to_owned()), name, note);
    }

    fn start(&mut self, from: From, name: &str, note: &str) {
        self.stage = self.all.len();
        self.title = (name.to_owned(), note.to_owned());
        self.all.push(Layer {
            name: self.unused(name),
            notes: vec![note.to_owned()],
            from,
            columns: Vec::new(),
            group: None,
        });
    }

    /// The next columns form a stage of their own.
    pub(super) fn stage(&mut self, name: &str, note: &str) {
        let before = self.all.len() - 1;
        if self.all[before].columns.is_empty() && self.all[before].group.is_none() {
            // Nothing was defined: the empty layer takes the new name.
            if !matches!(self.all[before].from, From::Join(_, _)) {
                self.all[before].name = String::new();
                let name = self.unused(name);
                self.all[before].name = name;
                self.all[before].notes = vec![note.to_owned()];
                self.title = (self.all[before].name.clone(), note.to_owned());
                return;
            }
        }
        self.start(From::Layer(before), name, note);
    }

    /// The last layer, to be joined later.
    pub(super) fn end(&self) -> usize {
        self.all.len() - 1
    }

    /// Goes on with the rows of several layers, joined on `keys`.
    pub(super) fn join(&mut self, layers: Vec<usize>, keys: &[Name], name: &str, note: &str) {
        if let [only] = layers[..]
            && only == self.end()
        {
            return;
        }
        self.block = 0;
        self.start(From::Join(layers, keys.to_vec()), name, note);
    }

    /// What the present stage is called.
    pub(super) fn title(&self) -> String {
        self.title.0.clone()
    }

    /// Goes on with the rows of `layer`, each beside those rows of `other` that agree in the columns named in pairs;
    /// no column may be called the same in both.
    pub(super) fn beside(
        &mut self,
        layer: usize,
        other: usize,
        on: Vec<(Name, Name)>,
        alone: Alone,
        name: &str,
    ) {
        self.start(From::Beside(layer, other, on, alone), name, "");
    }

    /// Rows of constants, a layer of their own.
    pub(super) fn listed(&mut self, name: &str, columns: &[Name], rows: Vec<Vec<Expr>>) -> usize {
        self.start(From::Listed(columns.to_vec(), rows), name, "");
        for column in columns {
            self.placed(column, self.end());
        }
        self.end()
    }

    /// Goes on with one row for each group of rows that agree in `keys`; `columns` are aggregates.
    pub(super) fn group(
        &mut self,
        name: &str,
        note: &str,
        keys: &[Name],
        columns: Vec<(Name, Expr)>,
    ) {
        let before = self.all.len() - 1;
        self.start(From::Layer(before), name, note);
        let layer = self.all.len() - 1;
        for (name, _) in &columns {
            self.placed(name, layer);
        }
        self.all[layer].group = Some(keys.to_vec());
        self.all[layer].columns = columns
            .into_iter()
            .map(|(name, expr)| Column {
                name,
                expr,
                note: None,
            })
            .collect();
    }

    fn placed(&mut self, name: &Name, layer: usize) {
        self.place.entry(name.clone()).or_default().push(layer);
    }

    /// Whether a layer defines a column.
    fn is_in(&self, layer: usize, name: &Name) -> bool {
        self.place
            .get(name)
            .is_some_and(|places| places.contains(&layer))
    }

    /// A name that no layer has, nor the user's table, which some engines would look for among the steps.
    fn unused(&self, name: &str) -> String {
        let taken = |name: &str| {
            self.all.iter().any(|layer| match &layer.from {
                From::Table(table) if is_called(table, name) => true,
                _ => layer.name == name,
            })
        };
        if !taken(name) {
            return name.to_owned();
        }
        let mut numbered = (2..).map(|number: usize| format!("{name}_{number}"));
        numbered.find(|name| !taken(name)).unwrap_or_default()
    }

    /// Defines a column; `note` is said before it.
    pub(super) fn define(&mut self, name: &str, expr: Expr, note: Option<&str>) -> Expr {
        let name: Name = Name::from(name);
        let mut at = self.stage;
        if self.is_settled(at) {
            at += 1;
        }
        expr.visit(&mut |part| {
            if let Expr::Column(read) = part
                && let Some(place) = self.place.get(read).and_then(|places| places.last())
            {
                at = at.max(place + 1);
            }
        });
        while at >= self.all.len() {
            let (title, note) = self.title.clone();
            let name = self.unused(&title);
            self.all.push(Layer {
                name,
                notes: vec![note],
                from: From::Layer(self.all.len() - 1),
                columns: Vec::new(),
                group: None,
            });
        }
        self.placed(&name, at);
        self.all[at].columns.push(Column {
            name: name.clone(),
            expr,
            note: note.map(str::to_owned),
        });
        Expr::Column(name)
    }

    /// The first of `prefix_name`, `prefix2_name`, … that no column has.
    pub(super) fn fresh(&self, prefix: &str, name: &str) -> String {
        let plain = format!("{prefix}_{name}");
        let numbered = (2..).map(|number: usize| format!("{prefix}{number}_{name}"));
        let mut names = std::iter::once(plain).chain(numbered);
        names
            .find(|name| !self.place.contains_key(name.as_str()))
            .unwrap_or_default()
    }

    /// A column that may be there already.
    pub(super) fn once(&mut self, name: &str, expr: Expr) -> Expr {
        if expr.is_short() {
            return expr;
        }
        let places = self.place.get(name).into_iter().flatten();
        if places.copied().any(|place| place >= self.block) {
            return Expr::Column(Name::from(name));
        }
        self.define(name, expr, None)
    }

    /// Whether a layer's columns are all there: it groups or joins.
    fn is_settled(&self, layer: usize) -> bool {
        self.all[layer].group.is_some() || matches!(self.all[layer].from, From::Join(_, _))
    }

    /// A column for an expression that is needed more than once, unless it is short already.
    pub(super) fn short(&mut self, name: &str, expr: Expr) -> Expr {
        if expr.is_short() {
            return expr;
        }
        self.define(name, expr, None)
    }

    /// A condition as a column, unless it is constant.
    pub(super) fn condition(&mut self, name: &str, condition: Expr) -> Expr {
        if condition.is_short() {
            return condition;
        }
        let flag = self.define(name, super::expr::flag(condition), None);
        super::expr::equal(flag, Expr::Whole(1))
    }

    /// What each layer writes when the last one must have `wanted`.
    fn live(&self, wanted: &BTreeSet<Name>) -> Live {
        let mut needed: Vec<BTreeSet<Name>> = vec![BTreeSet::new(); self.all.len()];
        let mut joined = BTreeMap::new();
        let mut refused = BTreeSet::new();
        if let Some(last) = needed.last_mut() {
            last.clone_from(wanted);
        }
        for (at, layer) in self.all.iter().enumerate().rev() {
            if needed[at].is_empty() {
                continue;
            }
            let mut reads = BTreeSet::new();
            let mut see = |part: &Expr| match part {
                Expr::Column(name) => {
                    reads.insert(name.clone());
                }
                Expr::Refused(reason) => {
                    refused.insert(*reason);
                }
                _ => {}
            };
            for column in &layer.columns {
                if needed[at].contains(&column.name) {
                    column.expr.visit(&mut see);
                }
            }
            let own: BTreeSet<&Name> = layer.columns.iter().map(|column| &column.name).collect();
            let carried = needed[at].iter().filter(|name| !own.contains(name));
            reads.extend(carried.cloned());
            reads.extend(layer.group.iter().flatten().cloned());
            match &layer.from {
                From::Table(_) | From::Listed(_, _) => {}
                From::Layer(before) => needed[*before].extend(reads),
                From::Join(layers, keys) => {
                    // A layer of which nothing but the keys is read is not joined.
                    let mut read = vec![layers[0]];
                    for name in reads.into_iter().filter(|name| !keys.contains(name)) {
                        let before = layers.iter().find(|before| self.has(**before, &name));
                        let Some(before) = before else { continue };
                        if !read.contains(before) {
                            read.push(*before);
                        }
                        needed[*before].insert(name);
                    }
                    for before in &read {
                        needed[*before].extend(keys.iter().cloned());
                    }
                    read.sort_unstable();
                    joined.insert(at, read);
                }
                From::Beside(layer, other, on, _) => {
                    for name in reads {
                        let theirs = self.is_in(*other, &name);
                        needed[if theirs { *other } else { *layer }].insert(name);
                    }
                    for (own, theirs) in on {
                        needed[*layer].insert(own.clone());
                        needed[*other].insert(theirs.clone());
                    }
                    if let From::Listed(columns, _) = &self.all[*other].from {
                        needed[*other].extend(columns.iter().cloned());
                    }
                }
            }
        }
        Live {
            needed,
            joined,
            refused,
        }
    }

    /// Whether a layer has a column, its own or one of those before it.
    fn has(&self, layer: usize, name: &Name) -> bool {
        self.is_in(layer, name)
            || match &self.all[layer].from {
                _ if self.all[layer].group.is_some() => false,
                From::Table(_) | From::Listed(_, _) => false,
                From::Layer(before) => self.has(*before, name),
                From::Join(layers, _) => layers.iter().any(|before| self.has(*before, name)),
                From::Beside(layer, other, _, _) => {
                    self.has(*layer, name) || self.has(*other, name)
                }
            }
    }

    /// The `WITH` steps of a query that reads `wanted` from the last one, and that one's name.
    ///
    /// # Errors
    /// The reasons for which it cannot be said, if there are any; or a step that has more columns than the engine takes.
    pub(super) fn write(
        &self,
        wanted: &BTreeSet<Name>,
        manner: Manner,
    ) -> Result<(String, String), Unwritten> {
        let live = self.live(wanted);
        if !live.refused.is_empty() {
            return Err(Unwritten::Refused(live.refused));
        }
        let mut steps = Vec::new();
        // A layer without columns of its own passes on what it reads.
        let mut called: Vec<String> = Vec::new();
        for (at, layer) in self.all.iter().enumerate() {
            let needed = &live.needed[at];
            let width = needed.len();
            if width > manner.dialect.most_columns() {
                return Err(Unwritten::TooWide {
                    step: layer.name.clone(),
                    columns: width,
                });
            }
            let own = layer.columns.iter();
            let adds = own.clone().any(|column| needed.contains(&column.name));
            let before = match (&layer.from, live.joined.get(&at).map(Vec::as_slice)) {
                (From::Layer(before), _) | (From::Join(_, _), Some([before])) => Some(*before),
                _ => None,
            };
            if let (Some(before), false, None) = (before, adds, &layer.group) {
                called.push(called[before].clone());
                continue;
            }
            called.push(layer.name.clone());
            if !needed.is_empty() {
                steps.push(self.step(at, &live, &called, manner));
            }
        }
        let last = called.last().cloned().unwrap_or_default();
        Ok((format!("WITH\n{}", steps.join(",\n")), last))
    }

    fn step(&self, at: usize, live: &Live, called: &[String], manner: Manner) -> String {
        let layer = &self.all[at];
        let needed = &live.needed[at];
        let dialect = manner.dialect;
        if let From::Listed(columns, rows) = &layer.from {
            return listed(&layer.name, columns, rows, dialect);
        }
        let mut out = format!("{} AS {}(\n", layer.name, dialect.head_of_step());
        if manner.comments {
            for note in layer.notes.iter().filter(|note| !note.is_empty()) {
                let _ = writeln!(out, "  /* {} */", comment(note));
            }
        }
        out.push_str("  SELECT\n");
        let own: BTreeSet<&Name> = layer.columns.iter().map(|column| &column.name).collect();
        let mut carried: Vec<String> = Vec::new();
        for name in needed.iter().filter(|name| !own.contains(name)) {
            let qualified = match &layer.from {
                From::Join(layers, keys) if keys.contains(name) => {
                    format!("{}.{name}", called[layers[0]])
                }
                _ => name.to_string(),
            };
            carried.push(qualified);
        }
        let mut items: Vec<String> = Vec::new();
        if !carried.is_empty() {
            items.push(format!("    {}", wrapped(&carried)));
        }
        for column in layer.columns.iter().filter(|c| needed.contains(&c.name)) {
            let mut item = String::new();
            if let (true, Some(note)) = (manner.comments, &column.note) {
                let _ = writeln!(item, "    /* {} */", comment(note));
            }
            let _ = write!(
                item,
                "    {} AS {}",
                dialect.write(&column.expr, 4),
                column.name
            );
            items.push(item);
        }
        out.push_str(&items.join(",\n"));
        match &layer.from {
            From::Table(table) => {
                let _ = write!(out, "\n  FROM {table}");
            }
            From::Layer(before) => {
                let _ = write!(out, "\n  FROM {}", called[*before]);
            }
            From::Join(layers, keys) => {
                let first = &called[layers[0]];
                let _ = write!(out, "\n  FROM {first}");
                for other in live.joined[&at].iter().filter(|other| **other != layers[0]) {
                    let other = &called[*other];
                    let on: Vec<String> = keys
                        .iter()
                        .map(|key| format!("{other}.{key} = {first}.{key}"))
                        .collect();
                    let _ = write!(out, "\n  JOIN {other} ON {}", on.join(" AND "));
                }
            }
            From::Beside(layer, other, on, alone) => {
                let join = match alone {
                    Alone::Goes => "JOIN",
                    Alone::Stays => "LEFT JOIN",
                };
                let (layer, other) = (&called[*layer], &called[*other]);
                let on: Vec<String> = on
                    .iter()
                    .map(|(own, theirs)| format!("{other}.{theirs} = {layer}.{own}"))
                    .collect();
                let _ = if on.is_empty() {
                    write!(out, "\n  FROM {layer}\n  CROSS JOIN {other}")
                } else {
                    write!(
                        out,
                        "\n  FROM {layer}\n  {join} {other} ON {}",
                        on.join(" AND ")
                    )
                };
            }
            From::Listed(_, _) => {}
        }
        if let Some(keys) = &layer.group {
            let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
            let _ = write!(out, "\n  GROUP BY {}", keys.join(", "));
        }
        if let Some(end) = dialect.end_of_step() {
            let _ = write!(out, "\n  {end}");
        }
        out.push_str("\n)");
        out
    }
}

/// A step of constants.
fn listed(name: &str, columns: &[Name], rows: &[Vec<Expr>], dialect: Dialect) -> String {
    let row = |row: &Vec<Expr>| {
        let cells: Vec<String> = row.iter().map(|cell| dialect.write(cell, 0)).collect();
        format!("({})", cells.join(", "))
    };
    let rows: Vec<String> = rows.iter().map(row).collect();
    format!(
        "{name}({}) AS {}(\n  VALUES {}\n)",
        columns.join(", "),
        dialect.head_of_step(),
        wrapped(&rows)
    )
}

/// Whether a quoted table has this name, in whatever letters: names of steps are not quoted.
fn is_called(table: &str, name: &str) -> bool {
    table.trim_matches(['"', '`']).eq_ignore_ascii_case(name)
}

/// Why a query was not written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Unwritten {
    /// For these reasons, by position.
    Refused(BTreeSet<usize>),
    /// A step has more columns than the engine takes.
    TooWide { step: String, columns: usize },
}

/// Names parted by commas, as many a line as fit.
pub(super) fn wrapped(names: &[String]) -> String {
    let mut out = String::new();
    let mut width = 4;
    for (at, name) in names.iter().enumerate() {
        if at > 0 {
            out.push(',');
            if width + name.len() > 105 {
                out.push_str("\n    ");
                width = 4;
            } else {
                out.push(' ');
            }
        }
        out.push_str(name);
        width += name.len() + 2;
    }
    out
}
