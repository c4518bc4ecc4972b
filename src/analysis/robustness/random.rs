//! Random numbers that belong to what they are drawn for.
//!
//! A stream is fixed by the seed, the number of the draw and the name of the thing drawn for (a node's id, a unit's id), so
//! that adding a unit, a thread or a source moves nobody else's numbers. The generator is `SplitMix64` (Steele, Lea and
//! Flood 2014): its sequence is part of this program's promise and never changes.

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// The numbers drawn for one thing in one draw.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    state: u64,
    first: Option<f64>,
}

/// The name of a thing as a number: texts that differ give numbers that differ.
pub(crate) fn name<'a>(parts: impl IntoIterator<Item = &'a str>) -> u64 {
    // FNV-1a; parts are kept apart by a byte that no text holds.
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    for part in parts {
        for byte in part.bytes().chain([0xFF]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
        }
    }
    mix(hash)
}

/// A thing named within another.
pub(crate) fn within(outer: u64, inner: u64) -> u64 {
    mix(outer ^ inner.rotate_left(32))
}

impl Stream {
    /// The numbers for `thing` in draw `draw`.
    pub(crate) fn new(seed: u64, draw: u64, thing: u64) -> Self {
        Self::of(Self::key(seed, draw), thing)
    }

    /// What the streams of one draw have in common.
    pub(crate) fn key(seed: u64, draw: u64) -> u64 {
        mix(seed ^ mix(draw.wrapping_add(GOLDEN)))
    }

    /// The numbers for `thing` in the draw with this key.
    pub(crate) fn of(key: u64, thing: u64) -> Self {
        Self {
            state: mix(key ^ thing),
            first: None,
        }
    }

    /// The same stream, but the first uniform number is `first`.
    #[must_use]
    pub(crate) fn starting_with(mut self, first: f64) -> Self {
        self.first = Some(first);
        self
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN);
        mix(self.state)
    }

    /// Uniform over 0 ≤ u < 1, a multiple of 2⁻⁵³.
    pub(crate) fn uniform(&mut self) -> f64 {
        let bits = self.next() >> 11;
        self.first
            .take()
            .unwrap_or(bits as f64 * (1.0 / 9_007_199_254_740_992.0))
    }

    /// Uniform over −1 ≤ u < 1.
    pub(crate) fn symmetric(&mut self) -> f64 {
        2.0 * self.uniform() - 1.0
    }

    /// One of 0 … `count` − 1, each equally likely; 0 if there is nothing to choose from.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative, and below `count`"
    )]
    pub(crate) fn below(&mut self, count: usize) -> usize {
        let at = (self.uniform() * count as f64) as usize;
        at.min(count.saturating_sub(1))
    }

    /// Exponential with mean 1, never zero.
    pub(crate) fn exponential(&mut self) -> f64 {
        // 1 − u lies above zero, and half a step above keeps the result above it too.
        let u = self.uniform() + 1.0 / 18_014_398_509_481_984.0;
        -libm::log1p(-u.min(1.0 - f64::EPSILON / 2.0))
    }

    /// Standard normal (Box and Muller 1958).
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(2.0 * self.exponential());
        radius * libm::cos(std::f64::consts::TAU * self.uniform())
    }

    /// Gamma with this shape (above zero) and scale 1 (Marsaglia and Tsang 2000).
    pub(crate) fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let boost = libm::exp(-self.exponential() / shape);
            return self.gamma(shape + 1.0) * boost;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / libm::sqrt(9.0 * d);
        loop {
            let x = self.normal();
            let v = 1.0 + c * x;
            let cube = v * v * v;
            if v > 0.0 && -self.exponential() < 0.5 * x * x + d - d * cube + d * libm::log(cube) {
                return d * cube;
            }
        }
    }
}

/// The finaliser of `SplitMix64`.
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean and variance of `draw` over many draws.
    fn moments(draw: impl Fn(&mut Stream) -> f64) -> (f64, f64) {
        let values: Vec<f64> = (0..100_000)
            .map(|number| draw(&mut Stream::new(7, number, name(["a"]))))
            .collect();
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let variance = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count;
        (mean, variance)
    }

    #[test]
    fn the_generator_is_the_published_one() {
        // The first outputs for seed 1234567 in the authors' reference implementation.
        let mut stream = Stream {
            state: 1_234_567,
            first: None,
        };
        let found: Vec<u64> = (0..3).map(|_| stream.next()).collect();
        assert_eq!(
            found,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423
            ]
        );
    }

    #[test]
    fn distributions_have_their_moments() {
        // Five standard errors of a mean of 100,000.
        let near = |(mean, variance): (f64, f64), expected_mean: f64, expected: f64| {
            assert!(
                (mean - expected_mean).abs() < 5.0 * (expected / 1e5).sqrt(),
                "{mean}"
            );
            assert!((variance / expected - 1.0).abs() < 0.05, "{variance}");
        };
        near(moments(Stream::uniform), 0.5, 1.0 / 12.0);
        near(moments(Stream::symmetric), 0.0, 1.0 / 3.0);
        near(moments(Stream::exponential), 1.0, 1.0);
        near(moments(Stream::normal), 0.0, 1.0);
        near(moments(|stream| stream.gamma(0.5)), 0.5, 0.5);
        near(moments(|stream| stream.gamma(3.0)), 3.0, 3.0);
        near(moments(|stream| stream.below(5) as f64), 2.0, 2.0);
    }

    #[test]
    fn numbers_belong_to_seed_draw_and_thing() {
        let number = |seed, draw, thing: &str| Stream::new(seed, draw, name([thing])).uniform();
        let one = number(1, 2, "a");
        assert_eq!(one.to_bits(), number(1, 2, "a").to_bits());
        for other in [number(2, 2, "a"), number(1, 3, "a"), number(1, 2, "b")] {
            assert!((one - other).abs() > 0.0);
        }
        assert_ne!(name(["ab", "c"]), name(["a", "bc"]));
    }
}
