//! Scores as Parquet, for data teams: the rows and columns of the tidy CSV, typed, for any tool that reads columns.
//!
//! Texts are as they are: nothing here is a spreadsheet, so nothing is guarded against formulas. What there is not is null,
//! and a framework without periods has none. Columns are not compressed, but texts are stored once and numbered.

use std::io::{self, Write};
use std::sync::Arc;

use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;

use crate::framework::NodeIx;

use super::csv::Columns;
use super::result::{About, ScoreResult};

/// The columns, in the order of the tidy CSV.
const SCHEMA: &str = "message scores {
    REQUIRED BYTE_ARRAY unit (STRING);
    OPTIONAL BYTE_ARRAY period (STRING);
    REQUIRED BYTE_ARRAY node (STRING);
    REQUIRED BYTE_ARRAY tier (STRING);
    OPTIONAL DOUBLE score;
    OPTIONAL DOUBLE coverage;
    OPTIONAL DOUBLE low;
    OPTIONAL DOUBLE high;
    OPTIONAL BYTE_ARRAY level (STRING);
    OPTIONAL DOUBLE rank;
}";

/// Rows in one group, about: whole observations.
const GROUP: usize = 1 << 20;

/// One row a unit, period and node, in framework order; what made them stands in the file's metadata.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write(result: &ScoreResult, columns: &Columns, out: &mut impl Write) -> io::Result<()> {
    out.write_all(&file(result, columns).map_err(io::Error::other)?)
}

fn file(result: &ScoreResult, columns: &Columns) -> Result<Vec<u8>, ParquetError> {
    let about = &result.about;
    let properties = WriterProperties::builder()
        .set_created_by(format!("dgpf {}", about.tool))
        .set_key_value_metadata(Some(metadata(about)))
        .build();
    let schema = Arc::new(parse_message_type(SCHEMA)?);
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties))?;
    let observations: Vec<usize> = (0..result.scores.observations.len()).collect();
    let together = (GROUP / columns.nodes.len().max(1)).max(1);
    for rows in observations.chunks(together) {
        let mut group = writer.next_row_group()?;
        let part = Part {
            result,
            columns,
            rows,
        };
        part.write(&mut group)?;
        group.close()?;
    }
    writer.into_inner()
}

/// What made the scores.
fn metadata(about: &About) -> Vec<KeyValue> {
    let facts = &about.framework;
    let fixed = [
        ("dgpf.framework", &facts.id),
        ("dgpf.framework_version", &facts.version),
        ("dgpf.framework_sha256", &facts.sha256),
        ("dgpf.responses_sha256", &about.responses_sha256),
    ];
    let fixed = fixed
        .into_iter()
        .map(|(key, value)| KeyValue::new(key.to_owned(), value.clone()));
    let options = about
        .options
        .iter()
        .map(|(name, value)| KeyValue::new(format!("dgpf.option.{name}"), value.clone()));
    let cohort = about.cohort_sha256.iter();
    let cohort = cohort.map(|hash| KeyValue::new("dgpf.cohort_sha256".to_owned(), hash.clone()));
    fixed.chain(cohort).chain(options).collect()
}

/// The observations of one row group.
struct Part<'a> {
    result: &'a ScoreResult,
    columns: &'a Columns,
    rows: &'a [usize],
}

/// A group that is being written.
type Group<'w> = SerializedRowGroupWriter<'w, Vec<u8>>;

impl Part<'_> {
    fn write(&self, group: &mut Group<'_>) -> Result<(), ParquetError> {
        let (about, scores) = (&self.result.about, &self.result.scores);
        let named = self.result.has_periods();
        let facts = |node: NodeIx| &about.nodes[node.0];
        let column = |node: NodeIx| &scores.nodes[node.0];
        let shown = |node, score: Option<f64>| score.map(|score| about.shown(node, score));
        let unit = |row: usize, _| Some(scores.observations[row].unit.as_ref());
        let period = |row: usize, _| {
            let period = scores.observations[row].period;
            named.then_some(scores.periods[period].as_str())
        };
        let level = |row: usize, node| {
            let (level, _) = about.level(node, column(node).level[row]?)?;
            Some(level.id.as_str())
        };
        self.texts(group, Needed::Always, unit)?;
        self.texts(group, Needed::Perhaps, period)?;
        self.texts(group, Needed::Always, |_, node| Some(&facts(node).id))?;
        self.texts(group, Needed::Always, |_, node| {
            Some(facts(node).tier.word())
        })?;
        self.numbers(group, |row, node| shown(node, column(node).score[row]))?;
        self.numbers(group, |row, node| column(node).coverage[row])?;
        self.numbers(group, |row, node| shown(node, column(node).low[row]))?;
        self.numbers(group, |row, node| shown(node, column(node).high[row]))?;
        self.texts(group, Needed::Perhaps, level)?;
        self.numbers(group, |row, node| *column(node).rank.get(row)?)
    }

    /// Writes the next column, of texts.
    fn texts<'t>(
        &self,
        group: &mut Group<'_>,
        needed: Needed,
        text: impl Fn(usize, NodeIx) -> Option<&'t str>,
    ) -> Result<(), ParquetError> {
        let value = |row, node| text(row, node).map(ByteArray::from);
        self.column::<ByteArrayType>(group, needed, value)
    }

    /// Writes the next column, of numbers.
    fn numbers(
        &self,
        group: &mut Group<'_>,
        number: impl Fn(usize, NodeIx) -> Option<f64>,
    ) -> Result<(), ParquetError> {
        self.column::<DoubleType>(group, Needed::Perhaps, number)
    }

    fn column<T: DataType>(
        &self,
        group: &mut Group<'_>,
        needed: Needed,
        value: impl Fn(usize, NodeIx) -> Option<T::T>,
    ) -> Result<(), ParquetError> {
        let (mut values, mut defined) = (Vec::new(), Vec::new());
        for &row in self.rows {
            for &node in &self.columns.nodes {
                let value = value(row, node);
                defined.push(i16::from(value.is_some()));
                values.extend(value);
            }
        }
        let defined = (needed == Needed::Perhaps).then_some(defined.as_slice());
        let mut writer = group.next_column()?.expect("the schema has ten columns");
        writer.typed::<T>().write_batch(&values, defined, None)?;
        writer.close()
    }
}

/// Whether a column has a value in every row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needed {
    Always,
    Perhaps,
}

#[cfg(test)]
mod tests {
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    use parquet::record::Field;
    use std::fs::File;

    use super::*;
    use crate::report::csv::write_tidy;
    use crate::report::fixture;

    fn written(result: &ScoreResult) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(result, &Columns::all(&result.about), &mut bytes).expect("to memory");
        bytes
    }

    fn reader(bytes: &[u8]) -> SerializedFileReader<File> {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(bytes).expect("room for it");
        SerializedFileReader::new(file).expect("it is Parquet")
    }

    /// Every value as the tidy CSV spells it.
    fn spelled(bytes: &[u8]) -> Vec<Vec<String>> {
        let reader = reader(bytes);
        let rows = reader.get_row_iter(None).expect("it has rows");
        rows.map(|row| {
            let row = row.expect("a row");
            let cells = row.get_column_iter().map(|(_, field)| match field {
                Field::Null => String::new(),
                Field::Str(text) => text.clone(),
                Field::Double(number) => number.to_string(),
                other => panic!("{other}"),
            });
            cells.collect()
        })
        .collect()
    }

    #[test]
    fn it_holds_the_rows_of_the_tidy_form() {
        let result = fixture::result();
        let mut tidy = Vec::new();
        write_tidy(&result, &mut tidy).expect("to memory");
        let records = csv::Reader::from_reader(&*tidy).into_records();
        let records: Vec<Vec<String>> = records
            .map(|record| {
                record
                    .expect("a record")
                    .iter()
                    .map(str::to_owned)
                    .collect()
            })
            .collect();
        let rows = spelled(&written(&result));
        assert_eq!(rows.len(), records.len());
        for (row, record) in rows.iter().zip(&records) {
            // Texts that a spreadsheet would take for a formula are guarded there alone.
            let bare: Vec<&str> = record
                .iter()
                .map(|cell| cell.trim_start_matches('\''))
                .collect();
            assert_eq!(*row, bare);
        }
    }

    #[test]
    fn it_says_what_made_it_and_is_the_same_again() {
        let result = fixture::result();
        let bytes = written(&result);
        assert_eq!(bytes, written(&result));
        let reader = reader(&bytes);
        let file = reader.metadata().file_metadata();
        assert_eq!(file.created_by(), Some("dgpf 9.9.9"));
        let known = file.key_value_metadata().expect("there are some");
        let of = |key: &str| {
            known
                .iter()
                .find(|own| own.key == key)
                .and_then(|own| own.value.clone())
        };
        assert_eq!(of("dgpf.framework").as_deref(), Some("open-data"));
        assert_eq!(of("dgpf.responses_sha256"), Some("cd".repeat(32)));
        assert_eq!(of("dgpf.option.weights").as_deref(), Some("equal"));
    }
}
