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
}

/// A query that grows.
#[derive(Clone, Debug)]
pub(super) struct Layers {
    all: Vec<Layer>,
    /// The first layer of the stage that columns are defined in now.
    stage: usize,
    /// What the stage is called and what it does.
    title: (String, String),
    /// In which layer a column is defined.
    place: BTreeMap<Name, usize>,
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
            title: (String::new(), String::new()),
            place: BTreeMap::new(),
        };
        layers.start(From::Table(table.to_owned()), name, note);
        layers
    }

    /// The same table once more, beside what was made of it so far.
    pub(super) fn again(&mut self, table: &str, name: &str, note: &str) {
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
        self.start(From::Join(layers, keys.to_vec()), name, note);
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
            self.place.insert(name.clone(), layer);
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

    /// A name that no layer has.
    fn unused(&self, name: &str) -> String {
        let taken = |name: &str| self.all.iter().any(|layer| layer.name == name);
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
                && let Some(place) = self.place.get(read)
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
        self.place.insert(name.clone(), at);
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
        if expr.is_short() || self.place.contains_key(name) {
            return if expr.is_short() {
                expr
            } else {
                Expr::Column(Name::from(name))
            };
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

    /// Which columns each layer writes when the last one must have `wanted`, and the reasons for which it cannot be said.
    fn live(&self, wanted: &BTreeSet<Name>) -> (Vec<BTreeSet<Name>>, BTreeSet<usize>) {
        let mut needed: Vec<BTreeSet<Name>> = vec![BTreeSet::new(); self.all.len()];
        let mut refused = BTreeSet::new();
        if let Some(last) = needed.last_mut() {
            last.clone_from(wanted);
        }
        for at in (0..self.all.len()).rev() {
            let layer = &self.all[at];
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
                From::Table(_) => {}
                From::Layer(before) => needed[*before].extend(reads),
                From::Join(layers, keys) => {
                    for before in layers {
                        needed[*before].extend(keys.iter().cloned());
                    }
                    for name in reads {
                        if let Some(before) = layers.iter().find(|before| self.has(**before, &name))
                        {
                            needed[*before].insert(name);
                        }
                    }
                }
            }
        }
        (needed, refused)
    }

    /// Whether a layer has a column, its own or one of those before it.
    fn has(&self, layer: usize, name: &Name) -> bool {
        let Some(place) = self.place.get(name) else {
            return false;
        };
        *place == layer
            || match &self.all[layer].from {
                From::Table(_) => false,
                From::Layer(before) => self.has(*before, name),
                From::Join(layers, _) => layers.iter().any(|before| self.has(*before, name)),
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
        let (needed, refused) = self.live(wanted);
        if !refused.is_empty() {
            return Err(Unwritten::Refused(refused));
        }
        let mut steps = Vec::new();
        // A layer without columns of its own passes on what it reads.
        let mut called: Vec<String> = Vec::new();
        for (at, layer) in self.all.iter().enumerate() {
            let width = needed[at].len();
            if width > manner.dialect.most_columns() {
                return Err(Unwritten::TooWide {
                    step: layer.name.clone(),
                    columns: width,
                });
            }
            let own = layer.columns.iter();
            let adds = own.clone().any(|column| needed[at].contains(&column.name));
            if let (From::Layer(before), false, None) = (&layer.from, adds, &layer.group) {
                called.push(called[*before].clone());
                continue;
            }
            called.push(layer.name.clone());
            if !needed[at].is_empty() || layer.group.is_some() {
                steps.push(self.step(at, &needed[at], &called, manner));
            }
        }
        let last = called.last().cloned().unwrap_or_default();
        Ok((format!("WITH\n{}", steps.join(",\n")), last))
    }

    fn step(
        &self,
        at: usize,
        needed: &BTreeSet<Name>,
        called: &[String],
        manner: Manner,
    ) -> String {
        let layer = &self.all[at];
        let dialect = manner.dialect;
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
                From::Table(_) | From::Layer(_) | From::Join(_, _) => name.to_string(),
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
                for other in &layers[1..] {
                    let other = &called[*other];
                    let on: Vec<String> = keys
                        .iter()
                        .map(|key| format!("{other}.{key} = {first}.{key}"))
                        .collect();
                    let _ = write!(out, "\n  JOIN {other} ON {}", on.join(" AND "));
                }
            }
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
