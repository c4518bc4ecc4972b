//! Large files of responses, read piece by piece, as often as it takes.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::sync::atomic::{self, AtomicU64};
use std::time::SystemTime;

use anyhow::{Context, bail};
use dgpf::framework::{Framework, Node, NodeIx, Normalise};
use dgpf::responses::{self, Begun, Options, Order, Pace, Responses, Seen, Stream};
use dgpf::scoring::{Frozen, Gathered, Keep, Plan, Round};

use super::Outcome;
use super::args::Inputs;
use super::choose::{self, Chosen, Spoken};
use super::io::{Bytes, Terminal, is_dash, open_long, shown};
use super::progress;
use super::read::{Files, tell_exporters};

/// Bytes that are read until enough is known of a file.
const STEP: u64 = 256 << 10;

/// Bytes from which on files are read in pieces; of a smaller one nothing is left when its beginning is read.
const LARGE: u64 = STEP;

/// Most files that are read in pieces: each is kept open, with its beginning in memory.
const MOST_FILES: usize = 100;

/// Bytes of a piece.
pub(crate) const PIECE: usize = 128 << 10;

/// What came of going through files in pieces.
pub(crate) enum Tried {
    /// All that was to be done.
    Done(Outcome),
    /// It takes reading the whole; with these frameworks, if they have been chosen.
    Whole(Vec<Chosen>),
}

/// Goes through files in pieces, to the only framework: `go` gives nothing where it takes the whole.
pub(crate) fn in_pieces(
    inputs: &Inputs,
    terminal: &Terminal,
    go: impl FnOnce(&mut Large, &Chosen) -> anyhow::Result<Option<Outcome>>,
) -> anyhow::Result<Tried> {
    let Some(mut large) = Large::open(inputs)? else {
        return Ok(Tried::Whole(Vec::new()));
    };
    let Ok(frameworks) = choose::frameworks(&inputs.frameworks, &large.files, terminal)? else {
        return Ok(Tried::Done(Outcome::Problems));
    };
    let outcome = match frameworks.as_slice() {
        [chosen] => go(&mut large, chosen)?,
        _ => None,
    };
    Ok(outcome.map_or(Tried::Whole(frameworks), Tried::Done))
}

/// Files that are large together, of which the beginnings have been read.
pub(crate) struct Large {
    opened: Vec<Opened>,
    files: Files,
}

/// A file of which the beginning has been read.
struct Opened {
    file: File,
    state: State,
    /// Whether its beginning is all of it.
    ended: bool,
}

/// What changes when somebody writes to a file.
#[derive(Clone, Copy, PartialEq)]
struct State {
    length: u64,
    modified: Option<SystemTime>,
}

impl State {
    fn of(file: &File) -> io::Result<Self> {
        let facts = file.metadata()?;
        Ok(Self {
            length: facts.len(),
            modified: facts.modified().ok(),
        })
    }
}

impl Large {
    /// These files, if they are large.
    fn open(inputs: &Inputs) -> anyhow::Result<Option<Self>> {
        let Some(opened) = Self::open_all(&inputs.files)? else {
            return Ok(None);
        };
        // By the columns of the first one it may be known to what they answer.
        let mut enough = match inputs.frameworks.as_slice() {
            [] => |beginning: &[u8]| beginning.len() >= responses::BEGINNING,
            _ => responses::is_beginning,
        };
        let (mut begun, mut beginnings) = (Vec::new(), Vec::new());
        for (path, (mut file, state)) in inputs.files.iter().zip(opened) {
            let mut bytes = Vec::new();
            let mut ended = false;
            while !ended && !enough(&bytes) {
                let mut more = (&mut file).take(STEP);
                match more.read_to_end(&mut bytes) {
                    Ok(read) => ended = read == 0,
                    Err(_) => return Ok(None),
                }
            }
            if !responses::may_be_in_pieces(&bytes) {
                return Ok(None);
            }
            let name = shown(path);
            beginnings.push(Bytes { name, bytes });
            begun.push(Opened { file, state, ended });
            enough = responses::is_beginning;
        }
        Ok(Some(Self {
            opened: begun,
            files: Files::of(beginnings, &inputs.reading)?,
        }))
    }

    /// Opens these files; none if they are not large.
    fn open_all(paths: &[PathBuf]) -> anyhow::Result<Option<Vec<(File, State)>>> {
        let least = if paths.len() == 1 { LARGE } else { 0 };
        // The standard input is no file that stands beside others.
        let beside = |path: &PathBuf| paths.len() > 1 && is_dash(path);
        if paths.len() > MOST_FILES || paths.iter().any(beside) {
            return Ok(None);
        }
        let mut opened = Vec::new();
        for path in paths {
            let Some(file) = open_long(path, least, &responses::may_be_in_pieces)? else {
                return Ok(None);
            };
            let Ok(state) = State::of(&file) else {
                return Ok(None);
            };
            opened.push((file, state));
        }
        let length: u64 = opened.iter().map(|(_, state)| state.length).sum();
        Ok((length >= LARGE).then_some(opened))
    }

    /// How they are read to a framework; none if that cannot be known.
    pub(crate) fn options(&self, framework: &Framework) -> Option<Options> {
        self.files.options(&[framework]).ok()
    }

    /// Looks at their columns; none if they have to be read as a whole.
    pub(crate) fn pieces<'a>(
        &'a mut self,
        plan: &Plan<'a>,
        options: &'a Options,
        order: Order,
    ) -> Option<Pieces<'a>> {
        let framework = plan.framework();
        let begun = self.files.all().zip(&self.opened);
        let begun = begun.map(|(beginning, opened)| Begun {
            beginning,
            ended: opened.ended,
        });
        let begun: Vec<Begun<'_>> = begun.collect();
        let counts_as = |question: usize| plan.counts_as(question);
        let stream = Stream::open(&begun, framework, options, &counts_as)?;
        let files = self.opened.iter_mut().zip(&begun);
        let measures = |(_, node): (NodeIx, &Node)| {
            matches!(node.normalise, Some(Normalise::DistanceToUnit { .. }))
        };
        Some(Pieces {
            measures_from_a_unit: framework.period.is_some() && framework.walk().any(measures),
            files: files
                .map(|(opened, begun)| Rest {
                    name: begun.beginning.name,
                    file: &mut opened.file,
                    state: opened.state,
                    start: begun.beginning.bytes.len() as u64,
                })
                .collect(),
            stream,
            order,
            passes: (0, 1),
            seen: Vec::new(),
        })
    }
}

/// What became of reading files.
pub(crate) enum Pass<T> {
    /// They have been read to their end.
    Done(T),
    /// Their rows stand in another order than was thought, which is known now: they can be read again.
    Again,
    /// There is something in them that takes reading them as a whole.
    Whole,
}

/// Files whose columns are known.
pub(crate) struct Pieces<'a> {
    files: Vec<Rest<'a>>,
    stream: Stream<'a>,
    order: Order,
    /// How often they have been read, and how often they will be.
    passes: (usize, usize),
    /// What there is to say of each file after the last pass.
    seen: Vec<Seen>,
    /// Whether the first value of a unit says something of the others, where it may have several.
    measures_from_a_unit: bool,
}

/// What of a file stands behind its beginning.
struct Rest<'a> {
    name: &'a str,
    file: &'a mut File,
    state: State,
    /// Where it starts, in bytes.
    start: u64,
}

impl Pieces<'_> {
    /// In which order the rows stand, as far as that is known.
    pub(crate) fn order(&self) -> Order {
        self.order
    }

    /// Says how often they will be read.
    pub(crate) fn expect(&mut self, passes: usize) {
        self.passes = (0, passes);
    }

    /// Reads the files once: `work` is done with every piece, several at the same time; `take` is given what comes of it, in
    /// the order of the files.
    pub(crate) fn read<T: Send>(
        &mut self,
        work: &(dyn Fn(&mut Responses) -> T + Sync),
        take: &mut (dyn FnMut(T) -> anyhow::Result<()> + Send),
    ) -> anyhow::Result<Pass<()>> {
        let taken = AtomicU64::new(0);
        let length: u64 = self.files.iter().map(|rest| rest.state.length).sum();
        let passes = self.passes;
        if passes.0 == 0 {
            progress::doing("reading");
        }
        let mut sources = Vec::new();
        for rest in &mut self.files {
            let start = SeekFrom::Start(rest.start);
            let sought = rest.file.seek(start);
            sought.with_context(|| cannot_read(rest.name))?;
            sources.push(Counted {
                name: rest.name,
                source: rest.file,
                read: rest.start,
                taken: &taken,
            });
        }
        let pace = Pace {
            size: PIECE,
            pieces: rayon::current_num_threads(),
        };
        let mut refused = None;
        let mut take = |done: T| {
            let read = taken.load(atomic::Ordering::Relaxed) as f64 / length.max(1) as f64;
            progress::share((passes.0 as f64 + read) / passes.1 as f64);
            take(done).map_err(|why| {
                refused = Some(why);
                io::Error::other("it was not taken")
            })
        };
        let order = self.order;
        let rests = sources.iter_mut();
        let mut rests: Vec<_> = rests.map(|rest| rest as &mut (dyn Read + Send)).collect();
        let stream = &self.stream;
        let outcome = stream.read(&mut rests, (order, pace), work, &mut take);
        if let Some(why) = refused {
            return Err(why);
        }
        let read = outcome?;
        match read.outcome {
            responses::Outcome::Whole => Ok(Pass::Whole),
            // Which of a unit's values comes first is told by their order alone.
            responses::Outcome::Unordered if self.measures_from_a_unit => Ok(Pass::Whole),
            responses::Outcome::Unordered => {
                self.order = Order::Scattered;
                Ok(Pass::Again)
            }
            responses::Outcome::Done => {
                let seen: Vec<u64> = sources.iter().map(|source| source.read).collect();
                for (rest, seen) in self.files.iter().zip(seen) {
                    let cannot_read = || cannot_read(rest.name);
                    let state = State::of(rest.file).with_context(cannot_read)?;
                    if seen != rest.state.length || state != rest.state {
                        let why = "it changed while it was read; run it again";
                        bail!("{}: {why}", cannot_read());
                    }
                }
                self.passes.0 += 1;
                self.seen = read.seen;
                Ok(Pass::Done(()))
            }
        }
    }

    /// Reads the files, again where their rows turn out to stand in another order, and adds up what `work` makes of every
    /// piece; none if they have to be read as a whole.
    fn sum<T: Send, S: Default + Send>(
        &mut self,
        work: &(dyn Fn(&mut Responses) -> T + Sync),
        add: fn(&mut S, T),
    ) -> anyhow::Result<Option<S>> {
        loop {
            let mut sum = S::default();
            let mut take = |part: T| {
                add(&mut sum, part);
                Ok(())
            };
            match self.read(work, &mut take)? {
                Pass::Done(()) => return Ok(Some(sum)),
                Pass::Again => {}
                Pass::Whole => return Ok(None),
            }
        }
    }

    /// Every period, ascending; none if the files have to be read as a whole.
    pub(crate) fn periods(&mut self) -> anyhow::Result<Option<Vec<String>>> {
        let work = |responses: &mut Responses| std::mem::take(&mut responses.periods);
        let all = self.sum(&work, BTreeSet::extend::<Vec<String>>)?;
        Ok(all.map(|all: BTreeSet<String>| {
            let all = Vec::from_iter(all);
            let order = responses::in_order(&all);
            order.into_iter().map(|at| all[at].clone()).collect()
        }))
    }

    /// What the rows add to the cohorts of a round; none if the files have to be read as a whole.
    pub(crate) fn gather(
        &mut self,
        plan: &Plan<'_>,
        (round, keep): (&Round, Keep),
    ) -> anyhow::Result<Option<Frozen>> {
        let work = |responses: &mut Responses| plan.gather_read(responses, round, keep);
        let all = self.sum(&work, Gathered::append)?;
        Ok(all.map(Gathered::settle))
    }

    /// Says what was found in the framework and in the files, once they have been read, as it is said of files that are read
    /// as a whole.
    pub(crate) fn tell(
        &self,
        chosen: &Chosen,
        language: Option<&str>,
        terminal: &Terminal,
    ) -> anyhow::Result<()> {
        terminal.problems(&chosen.remarks);
        if let Some(language) = language {
            choose::check_language(&[Spoken::by(&chosen.framework)], language, terminal)?;
        }
        tell_exporters(self.stream.exporters(), terminal);
        terminal.problems(&self.stream.remarks(&self.seen));
        Ok(())
    }
}

fn cannot_read(name: &str) -> String {
    format!("cannot read `{name}`")
}

/// A source that counts what was read of it.
struct Counted<'a> {
    name: &'a str,
    source: &'a mut File,
    /// Bytes of the file that have been read.
    read: u64,
    /// The same of all files, without their beginnings.
    taken: &'a AtomicU64,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer).map_err(|error| {
            let why = format!("{}: {error}", cannot_read(self.name));
            io::Error::new(error.kind(), why)
        })?;
        self.read += read as u64;
        self.taken.fetch_add(read as u64, atomic::Ordering::Relaxed);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::sync::Arc;

    use dgpf::framework::{self, Source};
    use dgpf::scoring::Assumptions;

    use super::*;

    const FRAMEWORK: &str = "dgpf: 1\nid: one\nversion: 1.0.0\nunit: unit\n\
                             indicators: [{id: a, number: {}, normalise: min-max}]\n";

    #[test]
    fn a_file_that_changes_between_two_passes_is_refused() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("responses.csv");
        let mut text = String::from("unit,a\n");
        for row in 0..40_000 {
            writeln!(text, "U{row:05},{row}").expect("a text takes all");
        }
        std::fs::write(&path, &text).expect("a file in a temporary directory");
        let source = Source {
            name: Arc::from("one.yaml"),
            text: FRAMEWORK.to_owned(),
        };
        let framework = framework::load(&source, &|_| None).expect("it is sound");
        let framework = framework.framework;
        let inputs = Inputs {
            files: vec![path.clone()],
            frameworks: vec!["one.yaml".to_owned()],
            ..Inputs::default()
        };
        let large = Large::open(&inputs).expect("it can be read");
        let mut large = large.expect("it is large");
        let options = large.options(&framework).expect("there is no mapping");
        let plan = Plan::compile(&framework, &Assumptions::of(&framework));
        let pieces = large.pieces(&plan, &options, Order::Ascending);
        let mut pieces = pieces.expect("its columns are known");
        let mut rows = || {
            let mut rows = 0;
            let work = |responses: &mut Responses| responses.rows.len();
            let mut take = |more: usize| {
                rows += more;
                Ok(())
            };
            let outcome = pieces.read(&work, &mut take)?;
            assert!(matches!(outcome, Pass::Done(())));
            anyhow::Ok(rows)
        };
        assert_eq!(rows().expect("nothing has changed"), 40_000);
        assert_eq!(rows().expect("nothing has changed"), 40_000);
        text.truncate(text.len() - "U39999,39999\n".len());
        std::fs::write(&path, &text).expect("a file in a temporary directory");
        let why = rows().expect_err("it has become shorter");
        let shown = path.display();
        assert_eq!(
            why.to_string(),
            format!("cannot read `{shown}`: it changed while it was read; run it again")
        );
    }
}
