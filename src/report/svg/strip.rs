//! Charts of one line: a score among its peers, a bar, many dots, a course over time.

use super::Svg;

/// From a number to its place on a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// The number at the left end.
    pub low: f64,
    /// The number at the right end.
    pub high: f64,
}

/// What stands on a line.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Strip {
    /// The score.
    pub score: Option<f64>,
    /// Its bounds, where something is missing.
    pub bounds: Option<(f64, f64)>,
    /// Lowest and highest of the peers.
    pub peers: Option<(f64, f64)>,
    /// Mean of the peers.
    pub mean: Option<f64>,
    /// The score of the last wave.
    pub before: Option<f64>,
}

/// A dot on a line with many.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Mark {
    /// One of many.
    Unit(f64),
    /// Their mean.
    Mean(f64),
}

const WIDTH: f64 = 320.0;
const HEIGHT: f64 = 28.0;
/// So that a dot at the end of the line is whole.
const MARGIN: f64 = 9.0;

impl Scale {
    fn place(self, value: f64) -> f64 {
        let share = if self.high > self.low {
            (value - self.low) / (self.high - self.low)
        } else {
            0.5
        };
        MARGIN + share.clamp(0.0, 1.0) * (WIDTH - 2.0 * MARGIN)
    }

    fn grid(self, svg: &mut Svg) {
        let middle = HEIGHT / 2.0;
        svg.line("axis", [MARGIN, middle], [WIDTH - MARGIN, middle]);
        for quarter in 0..=4 {
            let value = self.low + (self.high - self.low) * f64::from(quarter) / 4.0;
            let x = self.place(value);
            svg.line("tick", [x, middle - 4.0], [x, middle + 4.0]);
        }
    }
}

/// A score (dot) with its bounds (line), the peers' range (band) and mean (upright line), and the last wave (diamond).
pub fn strip(scale: Scale, marks: Strip) -> Svg {
    let mut svg = Svg::new(WIDTH, HEIGHT);
    let middle = HEIGHT / 2.0;
    if let Some((low, high)) = marks.peers {
        let (left, right) = (scale.place(low), scale.place(high));
        svg.rect("band", [left, middle - 6.0, (right - left).max(2.0), 12.0]);
    }
    scale.grid(&mut svg);
    if let Some(mean) = marks.mean {
        let x = scale.place(mean);
        svg.line("mean", [x, middle - 10.0], [x, middle + 10.0]);
    }
    if let Some((low, high)) = marks.bounds {
        svg.line(
            "bounds",
            [scale.place(low), middle],
            [scale.place(high), middle],
        );
    }
    if let Some(before) = marks.before {
        let x = scale.place(before);
        let corners = [
            [x, middle - 7.0],
            [x + 7.0, middle],
            [x, middle + 7.0],
            [x - 7.0, middle],
        ];
        svg.path("before", &corners, true);
    }
    if let Some(score) = marks.score {
        svg.circle("score", [scale.place(score), middle], 6.5);
    }
    svg
}

/// Parts of a whole, one after the other, and what is open up to `full`.
pub fn bar(whole: f64, part: f64, full: f64) -> Svg {
    let mut svg = Svg::new(WIDTH, HEIGHT);
    let room = WIDTH - 2.0;
    let place = |value: f64| {
        if whole > 0.0 {
            (value / whole).clamp(0.0, 1.0) * room
        } else {
            0.0
        }
    };
    svg.rect("open", [1.0, 6.0, place(full), 16.0]);
    svg.rect("part", [1.0, 6.0, place(part), 16.0]);
    svg
}

/// Everybody on one line.
pub fn dots(scale: Scale, marks: &[Mark]) -> Svg {
    let mut svg = Svg::new(WIDTH, HEIGHT);
    scale.grid(&mut svg);
    let middle = HEIGHT / 2.0;
    for mark in marks {
        match mark {
            Mark::Unit(value) => svg.circle("unit", [scale.place(*value), middle], 5.0),
            Mark::Mean(value) => {
                let x = scale.place(*value);
                svg.line("mean", [x, 2.0], [x, HEIGHT - 2.0])
            }
        };
    }
    svg
}

/// A course over the waves; a gap interrupts the line.
pub fn spark(scale: Scale, values: &[Option<f64>]) -> Svg {
    const WIDE: f64 = 150.0;
    const HIGH: f64 = 48.0;
    let mut svg = Svg::new(WIDE, HIGH);
    let step = (WIDE - 16.0) / (values.len().max(2) - 1) as f64;
    let share = |value: f64| {
        if scale.high > scale.low {
            ((value - scale.low) / (scale.high - scale.low)).clamp(0.0, 1.0)
        } else {
            0.5
        }
    };
    let point = |position: usize, value: f64| {
        [
            8.0 + position as f64 * step,
            HIGH - 7.0 - share(value) * (HIGH - 14.0),
        ]
    };
    svg.line("axis", [0.0, HIGH - 1.0], [WIDE, HIGH - 1.0]);
    let points: Vec<Option<[f64; 2]>> = values
        .iter()
        .enumerate()
        .map(|(position, value)| value.map(|value| point(position, value)))
        .collect();
    for run in points.split(Option::is_none) {
        let run: Vec<[f64; 2]> = run.iter().copied().flatten().collect();
        if run.len() > 1 {
            svg.path("course", &run, false);
        }
    }
    for at in points.iter().flatten() {
        svg.circle("unit", *at, 4.0);
    }
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stand_at_their_numbers() {
        let scale = Scale {
            low: 0.0,
            high: 100.0,
        };
        // 9 + 0.25 × 302 = 84.5; 9 + 1 × 302 = 311
        let picture = strip(
            scale,
            Strip {
                score: Some(25.0),
                mean: Some(100.0),
                ..Strip::default()
            },
        )
        .inline("strip", "");
        assert!(
            picture.contains("<circle class=\"score\" cx=\"84.5\" cy=\"14\" r=\"6.5\"/>"),
            "{picture}"
        );
        assert!(
            picture.contains("<line class=\"mean\" x1=\"311\" y1=\"4\" x2=\"311\" y2=\"24\"/>"),
            "{picture}"
        );
    }

    #[test]
    fn a_gap_interrupts_the_course() {
        let scale = Scale {
            low: 0.0,
            high: 1.0,
        };
        let picture = spark(scale, &[Some(0.0), None, Some(1.0), Some(1.0)]).inline("spark", "");
        assert_eq!(picture.matches("<path").count(), 1);
        assert_eq!(picture.matches("<circle").count(), 3);
    }
}
