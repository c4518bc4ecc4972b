//! Uncertainty: how far scores, ranks and levels move when assumptions are drawn again and again.

use rayon::iter::{IndexedParallelIterator, IntoParallelRefMutIterator, ParallelIterator};

use crate::framework::Framework;
use crate::responses::Responses;
use crate::scoring::Assumptions;

use super::Progress;
use super::engine::{Draw, Engine, Variants, Worker};
use super::grid::Grid;
use super::sampler::{Sampler, no_points};
use super::source::{Refused, Study};
use super::tally::{Block, Rivals, Tally};

/// What a study found.
#[derive(Clone, Debug, PartialEq)]
pub struct Uncertainty {
    /// How many draws were made.
    pub draws: usize,
    /// The period's units, in the order of the nominal ranking; those without a rank after it.
    pub units: Vec<UnitSpread>,
    /// Mean over draws and units of how far ranks lie from the nominal ones.
    pub mean_shift: f64,
    /// The ends of the study's interval, and the middle, of the draws' mean shifts.
    pub shift: [f64; 3],
    /// How wide a score is that quantiles cannot tell apart: the coarsest over all units.
    pub resolution: f64,
}

/// What a study found for one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitSpread {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its score under the framework's own assumptions.
    pub score: Option<f64>,
    /// Its rank under them.
    pub rank: Option<f64>,
    /// Share of the draws in which it has a score.
    pub scored: f64,
    /// Mean, and the study's lower end, median and upper end, of its scores.
    pub score_mean: Option<f64>,
    /// Lower end, median, upper end.
    pub scores: Option<[f64; 3]>,
    /// Mean of its ranks.
    pub rank_mean: Option<f64>,
    /// Lower end (better), median, upper end.
    pub ranks: Option<[f64; 3]>,
    /// Mean of how far its rank lies from the nominal one; none without one.
    pub shift: Option<f64>,
    /// Every rank that it took, and in which share of its ranked draws.
    pub acceptability: Vec<(f64, f64)>,
    /// Share of its scored draws in each level; empty where there are no levels.
    pub levels: Vec<f64>,
    /// Share of the draws in which it scores better than the peers' mean.
    pub above_mean: f64,
    /// Share of the draws in which it ranks before the next unit of the nominal order.
    pub above_next: Option<f64>,
    /// Share of the draws in which it ranks before the study's peer.
    pub above_peer: Option<f64>,
}

/// Makes a study.
///
/// # Errors
///
/// When nothing varies, or nobody is ranked.
pub fn uncertainty<'a>(
    framework: &'a Framework,
    responses: &'a Responses,
    study: &'a Study,
    progress: Progress<'_>,
) -> Result<Uncertainty, Refused> {
    study.check(framework, responses)?;
    let engine = Engine::new(framework, responses, study)?;
    let sources = study.sources.len();
    let make = |worker: &mut Worker<'a>, number: usize, draw: &mut Draw| {
        engine.make(worker, &vec![number as u64; sources], &no_points, draw);
    };
    counted(&engine, study, study.draws, &make, progress)
}

/// The same for given assumptions instead of drawn ones, each as often as it is listed.
///
/// # Errors
///
/// When there are none, or nobody is ranked.
pub fn replay<'a>(
    framework: &'a Framework,
    responses: &'a Responses,
    study: &'a Study,
    given: &[Assumptions],
) -> Result<Uncertainty, Refused> {
    if given.is_empty() {
        return Err(Refused::NoDraws);
    }
    let engine = Engine::of(framework, responses, study.period, study.seed, &[])?.of_any_tree();
    let variants = Variants::of(given);
    let make = |worker: &mut Worker<'a>, number: usize, draw: &mut Draw| {
        engine.replay(worker, &given[number], &variants, number, draw);
    };
    counted(&engine, study, given.len(), &make, &|_| ())
}

/// What a draw of a study decides: the assumptions, and the answers where those vary too.
pub fn drawn(
    framework: &Framework,
    responses: &Responses,
    study: &Study,
    draw: usize,
) -> (Assumptions, Option<Responses>) {
    let sampler = Sampler::new(framework, responses, study.seed, &study.sources);
    let mut assumptions = Assumptions::of(framework);
    let picks = vec![draw as u64; study.sources.len()];
    sampler.draw(&picks, &no_points, &mut assumptions);
    let answers = sampler.varies_answers().then(|| sampler.answers(&picks));
    (assumptions, answers)
}

/// Jobs that draws are dealt to, whatever the number of threads.
const LANES: usize = 16;

/// Cells (draws × units) that are held at a time.
const CELLS: usize = 1 << 18;

/// What one job makes between two counts.
struct Lane<'a> {
    worker: Worker<'a>,
    draw: Draw,
    block: Block,
}

fn counted<'a>(
    engine: &Engine<'a>,
    study: &Study,
    draws: usize,
    make: &(dyn Fn(&mut Worker<'a>, usize, &mut Draw) + Sync),
    progress: Progress<'_>,
) -> Result<Uncertainty, Refused> {
    let mut tallies = tallies(engine, study)?;
    let mut shifts = Grid::new();
    let mut shift_sum = 0.0;
    let units = engine.seen.len();
    let each = (CELLS / LANES / units.max(1)).clamp(1, 64);
    let mut lanes: Vec<Lane<'_>> = (0..LANES)
        .map(|_| Lane {
            worker: engine.worker(),
            draw: Draw::default(),
            block: Block::new(units, each),
        })
        .collect();
    let mut done = 0;
    while done < draws {
        let left = draws - done;
        lanes.par_iter_mut().enumerate().for_each(|(lane, own)| {
            own.block.clear();
            let wanted = left.saturating_sub(lane * each).min(each);
            for at in 0..wanted {
                make(&mut own.worker, done + lane * each + at, &mut own.draw);
                let shift = engine.mean_shift(&own.draw);
                own.block.keep(&own.draw, shift);
            }
        });
        // Every unit counts the draws in their order, so that sums do not depend on threads.
        let blocks: Vec<&Block> = lanes.iter().map(|lane| &lane.block).collect();
        tallies
            .par_iter_mut()
            .for_each(|tally| blocks.iter().for_each(|block| tally.add(block)));
        for shift in blocks.iter().flat_map(|block| block.shifts()) {
            shifts.add(*shift);
            shift_sum += shift;
        }
        done += left.min(LANES * each);
        progress(done);
    }
    let (low, high) = study.interval;
    let quantile = |share: f64| shifts.quantile(share).unwrap_or(0.0);
    let units = engine
        .nominal_order()
        .into_iter()
        .map(|at| spread(engine, study, draws, at, &tallies[at]))
        .collect();
    Ok(Uncertainty {
        draws,
        units,
        mean_shift: shift_sum / draws as f64,
        shift: [quantile(low), quantile(0.5), quantile(high)],
        resolution: tallies
            .iter()
            .map(|tally| tally.grid.resolution())
            .fold(0.0, f64::max),
    })
}

/// A tally for every unit, by position.
fn tallies(engine: &Engine<'_>, study: &Study) -> Result<Vec<Tally>, Refused> {
    let units = engine.seen.len();
    let ranked = |at: &usize| engine.nominal.ranks[*at] > 0;
    let peer = match &study.peer {
        None => None,
        Some(id) => {
            let found = (0..units).find(|at| engine.unit(*at).0.eq_ignore_ascii_case(id));
            let found = found.filter(ranked);
            Some(found.ok_or_else(|| Refused::NoSuchPeer(id.clone()))?)
        }
    };
    let order: Vec<usize> = engine.nominal_order().into_iter().filter(ranked).collect();
    let mut next = vec![None; units];
    for pair in order.windows(2) {
        next[pair[0]] = Some(pair[1]);
    }
    let levels = engine.framework().levels_of(Framework::INDEX);
    let levels = levels.map_or(0, |levels| levels.bands.len());
    let tally = |at: usize| {
        let rivals = Rivals {
            next: next[at],
            peer: peer.filter(|peer| *peer != at && ranked(&at)),
        };
        let nominal = engine.nominal.ranks[at];
        Tally::new(at, rivals, nominal, engine.whole_ranks(), levels)
    };
    Ok((0..units).map(tally).collect())
}

fn spread(
    engine: &Engine<'_>,
    study: &Study,
    draws: usize,
    at: usize,
    tally: &Tally,
) -> UnitSpread {
    let (id, name) = engine.unit(at);
    let (low, high) = study.interval;
    let share = |count: u32, of: u32| {
        if of == 0 {
            0.0
        } else {
            f64::from(count) / f64::from(of)
        }
    };
    let ranked = |count: u32| share(count, tally.ranked);
    let ends = |quantile: &dyn Fn(f64) -> Option<f64>| {
        Some([quantile(low)?, quantile(0.5)?, quantile(high)?])
    };
    let rank = engine.nominal.ranks[at];
    UnitSpread {
        id: id.to_owned(),
        name: name.to_owned(),
        score: engine.nominal.scores[at],
        rank: (rank > 0).then(|| f64::from(rank) / 2.0),
        scored: f64::from(tally.scored) / draws as f64,
        score_mean: tally.mean_score(),
        scores: ends(&|share| tally.grid.quantile(share)),
        rank_mean: tally.mean_rank(),
        ranks: ends(&|share| tally.rank_quantile(share)),
        shift: tally.mean_shift(),
        acceptability: (0..tally.ranks.len())
            .filter(|position| tally.ranks[*position] > 0)
            .map(|position| (tally.rank_at(position), ranked(tally.ranks[position])))
            .collect(),
        levels: tally
            .levels
            .iter()
            .map(|count| share(*count, tally.scored))
            .collect(),
        above_mean: share(tally.above_mean, tally.scored),
        above_next: tally.rivals.next.map(|_| ranked(tally.above_next)),
        above_peer: tally.rivals.peer.map(|_| ranked(tally.above_peer)),
    }
}
