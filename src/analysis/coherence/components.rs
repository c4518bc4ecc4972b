//! Principal components: how many things some columns measure together.

use super::correlation::linear;

/// Principal components of standardised columns, over the units that have all of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Components {
    /// Over so many units.
    pub count: usize,
    /// Variances of the components, descending; they sum to the number of columns.
    pub eigenvalues: Vec<f64>,
    /// By component: what it takes of each column (unit length, the largest one positive).
    pub vectors: Vec<Vec<f64>>,
}

impl Components {
    /// Share of the variance that a component explains.
    pub fn explained(&self, component: usize) -> f64 {
        self.eigenvalues[component] / self.eigenvalues.len() as f64
    }

    /// How many components explain more than one column does (Kaiser 1960).
    pub fn above_one(&self) -> usize {
        // A component that explains one column exactly must not count by its last bits.
        self.eigenvalues
            .iter()
            .filter(|value| **value > 1.0 + 1e-9)
            .count()
    }
}

/// Components of at least two columns; none where one does not vary or fewer than three units have all.
pub fn components(columns: &[&[Option<f64>]]) -> Option<Components> {
    let whole = |row: &usize| columns.iter().all(|column| column[*row].is_some());
    let rows: Vec<usize> = (0..columns.first()?.len()).filter(whole).collect();
    let values = |column: &&[Option<f64>]| -> Vec<f64> {
        rows.iter().filter_map(|row| column[*row]).collect()
    };
    let values: Vec<Vec<f64>> = columns.iter().map(values).collect();
    if values.len() < 2 {
        return None;
    }
    let mut matrix = vec![vec![1.0; values.len()]; values.len()];
    for a in 0..values.len() {
        for b in a + 1..values.len() {
            matrix[a][b] = linear(&values[a], &values[b])?;
            matrix[b][a] = matrix[a][b];
        }
    }
    let (eigenvalues, vectors) = eigen(matrix);
    Some(Components {
        count: rows.len(),
        eigenvalues,
        vectors,
    })
}

/// Sweeps after which the method has always ended.
const MOST_SWEEPS: usize = 100;

/// Eigenvalues of a symmetric matrix, descending, and their vectors, by Jacobi's cyclic rotations (Golub and Van Loan,
/// Matrix Computations, 8.5).
fn eigen(mut a: Vec<Vec<f64>>) -> (Vec<f64>, Vec<Vec<f64>>) {
    let size = a.len();
    let mut v = vec![vec![0.0; size]; size];
    for (at, row) in v.iter_mut().enumerate() {
        row[at] = 1.0;
    }
    for _ in 0..MOST_SWEEPS {
        let off: f64 = (0..size)
            .map(|p| (p + 1..size).map(|q| a[p][q] * a[p][q]).sum::<f64>())
            .sum();
        if off < 1e-30 {
            break;
        }
        for p in 0..size {
            for q in p + 1..size {
                if a[p][q].abs() > 1e-300 {
                    rotate(&mut a, &mut v, p, q);
                }
            }
        }
    }
    let mut order: Vec<usize> = (0..size).collect();
    order.sort_by(|x, y| a[*y][*y].total_cmp(&a[*x][*x]));
    let vector = |at: &usize| {
        let column: Vec<f64> = (0..size).map(|row| v[row][*at]).collect();
        let largest = column
            .iter()
            .copied()
            .max_by(|x, y| x.abs().total_cmp(&y.abs()));
        let sign = largest.unwrap_or(1.0).signum();
        column.into_iter().map(|x| sign * x).collect()
    };
    // A matrix of correlations has no negative variance but by rounding.
    let values = order.iter().map(|at| a[*at][*at].max(0.0)).collect();
    (values, order.iter().map(vector).collect())
}

/// Makes one cell off the diagonal zero.
#[allow(clippy::many_single_char_names)] // as in the book
fn rotate(a: &mut [Vec<f64>], v: &mut [Vec<f64>], p: usize, q: usize) {
    let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let c = 1.0 / (t * t + 1.0).sqrt();
    let s = t * c;
    let turn = |x: f64, y: f64| (c * x - s * y, s * x + c * y);
    for row in a.iter_mut() {
        (row[p], row[q]) = turn(row[p], row[q]);
    }
    let (above, below) = a.split_at_mut(q);
    for (x, y) in above[p].iter_mut().zip(&mut below[0]) {
        (*x, *y) = turn(*x, *y);
    }
    for row in v.iter_mut() {
        (row[p], row[q]) = turn(row[p], row[q]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_matrix_has_the_eigenvalues_of_its_polynomial() {
        // (2 − λ)² − 1 = 0 and 5: 3 and 1 beside it.
        let (values, vectors) = eigen(vec![
            vec![2.0, 1.0, 0.0],
            vec![1.0, 2.0, 0.0],
            vec![0.0, 0.0, 5.0],
        ]);
        for (found, expected) in values.iter().zip([5.0, 3.0, 1.0]) {
            assert!((found - expected).abs() < 1e-14, "{found}");
        }
        let half = 0.5f64.sqrt();
        for (found, expected) in vectors[1].iter().zip([half, half, 0.0]) {
            assert!((found - expected).abs() < 1e-14, "{found}");
        }
    }

    #[test]
    fn two_columns_explain_one_plus_their_correlation() {
        let x = [1.0, 2.0, 3.0, 4.0, 5.0].map(Some);
        let y = [2.0, 1.0, 4.0, 3.0, 5.0].map(Some);
        let found = components(&[&x, &y]).expect("both vary");
        assert!((found.eigenvalues[0] - 1.8).abs() < 1e-14);
        assert!((found.explained(0) - 0.9).abs() < 1e-14);
        assert_eq!(found.above_one(), 1);
        assert_eq!(components(&[&x, &[Some(1.0); 5]]), None);
    }
}
