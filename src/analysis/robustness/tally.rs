//! Counts of what draws gave one unit, in memory that does not grow with their number.

use super::engine::Draw;
use super::grid::Grid;

/// Draws on their way to be counted: unit after unit, so that each finds its own side by side.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// Room for so many draws.
    room: usize,
    shifts: Vec<f64>,
    scores: Vec<Option<f64>>,
    ranks: Vec<u32>,
    /// The level's position plus one; 0 for none.
    levels: Vec<u8>,
    above_mean: Vec<bool>,
}

impl Block {
    pub(crate) fn new(units: usize, room: usize) -> Self {
        Self {
            room,
            shifts: Vec::with_capacity(room),
            scores: vec![None; units * room],
            ranks: vec![0; units * room],
            levels: vec![0; units * room],
            above_mean: vec![false; units * room],
        }
    }

    pub(crate) fn clear(&mut self) {
        self.shifts.clear();
    }

    /// Keeps a draw; there is room for it.
    pub(crate) fn keep(&mut self, draw: &Draw, shift: f64) {
        let at = self.shifts.len();
        let cells = |unit: usize| unit * self.room + at;
        for (unit, score) in draw.scores.iter().enumerate() {
            self.scores[cells(unit)] = *score;
        }
        for (unit, rank) in draw.ranks.iter().enumerate() {
            self.ranks[cells(unit)] = *rank;
        }
        for (unit, level) in draw.levels.iter().enumerate() {
            let level = level.and_then(|level| u8::try_from(level + 1).ok());
            self.levels[cells(unit)] = level.unwrap_or(0);
        }
        for (unit, above) in draw.above_mean.iter().enumerate() {
            self.above_mean[cells(unit)] = *above;
        }
        self.shifts.push(shift);
    }

    /// The mean shift of every draw.
    pub(crate) fn shifts(&self) -> &[f64] {
        &self.shifts
    }

    fn of<'b, T>(&self, cells: &'b [T], unit: usize) -> &'b [T] {
        &cells[unit * self.room..][..self.shifts.len()]
    }
}

/// What is counted for one unit.
#[derive(Clone, Debug)]
pub(crate) struct Tally {
    /// Its position.
    at: usize,
    pub(crate) rivals: Rivals,
    nominal: u32,
    /// Ranks are counted twice as large; how often they are halved again where only whole ones occur.
    halvings: u32,
    pub(crate) scored: u32,
    pub(crate) ranked: u32,
    sum: f64,
    pub(crate) grid: Grid,
    /// By rank, from the best to the worst that it took.
    pub(crate) ranks: Vec<u32>,
    rank_sum: u64,
    shift_sum: u64,
    pub(crate) levels: Vec<u32>,
    pub(crate) above_mean: u32,
    pub(crate) above_next: u32,
    pub(crate) above_peer: u32,
}

/// Who a unit is compared with: the next one in the nominal order, and the study's peer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rivals {
    pub(crate) next: Option<usize>,
    pub(crate) peer: Option<usize>,
}

impl Tally {
    /// For the unit at a position, with `nominal` (twice its rank; 0 for none), `whole` ranks or halves, and so many levels.
    pub(crate) fn new(at: usize, rivals: Rivals, nominal: u32, whole: bool, levels: usize) -> Self {
        Self {
            at,
            rivals,
            nominal,
            halvings: u32::from(whole),
            scored: 0,
            ranked: 0,
            sum: 0.0,
            grid: Grid::new(),
            ranks: Vec::new(),
            rank_sum: 0,
            shift_sum: 0,
            levels: vec![0; levels],
            above_mean: 0,
            above_next: 0,
            above_peer: 0,
        }
    }

    /// Counts draws.
    pub(crate) fn add(&mut self, block: &Block) {
        for score in block.of(&block.scores, self.at).iter().flatten() {
            self.scored += 1;
            self.sum += score;
            self.grid.add(*score);
        }
        for level in block.of(&block.levels, self.at) {
            if let Some(level) = level.checked_sub(1) {
                self.levels[usize::from(level)] += 1;
            }
        }
        for above in block.of(&block.above_mean, self.at) {
            self.above_mean += u32::from(*above);
        }
        let own = block.of(&block.ranks, self.at);
        for rank in own.iter().copied().filter(|rank| *rank > 0) {
            self.ranked += 1;
            self.rank_sum += u64::from(rank);
            self.shift_sum += u64::from(rank.abs_diff(self.nominal));
            // More units may be ranked in a draw than are nominally.
            let position = ((rank - 2) >> self.halvings) as usize;
            if position >= self.ranks.len() {
                self.ranks.resize(position + 1, 0);
            }
            self.ranks[position] += 1;
        }
        let beaten = |other: Option<usize>| {
            let theirs = other.map(|other| block.of(&block.ranks, other));
            let both = own.iter().zip(theirs.unwrap_or_default());
            // Who has no rank is behind everybody who has one.
            let wins =
                both.map(|(own, theirs)| u32::from(own.wrapping_sub(1) < theirs.wrapping_sub(1)));
            wins.sum::<u32>()
        };
        self.above_next += beaten(self.rivals.next);
        self.above_peer += beaten(self.rivals.peer);
    }

    pub(crate) fn mean_score(&self) -> Option<f64> {
        (self.scored > 0).then(|| self.sum / f64::from(self.scored))
    }

    pub(crate) fn mean_rank(&self) -> Option<f64> {
        (self.ranked > 0).then(|| self.rank_sum as f64 / 2.0 / f64::from(self.ranked))
    }

    /// The mean of how far its rank lies from the nominal one, if there is one.
    pub(crate) fn mean_shift(&self) -> Option<f64> {
        (self.ranked > 0 && self.nominal > 0)
            .then(|| self.shift_sum as f64 / 2.0 / f64::from(self.ranked))
    }

    /// The rank that stands at a position among the counted ones.
    pub(crate) fn rank_at(&self, position: usize) -> f64 {
        1.0 + position as f64 * if self.halvings > 0 { 1.0 } else { 0.5 }
    }

    /// A quantile of its ranks, linear between order statistics (Hyndman and Fan's type 7).
    pub(crate) fn rank_quantile(&self, share: f64) -> Option<f64> {
        let last = self.ranked.checked_sub(1)?;
        let position = share.clamp(0.0, 1.0) * f64::from(last);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // between 0 and `last`
        let below = position as u32;
        let (low, high) = (self.nth_rank(below), self.nth_rank((below + 1).min(last)));
        Some(low + (position - f64::from(below)) * (high - low))
    }

    fn nth_rank(&self, n: u32) -> f64 {
        let mut before = 0;
        for (position, count) in self.ranks.iter().enumerate() {
            before += count;
            if before > n {
                return self.rank_at(position);
            }
        }
        self.rank_at(self.ranks.len().saturating_sub(1))
    }
}
