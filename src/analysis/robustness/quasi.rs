//! Numbers that fill the unit cube more evenly than random ones: Sobol' points, scrambled.
//!
//! Direction numbers: S. Joe and F. Y. Kuo, "Constructing Sobol sequences with better two-dimensional projections", SIAM
//! J. Sci. Comput. 30 (2008), file new-joe-kuo-6, first 64 dimensions; copyright (c) 2008, Frances Y. Kuo and Stephen
//! Joe, under the 3-clause BSD licence. Scrambling: A. B. Owen's nested uniform one in the hashed form of B. Burley,
//! "Practical hash-based Owen scrambling", J. Comput. Graph. Tech. 9 (2020).

use super::random::within;

/// A scrambled Sobol' sequence.
pub(crate) struct Quasi {
    directions: Vec<[u32; 32]>,
    seed: u64,
}

impl Quasi {
    /// So many dimensions can be had.
    pub(crate) const DIMENSIONS: usize = DIRECTIONS.len() + 1;

    /// A sequence whose scrambling depends on `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        let first = std::array::from_fn(|bit| 1 << (31 - bit));
        let others = DIRECTIONS.iter().map(|(a, m)| directions(*a, m));
        Self {
            directions: std::iter::once(first).chain(others).collect(),
            seed,
        }
    }

    /// One coordinate of a point, strictly between 0 and 1.
    pub(crate) fn coordinate(&self, point: u32, dimension: usize) -> f64 {
        let plain = self.plain(point, dimension);
        let seed = within(self.seed, dimension as u64);
        let scrambled = scramble(plain.reverse_bits(), seed).reverse_bits();
        (f64::from(scrambled) + 0.5) / 4_294_967_296.0
    }

    fn plain(&self, point: u32, dimension: usize) -> u32 {
        let directions = self.directions[dimension].iter().enumerate();
        directions
            .filter(|(bit, _)| point >> bit & 1 == 1)
            .fold(0, |bits, (_, direction)| bits ^ direction)
    }
}

/// The direction numbers of a primitive polynomial (its inner coefficients are the bits of `a`, its degree the number of
/// initial values).
fn directions(a: u32, initial: &[u32]) -> [u32; 32] {
    let degree = initial.len();
    let mut found = [0_u32; 32];
    for bit in 0..32 {
        if let Some(m) = initial.get(bit) {
            found[bit] = m << (31 - bit);
            continue;
        }
        let mut next = found[bit - degree] ^ (found[bit - degree] >> degree);
        for inner in 1..degree {
            if a >> (degree - 1 - inner) & 1 == 1 {
                next ^= found[bit - inner];
            }
        }
        found[bit] = next;
    }
    found
}

/// A permutation in which every bit depends on lower ones only (Laine and Karras 2011).
#[allow(clippy::cast_possible_truncation)] // half of the seed is enough
fn scramble(bits: u32, seed: u64) -> u32 {
    let mut x = bits.wrapping_add(seed as u32);
    for factor in [0x6C50_B47C, 0xB82F_1E52, 0xC7AF_E638, 0x8D22_F6E6_u32] {
        x ^= x.wrapping_mul(factor);
    }
    x
}

/// Of the dimensions after the first: inner coefficients of the polynomial, initial direction numbers.
#[rustfmt::skip]
const DIRECTIONS: [(u32, &[u32]); 63] = [
    (0, &[1]),
    (1, &[1, 3]),
    (1, &[1, 3, 1]),
    (2, &[1, 1, 1]),
    (1, &[1, 1, 3, 3]),
    (4, &[1, 3, 5, 13]),
    (2, &[1, 1, 5, 5, 17]),
    (4, &[1, 1, 5, 5, 5]),
    (7, &[1, 1, 7, 11, 19]),
    (11, &[1, 1, 5, 1, 1]),
    (13, &[1, 1, 1, 3, 11]),
    (14, &[1, 3, 5, 5, 31]),
    (1, &[1, 3, 3, 9, 7, 49]),
    (13, &[1, 1, 1, 15, 21, 21]),
    (16, &[1, 3, 1, 13, 27, 49]),
    (19, &[1, 1, 1, 15, 7, 5]),
    (22, &[1, 3, 1, 15, 13, 25]),
    (25, &[1, 1, 5, 5, 19, 61]),
    (1, &[1, 3, 7, 11, 23, 15, 103]),
    (4, &[1, 3, 7, 13, 13, 15, 69]),
    (7, &[1, 1, 3, 13, 7, 35, 63]),
    (8, &[1, 3, 5, 9, 1, 25, 53]),
    (14, &[1, 3, 1, 13, 9, 35, 107]),
    (19, &[1, 3, 1, 5, 27, 61, 31]),
    (21, &[1, 1, 5, 11, 19, 41, 61]),
    (28, &[1, 3, 5, 3, 3, 13, 69]),
    (31, &[1, 1, 7, 13, 1, 19, 1]),
    (32, &[1, 3, 7, 5, 13, 19, 59]),
    (37, &[1, 1, 3, 9, 25, 29, 41]),
    (41, &[1, 3, 5, 13, 23, 1, 55]),
    (42, &[1, 3, 7, 3, 13, 59, 17]),
    (50, &[1, 3, 1, 3, 5, 53, 69]),
    (55, &[1, 1, 5, 5, 23, 33, 13]),
    (56, &[1, 1, 7, 7, 1, 61, 123]),
    (59, &[1, 1, 7, 9, 13, 61, 49]),
    (62, &[1, 3, 3, 5, 3, 55, 33]),
    (14, &[1, 3, 1, 15, 31, 13, 49, 245]),
    (21, &[1, 3, 5, 15, 31, 59, 63, 97]),
    (22, &[1, 3, 1, 11, 11, 11, 77, 249]),
    (38, &[1, 3, 1, 11, 27, 43, 71, 9]),
    (47, &[1, 1, 7, 15, 21, 11, 81, 45]),
    (49, &[1, 3, 7, 3, 25, 31, 65, 79]),
    (50, &[1, 3, 1, 1, 19, 11, 3, 205]),
    (52, &[1, 1, 5, 9, 19, 21, 29, 157]),
    (56, &[1, 3, 7, 11, 1, 33, 89, 185]),
    (67, &[1, 3, 3, 3, 15, 9, 79, 71]),
    (70, &[1, 3, 7, 11, 15, 39, 119, 27]),
    (84, &[1, 1, 3, 1, 11, 31, 97, 225]),
    (97, &[1, 1, 1, 3, 23, 43, 57, 177]),
    (103, &[1, 3, 7, 7, 17, 17, 37, 71]),
    (115, &[1, 3, 1, 5, 27, 63, 123, 213]),
    (122, &[1, 1, 3, 5, 11, 43, 53, 133]),
    (8, &[1, 3, 5, 5, 29, 17, 47, 173, 479]),
    (13, &[1, 3, 3, 11, 3, 1, 109, 9, 69]),
    (16, &[1, 1, 1, 5, 17, 39, 23, 5, 343]),
    (22, &[1, 3, 1, 5, 25, 15, 31, 103, 499]),
    (25, &[1, 1, 1, 11, 11, 17, 63, 105, 183]),
    (44, &[1, 1, 5, 11, 9, 29, 97, 231, 363]),
    (47, &[1, 1, 5, 15, 19, 45, 41, 7, 383]),
    (52, &[1, 3, 7, 7, 31, 19, 83, 137, 221]),
    (55, &[1, 1, 1, 3, 23, 15, 111, 223, 83]),
    (59, &[1, 1, 5, 13, 31, 15, 55, 25, 161]),
    (62, &[1, 1, 3, 13, 25, 47, 39, 87, 257]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_points_are_the_published_ones() {
        let quasi = Quasi::new(0);
        // Points 1 to 4 of the first five dimensions, in the order of the binary digits of their number.
        let expected = [
            [0.5, 0.5, 0.5, 0.5, 0.5],
            [0.25, 0.75, 0.75, 0.75, 0.25],
            [0.75, 0.25, 0.25, 0.25, 0.75],
            [0.125, 0.625, 0.375, 0.125, 0.125],
        ];
        for (point, row) in (1..).zip(expected) {
            for (dimension, coordinate) in row.into_iter().enumerate() {
                let found = f64::from(quasi.plain(point, dimension)) / 4_294_967_296.0;
                assert!(
                    (found - coordinate).abs() < 1e-15,
                    "{point} {dimension}: {found}"
                );
            }
        }
    }

    #[test]
    fn every_dimension_puts_one_point_into_each_cell() {
        let quasi = Quasi::new(5);
        for dimension in 0..Quasi::DIMENSIONS {
            let mut cells = [0; 256];
            for point in 0..256 {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // below 256
                let cell = (quasi.coordinate(point, dimension) * 256.0) as usize;
                cells[cell] += 1;
            }
            assert!(cells.iter().all(|points| *points == 1), "{dimension}");
        }
    }

    #[test]
    fn integrals_are_nearer_than_random_numbers_bring_them() {
        // Sobol's g-function in 20 dimensions, whose integral is 1; random numbers are off by some 4e-2 here.
        let quasi = Quasi::new(1);
        let g = |point: u32| -> f64 {
            let factor = |d: usize| {
                ((4.0 * quasi.coordinate(point, d) - 2.0).abs() + d as f64) / (1.0 + d as f64)
            };
            (0..20).map(factor).product()
        };
        let mean = (0..1024).map(g).sum::<f64>() / 1024.0;
        assert!((mean - 1.0).abs() < 1e-2, "{mean}");
    }
}
