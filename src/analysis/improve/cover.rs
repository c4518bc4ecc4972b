//! The cheapest set of items whose gains cover every need: branch and bound.
//!
//! Minimise Σ cost over the chosen items such that Σ gain ≥ need for each need. The bound is the dearest need on its own
//! with items that may be cut (Dantzig 1957): filled by gain ÷ cost, the last one in part; rounded up where costs are whole.

/// How much is looked at: nodes of the search tree, times items, times needs.
const MOST_WORK: usize = 20_000_000;
/// What sums of shares may be off by.
const SLACK: f64 = 1e-12;

/// A covering problem.
pub(super) struct Cover<'p> {
    /// By item, above zero.
    pub(super) costs: &'p [f64],
    /// By need and item, not negative.
    pub(super) gains: &'p [Vec<f64>],
    /// Those at or below zero are covered.
    pub(super) needs: &'p [f64],
    /// By item: what must be chosen with it.
    pub(super) requires: &'p [Vec<usize>],
    /// Whether costs are whole numbers.
    pub(super) whole: bool,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Covered {
    /// Ascending.
    pub(super) chosen: Vec<usize>,
    pub(super) cost: f64,
    /// No cover costs less.
    pub(super) at_least: f64,
}

struct Search<'p> {
    problem: &'p Cover<'p>,
    /// By need: items by gain ÷ cost, the most first.
    orders: Vec<Vec<usize>>,
    state: Vec<Mark>,
    best: Option<(Vec<usize>, f64)>,
    /// Nodes of the search tree that may still be looked at.
    left: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Open,
    In,
    Out,
}

impl Cover<'_> {
    /// The cheapest cover; none where even all items cover too little.
    pub(super) fn solve(&self) -> Option<Covered> {
        let items = self.costs.len();
        let orders = self.gains.iter().map(|gains| {
            let mut order: Vec<usize> = (0..items).filter(|item| gains[*item] > 0.0).collect();
            let ratio = |item: usize| gains[item] / self.costs[item];
            order.sort_by(|a, b| ratio(*b).total_cmp(&ratio(*a)));
            order
        });
        let mut search = Search {
            problem: self,
            orders: orders.collect(),
            state: vec![Mark::Open; items],
            best: None,
            left: (MOST_WORK / (items * self.needs.len()).max(1)).max(500),
        };
        let (root, _) = search.bound(self.needs)?;
        search.branch(self.needs.to_vec(), 0.0);
        let exhausted = search.left == 0;
        let (mut chosen, cost) = search.best?;
        chosen.sort_unstable();
        Some(Covered {
            chosen,
            cost,
            at_least: if exhausted { root.min(cost) } else { cost },
        })
    }
}

impl Search<'_> {
    fn branch(&mut self, needs: Vec<f64>, cost: f64) {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 && self.best.is_some() {
            return;
        }
        let Some((rest, next)) = self.bound(&needs) else {
            return;
        };
        let beaten = |found: &(Vec<usize>, f64)| cost + rest >= found.1 - SLACK;
        if self.best.as_ref().is_some_and(beaten) {
            return;
        }
        let Some(next) = next else {
            let chosen = (0..self.state.len()).filter(|item| self.state[*item] == Mark::In);
            self.best = Some((chosen.collect(), cost));
            return;
        };
        let mut joined = vec![next];
        let mut at = 0;
        while at < joined.len() {
            for other in &self.problem.requires[joined[at]] {
                if self.state[*other] != Mark::In && !joined.contains(other) {
                    joined.push(*other);
                }
            }
            at += 1;
        }
        if joined.iter().all(|item| self.state[*item] == Mark::Open) {
            let mut left = needs.clone();
            let mut more = 0.0;
            for item in &joined {
                self.state[*item] = Mark::In;
                more += self.problem.costs[*item];
                for (need, gains) in left.iter_mut().zip(self.problem.gains) {
                    *need -= gains[*item];
                }
            }
            self.branch(left, cost + more);
            for item in &joined {
                self.state[*item] = Mark::Open;
            }
        }
        self.state[next] = Mark::Out;
        self.branch(needs, cost);
        self.state[next] = Mark::Open;
    }

    /// What the rest costs at least, and the item that the dearest need would take first; none where a need cannot be
    /// covered any more.
    fn bound(&self, needs: &[f64]) -> Option<(f64, Option<usize>)> {
        let mut dearest = (0.0, None);
        for (at, need) in needs.iter().enumerate() {
            let (mut left, mut cost, mut first) = (*need - SLACK, 0.0, None);
            if left <= 0.0 {
                continue;
            }
            for item in &self.orders[at] {
                if self.state[*item] != Mark::Open {
                    continue;
                }
                first = first.or(Some(*item));
                let gain = self.problem.gains[at][*item];
                cost += self.problem.costs[*item] * (left / gain).min(1.0);
                left -= gain;
                if left <= 0.0 {
                    break;
                }
            }
            if left > 0.0 {
                return None;
            }
            let cost = if self.problem.whole {
                (cost - 1e-9).ceil()
            } else {
                cost
            };
            if dearest.1.is_none() || cost > dearest.0 {
                dearest = (cost, first);
            }
        }
        Some(dearest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solve(costs: &[f64], gains: &[Vec<f64>], needs: &[f64]) -> Option<Covered> {
        let requires = vec![Vec::new(); costs.len()];
        let whole = costs.iter().all(|cost| cost.fract().abs() <= 0.0);
        let problem = Cover {
            costs,
            gains,
            needs,
            requires: &requires,
            whole,
        };
        problem.solve()
    }

    #[test]
    fn the_cheapest_cover_need_not_take_the_best_ratio_first() {
        // 10 for 5 is the best ratio, but 6 + 6 for 8 is cheaper than 10 + 6 for 9.
        let found = solve(&[5.0, 4.0, 4.0], &[vec![10.0, 6.0, 6.0]], &[12.0]);
        let found = found.expect("22 are there");
        assert_eq!(found.chosen, [1, 2]);
        assert!((found.cost - 8.0).abs() < 1e-12 && (found.at_least - 8.0).abs() < 1e-12);
    }

    #[test]
    fn every_need_is_covered() {
        let gains = [vec![1.0, 0.0, 0.6], vec![0.0, 1.0, 0.6]];
        let found = solve(&[1.0, 1.0, 1.0], &gains, &[0.5, 0.5]).expect("two ways");
        assert_eq!(found.chosen, [2]);
        assert_eq!(solve(&[1.0, 1.0, 1.0], &gains, &[1.7, 0.5]), None);
    }

    #[test]
    fn what_an_item_requires_is_paid_for() {
        let problem = Cover {
            costs: &[1.0, 3.0, 2.0],
            gains: &[vec![1.0, 0.0, 1.0]],
            needs: &[1.0],
            requires: &[vec![1], vec![], vec![]],
            whole: true,
        };
        let found = problem.solve().expect("two ways");
        assert_eq!(found.chosen, [2]);
    }
}
