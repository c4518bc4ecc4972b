//! `COINr`'s numbers: CSV tables in the folder that `DGPF_COINR` names.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// The folder with the tables.
pub(crate) struct Reference {
    folder: PathBuf,
}

/// One table, its cells as written.
#[derive(Clone)]
pub(crate) struct Table {
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Reference {
    /// The folder, if it is there; says so on standard error if it is not.
    #[allow(clippy::print_stderr)] // a skipped test must say that it was
    pub(crate) fn open() -> Option<Self> {
        let folder = std::env::var_os("DGPF_COINR").map(PathBuf::from);
        if folder.is_none() {
            eprintln!("skipped: DGPF_COINR does not name the folder with COINr's tables");
        }
        folder.map(|folder| Self { folder })
    }

    /// The table at `path`, without `.csv`.
    pub(crate) fn table(&self, path: &str) -> Table {
        let file = self.folder.join(format!("{path}.csv"));
        let mut reader = csv::Reader::from_path(&file)
            .unwrap_or_else(|error| panic!("{} cannot be read: {error}", file.display()));
        let columns = texts(reader.headers().expect("the table has a header"));
        let rows = reader
            .records()
            .map(|record| texts(&record.expect("the table is rectangular")))
            .collect();
        Table { columns, rows }
    }
}

fn texts(record: &csv::StringRecord) -> Vec<String> {
    record.iter().map(ToOwned::to_owned).collect()
}

impl Table {
    /// Where a column is.
    pub(crate) fn column(&self, name: &str) -> usize {
        self.columns
            .iter()
            .position(|column| column == name)
            .unwrap_or_else(|| panic!("there is no column `{name}` in {:?}", self.columns))
    }

    /// A cell as text.
    pub(crate) fn text(&self, row: usize, column: &str) -> &str {
        &self.rows[row][self.column(column)]
    }

    /// A cell as a number; none for `NA`, `NaN` and nothing.
    pub(crate) fn number(&self, row: usize, column: &str) -> Option<f64> {
        number(self.text(row, column))
    }

    /// The texts of one column by those of another.
    pub(crate) fn by(&self, key: &str, value: &str) -> BTreeMap<String, String> {
        let (key, value) = (self.column(key), self.column(value));
        let pairs = self
            .rows
            .iter()
            .map(|row| (row[key].clone(), row[value].clone()));
        pairs.collect()
    }

    /// The same with every cell of a column replaced; the column is added if it is not there.
    pub(crate) fn with(
        mut self,
        column: &str,
        cell: impl Fn(&BTreeMap<String, String>) -> String,
    ) -> Self {
        let at = self.columns.iter().position(|own| own == column);
        if at.is_none() {
            self.columns.push(column.to_owned());
        }
        let columns = self.columns.clone();
        for row in &mut self.rows {
            let named = columns.iter().cloned().zip(row.iter().cloned()).collect();
            let cell = cell(&named);
            match at {
                Some(at) => row[at] = cell,
                None => row.push(cell),
            }
        }
        self
    }

    /// As responses: `NA` is an empty cell, except among the keys, where it could be Namibia.
    pub(crate) fn responses(&self) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let key = self.columns.iter().position(|column| column == "uCode");
        let written = writer.write_record(&self.columns);
        written.expect("memory takes everything");
        for row in &self.rows {
            let cells = row.iter().enumerate().map(|(at, cell)| {
                if cell == "NA" && Some(at) != key {
                    ""
                } else {
                    cell.as_str()
                }
            });
            writer.write_record(cells).expect("memory takes everything");
        }
        let bytes = writer.into_inner().expect("memory takes everything");
        String::from_utf8(bytes).expect("the tables are UTF-8")
    }
}

/// What a cell says; none for `NA`, `NaN` and nothing.
pub(crate) fn number(cell: &str) -> Option<f64> {
    match cell {
        "NA" | "NaN" | "" => None,
        "TRUE" => Some(1.0),
        "FALSE" => Some(0.0),
        _ => Some(
            cell.parse()
                .unwrap_or_else(|_| panic!("`{cell}` is no number")),
        ),
    }
}
