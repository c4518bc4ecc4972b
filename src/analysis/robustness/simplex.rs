//! Linear programs: the simplex method for small dense problems whose starting point is allowed.

/// The largest Σ c·x with every Σ a·x ≤ b and x ≥ 0, and the x that reaches it. All b must be at least 0, so that x = 0 is
/// allowed. `None` if nothing limits it, or if rounding keeps it from ending.
///
/// Dantzig's method on the condensed tableau; by Bland's rule (1977) no set of basic variables comes twice, also where
/// many b are zero.
pub(crate) fn maximise(c: &[f64], rows: &[(Vec<f64>, f64)]) -> Option<(f64, Vec<f64>)> {
    let (width, height) = (c.len(), rows.len());
    let mut tableau: Vec<Vec<f64>> = rows
        .iter()
        .map(|(a, b)| a.iter().copied().chain([*b]).collect())
        .collect();
    let mut costs: Vec<f64> = c.iter().map(|c| -c).chain([0.0]).collect();
    // Variables by number: first those of the problem, then one a row for what is left of its limit.
    let mut outside: Vec<usize> = (0..width).collect();
    let mut inside: Vec<usize> = (width..width + height).collect();
    for _ in 0..MOST_STEPS {
        let enters = (0..width)
            .filter(|column| costs[*column] < -TINY)
            .min_by_key(|column| outside[*column]);
        let Some(column) = enters else {
            let mut x = vec![0.0; width];
            for (row, variable) in inside.iter().enumerate() {
                if let Some(value) = x.get_mut(*variable) {
                    *value = tableau[row][width];
                }
            }
            return Some((costs[width], x));
        };
        let ratio = |row: usize| tableau[row][width] / tableau[row][column];
        let leaves = (0..height)
            .filter(|row| tableau[*row][column] > TINY)
            .min_by(|a, b| {
                ratio(*a)
                    .total_cmp(&ratio(*b))
                    .then(inside[*a].cmp(&inside[*b]))
            });
        let row = leaves?;
        pivot(&mut tableau, &mut costs, row, column);
        std::mem::swap(&mut outside[column], &mut inside[row]);
    }
    None
}

const TINY: f64 = 1e-11;
const MOST_STEPS: usize = 100_000;

/// Exchanges the variable of a row with that of a column.
fn pivot(tableau: &mut [Vec<f64>], costs: &mut [f64], row: usize, column: usize) {
    let pivot = tableau[row][column];
    let mut own = std::mem::take(&mut tableau[row]);
    for (at, cell) in own.iter_mut().enumerate() {
        *cell = if at == column { 1.0 } else { *cell } / pivot;
    }
    let others = tableau.iter_mut().map(Vec::as_mut_slice).chain([costs]);
    for other in others.filter(|other| !other.is_empty()) {
        let factor = other[column];
        other[column] = 0.0;
        for (cell, own) in other.iter_mut().zip(&own) {
            *cell -= factor * own;
        }
        // Limits stay at least 0 whatever rounding does.
        if let Some(limit) = other.last_mut().filter(|limit| limit.abs() < TINY) {
            *limit = limit.max(0.0);
        }
    }
    tableau[row] = own;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: f64, expected: f64) {
        assert!(
            (found - expected).abs() < 1e-12,
            "{found} is not {expected}"
        );
    }

    #[test]
    fn a_textbook_program_is_solved() {
        // 3x + 5y with x ≤ 4, 2y ≤ 12, 3x + 2y ≤ 18: 36 at (2, 6).
        let rows = [
            (vec![1.0, 0.0], 4.0),
            (vec![0.0, 2.0], 12.0),
            (vec![3.0, 2.0], 18.0),
        ];
        let (value, x) = maximise(&[3.0, 5.0], &rows).expect("it has a solution");
        close(value, 36.0);
        close(x[0], 2.0);
        close(x[1], 6.0);
    }

    #[test]
    fn limits_of_zero_do_not_hold_it_up() {
        // x + y with x ≤ y, y ≤ x, x + y ≤ 1.
        let rows = [
            (vec![1.0, -1.0], 0.0),
            (vec![-1.0, 1.0], 0.0),
            (vec![1.0, 1.0], 1.0),
        ];
        let (value, x) = maximise(&[1.0, 1.0], &rows).expect("it has a solution");
        close(value, 1.0);
        close(x[0], 0.5);
        close(x[1], 0.5);
    }

    #[test]
    fn what_nothing_limits_has_no_solution() {
        assert_eq!(maximise(&[1.0, 1.0], &[(vec![1.0, 0.0], 1.0)]), None);
    }
}
