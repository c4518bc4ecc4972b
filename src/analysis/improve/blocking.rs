//! The smallest set by what blocks: for scores that better answers never lower, whatever the rule.
//!
//! A set of items *blocks* when the target is out of reach without all of them. Every set that reaches the target has an item
//! of every blocking set, so the cheapest set that has (a hitting set) is a lower bound; if it reaches the target it is
//! the cheapest of all, else what it leaves out holds another blocking set. This is the implicit hitting set method
//! (Moreno-Centeno and Karp, Operations Research 61, 2013).

use super::cover::Cover;

/// What was found.
pub(super) struct Blocked {
    /// No set costs less.
    pub(super) at_least: f64,
    /// A set of that cost that reaches the target, if one was found.
    pub(super) chosen: Option<Vec<usize>>,
}

/// Looks for the cheapest set of items for which `reaches` holds, which it does for all of them together; asks at most
/// `most` times.
pub(super) fn cheapest(
    costs: &[f64],
    requires: &[Vec<usize>],
    whole: bool,
    most: usize,
    reaches: &mut dyn FnMut(&[usize]) -> bool,
) -> Blocked {
    let mut asked = 0;
    let mut blocking: Vec<Vec<f64>> = Vec::new();
    let mut at_least = 0.0;
    loop {
        let needs = vec![1.0; blocking.len()];
        // What opens a question is left aside: that lowers the bound at most.
        let free = vec![Vec::new(); requires.len()];
        let cover = Cover {
            costs,
            gains: &blocking,
            needs: &needs,
            requires: &free,
            whole,
        };
        let Some(found) = cover.solve() else {
            return Blocked {
                at_least,
                chosen: None,
            };
        };
        at_least = found.at_least.max(at_least);
        let mut chosen = vec![false; costs.len()];
        for item in &found.chosen {
            chosen[*item] = true;
        }
        asked += 1;
        if reaches(&found.chosen) {
            let proved = found.cost <= at_least + 1e-9;
            return Blocked {
                at_least,
                chosen: proved.then_some(found.chosen),
            };
        }
        let rest: Vec<usize> = (0..costs.len()).filter(|item| !chosen[*item]).collect();
        grow(&mut chosen, &rest, &mut asked, reaches);
        if asked >= most {
            return Blocked {
                at_least,
                chosen: None,
            };
        }
        let left_out = chosen.iter().map(|taken| f64::from(u8::from(!taken)));
        blocking.push(left_out.collect());
    }
}

/// Adds items as long as the target stays out of reach: whole halves where that is possible.
fn grow(
    chosen: &mut [bool],
    items: &[usize],
    asked: &mut usize,
    reaches: &mut dyn FnMut(&[usize]) -> bool,
) {
    if items.is_empty() {
        return;
    }
    for item in items {
        chosen[*item] = true;
    }
    let all: Vec<usize> = (0..chosen.len()).filter(|item| chosen[*item]).collect();
    *asked += 1;
    if !reaches(&all) {
        return;
    }
    for item in items {
        chosen[*item] = false;
    }
    if items.len() > 1 {
        let (first, last) = items.split_at(items.len() / 2);
        grow(chosen, first, asked, reaches);
        grow(chosen, last, asked, reaches);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cheapest_set_of_a_minimum_lifts_every_part() {
        // All of 0, 1 and 2 are needed, or 3 alone, which costs more than two of them.
        let costs = [1.0, 1.0, 1.0, 2.0];
        let mut reaches = |set: &[usize]| set.contains(&3) || (0..3).all(|at| set.contains(&at));
        let found = cheapest(&costs, &vec![Vec::new(); 4], true, 1000, &mut reaches);
        assert_eq!(found.chosen, Some(vec![3]));
        assert!((found.at_least - 2.0).abs() < 1e-12);
    }
}
