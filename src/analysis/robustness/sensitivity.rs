//! Sensitivity: which source drives the ranking.
//!
//! First-order and total indices by the design of A. Saltelli et al., "Variance based sensitivity analysis of model
//! output", Comput. Phys. Commun. 181 (2010): two samples A and B, and for every source A with that source's draws from
//! B; first order by their estimator (b) with the mean taken off first, total by Jansen's.

use rayon::iter::{IndexedParallelIterator, ParallelIterator};
use rayon::slice::ParallelSliceMut;

use crate::framework::Framework;
use crate::responses::Responses;
use crate::scoring::Statistics;

use super::Progress;
use super::engine::{Draw, Engine, Worker};
use super::quasi::Quasi;
use super::random::{Stream, name};
use super::source::{Refused, Source, Study, Weighting};

/// What is looked at in every run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// The mean over units of how far ranks lie from the nominal ones.
    MeanShift,
    /// The rank of a unit, by its id.
    Rank(String),
    /// The score of a unit, by its id.
    Score(String),
}

/// How a sensitivity analysis is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Design {
    /// Points of each sample; the next power of two is taken. There are `base` × (sources + 2) runs.
    pub base: usize,
    /// How often the points are drawn again for the intervals of the indices.
    pub resamples: usize,
    /// What is looked at.
    pub outputs: Vec<Output>,
}

impl Design {
    /// 1,024 points, 1,000 resamples, the mean shift of ranks.
    pub const DEFAULT: Self = Self {
        base: 1024,
        resamples: 1000,
        outputs: Vec::new(),
    };
}

/// What a sensitivity analysis found.
#[derive(Clone, Debug, PartialEq)]
pub struct Sensitivity {
    /// Points of each sample.
    pub base: usize,
    /// How many times all units were scored.
    pub runs: usize,
    /// By output.
    pub outputs: Vec<Drivers>,
}

/// What drives one output.
#[derive(Clone, Debug, PartialEq)]
pub struct Drivers {
    /// The output.
    pub output: Output,
    /// Its mean over both samples.
    pub mean: f64,
    /// Its variance over both samples.
    pub variance: f64,
    /// By source, in the order of the study; `None` where the output does not vary.
    pub indices: Vec<Option<Indices>>,
}

/// How much of an output's variance a source stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Indices {
    /// Alone.
    pub first: Estimate,
    /// Together with what it does through others.
    pub total: Estimate,
}

/// An estimate with its interval from 5 % to 95 % of the resamples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The estimate.
    pub value: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Makes a sensitivity analysis of a study's sources.
///
/// # Errors
///
/// When nothing varies, or nobody is ranked, or an output names no unit.
pub fn sensitivity<'a>(
    framework: &'a Framework,
    responses: &'a Responses,
    study: &'a Study,
    design: &Design,
    progress: Progress<'_>,
) -> Result<Sensitivity, Refused> {
    study.check(framework, responses)?;
    let engine = Engine::new(framework, responses, study)?;
    let outputs: Vec<(Output, Reading)> = if design.outputs.is_empty() {
        vec![(Output::MeanShift, Reading::MeanShift)]
    } else {
        let reading = |output: &Output| Ok((output.clone(), read(&engine, output)?));
        design
            .outputs
            .iter()
            .map(reading)
            .collect::<Result<_, Refused>>()?
    };
    let sources = study.sources.len();
    let base = design.base.clamp(2, 1 << 20).next_power_of_two();
    let sample = Sample::new(framework, study);
    let width = (sources + 2) * outputs.len();
    let mut cells: Vec<Option<f64>> = vec![None; base * width];
    let mut done = 0;
    for wave in cells.chunks_mut(WAVE * width) {
        wave.par_chunks_mut(JOB * width).enumerate().for_each_init(
            || (engine.worker(), Draw::default()),
            |(worker, draw), (job, rows)| {
                for (at, row) in rows.chunks_mut(width).enumerate() {
                    let point = done + job * JOB + at;
                    sample.runs(&engine, worker, draw, point, &outputs, row);
                }
            },
        );
        done += wave.len() / width;
        progress(done * (sources + 2));
    }
    let drivers = |(which, (output, _)): (usize, &(Output, Reading))| {
        let column = |run: usize| -> Vec<Option<f64>> {
            let rows = cells.chunks(width);
            rows.map(|row| row[run * outputs.len() + which]).collect()
        };
        let columns: Vec<Vec<Option<f64>>> = (0..sources + 2).map(column).collect();
        driven(output.clone(), &columns, design.resamples, study.seed)
    };
    Ok(Sensitivity {
        base,
        runs: base * (sources + 2),
        outputs: outputs.iter().enumerate().map(drivers).collect(),
    })
}

/// Points of one thread's job, and between two reports of progress.
const JOB: usize = 4;
const WAVE: usize = 256;

/// An output with its unit found.
#[derive(Clone, Copy, Debug)]
enum Reading {
    MeanShift,
    Rank(usize),
    Score(usize),
}

fn read(engine: &Engine<'_>, output: &Output) -> Result<Reading, Refused> {
    let find = |id: &str| {
        let found = (0..engine.seen.len()).find(|at| engine.unit(*at).0.eq_ignore_ascii_case(id));
        found.ok_or_else(|| Refused::NoSuchUnit(id.to_owned()))
    };
    Ok(match output {
        Output::MeanShift => Reading::MeanShift,
        Output::Rank(id) => Reading::Rank(find(id)?),
        Output::Score(id) => Reading::Score(find(id)?),
    })
}

/// Both samples: which numbers each source takes.
struct Sample {
    quasi: Quasi,
    /// The things whose first number is quasi-random, by source and thing; a dimension each, A's before B's.
    dimensions: Vec<(usize, usize)>,
    sources: usize,
}

impl Sample {
    fn new(framework: &Framework, study: &Study) -> Self {
        let mut dimensions = Vec::new();
        // Choices first, then weights from the top of the tree down: what stands higher moves more.
        for (at, source) in study.sources.iter().enumerate() {
            if source.alternatives() > 1 {
                dimensions.push((at, 0));
            }
        }
        let mut nodes: Vec<usize> = (0..framework.nodes.len()).collect();
        nodes.sort_by_key(|ix| framework.nodes[*ix].depth);
        for ix in nodes {
            for (at, source) in study.sources.iter().enumerate() {
                if weighs(source, framework, ix) {
                    dimensions.push((at, ix));
                }
            }
        }
        dimensions.truncate(Quasi::DIMENSIONS / 2);
        Self {
            quasi: Quasi::new(study.seed),
            dimensions,
            sources: study.sources.len(),
        }
    }

    /// Makes the runs of one point: A, B, then A with one source after the other from B.
    fn runs<'a>(
        &self,
        engine: &Engine<'a>,
        worker: &mut Worker<'a>,
        draw: &mut Draw,
        point: usize,
        outputs: &[(Output, Reading)],
        row: &mut [Option<f64>],
    ) {
        for (run, cells) in row.chunks_mut(outputs.len()).enumerate() {
            let from_b = |source: usize| match run {
                0 => false,
                1 => true,
                _ => source == run - 2,
            };
            let pick = |source: usize| 2 * point as u64 + u64::from(from_b(source));
            let picks: Vec<u64> = (0..self.sources).map(pick).collect();
            let points = |source: usize, thing: usize| {
                let found = self.dimensions.iter().position(|d| *d == (source, thing))?;
                let half = usize::from(from_b(source)) * self.dimensions.len();
                let point = u32::try_from(point).ok()?;
                Some(self.quasi.coordinate(point, half + found))
            };
            engine.make(worker, &picks, &points, draw);
            for (cell, (_, reading)) in cells.iter_mut().zip(outputs) {
                *cell = match reading {
                    Reading::MeanShift => Some(engine.mean_shift(draw)),
                    Reading::Rank(at) => Some(draw.ranks[*at])
                        .filter(|rank| *rank > 0)
                        .map(|rank| f64::from(rank) / 2.0),
                    Reading::Score(at) => draw.scores[*at],
                };
            }
        }
    }
}

/// Whether a source draws a number for the weight of a node.
fn weighs(source: &Source, framework: &Framework, ix: usize) -> bool {
    let counts = framework.nodes[ix].weight.get() > 0.0;
    counts
        && match source {
            Source::Weights(Weighting::Around(factors)) => {
                factors[framework.nodes[ix].tier as usize] > 0.0
            }
            Source::Weights(
                Weighting::RandomShares(nodes) | Weighting::Dirichlet { nodes, .. },
            ) => nodes.iter().any(|node| node.0 == ix),
            _ => false,
        }
}

/// The indices of one output; `columns` are A, B and one mixture a source. A point counts if all its runs gave a value.
fn driven(output: Output, columns: &[Vec<Option<f64>>], resamples: usize, seed: u64) -> Drivers {
    let whole = |point: &usize| columns.iter().all(|column| column[*point].is_some());
    let points: Vec<usize> = (0..columns[0].len()).filter(whole).collect();
    let values = |column: &Vec<Option<f64>>| -> Vec<f64> {
        points.iter().filter_map(|point| column[*point]).collect()
    };
    let values: Vec<Vec<f64>> = columns.iter().map(values).collect();
    let all: Vec<usize> = (0..points.len()).collect();
    let (mean, variance) = moments(&values[0], &values[1], &all);
    let found = indices_of(&values, &all);
    let redrawn: Vec<Vec<Option<(f64, f64)>>> = (0..resamples)
        .map(|resample| {
            let mut stream = Stream::new(seed, resample as u64, name(["resample"]));
            let drawn: Vec<usize> = all.iter().map(|_| stream.below(all.len())).collect();
            indices_of(&values, &drawn)
        })
        .collect();
    let indices = found.into_iter().enumerate().map(|(source, found)| {
        let (first, total) = found?;
        let among = |of: fn((f64, f64)) -> f64| {
            Statistics::new(
                redrawn
                    .iter()
                    .filter_map(|row| row[source].map(of))
                    .collect(),
            )
        };
        let estimate = |value: f64, among: &Statistics| Estimate {
            value,
            low: among.quantile(0.05).unwrap_or(value),
            high: among.quantile(0.95).unwrap_or(value),
        };
        Some(Indices {
            first: estimate(first, &among(|pair| pair.0)),
            total: estimate(total, &among(|pair| pair.1)),
        })
    });
    Drivers {
        output,
        mean,
        variance,
        indices: indices.collect(),
    }
}

/// First-order and total index of every source from the outputs of sample A, sample B and of A with one source after the
/// other from B; `None` where the output does not vary.
pub fn indices(a: &[f64], b: &[f64], mixed: &[Vec<f64>]) -> Vec<Option<(f64, f64)>> {
    let values: Vec<Vec<f64>> = [a.to_vec(), b.to_vec()]
        .into_iter()
        .chain(mixed.iter().cloned())
        .collect();
    let all: Vec<usize> = (0..a.len()).collect();
    indices_of(&values, &all)
}

fn indices_of(values: &[Vec<f64>], points: &[usize]) -> Vec<Option<(f64, f64)>> {
    let (a, b) = (&values[0], &values[1]);
    let (mean, variance) = moments(a, b, points);
    let count = points.len() as f64;
    let of = |mixed: &Vec<f64>| {
        if variance <= 0.0 {
            return None;
        }
        let (mut first, mut total) = (0.0, 0.0);
        for point in points.iter().copied() {
            let step = mixed[point] - a[point];
            first += (b[point] - mean) * step;
            total += step * step;
        }
        Some((first / count / variance, total / (2.0 * count * variance)))
    };
    values[2..].iter().map(of).collect()
}

/// Mean and variance (n − 1) over both samples.
fn moments(a: &[f64], b: &[f64], points: &[usize]) -> (f64, f64) {
    let both = || {
        points
            .iter()
            .map(|point| a[*point])
            .chain(points.iter().map(|point| b[*point]))
    };
    let count = 2.0 * points.len() as f64;
    if points.is_empty() {
        return (0.0, 0.0);
    }
    let mean = both().sum::<f64>() / count;
    let squares: f64 = both().map(|y| (y - mean) * (y - mean)).sum();
    (mean, squares / (count - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    #[test]
    fn the_indices_of_the_ishigami_function_are_met() {
        // Ishigami and Homma 1990, a = 7, b = 0.1; indices from the analytic variances.
        let quasi = Quasi::new(3);
        let ishigami = |x: [f64; 3]| {
            let [x, y, z] = x.map(|u| PI * (2.0 * u - 1.0));
            x.sin() + 7.0 * y.sin().powi(2) + 0.1 * z.powi(4) * x.sin()
        };
        let run = |point: u32, from_b: [bool; 3]| {
            ishigami(std::array::from_fn(|d| {
                quasi.coordinate(point, d + 3 * usize::from(from_b[d]))
            }))
        };
        let column =
            |from_b: [bool; 3]| -> Vec<f64> { (0..4096).map(|point| run(point, from_b)).collect() };
        let mixed = [0, 1, 2].map(|source| column(std::array::from_fn(|d| d == source)));
        let found = indices(&column([false; 3]), &column([true; 3]), &mixed);
        let v = 7f64.powi(2) / 8.0 + 0.1 * PI.powi(4) / 5.0 + 0.01 * PI.powi(8) / 18.0 + 0.5;
        let v1 = 0.5 * (1.0 + 0.1 * PI.powi(4) / 5.0).powi(2);
        let v2 = 7f64.powi(2) / 8.0;
        let v13 = 0.01 * PI.powi(8) * (1.0 / 18.0 - 1.0 / 50.0);
        let expected = [(v1 / v, (v1 + v13) / v), (v2 / v, v2 / v), (0.0, v13 / v)];
        for (found, expected) in found.into_iter().zip(expected) {
            let (first, total) = found.expect("it varies");
            assert!(
                (first - expected.0).abs() < 0.01,
                "{first} is not {}",
                expected.0
            );
            assert!(
                (total - expected.1).abs() < 0.01,
                "{total} is not {}",
                expected.1
            );
        }
    }

    #[test]
    fn an_output_that_does_not_vary_has_no_drivers() {
        let still = vec![2.0; 8];
        assert_eq!(
            indices(&still, &still, std::slice::from_ref(&still)),
            [None]
        );
    }

    #[test]
    fn what_acts_alone_has_equal_indices() {
        // y = x₁, whatever x₂: all variance is the first source's own.
        let a = vec![0.0, 1.0, 2.0, 3.0];
        let b = vec![3.0, 1.0, 0.0, 2.0];
        let found = indices(&a, &b, &[b.clone(), a.clone()]);
        let (first, total) = found[0].expect("it varies");
        // Mean 1.5, variance 10 ÷ 7; Σ (b − 1.5)(b − a) = 7, Σ (b − a)² = 14.
        assert!((first - 7.0 / 4.0 * 0.7).abs() < 1e-15, "{first}");
        assert!((total - 14.0 / 8.0 * 0.7).abs() < 1e-15, "{total}");
        assert_eq!(found[1], Some((0.0, 0.0)));
    }
}
