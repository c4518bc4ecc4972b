//! Scores of parts → the score of what holds them, within one row: what `scoring/aggregate.rs` does.

use crate::framework::{Aggregate, TOLERANCE, Zeros};

use super::expr::{
    Direction, Expr, Function, Name, Over, above, aggregate, all, any, at_least, at_most, below,
    call, case, coalesce, equal, is_null, minus, not_null, number, only_if, over, over_ordered,
    plus, ratio, sum, times,
};
use super::layers::Alone;
use super::work::{Work, reaches, tie_key};

/// A part's score in a row, with its weight.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) weight: f64,
    pub(super) stage: u32,
    /// The highest share that it can reach: what its weight is worth in a sum of points.
    pub(super) reach: f64,
    /// A short expression; no value: it takes no part.
    pub(super) value: Expr,
    /// Whether there is a value in every row.
    pub(super) certain: bool,
    /// It does not apply.
    pub(super) away: Expr,
}

/// Most parts of a median that are held against each other; more become rows.
const MOST_OF_MEDIAN: usize = 60;

impl Work<'_> {
    /// The score, or no value where no part has any. Helping columns are called by `name`.
    pub(super) fn aggregate(&mut self, how: Aggregate, cells: &[Cell], name: &str) -> Expr {
        if cells.is_empty() {
            return Expr::Null;
        }
        match how {
            Aggregate::Mean => self.mean(cells, name),
            Aggregate::Geometric(zeros) => self.geometric(zeros, cells, name),
            Aggregate::Harmonic(zeros) => self.power(-1.0, zeros, cells, name),
            Aggregate::Power(exponent, zeros) => self.power(exponent, zeros, cells, name),
            Aggregate::Median => self.median(cells, name),
            Aggregate::Minimum => extreme(Function::Least, 9e99, cells),
            Aggregate::Maximum => extreme(Function::Greatest, -9e99, cells),
            Aggregate::Sum { out_of } => self.sum(cells, out_of, name),
            Aggregate::Product => self.product(cells, name),
            Aggregate::LevelSum { out_of } => {
                let stages = self.stages(cells, name);
                let out_of = out_of.unwrap_or(stages.len() as f64);
                self.sum(&stages, out_of, &format!("{name}_stages"))
            }
            Aggregate::Staged { pass, partial } => {
                let stages = self.stages(cells, name);
                self.staged(&stages, pass, partial, name)
            }
            Aggregate::Copeland | Aggregate::Borda => Expr::Null,
        }
    }

    /// The weight of the parts that have a score; a number where all always have.
    pub(super) fn weight(&mut self, cells: &[Cell], name: &str) -> Expr {
        let total: f64 = cells.iter().map(|cell| cell.weight).sum();
        if cells.iter().all(|cell| cell.certain) {
            return number(total);
        }
        let known = sum(cells.iter().map(present_weight).collect());
        let name = self.layers.fresh("w", name);
        self.layers.define(&name, known, None)
    }

    fn total(&mut self, terms: Vec<Expr>, name: &str) -> Expr {
        let name = self.layers.fresh("t", name);
        self.layers.define(&name, sum(terms), None)
    }

    fn mean(&mut self, cells: &[Cell], name: &str) -> Expr {
        if let [only] = cells {
            return only.value.clone();
        }
        let weight = self.weight(cells, name);
        let terms = cells.iter().map(|cell| {
            let term = times(number(cell.weight), cell.value.clone());
            known_or(cell, term, 0.0)
        });
        let total = self.total(terms.collect(), name);
        ratio(total, weight)
    }

    fn geometric(&mut self, zeros: Zeros, cells: &[Cell], name: &str) -> Expr {
        let weight = self.weight(cells, name);
        let terms = cells.iter().map(|cell| {
            let x = cell.value.clone();
            let logarithm = match zeros {
                Zeros::Floor(floor) => {
                    let lifted = case([(above(x.clone(), number(floor)), x)], number(floor));
                    call(Function::Ln, vec![lifted])
                }
                Zeros::Zero => only_if(above(x.clone(), number(0.0)), call(Function::Ln, vec![x])),
            };
            let term = times(number(cell.weight), logarithm);
            match zeros {
                Zeros::Floor(_) if cell.certain => term,
                Zeros::Floor(_) => only_if_given(cell, term),
                Zeros::Zero => coalesce(term, number(0.0)),
            }
        });
        let total = self.total(terms.collect(), name);
        let mean = call(Function::Exp, vec![ratio(total, weight.clone())]);
        let score = match zeros {
            Zeros::Zero => case([(any_at_most_zero(cells), number(0.0))], mean),
            Zeros::Floor(_) => mean,
        };
        guarded(weight, score)
    }

    fn power(&mut self, exponent: f64, zeros: Zeros, cells: &[Cell], name: &str) -> Expr {
        let weight = self.weight(cells, name);
        let raise = |x: Expr| {
            if (exponent + 1.0).abs() <= 0.0 {
                ratio(number(1.0), x)
            } else {
                call(Function::Power, vec![x, number(exponent)])
            }
        };
        let terms = cells.iter().map(|cell| {
            let x = cell.value.clone();
            let raised = match zeros {
                Zeros::Floor(floor) => {
                    let lifted = case([(above(x.clone(), number(floor)), x)], number(floor));
                    raise(lifted)
                }
                Zeros::Zero => only_if(above(x.clone(), number(0.0)), raise(x)),
            };
            let term = times(number(cell.weight), raised);
            match zeros {
                Zeros::Floor(_) if cell.certain => term,
                Zeros::Floor(_) => only_if_given(cell, term),
                Zeros::Zero => coalesce(term, number(0.0)),
            }
        });
        let total = self.total(terms.collect(), name);
        let mean = ratio(total.clone(), weight.clone());
        let root = if (exponent + 1.0).abs() <= 0.0 {
            ratio(weight.clone(), total.clone())
        } else {
            call(Function::Power, vec![mean, number(1.0 / exponent)])
        };
        let positive = above(total, number(0.0));
        let score = match zeros {
            // A part at zero makes a mean with a negative exponent zero.
            Zeros::Zero if exponent < 0.0 => case([(any_at_most_zero(cells), number(0.0))], root),
            Zeros::Zero => case([(positive, root)], number(0.0)),
            Zeros::Floor(_) => root,
        };
        guarded(weight, score)
    }

    /// The value at which half of the weight lies on either side; the mean of both neighbours if that is between two.
    fn median(&mut self, cells: &[Cell], name: &str) -> Expr {
        if cells.len() > MOST_OF_MEDIAN {
            return self.median_of_many(cells, name);
        }
        let weight = self.weight(cells, name);
        let half = match weight {
            Expr::Number(weight) => number(weight / 2.0),
            weight => times(weight, number(0.5)),
        };
        let near = times(half.clone(), number(1e-12));
        let mut lower = Vec::new();
        let mut upper = Vec::new();
        for (at, cell) in cells.iter().enumerate() {
            let upto = cells.iter().map(|other| {
                let here = at_most(other.value.clone(), cell.value.clone());
                case([(here, number(other.weight))], number(0.0))
            });
            let upto = self
                .layers
                .short(&format!("md{}_{name}", at + 1), sum(upto.collect()));
            let beyond = minus(upto, half.clone());
            let is_there = not_null(cell.value.clone());
            let reach = at_least(plus(beyond.clone(), near.clone()), number(0.0));
            let pass = above(beyond, near.clone());
            let far = number(9e99);
            lower.push(case(
                [(all([is_there.clone(), reach]), cell.value.clone())],
                far.clone(),
            ));
            upper.push(case([(all([is_there, pass]), cell.value.clone())], far));
        }
        let lower = call(Function::Least, lower);
        let lower_name = self.layers.fresh("ml", name);
        let lower = self.layers.define(&lower_name, lower, None);
        let upper = call(Function::Least, upper);
        let upper_name = self.layers.fresh("mu", name);
        let upper = self.layers.define(&upper_name, upper, None);
        // Where all weight lies at one value there is none above it.
        let upper_end = case([(below(upper.clone(), number(9e98)), upper)], lower.clone());
        let between = times(plus(lower.clone(), upper_end), number(0.5));
        only_if(below(lower, number(9e98)), between)
    }

    fn sum(&mut self, cells: &[Cell], out_of: f64, name: &str) -> Expr {
        let terms = cells.iter().map(|cell| {
            let term = times(number(cell.weight), cell.value.clone());
            known_or(cell, term, 0.0)
        });
        let total = self.total(terms.collect(), name);
        if cells.iter().all(|cell| cell.certain) {
            return ratio(total, number(out_of));
        }
        // Points that can be reached by all, and by those with a score.
        let points = |cell: &Cell| cell.weight * cell.reach;
        let all_points: f64 = cells.iter().map(points).sum();
        let all_weight: f64 = cells.iter().map(|cell| cell.weight).sum();
        let known = cells.iter().map(|cell| {
            let own = number(points(cell));
            case([(not_null(cell.value.clone()), own)], number(0.0))
        });
        let known_name = self.layers.fresh("wp", name);
        let known = self.layers.define(&known_name, sum(known.collect()), None);
        let weight = self.weight(cells, name);
        let complete = all(cells.iter().map(|cell| not_null(cell.value.clone())));
        let grown = |by: Expr| Expr::Product(vec![total.clone(), by]);
        let whole = case(
            [
                (complete, total.clone()),
                (
                    above(known.clone(), number(0.0)),
                    grown(ratio(number(all_points), known)),
                ),
                (
                    above(weight.clone(), number(0.0)),
                    grown(ratio(number(all_weight), weight)),
                ),
            ],
            Expr::Null,
        );
        ratio(whole, number(out_of))
    }

    fn product(&mut self, cells: &[Cell], name: &str) -> Expr {
        let all_weight: f64 = cells.iter().map(|cell| cell.weight).sum();
        let weight = self.weight(cells, name);
        let positive = |x: Expr| case([(above(x.clone(), number(0.0)), x)], number(0.0));
        let is_one = |exponent: f64| (exponent - 1.0).abs() < f64::EPSILON;
        let plain = cells.iter().map(|cell| {
            if is_one(cell.weight) {
                positive(cell.value.clone())
            } else {
                call(
                    Function::Power,
                    vec![positive(cell.value.clone()), number(cell.weight)],
                )
            }
        });
        let plain = Expr::Product(plain.collect());
        if matches!(weight, Expr::Number(_)) {
            return plain;
        }
        let share = only_if(
            above(weight.clone(), number(0.0)),
            ratio(number(all_weight), weight.clone()),
        );
        let share_name = self.layers.fresh("sh", name);
        let share = self.layers.define(&share_name, share, None);
        let raised = cells.iter().map(|cell| {
            let exponent = times(number(cell.weight), share.clone());
            let distance = minus(exponent.clone(), number(1.0));
            let one = below(call(Function::Abs, vec![distance]), number(f64::EPSILON));
            case(
                [
                    (is_null(cell.value.clone()), number(1.0)),
                    (one, positive(cell.value.clone())),
                ],
                call(
                    Function::Power,
                    vec![positive(cell.value.clone()), exponent],
                ),
            )
        });
        let complete = all(cells.iter().map(|cell| not_null(cell.value.clone())));
        case(
            [
                (complete, plain),
                (above(weight, number(0.0)), Expr::Product(raised.collect())),
            ],
            Expr::Null,
        )
    }

    /// The weighted mean of each stage's parts, stages ascending.
    fn stages(&mut self, cells: &[Cell], name: &str) -> Vec<Cell> {
        let mut stages: Vec<u32> = cells.iter().map(|cell| cell.stage).collect();
        stages.sort_unstable();
        stages.dedup();
        let mut means = Vec::new();
        for stage in stages {
            let own: Vec<Cell> = cells
                .iter()
                .filter(|cell| cell.stage == stage)
                .cloned()
                .collect();
            let name = format!("{name}_stage{stage}");
            let mean = self.mean(&own, &name);
            let column = self.layers.fresh("g", &name);
            let points: f64 = own.iter().map(|cell| cell.weight * cell.reach).sum();
            let total: f64 = own.iter().map(|cell| cell.weight).sum();
            means.push(Cell {
                weight: 1.0,
                stage,
                reach: points / total,
                value: self.layers.short(&column, mean),
                certain: own.iter().any(|cell| cell.certain),
                away: all(own.iter().map(|cell| cell.away.clone())),
            });
        }
        means
    }

    fn staged(&mut self, stages: &[Cell], pass: f64, partial: bool, name: &str) -> Expr {
        let mut reached = Vec::new();
        let mut counted = Vec::new();
        let mut failed: Vec<Expr> = Vec::new();
        for stage in stages {
            let x = stage.value.clone();
            let fails_before = any(failed.clone());
            let passes = reaches(x.clone(), number(pass));
            let first_failure = if partial {
                ratio(x.clone(), number(pass))
            } else {
                number(0.0)
            };
            reached.push(case(
                [
                    (fails_before.clone(), number(0.0)),
                    (passes, number(1.0)),
                    (not_null(x.clone()), first_failure),
                ],
                number(0.0),
            ));
            counted.push(case(
                [
                    (not_null(x.clone()), number(1.0)),
                    (stage.away.clone(), number(0.0)),
                    (fails_before, number(1.0)),
                ],
                number(0.0),
            ));
            failed.push(below(plus(x, number(TOLERANCE)), number(pass)));
        }
        let reached = self.total(reached, name);
        let counted_name = self.layers.fresh("k", name);
        let counted = self.layers.define(&counted_name, sum(counted), None);
        let answered = any(stages.iter().map(|stage| not_null(stage.value.clone())));
        only_if(answered, ratio(reached, counted))
    }

    /// Σ w·(ascending rank − 1) over the cohort.
    pub(super) fn borda(
        &mut self,
        cells: &[Cell],
        cohort: &super::work::Among,
        name: &str,
    ) -> Expr {
        let mut terms = Vec::new();
        for (at, cell) in cells.iter().enumerate() {
            let key = only_if(not_null(cell.value.clone()), tie_key(cell.value.clone()));
            let key = self
                .layers
                .define(&format!("bk{}_{name}", at + 1), key, None);
            let (lower, _) = self.place(&format!("{}_{name}", at + 1), cohort, key.clone());
            terms.push(case(
                [(not_null(key), times(number(cell.weight), lower))],
                number(0.0),
            ));
        }
        let total = self.total(terms, name);
        let known = any(cells.iter().map(|cell| not_null(cell.value.clone())));
        only_if(known, total)
    }

    /// The same of so many parts that each becomes a row: then they are put in order.
    fn median_of_many(&mut self, cells: &[Cell], name: &str) -> Expr {
        let keys = self.keys(self.depth);
        let title = self.layers.title();
        let before = self.layers.end();
        let place = Name::from(self.layers.fresh("place", name));
        let numbers = (1..).take(cells.len());
        let rows = numbers.map(|at| vec![Expr::Whole(at)]).collect();
        let columns = std::slice::from_ref(&place);
        let places = self.layers.listed(&place, columns, rows);
        let parts = format!("parts_{name}");
        self.layers
            .beside(before, places, Vec::new(), Alone::Goes, &parts);
        let by_place = |of: &dyn Fn(&Cell) -> Expr| {
            let cases = (1..).zip(cells).map(|(at, cell)| {
                let here = equal(Expr::Column(place.clone()), Expr::Whole(at));
                (here, of(cell))
            });
            case(cases.collect::<Vec<_>>(), Expr::Null)
        };
        let value = self.column_of("mx", name, by_place(&|cell| cell.value.clone()));
        let weight = self.column_of("mw", name, by_place(&present_weight));
        let partition: Vec<Expr> = keys.iter().cloned().map(Expr::Column).collect();
        let upto = over_ordered(
            Over::Sum,
            weight.clone(),
            &partition,
            value.clone(),
            Direction::Ascending,
        );
        let upto = self.column_of("mu", name, upto);
        let total = self.column_of("mt", name, over(Over::Sum, weight, &partition));
        let half = times(total, number(0.5));
        let beyond = minus(upto, half.clone());
        let near = times(half, number(1e-12));
        let lowest = |reach: Expr| aggregate(Over::Min, only_if(reach, value.clone()));
        let lower = lowest(at_least(plus(beyond.clone(), near.clone()), number(0.0)));
        let upper = lowest(above(beyond, near));
        let [lower_name, upper_name] =
            ["ml", "mh"].map(|prefix| Name::from(self.layers.fresh(prefix, name)));
        let columns = vec![(lower_name.clone(), lower), (upper_name.clone(), upper)];
        self.layers
            .group(&format!("median_{name}"), "", &keys, columns);
        let grouped = self.layers.end();
        self.layers.join(vec![before, grouped], &keys, &title, "");
        let lower = Expr::Column(lower_name);
        let upper = coalesce(Expr::Column(upper_name), lower.clone());
        times(plus(lower, upper), number(0.5))
    }

    /// Wins minus losses against every unit of the cohort: on more than half of the weight that both have, ties counting
    /// half.
    pub(super) fn copeland(
        &mut self,
        cells: &[Cell],
        cohort: &super::work::Among,
        name: &str,
    ) -> Expr {
        if cells.is_empty() {
            return Expr::Null;
        }
        let keys = self.keys(self.depth);
        let title = self.layers.title();
        let mut mine = Vec::new();
        for (at, cell) in cells.iter().enumerate() {
            let key = only_if(not_null(cell.value.clone()), tie_key(cell.value.clone()));
            mine.push(
                self.layers
                    .define(&format!("ck{}_{name}", at + 1), key, None),
            );
        }
        let before = self.layers.end();
        self.layers.stage(
            &format!("rivals_{name}"),
            "the cohort's scores, to be compared with each other",
        );
        let mut theirs = Vec::new();
        for (at, key) in mine.iter().enumerate() {
            let key = cohort.of(key.clone());
            theirs.push(
                self.layers
                    .define(&format!("cr{}_{name}", at + 1), key, None),
            );
        }
        let mut on = Vec::new();
        for own in &cohort.partition {
            let rival = self.layers.fresh("rival", name);
            self.layers.define(&rival, own.clone(), None);
            if let Expr::Column(own) = own {
                on.push((own.clone(), Name::from(rival)));
            }
        }
        let rivals = self.layers.end();
        let pairs = format!("pairs_{name}");
        self.layers.beside(before, rivals, on, Alone::Goes, &pairs);
        let each = |of: &dyn Fn(&Cell, &Expr, &Expr) -> Expr| {
            let pairs = cells.iter().zip(mine.iter().zip(&theirs));
            sum(pairs
                .map(|(cell, (mine, theirs))| of(cell, mine, theirs))
                .collect())
        };
        let ahead = each(&|cell, mine, theirs| {
            let cases = [
                (above(mine.clone(), theirs.clone()), number(cell.weight)),
                (
                    equal(mine.clone(), theirs.clone()),
                    number(cell.weight / 2.0),
                ),
            ];
            case(cases, number(0.0))
        });
        let common = each(&|cell, mine, theirs| {
            let both = all([not_null(mine.clone()), not_null(theirs.clone())]);
            case([(both, number(cell.weight))], number(0.0))
        });
        let ahead = self.column_of("ahead", name, ahead);
        let common = self.column_of("common", name, common);
        let share = ratio(ahead, common);
        let share = self.column_of("lead", name, share);
        let half = number(0.5 + TOLERANCE);
        let wins = [
            (below(half, share.clone()), number(1.0)),
            (
                below(plus(share, number(TOLERANCE)), number(0.5)),
                number(-1.0),
            ),
        ];
        let outcome = aggregate(Over::Sum, case(wins, number(0.0)));
        let won = Name::from(self.layers.fresh("won", name));
        self.layers.group(
            &format!("wins_{name}"),
            "wins minus losses",
            &keys,
            vec![(won.clone(), outcome)],
        );
        let grouped = self.layers.end();
        self.layers.join(vec![before, grouped], &keys, &title, "");
        only_if(any(mine.into_iter().map(not_null)), Expr::Column(won))
    }
}

/// A part's weight where it has a score, else 0.
pub(super) fn present_weight(cell: &Cell) -> Expr {
    if cell.certain {
        number(cell.weight)
    } else {
        case(
            [(not_null(cell.value.clone()), number(cell.weight))],
            number(0.0),
        )
    }
}

fn known_or(cell: &Cell, term: Expr, otherwise: f64) -> Expr {
    if cell.certain {
        term
    } else {
        coalesce(term, number(otherwise))
    }
}

fn only_if_given(cell: &Cell, term: Expr) -> Expr {
    case([(not_null(cell.value.clone()), term)], number(0.0))
}

fn any_at_most_zero(cells: &[Cell]) -> Expr {
    any(cells
        .iter()
        .map(|cell| at_most(cell.value.clone(), number(0.0))))
}

/// A score where there is weight.
fn guarded(weight: Expr, score: Expr) -> Expr {
    match weight {
        Expr::Number(_) => score,
        weight => only_if(above(weight, number(0.0)), score),
    }
}

/// The lowest or highest part. Engines differ about parts that are not there, so that they stand far off instead.
fn extreme(function: Function, far: f64, cells: &[Cell]) -> Expr {
    let values = cells
        .iter()
        .map(|cell| known_or(cell, cell.value.clone(), far));
    let found = call(function, values.collect());
    if cells.iter().any(|cell| cell.certain) {
        return found;
    }
    let known = any(cells.iter().map(|cell| not_null(cell.value.clone())));
    only_if(known, found)
}
