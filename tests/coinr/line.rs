//! One line a table: how many cells were compared and how far the worst one is off.

use super::reference::{Table, number};

/// Numbers agree when they differ by less than this part of the larger one.
const TOLERANCE: f64 = 1e-9;

/// Below this, numbers are compared as if they were as large as this: `COINr` takes scaled values from 1, which leaves
/// 16 decimals of a value however small it is.
const SMALL: f64 = 1e-6;

/// What was found when a table was compared.
pub(crate) struct Line {
    /// The table's path.
    pub(crate) table: String,
    /// The framework file, with the weight set if one was used.
    pub(crate) framework: String,
    pub(crate) cells: usize,
    /// The largest relative difference; zero where every cell is the same number.
    pub(crate) difference: f64,
}

/// Collects the cells of one table.
pub(crate) struct Comparison {
    line: Line,
    exact: bool,
    except: Option<&'static str>,
    worst: String,
}

impl Comparison {
    /// Of the table at `table` with what `framework` gave.
    pub(crate) fn new(table: &str, framework: &str) -> Self {
        Self {
            line: Line {
                table: table.to_owned(),
                framework: framework.to_owned(),
                cells: 0,
                difference: 0.0,
            },
            exact: false,
            except: None,
            worst: String::new(),
        }
    }

    /// Of ranks and counts, which must be equal.
    pub(crate) fn exact(table: &str, framework: &str) -> Self {
        Self {
            exact: true,
            ..Self::new(table, framework)
        }
    }

    /// The same but for one place, where `COINr` errs.
    pub(crate) fn except(self, place: &'static str) -> Self {
        Self {
            except: Some(place),
            ..self
        }
    }

    /// Adds a cell; `place` says where it is.
    pub(crate) fn cell(&mut self, place: &str, found: Option<f64>, expected: Option<f64>) {
        if self.except == Some(place) {
            return;
        }
        let difference = match (found, expected) {
            (None, None) => 0.0,
            (Some(found), Some(expected)) => relative(found, expected),
            (None, Some(_)) | (Some(_), None) => f64::INFINITY,
        };
        self.line.cells += 1;
        if difference > self.line.difference {
            self.line.difference = difference;
            self.worst = format!("{place}: {found:?} instead of {expected:?}");
        }
    }

    /// Adds a cell that is a text.
    pub(crate) fn text(&mut self, place: &str, found: &str, expected: &str) {
        self.line.cells += 1;
        if found != expected {
            self.line.difference = f64::INFINITY;
            self.worst = format!("{place}: `{found}` instead of `{expected}`");
        }
    }

    /// Adds every cell of `columns`: `found` gets the row and the column's name.
    pub(crate) fn cells<'t>(
        mut self,
        table: &'t Table,
        columns: impl IntoIterator<Item = &'t str>,
        found: impl Fn(usize, &str) -> Option<f64>,
    ) -> Self {
        for column in columns {
            let at = table.column(column);
            for (row, cells) in table.rows.iter().enumerate() {
                let place = format!("{} {column}", cells[0]);
                self.cell(&place, found(row, column), number(&cells[at]));
            }
        }
        self
    }

    /// The line, if the table is reproduced.
    pub(crate) fn done(self) -> Line {
        let limit = if self.exact { 0.0 } else { TOLERANCE };
        let (line, worst) = (self.line, self.worst);
        assert!(line.cells > 0, "{}: nothing was compared", line.table);
        assert!(
            line.difference <= limit,
            "{} with {}: {worst}",
            line.table,
            line.framework
        );
        line
    }
}

fn relative(a: f64, b: f64) -> f64 {
    (a - b).abs() / a.abs().max(b.abs()).max(SMALL)
}

impl Line {
    /// As a row of the page.
    pub(crate) fn row(&self) -> String {
        let Self {
            table,
            framework,
            cells,
            difference,
        } = self;
        format!(
            "| {table} | {framework} | {cells} | {} |",
            shown(*difference)
        )
    }
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let difference = shown(self.difference);
        write!(
            f,
            "{:<46} {:<38} {:>6} cells, {difference}",
            self.table, self.framework, self.cells
        )
    }
}

/// A difference to one digit.
pub(crate) fn shown(difference: f64) -> String {
    if difference > 0.0 {
        format!("{difference:.0e}")
    } else {
        "0".to_owned()
    }
}
