//! Opening inputs, choosing the output, colour and width.

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, bail};
use dgpf::problem::{self, Problem};
use dgpf::report::terminal::{self, Look};

use super::args::Colour;
use super::progress;
use super::replace::{Replacement, keep_inputs, keep_read, reads, sweep, unnamed, write_file};

/// Columns of a page that goes to no terminal.
const WIDTH_WITHOUT_TERMINAL: usize = 100;

/// How the standard input is named in messages.
const STDIN: &str = "<stdin>";

/// What a shell's `<` connects, where the system has such a name.
const STDIN_FILE: &str = "/dev/stdin";

/// Why there is no input.
const CANNOT_READ_STDIN: &str = "cannot read the standard input";

/// Why results cannot be printed.
pub(crate) const CANNOT_WRITE_STDOUT: &str = "cannot write to the standard output";

/// A file's bytes, and its name as the user wrote it.
pub(crate) struct Bytes {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// Where results and messages go.
pub(crate) struct Terminal {
    colour: Colour,
}

impl Terminal {
    pub(crate) fn new(colour: Colour) -> Self {
        if colour == Colour::Always {
            crossterm::style::force_color_output(true);
        }
        Self { colour }
    }

    /// The standard output.
    pub(crate) fn out() -> BufWriter<io::StdoutLock<'static>> {
        progress::end();
        BufWriter::new(io::stdout().lock())
    }

    /// Width and colour of pages on the standard output.
    pub(crate) fn look(&self) -> Look {
        Look {
            width: width(),
            colour: self.colours(&io::stdout()),
            pictures: io::stdout().is_terminal(),
        }
    }

    /// Width and colour of pages in a file.
    fn look_in_file() -> Look {
        Look {
            width: WIDTH_WITHOUT_TERMINAL,
            colour: false,
            pictures: false,
        }
    }

    /// Width and colour of pages where the output goes.
    pub(crate) fn look_for(&self, output: Option<&Path>) -> Look {
        match named(output) {
            Some(_) => Self::look_in_file(),
            None => self.look(),
        }
    }

    fn colours(&self, stream: &impl IsTerminal) -> bool {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        match self.colour {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => stream.is_terminal() && !set("NO_COLOR") && !is_dumb(),
        }
    }

    /// Something worth knowing beside the result.
    pub(crate) fn note(&self, text: &str) {
        self.say("note", text);
    }

    /// Something that a reader of the result must not overlook.
    pub(crate) fn warning(&self, text: &str) {
        self.say("warning", text);
    }

    /// Why it could not run, with the chain of causes.
    pub(crate) fn error(&self, error: &anyhow::Error) {
        self.say("error", &format!("{error:#}"));
    }

    /// What is wrong with the inputs, or worth knowing about them.
    pub(crate) fn problems(&self, problems: &[Problem]) {
        if problems.is_empty() {
            return;
        }
        let colours = self.colours(&io::stderr());
        let text = problem::render(problems);
        let lines: Vec<_> = text.lines().map(|line| headline(line, colours)).collect();
        progress::above(&(lines.join("\n") + "\n"));
    }

    fn say(&self, word: &str, text: &str) {
        let line = format!("{word}: {}", terminal::escaped(text));
        progress::above(&(headline(&line, self.colours(&io::stderr())) + "\n"));
    }
}

/// Whether the terminal says that it understands no escapes.
pub(crate) fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// A line of a message, with the word that says how much it matters in its colour.
fn headline(line: &str, colours: bool) -> String {
    let word = line.split([':', '[']).next().unwrap_or_default();
    let colour = match word {
        "error" => anstyle::AnsiColor::Red,
        "warning" => anstyle::AnsiColor::Yellow,
        "note" => anstyle::AnsiColor::Cyan,
        _ => return line.to_owned(),
    };
    if !colours {
        return line.to_owned();
    }
    let style = anstyle::Style::new().bold().fg_color(Some(colour.into()));
    let (head, rest) = line.split_once(": ").unwrap_or((line, ""));
    format!("{style}{head}{style:#}: {rest}")
}

fn width() -> usize {
    let stated = std::env::var("COLUMNS")
        .ok()
        .and_then(|text| text.parse().ok());
    let measured = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    // Some terminals say 0 columns when they mean that they do not know.
    stated
        .filter(|&columns: &usize| columns > 0)
        .or_else(|| measured().filter(|&columns| columns > 0))
        .unwrap_or(WIDTH_WITHOUT_TERMINAL)
}

/// What writing came to, where who reads may leave when he has what he wanted (`dgpf … | head`): what the program found out
/// does not depend on that.
pub(crate) fn as_far_as_read(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Bytes by which a file is known that is no table.
const BEGINNING: u64 = 64 << 10;

/// Reads files; `-` is the standard input. Of a file whose beginning shows that it is not worth it, only that.
pub(crate) fn read_all(
    paths: &[PathBuf],
    worth: &dyn Fn(&[u8]) -> bool,
) -> anyhow::Result<Vec<Bytes>> {
    paths
        .iter()
        .map(|path| read_kept(path, worth, LARGEST))
        .collect()
}

/// The most bytes that are read of one file: what is read as a whole has to fit into memory.
const LARGEST: u64 = 4 << 30;

/// The same of a file that people write: a framework, rules, a mapping.
const LARGEST_WRITTEN: u64 = 64 << 20;

/// Reads a file; `-` is the standard input.
pub(crate) fn read(path: &Path) -> anyhow::Result<Bytes> {
    read_kept(path, &|_| true, LARGEST)
}

/// Reads a file that people write; `-` is the standard input.
pub(crate) fn read_written(path: &Path) -> anyhow::Result<Bytes> {
    read_kept(path, &|_| true, LARGEST_WRITTEN)
}

/// The same of what a framework extends; if it is the output, whoever reads next says so.
pub(crate) fn read_base(path: &Path) -> anyhow::Result<Bytes> {
    read_while(path, &|_| true, LARGEST_WRITTEN)
}

/// Reads a file that is not the one that will be written.
fn read_kept(path: &Path, worth: &dyn Fn(&[u8]) -> bool, most: u64) -> anyhow::Result<Bytes> {
    let bytes = read_while(path, worth, most);
    keep_read()?;
    bytes
}

/// Reads a file to its end if it is worth it by its beginning and not too large.
fn read_while(path: &Path, worth: &dyn Fn(&[u8]) -> bool, most: u64) -> anyhow::Result<Bytes> {
    progress::doing("reading");
    if is_dash(path) {
        reads(Path::new(STDIN_FILE));
        let bytes = read_standard_input(worth, most);
        return Ok(Bytes {
            name: STDIN.to_owned(),
            bytes: bytes.context(CANNOT_READ_STDIN)?,
        });
    }
    let bytes = File::open(path).and_then(|mut file| {
        let facts = file.metadata()?;
        if facts.is_file() && facts.len() > most {
            return Err(too_large(most));
        }
        read_from(&mut file, worth, most)
    });
    reads(path);
    Ok(Bytes {
        name: shown(path),
        bytes: bytes.map_err(|error| unreadable(path, error))?,
    })
}

/// What has been read of the standard input, which can be read once.
static KEPT: OnceLock<Kept> = OnceLock::new();

enum Kept {
    /// Its beginning, or all of it.
    Beginning { bytes: Vec<u8>, ended: bool },
    /// All of it.
    File(File),
}

/// Opens a file that has so many bytes; none if it is shorter, or no file at all. The standard input becomes one, without a
/// name, which is gone when the program ends, if it is worth it by its beginning.
pub(crate) fn open_long(
    path: &Path,
    least: u64,
    worth: &dyn Fn(&[u8]) -> bool,
) -> anyhow::Result<Option<File>> {
    progress::doing("reading");
    if is_dash(path) {
        reads(Path::new(STDIN_FILE));
        keep_read()?;
        return keep_standard_input(least, worth).context(CANNOT_READ_STDIN);
    }
    // Who writes to a pipe must not see it closed before it is read.
    let facts = fs::metadata(path);
    let long = facts.is_ok_and(|facts| facts.is_file() && facts.len() >= least);
    reads(path);
    keep_read()?;
    Ok(long.then(|| File::open(path).ok()).flatten())
}

fn keep_standard_input(least: u64, worth: &dyn Fn(&[u8]) -> bool) -> io::Result<Option<File>> {
    let mut input = io::stdin().lock();
    let mut bytes = Vec::new();
    input.by_ref().take(least).read_to_end(&mut bytes)?;
    let ended = (bytes.len() as u64) < least;
    let kept = match unnamed() {
        Ok(mut file) if !ended && worth(&bytes) => {
            file.write_all(&bytes)?;
            // It may never end.
            let rest = io::copy(&mut input.by_ref().take(LARGEST - least + 1), &mut file)?;
            if least + rest > LARGEST {
                return Err(too_large(LARGEST));
            }
            Kept::File(file)
        }
        // Where no file can be made it has to fit into memory.
        Ok(_) | Err(_) => Kept::Beginning { bytes, ended },
    };
    match KEPT.get_or_init(|| kept) {
        Kept::Beginning { .. } => Ok(None),
        Kept::File(file) => {
            let mut file = file.try_clone()?;
            file.seek(SeekFrom::Start(0))?;
            Ok(Some(file))
        }
    }
}

/// Reads the standard input, from its start even if that has been read.
fn read_standard_input(worth: &dyn Fn(&[u8]) -> bool, most: u64) -> io::Result<Vec<u8>> {
    static READ: AtomicBool = AtomicBool::new(false);
    let mut rest = io::stdin().lock();
    match KEPT.get() {
        None if READ.swap(true, Ordering::Relaxed) => Err(io::Error::other(
            "it can be read once: name `-` in one place",
        )),
        None => read_from(&mut rest, worth, most),
        Some(Kept::Beginning { bytes, ended }) => {
            let rest = rest.take(if *ended { 0 } else { u64::MAX });
            read_from(&mut bytes.chain(rest), worth, most)
        }
        Some(Kept::File(file)) => {
            let mut file = file;
            file.seek(SeekFrom::Start(0))?;
            read_from(&mut file, worth, most)
        }
    }
}

/// A file as messages name it.
pub(crate) fn shown(path: &Path) -> String {
    if is_dash(path) {
        return STDIN.to_owned();
    }
    path.display().to_string()
}

fn read_from(
    input: &mut impl Read,
    worth: &dyn Fn(&[u8]) -> bool,
    most: u64,
) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.by_ref().take(BEGINNING).read_to_end(&mut bytes)?;
    if worth(&bytes) {
        // A device or a pipe may never end.
        input.take(most - BEGINNING + 1).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 > most {
        return Err(too_large(most));
    }
    Ok(bytes)
}

fn too_large(most: u64) -> io::Error {
    let message = format!("it has more than {} MiB, the most that is read", most >> 20);
    io::Error::new(io::ErrorKind::FileTooLarge, message)
}

pub(crate) fn is_dash(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// A sentence for each way in which a file cannot be read, with the next step.
fn unreadable(path: &Path, error: io::Error) -> anyhow::Error {
    let shown = path.display();
    if path.is_dir() {
        return anyhow::anyhow!("cannot read `{shown}`: it is a directory; name the files in it");
    }
    match error.kind() {
        io::ErrorKind::NotFound => match similar_file(path) {
            Some(similar) => anyhow::anyhow!(
                "cannot read `{shown}`: no such file; did you mean `{}`?",
                similar.display()
            ),
            None => anyhow::anyhow!("cannot read `{shown}`: no such file"),
        },
        _ => anyhow::Error::new(error).context(format!("cannot read `{shown}`")),
    }
}

/// A directory as the system names it: an empty path is the one in which the program runs.
pub(crate) fn or_here(directory: &Path) -> &Path {
    if directory.as_os_str().is_empty() {
        Path::new(".")
    } else {
        directory
    }
}

/// The file in the same directory whose name is nearest.
fn similar_file(path: &Path) -> Option<PathBuf> {
    let wanted = path.file_name()?.to_str()?;
    let directory = path.parent()?;
    let names: Vec<String> = fs::read_dir(or_here(directory))
        .ok()?
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_file())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect();
    let nearest = nearest(wanted, names.iter().map(String::as_str))?;
    Some(directory.join(nearest))
}

/// The candidate that is nearest to what was written, if it is near; the first in alphabetical order of several.
pub(crate) fn nearest<'a>(
    wanted: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let near = candidates.filter_map(|candidate| {
        let likeness = strsim::jaro_winkler(wanted, candidate);
        (likeness > 0.85).then_some((likeness, candidate))
    });
    near.max_by(|(a, first), (b, second)| a.total_cmp(b).then(second.cmp(first)))
        .map(|(_, candidate)| candidate)
}

/// The file that a result is written to; none for the standard output, which is `-` too.
pub(crate) fn named(output: Option<&Path>) -> Option<&Path> {
    output.filter(|path| !is_dash(path))
}

/// What to write: as asked, else by the output file's ending, else the first of those that endings stand for.
pub(crate) fn format<F: Copy>(
    asked: Option<F>,
    output: Option<&Path>,
    endings: &[(&str, F)],
) -> anyhow::Result<F> {
    let first = endings.first().expect("a command writes something").1;
    let path = match (asked, named(output)) {
        (Some(asked), _) => return Ok(asked),
        (None, None) => return Ok(first),
        (None, Some(path)) => path,
    };
    let ending = path.extension().and_then(|ending| ending.to_str());
    let known = endings.iter().find(|(known, _)| Some(*known) == ending);
    known.map(|(_, format)| *format).ok_or_else(|| {
        let mut known: Vec<String> = endings
            .iter()
            .map(|(known, _)| format!(".{known}"))
            .collect();
        known.sort();
        let last = known.pop().unwrap_or_default();
        anyhow::anyhow!(
            "what to write to `{}`? its ending is none of {} and {last}: say it with --format",
            path.display(),
            known.join(", ")
        )
    })
}

/// Writes a text to a file, or to the standard output where none is named.
pub(crate) fn put(path: Option<&Path>, text: &[u8]) -> anyhow::Result<()> {
    if let Some(path) = named(path) {
        progress::doing("writing");
        return write_file(path, text);
    }
    let mut out = Terminal::out();
    let written = out.write_all(text).and_then(|()| out.flush());
    as_far_as_read(written).context(CANNOT_WRITE_STDOUT)
}

/// The same of what is written bit by bit, because it may be too long to be held as a text.
pub(crate) fn put_with(
    path: Option<&Path>,
    write: &dyn Fn(&mut dyn Write) -> io::Result<()>,
) -> anyhow::Result<()> {
    let Some(path) = named(path) else {
        let mut out = Terminal::out();
        let written = write(&mut out).and_then(|()| out.flush());
        return as_far_as_read(written).context(CANNOT_WRITE_STDOUT);
    };
    progress::doing("writing");
    let cannot_write = || cannot_write(Some(path));
    let Some(replacement) = Replacement::of(Some(path)).with_context(cannot_write)? else {
        let mut text = Vec::new();
        write(&mut text).with_context(cannot_write)?;
        return write_file(path, &text);
    };
    let mut out = BufWriter::new(replacement);
    write(&mut out).with_context(cannot_write)?;
    let written = out.into_inner().map_err(io::IntoInnerError::into_error);
    let written = written.and_then(Replacement::put);
    written.with_context(cannot_write)
}

/// What is said where an output fails.
pub(crate) fn cannot_write(output: Option<&Path>) -> String {
    match output {
        Some(path) => format!("cannot write `{}`", path.display()),
        None => CANNOT_WRITE_STDOUT.to_owned(),
    }
}

/// Whether an output goes to somebody's screen.
#[cfg(any(feature = "xlsx", feature = "parquet"))]
pub(crate) fn is_shown(output: Option<&Path>) -> bool {
    named(output).is_none() && io::stdout().is_terminal()
}

/// When what is made now says that it was made, in seconds since 1970: only what `SOURCE_DATE_EPOCH` states, so that the
/// same inputs give the same bytes.
pub(crate) fn made_at() -> anyhow::Result<Option<u64>> {
    const NAME: &str = "SOURCE_DATE_EPOCH";
    /// The end of the year 9999: what formats can write.
    const LAST: u64 = 253_402_300_799;
    let Some(stated) = std::env::var_os(NAME).filter(|stated| !stated.is_empty()) else {
        return Ok(None);
    };
    let seconds = stated.to_str().and_then(|text| text.parse().ok());
    match seconds.filter(|seconds| *seconds <= LAST) {
        Some(seconds) => Ok(Some(seconds)),
        None => bail!("{NAME} is no number of seconds: `{}`", stated.display()),
    }
}

/// What was written into a directory.
pub(crate) struct Written {
    files: usize,
    changed: usize,
    bytes: usize,
}

/// `12 files (340 kB), 3 of them changed`
impl std::fmt::Display for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let plural = if self.files == 1 { "" } else { "s" };
        write!(f, "{} file{plural} ({})", self.files, size(self.bytes))?;
        write!(f, ", {} of them changed", self.changed)
    }
}

/// In the unit that leaves two or three digits.
fn size(bytes: usize) -> String {
    let thousands = bytes as f64 / 1e3;
    if bytes < 1_000 {
        format!("{bytes} bytes")
    } else if thousands < 10.0 {
        format!("{thousands:.1} kB")
    } else if thousands < 1_000.0 {
        format!("{thousands:.0} kB")
    } else if thousands < 10_000.0 {
        format!("{:.1} MB", thousands / 1e3)
    } else {
        format!("{:.0} MB", thousands / 1e3)
    }
}

/// Writes files into a directory, which is made if need be; those whose bytes would not change are left alone.
pub(crate) fn put_files(directory: &Path, files: &[dgpf::report::File]) -> anyhow::Result<Written> {
    let shown = directory.display();
    fs::create_dir_all(directory).with_context(|| format!("cannot make directory `{shown}`"))?;
    sweep(directory);
    let mut changed = 0;
    // All of them, or none.
    keep_inputs(files.iter().map(|file| directory.join(&file.name)))?;
    for file in files {
        let path = directory.join(&file.name);
        if !fs::read(&path).is_ok_and(|old| old == file.bytes) {
            write_file(&path, &file.bytes)?;
            changed += 1;
        }
    }
    Ok(Written {
        files: files.len(),
        changed,
        bytes: files.iter().map(|file| file.bytes.len()).sum(),
    })
}
