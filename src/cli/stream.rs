//! `dgpf score` of a large file: read, scored and written piece by piece.

use std::borrow::Cow;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use dgpf::framework::{Framework, NodeIx};
use dgpf::report::csv::{self, Columns};
use dgpf::report::{About, Data, Format, ScoreResult};
use dgpf::responses::{Order, Responses};
use dgpf::scoring::{Frozen, Keep, Observation, Plan, Remark, Remarks, ScoreTable};

use super::Outcome;
use super::args::{self, Score};
use super::arrange::{Placed, Places, Row, Task};
use super::choose::Chosen;
use super::io::{self, Terminal};
use super::pieces::{self, Large, Pass, Pieces, Tried};
use super::progress;
use super::read::stated;
use super::replace::Replacement;
use super::results::{self, columns, say_remarks};
use super::score::assumptions;
use super::stats;

/// Scores a file in pieces if that gives what reading it as a whole gives.
pub(crate) fn run(arguments: &Score, format: Format, terminal: &Terminal) -> anyhow::Result<Tried> {
    let Format::Data(format @ (Data::Csv | Data::CsvWide | Data::CsvFacets)) = format else {
        return Ok(Tried::Whole(Vec::new()));
    };
    // What is no file may not be there a second time, when everything is read as a whole.
    let stats = arguments.cohort.stats.as_deref();
    if !arguments.by.is_empty() || stats.is_some_and(|stats| !stats.is_file()) {
        return Ok(Tried::Whole(Vec::new()));
    }
    pieces::in_pieces(&arguments.inputs, terminal, |large, chosen| {
        score(arguments, format, large, chosen, terminal)
    })
}

fn score(
    arguments: &Score,
    format: Data,
    large: &mut Large,
    chosen: &Chosen,
    terminal: &Terminal,
) -> anyhow::Result<Option<Outcome>> {
    let mut framework = Cow::Borrowed(&chosen.framework);
    let weights = arguments.weights.as_deref();
    let mut options = Vec::new();
    let mut assumptions = assumptions(&framework, weights, &mut options)?;
    let cohort = match &arguments.cohort.stats {
        None => None,
        Some(path) => {
            framework.to_mut().ranking = None;
            // What is wrong with the responses is said first.
            let Ok(cohort) = stats::read(path, &framework, stated(&options, "weights")) else {
                return Ok(None);
            };
            Some(cohort)
        }
    };
    let framework = &*framework;
    let Some(options) = large.options(framework) else {
        return Ok(None);
    };
    // Before the cohort is among the assumptions: its hash takes time, and no CSV states it.
    let (none, scores) = (Responses::default(), ScoreTable::default());
    let about = ScoreResult::new(framework, &assumptions, &none, Vec::new(), scores).about;
    if let Some(cohort) = cohort {
        assumptions = assumptions.with_frozen(cohort);
    }
    let plan = Plan::compile(framework, &assumptions);
    let columns = columns(&arguments.writing, &about);
    let (order, in_input_order) = match arguments.order {
        args::Order::Unit => (Order::Ascending, false),
        args::Order::Input => (Order::Any, true),
    };
    let frozen = assumptions.cohort.is_some();
    if frozen && plan.can_be_frozen().is_err() {
        return Ok(None);
    }
    let rounds = if frozen { Vec::new() } else { plan.rounds() };
    let mut job = Job {
        framework,
        plan: if rounds.is_empty() {
            plan
        } else {
            plan.knowing(&Frozen::default())
        },
        about: &about,
        columns: &columns,
        format,
        in_input_order,
        period: None,
    };
    // Ranks are added when all rows are written.
    if !job.plan.rows_stand_alone() {
        return Ok(None);
    }
    let Some(mut pieces) = large.pieces(&job.plan, &options, order) else {
        return Ok(None);
    };
    let output = io::named(arguments.writing.output.as_deref());
    let cannot_write = || io::cannot_write(output);
    let begin = || Replacement::of(output).with_context(cannot_write);
    let Some(mut written) = begin()? else {
        return Ok(None);
    };
    let asked = arguments.writing.period.as_deref();
    // What these stand for all rows tell.
    let unknown = asked.filter(|asked| matches!(*asked, "all" | "latest"));
    let passes = usize::from(unknown.is_some()) + rounds.len() + 1;
    pieces.expect(passes);
    job.period = asked.map(str::to_owned);
    if let Some(asked) = unknown {
        let Some(periods) = pieces.periods()? else {
            return Ok(None);
        };
        let period = results::period(&periods, asked)?;
        job.period = period.map(|period| periods[period].clone());
    }
    for round in &rounds {
        let Some(found) = pieces.gather(&job.plan, (round, Keep::WhatIsNeeded))? else {
            return Ok(None);
        };
        job.plan = job.plan.knowing(&found);
    }
    let (written, remarks) = loop {
        match job.write(&mut pieces, (written, output))? {
            Pass::Done(all) => break all,
            Pass::Whole => return Ok(None),
            Pass::Again => match begin()? {
                Some(another) => written = another,
                None => return Ok(None),
            },
        }
    };
    let writing = &arguments.writing;
    pieces.tell(chosen, writing.lang.as_deref(), terminal)?;
    let mut remarks = remarks.in_order(&job.plan);
    if let Some(period) = &job.period {
        remarks.retain(|remark| remark.is_about(period));
    }
    say_remarks("", &about, &remarks, writing.lang.as_deref(), terminal);
    written.put().with_context(cannot_write)?;
    Ok(Some(Outcome::Done))
}

/// What is done with every piece.
struct Job<'a> {
    framework: &'a Framework,
    plan: Plan<'a>,
    about: &'a About,
    columns: &'a Columns,
    format: Data,
    in_input_order: bool,
    /// The only one that is written; all without it.
    period: Option<String>,
}

/// What comes of a piece.
#[derive(Default)]
struct Done {
    text: Vec<u8>,
    /// Where its rows stand; only where something has to be done with them when all are written.
    placed: Placed,
    remarks: Vec<Remark>,
}

impl Job<'_> {
    /// The nodes whose ranks are written, in the order of the lines of a row.
    fn ranked(&self) -> &[NodeIx] {
        const INDEX: &[NodeIx] = &[Framework::INDEX];
        match self.format {
            _ if self.framework.ranking.is_none() => &[],
            Data::CsvFacets => &[],
            Data::Csv => &self.columns.nodes,
            _ if self.columns.rank => INDEX,
            _ => &[],
        }
    }

    fn piece(&self, responses: &mut Responses, task: Task<'_>) -> Done {
        let mut wanted = match self.format {
            Data::Csv => self.columns.wanted_tidy(self.framework),
            Data::CsvFacets => Columns::wanted_facets(self.framework),
            _ => self.columns.wanted(self.framework),
        };
        wanted.ranks.fill(false);
        let mut scores = self.plan.score_read(responses, &wanted);
        if self.in_input_order {
            scores = scores.in_order_of(responses);
        }
        if let Some(period) = &self.period {
            let wanted = responses.periods.iter().position(|found| found == period);
            let rows = 0..scores.observations.len();
            let rows = rows.filter(|&row| Some(scores.observations[row].period) == wanted);
            scores = scores.of_rows(&rows.collect::<Vec<_>>());
        }
        // As much as a row mostly takes; more is made room for.
        let row = match self.format {
            Data::Csv => 80 * self.columns.nodes.len(),
            Data::CsvFacets => 80 * scores.facets.len(),
            _ => 48 + 10 * self.columns.nodes.len(),
        };
        let mut done = Done {
            text: Vec::with_capacity(row * scores.observations.len()),
            remarks: std::mem::take(&mut scores.remarks),
            placed: Placed {
                periods: std::mem::take(&mut responses.periods),
                ..Placed::default()
            },
        };
        let placed = &mut done.placed;
        let ended = |text: &mut Vec<u8>| {
            if task.is_any() {
                let observation = &scores.observations[placed.rows.len()];
                placed.rows.push(Row {
                    end: text.len(),
                    unit: Arc::clone(&observation.unit),
                    period: observation.period,
                });
            }
        };
        let (about, columns, text) = (self.about, self.columns, &mut done.text);
        match self.format {
            Data::Csv => csv::tidy_rows(about, &scores, columns, text, ended),
            Data::CsvFacets => csv::facet_rows(about, &scores, text, ended),
            _ => csv::wide_rows(about, &scores, columns, text, ended),
        }
        let ranked = |(score, observation): (&Option<f64>, &Observation)| {
            score.filter(|_| observation.ranked).unwrap_or(f64::NAN)
        };
        let of_node = |node: &NodeIx| {
            let cells = scores.nodes[node.0].score.iter();
            cells.zip(&scores.observations).map(ranked).collect()
        };
        done.placed.scores = task.rank.iter().map(of_node).collect();
        done
    }

    /// Writes all rows into what will take the place of `output`, and collects what is to be said of them.
    fn write(
        &self,
        pieces: &mut Pieces<'_>,
        (mut written, output): (Replacement, Option<&Path>),
    ) -> anyhow::Result<Pass<(Replacement, Remarks)>> {
        let cannot_write = || io::cannot_write(output);
        let header = match self.format {
            Data::Csv => csv::tidy_header(),
            Data::CsvFacets => csv::facets_header(),
            _ => csv::wide_header(self.about, self.columns),
        };
        written.write_all(&header).with_context(cannot_write)?;
        let task = Task {
            order: pieces.order() == Order::Scattered,
            rank: self.ranked(),
        };
        if !task.is_any() {
            written.settle();
        }
        let mut places = Places::new(task);
        let mut remarks = Remarks::default();
        let work = |responses: &mut Responses| self.piece(responses, task);
        let mut take = |done: Done| -> anyhow::Result<()> {
            written.write_all(&done.text).with_context(cannot_write)?;
            remarks.add(done.remarks, &done.placed.periods);
            places.add(&done.placed);
            Ok(())
        };
        match pieces.read(&work, &mut take)? {
            Pass::Done(()) => {}
            Pass::Again => return Ok(Pass::Again),
            Pass::Whole => return Ok(Pass::Whole),
        }
        progress::doing("writing");
        if self
            .period
            .as_deref()
            .is_some_and(|period| !places.know(period))
        {
            // What there is instead is said there.
            return Ok(Pass::Whole);
        }
        let written = places
            .arrange(written, header.len(), &self.plan, output)
            .with_context(cannot_write)?;
        Ok(Pass::Done((written, remarks)))
    }
}
