//! `dgpf score` of a large file: read, scored and written piece by piece.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, IsTerminal, Read, Write};
use std::path::Path;
use std::sync::atomic::{self, AtomicU64};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use dgpf::framework::Framework;
use dgpf::report::csv::{self, Columns};
use dgpf::report::{About, Data, Format, ScoreResult};
use dgpf::responses::{self, BEGINNING, Exporter, Input, Order, Pace, Responses, Stream};
use dgpf::scoring::{Plan, ScoreTable};

use super::Outcome;
use super::args::{self, Score};
use super::choose::{self, Chosen};
use super::io::Terminal;
use super::read::Files;
use super::replace::Replacement;
use super::results::columns;
use super::score::assumptions;

/// Bytes from which on a file is read in pieces; a smaller one is read before the pieces are set up.
const LARGE: u64 = 4 << 20;

/// Bytes of a piece.
const PIECE: usize = 128 << 10;

/// Scores a file in pieces if that gives what reading it as a whole gives: nothing if it takes the whole.
pub(crate) fn run(
    arguments: &Score,
    format: Format,
    terminal: &Terminal,
) -> anyhow::Result<Option<Outcome>> {
    let Format::Data(format @ (Data::Csv | Data::CsvWide)) = format else {
        return Ok(None);
    };
    let plain = arguments.by.is_empty()
        && arguments.stats.is_none()
        && arguments.writing.period.is_none()
        && arguments.inputs.frameworks.len() == 1;
    let output = arguments
        .writing
        .output
        .as_deref()
        .filter(|path| path.as_os_str() != "-");
    let ([input], Some(output), true) = (arguments.inputs.files.as_slice(), output, plain) else {
        return Ok(None);
    };
    let Some((mut file, beginning)) = beginning(input) else {
        return Ok(None);
    };
    let files = Files::of_beginning(input, beginning, &arguments.inputs.reading)?;
    let Ok(chosen) = choose::frameworks(&arguments.inputs.frameworks, &files, terminal)? else {
        return Ok(Some(Outcome::Problems));
    };
    let [chosen] = chosen.as_slice() else {
        return Ok(None);
    };
    score(
        arguments, format, output, &mut file, &files, chosen, terminal,
    )
}

/// The beginning of a file that is large, and the file behind it.
fn beginning(path: &Path) -> Option<(File, Vec<u8>)> {
    let mut file = File::open(path).ok()?;
    let facts = file.metadata().ok()?;
    if !facts.is_file() || facts.len() < LARGE {
        return None;
    }
    let mut beginning = Vec::with_capacity(BEGINNING);
    let limit = u64::try_from(BEGINNING).ok()?;
    (&mut file).take(limit).read_to_end(&mut beginning).ok()?;
    Some((file, beginning))
}

fn score(
    arguments: &Score,
    format: Data,
    output: &Path,
    file: &mut File,
    files: &Files,
    chosen: &Chosen,
    terminal: &Terminal,
) -> anyhow::Result<Option<Outcome>> {
    let framework = &chosen.framework;
    let Ok(options) = files.options(&[framework]) else {
        return Ok(None);
    };
    let assumptions = assumptions(framework, arguments.weights.as_deref(), &mut Vec::new())?;
    let plan = Plan::compile(framework, &assumptions);
    let (none, scores) = (Responses::default(), ScoreTable::default());
    let about = ScoreResult::new(framework, &assumptions, &none, Vec::new(), scores).about;
    let columns = columns(&arguments.writing, &about);
    let job = Job {
        framework,
        plan: &plan,
        about: &about,
        columns: &columns,
        format,
        in_input_order: arguments.order == args::Order::Input,
    };
    let (Some(bytes), true) = (files.first(), job.is_possible()) else {
        return Ok(None);
    };
    let input = Input {
        name: &bytes.name,
        bytes: &bytes.bytes,
    };
    let counts_as = |question: usize| plan.counts_as(question);
    let Some(stream) = Stream::open(&input, framework, &options, &counts_as) else {
        return Ok(None);
    };
    let order = match arguments.order {
        args::Order::Unit => Order::Ascending,
        args::Order::Input => Order::Any,
    };
    let Some(written) = job.write(&stream, &bytes.bytes, (file, order), output)? else {
        return Ok(None);
    };
    terminal.problems(&chosen.remarks);
    if let Some(language) = arguments.writing.lang.as_deref() {
        choose::check_language(framework, language, terminal);
    }
    if stream.exporter() != Exporter::Plain {
        let exporter = stream.exporter().name();
        terminal.note(&format!("`{}` is an export of {exporter}", bytes.name));
    }
    terminal.problems(stream.remarks());
    written.put()?;
    Ok(Some(Outcome::Done))
}

/// What is done with every piece.
struct Job<'a> {
    framework: &'a Framework,
    plan: &'a Plan<'a>,
    about: &'a About,
    columns: &'a Columns,
    format: Data,
    in_input_order: bool,
}

/// Rows of a piece.
struct Rows {
    text: Vec<u8>,
    /// Where each row ends, and its index's score, if it is ranked; only where ranks are wanted.
    ranked: Vec<(usize, f64)>,
}

impl Job<'_> {
    /// Whether every row can be scored and written without the others, ranks aside.
    fn is_possible(&self) -> bool {
        let framework = self.framework;
        let ranks = framework.ranking.is_some();
        let late = ranks && (self.format == Data::Csv || self.columns.rank);
        let can_wait = self.format == Data::CsvWide && framework.period.is_none();
        self.plan.rows_stand_alone() && (!late || can_wait)
    }

    fn rows(&self, mut responses: Responses) -> Rows {
        let mut wanted = self.columns.wanted(self.framework);
        wanted.ranks.fill(false);
        if self.format == Data::Csv {
            wanted.coverage = true;
            wanted.bounds = true;
            wanted.levels.clone_from(&wanted.nodes);
        }
        let mut scores = self.plan.score_read(&mut responses, &wanted);
        if self.in_input_order {
            scores = scores.in_order_of(&responses);
        }
        // As much as a row mostly takes; more is made room for.
        let row = 48 + 10 * self.columns.nodes.len();
        let mut rows = Rows {
            text: Vec::with_capacity(row * scores.observations.len()),
            ranked: Vec::new(),
        };
        if self.format == Data::Csv {
            csv::tidy_rows(self.about, &scores, self.columns, &mut rows.text);
            return rows;
        }
        let ranks = self.columns.rank;
        let index = &scores.nodes[Framework::INDEX.0].score;
        let mut ranked = Vec::new();
        let mut next = 0;
        csv::wide_rows(self.about, &scores, self.columns, &mut rows.text, |end| {
            if ranks {
                let score = index[next].filter(|_| scores.observations[next].ranked);
                ranked.push((end, score.unwrap_or(f64::NAN)));
            }
            next += 1;
        });
        rows.ranked = ranked;
        rows
    }

    /// Writes all rows beside `output`; nothing if the file takes reading as a whole.
    fn write(
        &self,
        stream: &Stream<'_>,
        beginning: &[u8],
        (file, order): (&mut File, Order),
        output: &Path,
    ) -> anyhow::Result<Option<Replacement>> {
        let cannot_write = || format!("cannot write `{}`", output.display());
        let Some(mut written) = Replacement::beside(output).with_context(cannot_write)? else {
            return Ok(None);
        };
        let header = match self.format {
            Data::Csv => csv::tidy_header(),
            _ => csv::wide_header(self.about, self.columns),
        };
        written.write_all(&header).with_context(cannot_write)?;
        let mut lengths: Vec<u32> = Vec::new();
        let mut scores: Vec<f64> = Vec::new();
        let mut progress = Progress::of(file);
        let read = AtomicU64::new(0);
        let mut source = Counted {
            source: file,
            read: &read,
        };
        let pieces = match rayon::current_num_threads() {
            1 => 1,
            several => 2 * several,
        };
        let pace = Pace {
            size: PIECE,
            pieces,
        };
        let work = |responses: Responses| self.rows(responses);
        let mut full = false;
        let mut take = |rows: Rows| -> io::Result<()> {
            progress.show(read.load(atomic::Ordering::Relaxed));
            written.write_all(&rows.text).inspect_err(|_| full = true)?;
            let mut before = 0;
            for (end, score) in rows.ranked {
                lengths.push(u32::try_from(end - before).unwrap_or(u32::MAX));
                scores.push(score);
                before = end;
            }
            Ok(())
        };
        let outcome = stream.read(beginning, &mut source, (order, pace), &work, &mut take);
        progress.end();
        match outcome {
            Ok(responses::Outcome::Done) => {
                let seen = beginning.len() as u64 + read.into_inner();
                if seen != progress.length {
                    bail!("cannot read the file: it changed while it was read; run it again");
                }
            }
            Ok(responses::Outcome::Whole) => return Ok(None),
            Err(error) if full => return Err(anyhow::Error::new(error).context(cannot_write())),
            Err(error) => return Err(anyhow::Error::new(error).context("cannot read the file")),
        }
        if !scores.is_empty() {
            let ranks = self.plan.rank_index(scores);
            written = add_ranks(written, header.len(), &lengths, &ranks, output)
                .with_context(cannot_write)?;
        }
        Ok(Some(written))
    }
}

/// Copies what was written with every row's rank at its end.
fn add_ranks(
    mut written: Replacement,
    header: usize,
    lengths: &[u32],
    ranks: &[Option<f64>],
    output: &Path,
) -> io::Result<Replacement> {
    let mut source = BufReader::with_capacity(PIECE, written.reopened()?);
    let ranked = Replacement::beside(output)?
        .ok_or_else(|| io::Error::other("it has become something else than a file"))?;
    let mut out = BufWriter::with_capacity(PIECE, ranked);
    let mut row = vec![0; header];
    source.read_exact(&mut row)?;
    out.write_all(&row)?;
    for (length, rank) in lengths.iter().zip(ranks) {
        row.resize(*length as usize, 0);
        source.read_exact(&mut row)?;
        row.pop();
        if let Some(rank) = rank {
            csv::push_number(&mut row, *rank);
        }
        row.push(b'\n');
        out.write_all(&row)?;
    }
    out.into_inner().map_err(io::IntoInnerError::into_error)
}

/// A source that counts what was read of it.
struct Counted<'a> {
    source: &'a mut File,
    read: &'a AtomicU64,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.read.fetch_add(read as u64, atomic::Ordering::Relaxed);
        Ok(read)
    }
}

/// A line on the terminal that says how far the work has come, once it takes longer than a second.
struct Progress {
    wanted: bool,
    length: u64,
    start: Instant,
    shown: Option<Instant>,
}

impl Progress {
    fn of(file: &File) -> Self {
        Self {
            wanted: io::stderr().is_terminal(),
            length: file.metadata().map_or(0, |facts| facts.len()),
            start: Instant::now(),
            shown: None,
        }
    }

    fn show(&mut self, read: u64) {
        let due = match self.shown {
            None => self.start.elapsed() > Duration::from_secs(1),
            Some(shown) => shown.elapsed() > Duration::from_millis(200),
        };
        if self.wanted && due {
            self.shown = Some(Instant::now());
            let percent = read.saturating_mul(100) / self.length.max(1);
            let _ = write!(io::stderr(), "\rscoring: {percent}%  ");
        }
    }

    /// Takes the line away.
    fn end(&mut self) {
        if self.shown.is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
