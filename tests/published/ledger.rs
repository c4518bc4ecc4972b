//! What was compared, and how far apart it was: one [`Line`] a comparison, checked against its tolerance.

/// One row of `docs/published-indices.md`.
pub(crate) struct Line {
    pub(crate) case: &'static str,
    pub(crate) framework: &'static str,
    pub(crate) what: &'static str,
    pub(crate) values: usize,
    pub(crate) error: f64,
    pub(crate) tolerance: f64,
}

/// Collects the values of one [`Line`].
pub(crate) struct Comparison {
    line: Line,
    failures: Vec<String>,
}

/// Binary noise that a decimal tolerance leaves to a difference of decimals.
const NOISE: f64 = 1e-12;

impl Comparison {
    /// Nothing compared yet; `tolerance` 0 asks for equality.
    pub(crate) fn new(
        case: &'static str,
        framework: &'static str,
        what: &'static str,
        tolerance: f64,
    ) -> Self {
        Self {
            line: Line {
                case,
                framework,
                what,
                values: 0,
                error: 0.0,
                tolerance,
            },
            failures: Vec::new(),
        }
    }

    /// Compares a score with a published figure.
    pub(crate) fn score(&mut self, name: &str, got: Option<f64>, published: f64) {
        self.line.values += 1;
        let Some(got) = got else {
            self.failures
                .push(format!("{name}: no score, published {published}"));
            return;
        };
        let error = (got - published).abs();
        self.line.error = self.line.error.max(error);
        if error > self.line.tolerance + NOISE {
            self.failures
                .push(format!("{name}: {got}, published {published}"));
        }
    }

    /// Compares a rank, a level or a text with the published one.
    pub(crate) fn same<T: PartialEq + std::fmt::Debug>(
        &mut self,
        name: &str,
        got: &T,
        published: &T,
    ) {
        self.line.values += 1;
        if got != published {
            self.line.error = f64::INFINITY;
            self.failures
                .push(format!("{name}: {got:?}, published {published:?}"));
        }
    }

    /// The row, if `values` were compared and all held.
    pub(crate) fn close(self, values: usize) -> Line {
        let Line {
            case,
            what,
            tolerance,
            ..
        } = self.line;
        let shown = &self.failures[..self.failures.len().min(20)];
        assert!(
            self.failures.is_empty(),
            "{case}, {what}: {} of {} beyond {tolerance}:\n{}",
            self.failures.len(),
            self.line.values,
            shown.join("\n")
        );
        assert_eq!(self.line.values, values, "{case}, {what}: values compared");
        self.line
    }
}

/// The largest error as it is printed, with two digits: noise of the binary form is not told apart from nothing.
pub(crate) fn error_text(error: f64) -> String {
    if error < NOISE {
        return "0".to_owned();
    }
    let rounded: f64 = format!("{error:.1e}")
        .parse()
        .expect("a number was printed");
    decimal(rounded)
}

/// A number as people write it: 0.0037, but 3.7e-5.
pub(crate) fn decimal(number: f64) -> String {
    if number < 0.0001 {
        format!("{number:e}")
    } else {
        number.to_string()
    }
}
