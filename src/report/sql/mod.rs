//! A plan as one SQL query: the scores of `dgpf score`, made by the engine that holds the responses.
//!
//! `source` reads the user's table, `decode` and `leaf` make shares of answers, `rollup` combines finer rows, `slot` and
//! `aggregate` go up the tree, `finish` adds levels and ranks. They define columns as `expr`essions; `layers` puts the
//! columns that are needed into `WITH` steps; `dialect` is how an engine writes them.

mod aggregate;
mod checks;
pub mod dbt;
mod decode;
mod dialect;
mod expr;
mod finish;
mod layers;
mod leaf;
mod names;
mod rollup;
mod scale;
mod slot;
mod source;
mod work;

use std::collections::{BTreeMap, BTreeSet};

use crate::framework::{Framework, NodeIx, Tier};
use crate::scoring::Plan;

use expr::Name;
use finish::Shown;
use layers::Unwritten;
use leaf::Leaf;
use names::comment;
use slot::{Slot, heights};
use work::Work;

pub use checks::{Check, checks};
pub use dialect::Dialect;
pub use work::Refusal;

/// What a query reads and shows.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is asked for or not")]
pub struct Options {
    /// For which engine.
    pub dialect: Dialect,
    /// The shape of the table.
    pub input: Input,
    /// The table's name, part by part: schema, table.
    pub table: Vec<String>,
    /// What stands for the table instead of its name, as it is.
    pub reference: Option<String>,
    /// The column that says who is scored.
    pub unit: String,
    /// The column that says when; none: there is one period.
    pub period: Option<String>,
    /// Long form: the column that says which indicator is answered.
    pub indicator: String,
    /// Long form: the column of the answer.
    pub answer: String,
    /// Nodes at most so many steps below the index have columns.
    pub depth: Option<usize>,
    /// Indicators have columns too.
    pub indicators: bool,
    /// The lowest and highest score that gaps could still give.
    pub bounds: bool,
    /// The framework's facets.
    pub facets: bool,
    /// Ranks, which look at all units.
    pub ranks: bool,
    /// Titles beside the steps and columns.
    pub comments: bool,
}

/// The shape of a table of responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// One row a unit and period (and finer key), one column an indicator, called by its code.
    Wide,
    /// One row an answer, with the indicator's code.
    Long,
}

impl Options {
    /// For `framework`'s own columns in the table `responses`.
    pub fn of(framework: &Framework, dialect: Dialect) -> Self {
        Self {
            dialect,
            input: Input::Wide,
            table: vec!["responses".to_owned()],
            reference: None,
            unit: framework.unit.column.clone(),
            period: framework.period.clone(),
            indicator: "indicator".to_owned(),
            answer: "answer".to_owned(),
            depth: None,
            indicators: false,
            bounds: false,
            facets: false,
            ranks: true,
            comments: true,
        }
    }
}

/// A query, and what its columns hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// One statement, without a `;` at its end.
    pub text: String,
    /// Columns of the result: name, what it holds, the values that it can have if they are few.
    pub columns: Vec<(String, String, Vec<String>)>,
}

/// `plan` as a query.
///
/// # Errors
/// Everything that the plan asks for and that cannot be said.
pub fn write(plan: &Plan<'_>, options: &Options) -> Result<Query, Vec<Refusal>> {
    sound(options, plan.framework)?;
    fits(options, plan)?;
    let mut work = Work::new(plan, options, source::open(options));
    let mut slots = make_nodes(&mut work);
    let mut facets = work.facets(&slots);
    work.combine_scores(&mut slots, &mut facets);
    work.round_at_end(&mut slots);
    let shown = work.result(&slots, facets);
    finish(&work, &shown)
}

/// Names of the user's table that an engine or a template would read as more than letters are refused.
fn sound(options: &Options, framework: &Framework) -> Result<(), Vec<Refusal>> {
    let mut names: Vec<&str> = options.table.iter().map(String::as_str).collect();
    names.push(&options.unit);
    names.extend(options.period.as_deref());
    names.extend(framework.rows.iter().map(|step| step.key.as_str()));
    names.extend(framework.attributes.iter().map(|own| own.column.as_str()));
    match options.input {
        Input::Wide => names.extend(framework.indicators().map(|(_, _, own)| own.code.as_str())),
        Input::Long => names.extend([options.indicator.as_str(), options.answer.as_str()]),
    }
    let wrong = |name: &&str| {
        let signs = ["{{", "{%", "{#", "${"];
        name.is_empty()
            || name.chars().any(char::is_control)
            || signs.iter().any(|sign| name.contains(sign))
    };
    let refused: Vec<Refusal> = names
        .into_iter()
        .filter(wrong)
        .map(|name| Refusal {
            line: 0,
            what: format!("column or table `{}`", name.escape_debug()),
            why: "its name holds signs that an engine or a template could read".to_owned(),
        })
        .collect();
    if refused.is_empty() {
        Ok(())
    } else {
        Err(refused)
    }
}

/// A table that the engine cannot hold is refused, so that nobody looks for the mistake in the query.
fn fits(options: &Options, plan: &Plan<'_>) -> Result<(), Vec<Refusal>> {
    let framework = plan.framework;
    let keys = 1 + usize::from(options.period.is_some()) + framework.rows.len();
    let columns = keys + framework.attributes.len() + plan.questions.nodes.len();
    let most = options.dialect.most_columns();
    if options.input == Input::Long || columns <= most {
        return Ok(());
    }
    Err(vec![Refusal {
        line: 0,
        what: format!("a table of {columns} columns"),
        why: format!(
            "{} takes at most {most}: load the responses as one row an answer, and read them with --input long",
            options.dialect.name()
        ),
    }])
}

fn finish(work: &Work<'_>, shown: &[Shown]) -> Result<Query, Vec<Refusal>> {
    match work.query(shown, &head(work)) {
        Ok(text) => Ok(Query {
            text,
            columns: shown
                .iter()
                .map(|column| {
                    (
                        column.name.clone(),
                        column.about.clone(),
                        column.values.clone(),
                    )
                })
                .collect(),
        }),
        Err(Unwritten::Refused(reasons)) => Err(reasons
            .into_iter()
            .filter_map(|reason| work.reasons.get(reason).cloned())
            .collect()),
        Err(Unwritten::TooWide { step, columns }) => {
            let most = work.options.dialect.most_columns();
            let otherwise = match work.options.input {
                Input::Wide => "read the long form",
                Input::Long => "divide nodes of so many parts",
            };
            Err(vec![Refusal {
                line: 0,
                what: format!("{columns} columns in {step}"),
                why: format!(
                    "{} takes at most {most}: show fewer nodes with --depth, or {otherwise}",
                    work.options.dialect.name()
                ),
            }])
        }
    }
}

/// Who made the query of what.
fn head(work: &Work<'_>) -> String {
    let (framework, options) = (work.framework(), work.options);
    let shape = match options.input {
        Input::Wide => "one column a question",
        Input::Long => "one row an answer",
    };
    format!(
        "/* dgpf {}: framework {} {}, sha256 {} */\n/* {}, for {}, {shape} */\n",
        env!("CARGO_PKG_VERSION"),
        comment(framework.id.as_str()),
        comment(&framework.version),
        comment(&framework.sha256),
        comment(framework.title.as_str()),
        options.dialect.name(),
    )
}

/// Most questions that are read in one step; more are read in blocks, which are joined when their nodes are made.
fn most_questions(options: &Options) -> usize {
    match options.dialect {
        Dialect::Postgres | Dialect::Sqlite => 400,
        Dialect::DuckDb | Dialect::Spark => 5000,
    }
}

/// The columns of every node.
fn make_nodes(work: &mut Work<'_>) -> Vec<Slot> {
    let framework = work.framework();
    let heights = heights(work.plan);
    let mut slots: BTreeMap<NodeIx, Slot> = BTreeMap::new();
    let blocks = blocks(work);
    let mut ends = Vec::new();
    for (number, block) in blocks.iter().enumerate() {
        work.depth = framework.rows.len();
        if number > 0 {
            let table = source::table(work.options);
            work.layers.again(&table, "answers", "");
        }
        make_leaves(work, block, &heights, &mut slots);
        if blocks.len() > 1 {
            let inside: Vec<NodeIx> = framework
                .walk()
                .map(|(ix, _)| ix)
                .filter(|ix| is_inside(work, *ix, block))
                .collect();
            make_parents(work, &inside, &heights, &mut slots);
        }
        ends.push(work.layers.end());
    }
    if blocks.len() > 1 {
        let keys: Vec<Name> = work.keys(work.depth);
        work.layers.join(
            ends,
            &keys,
            "blocks",
            "what was made in blocks, side by side",
        );
    }
    let rest: Vec<NodeIx> = framework
        .walk()
        .map(|(ix, _)| ix)
        .filter(|ix| !slots.contains_key(ix))
        .collect();
    make_parents(work, &rest, &heights, &mut slots);
    if blocks.len() > 1
        && framework.screen.is_some()
        && let Some(index) = slots.get_mut(&Framework::INDEX)
    {
        let why = "it looks at all indicators, and so many are read in blocks";
        index.score = work.refuse(Framework::INDEX, "screen", why);
    }
    slots.into_values().collect()
}

/// Whether all indicators below a node belong to a block, and there is one.
fn is_inside(work: &Work<'_>, node: NodeIx, block: &[usize]) -> bool {
    let framework = work.framework();
    let below: Vec<usize> = framework
        .indicators()
        .filter(|(ix, _, _)| {
            *ix == node || crate::scoring::above(framework, *ix).any(|above| above == node)
        })
        .filter_map(|(ix, _, _)| work.plan.questions.position[ix.0])
        .collect();
    !below.is_empty() && below.iter().all(|question| block.contains(question))
}

/// Reads the answers of a block and makes its leaves; those that wait for nothing become slots.
fn make_leaves(
    work: &mut Work<'_>,
    block: &[usize],
    heights: &[usize],
    slots: &mut BTreeMap<NodeIx, Slot>,
) {
    work.read(block);
    let order = &work.plan.questions.order;
    let order: Vec<usize> = order
        .iter()
        .copied()
        .filter(|question| block.contains(question))
        .collect();
    let mut leaves: BTreeMap<usize, Leaf> = work.decode(&order);
    work.combine_answers(&mut leaves);
    work.scale_leaves(&mut leaves);
    let mut waiting: Vec<(usize, usize)> = leaves
        .keys()
        .map(|question| (heights[work.plan.questions.nodes[*question].0], *question))
        .collect();
    waiting.sort_unstable();
    work.layers
        .stage("indicators", "the share of every indicator");
    for (_, question) in waiting {
        let node = work.plan.questions.nodes[question];
        let slot = work.leaf_slot(question, &leaves[&question]);
        let cap = work.framework().node(node).cap;
        let limit = cap.and_then(|cap| slots.get(&cap).cloned());
        if cap.is_some() && limit.is_none() {
            work.late.push((node, slot));
            continue;
        }
        let slot = work.seal(node, slot, limit.as_ref());
        slots.insert(node, slot);
    }
}

/// Makes these nodes, which are no leaves, or leaves that wait for a node that caps them.
fn make_parents(
    work: &mut Work<'_>,
    nodes: &[NodeIx],
    heights: &[usize],
    slots: &mut BTreeMap<NodeIx, Slot>,
) {
    let framework = work.framework();
    let mut by_height: BTreeMap<usize, Vec<NodeIx>> = BTreeMap::new();
    for node in nodes.iter().filter(|node| !slots.contains_key(node)) {
        by_height.entry(heights[node.0]).or_default().push(*node);
    }
    for (_, nodes) in by_height {
        let (name, note) = stage_name(work, &nodes);
        work.layers.stage(&name, &note);
        for node in nodes {
            let cap = framework.node(node).cap;
            let limit = cap.and_then(|cap| slots.get(&cap).cloned());
            let stranded = cap.is_some() && limit.is_none();
            let mut slot = if framework.node(node).indicator().is_some() {
                let Some(late) = work.late.iter().position(|(own, _)| *own == node) else {
                    continue;
                };
                work.late.swap_remove(late).1
            } else {
                let parts = work.plan.parts[node.0].clone();
                let parts: Vec<Slot> = parts
                    .iter()
                    .filter_map(|part| slots.get(part).cloned())
                    .collect();
                let mut slot = work.parent_slot(node, &parts);
                work.rescale(node, &mut slot);
                slot
            };
            if stranded {
                slot.score = work.refuse(node, "cap", "the node that caps it is in another block");
            }
            let slot = work.seal(node, slot, limit.as_ref());
            slots.insert(node, slot);
        }
    }
}

/// What a step is called in which these nodes are made.
fn stage_name(work: &Work<'_>, nodes: &[NodeIx]) -> (String, String) {
    if let [only] = nodes {
        let name = format!("node_{}", work.names[only.0]);
        return (name, work.title(*only));
    }
    let tiers: BTreeSet<Tier> = nodes
        .iter()
        .map(|node| work.framework().node(*node).tier)
        .collect();
    let plural = match tiers.first() {
        Some(tier) if tiers.len() == 1 => format!("{}s", tier.word()),
        _ => "nodes".to_owned(),
    };
    (plural, String::new())
}

/// Questions that are read together: whole parts of the tree, and whatever looks at each other.
fn blocks(work: &Work<'_>) -> Vec<Vec<usize>> {
    let framework = work.framework();
    let most = most_questions(work.options);
    let count = work.plan.questions.nodes.len();
    if count <= most {
        return vec![(0..count).collect()];
    }
    let below = |node: NodeIx| -> Vec<usize> {
        let inside = framework.indicators().filter(|(ix, _, _)| {
            *ix == node || crate::scoring::above(framework, *ix).any(|above| above == node)
        });
        inside
            .filter_map(|(ix, _, _)| work.plan.questions.position[ix.0])
            .collect()
    };
    // Parts of the tree that fit.
    let mut open = vec![Framework::INDEX];
    let mut parts: Vec<Vec<usize>> = Vec::new();
    while let Some(node) = open.pop() {
        let questions = below(node);
        if questions.len() <= most && node != Framework::INDEX {
            parts.push(questions);
        } else {
            open.extend(framework.node(node).children().iter().rev());
        }
    }
    // Those that look at each other belong together.
    for (question, conditions) in work.plan.questions.conditions.iter().enumerate() {
        let looks_at = conditions
            .iter()
            .flat_map(|condition| &condition.checks)
            .filter_map(crate::scoring::Check::question);
        for other in looks_at.chain(divisor(work, question)) {
            merge(&mut parts, question, other);
        }
    }
    let mut blocks: Vec<Vec<usize>> = Vec::new();
    for part in parts {
        match blocks.last_mut() {
            Some(last) if last.len() + part.len() <= most => last.extend(part),
            _ => blocks.push(part),
        }
    }
    blocks
}

/// The question that a number is divided by.
fn divisor(work: &Work<'_>, question: usize) -> Option<usize> {
    use crate::framework::{Answers, Denominator};
    let Answers::Number(number) = &work.plan.questions.indicator(question).answers else {
        return None;
    };
    match number.per? {
        Denominator::Indicator(node) => work.plan.questions.position[node.0],
        Denominator::Attribute(_) => None,
    }
}

fn merge(parts: &mut Vec<Vec<usize>>, a: usize, b: usize) {
    let find = |parts: &[Vec<usize>], question: usize| {
        parts.iter().position(|part| part.contains(&question))
    };
    if let (Some(first), Some(second)) = (find(parts, a), find(parts, b))
        && first != second
    {
        let moved = parts.remove(first.max(second));
        parts[first.min(second)].extend(moved);
    }
}
