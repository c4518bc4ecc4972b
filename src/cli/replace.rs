//! Files written whole or not at all: into a temporary file beside the target, which then takes its place.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use anyhow::{Context, bail};

use super::io::{Terminal, as_far_as_read, cannot_write, or_here};

pub(crate) use unfinished::sweep;

/// The files that were read, which no output replaces.
static INPUTS: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// What the command is told to write.
static OUTPUT: OnceLock<PathBuf> = OnceLock::new();

/// Remembers the file that will be written, so that it is refused before anything is made of what is read.
pub(crate) fn will_write(output: &Path) {
    OUTPUT.get_or_init(|| output.to_owned());
}

/// Remembers a file that is read.
pub(crate) fn reads(input: &Path) {
    if let Ok(input) = input.canonicalize()
        && input.is_file()
    {
        inputs().insert(input);
    }
}

/// Refuses what will be written if it is among what was read so far.
pub(crate) fn keep_read() -> anyhow::Result<()> {
    keep_inputs(OUTPUT.get())
}

fn inputs() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    INPUTS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Refuses to replace what was read, by any of several outputs.
pub(crate) fn keep_inputs(
    outputs: impl IntoIterator<Item = impl AsRef<Path>>,
) -> anyhow::Result<()> {
    for output in outputs {
        let output = output.as_ref();
        keep_input(output).with_context(|| cannot_write(Some(output)))?;
    }
    Ok(())
}

fn keep_input(output: &Path) -> io::Result<()> {
    match output.canonicalize() {
        Ok(output) if inputs().contains(&output) => {
            Err(io::Error::other("it is one of the inputs"))
        }
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Writes to a file whole or not at all: into a temporary file beside it, which then takes its place. The file's mode is
/// kept, a link stays a link, a file that would not change is left alone, and none that was read is replaced.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    keep_inputs([path])?;
    write_back(path, bytes)
}

/// The same, of a file that is read in order to be changed.
pub(crate) fn write_back(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    // A file that would not change may have leftovers beside it.
    unfinished::sweep(directory_of(path));
    let result = match fs::metadata(path) {
        Ok(known) if known.is_dir() => bail!("{}: it is a directory", cannot_write(Some(path))),
        // A device or a pipe would be replaced by a rename.
        Ok(known) if !known.is_file() => {
            through(path).and_then(|mut device| as_far_as_read(device.write_all(bytes)))
        }
        Ok(_) if fs::read(path).is_ok_and(|old| old == bytes) => Ok(()),
        known => behind_links(path).and_then(|target| replace(target, bytes, known.ok().as_ref())),
    };
    result.with_context(|| cannot_write(Some(path)))
}

fn directory_of(file: &Path) -> &Path {
    file.parent().map_or(Path::new("."), or_here)
}

/// A device or a pipe, which is written into.
fn through(path: &Path) -> io::Result<File> {
    File::options().write(true).open(path)
}

fn replace(target: PathBuf, bytes: &[u8], known: Option<&fs::Metadata>) -> io::Result<()> {
    let mut replacement = Replacement::beside(target, known)?;
    replacement.write_all(bytes)?;
    replacement.persist()
}

/// What is written into a temporary file until it is whole, and is gone if it does not become that: beside another file, whose
/// place it takes, or without a name, for the standard output, a device or a pipe.
pub(crate) struct Replacement {
    kept: Kept,
    /// Bytes written; how many of them the disk has been asked to take, if it is asked.
    written: u64,
    asked: Option<u64>,
}

enum Kept {
    Beside {
        /// None once it has taken the place.
        temporary: Option<tempfile::NamedTempFile>,
        target: PathBuf,
    },
    /// For the standard output where no path is named.
    Unnamed { file: File, path: Option<PathBuf> },
}

impl Replacement {
    /// For what a path stands for, or for the standard output. Nothing if that is a directory, or if no file without a name
    /// can be made where one is needed: then it has to fit into memory.
    pub(crate) fn of(output: Option<&Path>) -> io::Result<Option<Self>> {
        output.map_or(Ok(()), keep_input)?;
        let kept = match output.map(|path| (path, fs::metadata(path))) {
            Some((_, Ok(known))) if known.is_dir() => return Ok(None),
            Some((path, known)) if known.as_ref().map_or(true, fs::Metadata::is_file) => {
                return Self::beside(behind_links(path)?, known.ok().as_ref()).map(Some);
            }
            path => unnamed().map(|file| Kept::Unnamed {
                file,
                path: path.map(|(path, _)| path.to_owned()),
            }),
        };
        Ok(kept.ok().map(Self::new))
    }

    fn new(kept: Kept) -> Self {
        Self {
            kept,
            written: 0,
            asked: None,
        }
    }

    /// For the file at a path that is no link, of which this is known if it is there.
    fn beside(target: PathBuf, known: Option<&fs::Metadata>) -> io::Result<Self> {
        if known.is_some_and(|known| known.permissions().readonly()) {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                "it is read-only",
            ));
        }
        let directory = directory_of(&target);
        if !directory.is_dir() {
            let missing = format!("there is no directory `{}`", directory.display());
            return Err(io::Error::new(io::ErrorKind::NotFound, missing));
        }
        let temporary = unfinished::create(directory)?;
        let mut replacement = Self::new(Kept::Beside {
            temporary: Some(temporary),
            target,
        });
        if let Some(known) = known {
            let file = replacement.file_mut()?;
            file.set_permissions(known.permissions())?;
        }
        Ok(replacement)
    }

    /// Nothing that is written from here on is written over: the disk can take it as it comes, which is what
    /// [`Replacement::put`] waits for.
    pub(crate) fn settle(&mut self) {
        if let Kept::Beside { .. } = self.kept {
            self.asked = Some(self.written);
        }
    }

    /// What was written, from its start.
    pub(crate) fn reopened(&mut self) -> io::Result<File> {
        self.flush()?;
        match &mut self.kept {
            Kept::Beside { temporary, .. } => temporary.as_ref().ok_or_else(gone)?.reopen(),
            Kept::Unnamed { file, .. } => {
                file.seek(SeekFrom::Start(0))?;
                file.try_clone()
            }
        }
    }

    /// What was written, to be read and changed.
    pub(crate) fn file_mut(&mut self) -> io::Result<&mut File> {
        Ok(match &mut self.kept {
            Kept::Beside { temporary, .. } => temporary.as_mut().ok_or_else(gone)?.as_file_mut(),
            Kept::Unnamed { file, .. } => file,
        })
    }

    /// Takes the place of the file, unless that is the same already, or goes where it is to go.
    pub(crate) fn put(mut self) -> io::Result<()> {
        if let Kept::Unnamed { path, .. } = &mut self.kept {
            let path = path.take();
            let mut whole = self.reopened()?;
            let went = if let Some(path) = path {
                io::copy(&mut whole, &mut through(&path)?).map(drop)
            } else {
                let mut out = Terminal::out();
                io::copy(&mut whole, &mut out).and_then(|_| out.flush())
            };
            return as_far_as_read(went);
        }
        match self.is_the_same() {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => self.persist(),
        }
    }

    /// Whether the file whose place it would take has the same bytes.
    fn is_the_same(&mut self) -> io::Result<bool> {
        let Kept::Beside { target, .. } = &self.kept else {
            return Ok(false);
        };
        let mut old = File::open(target)?;
        let mut new = self.reopened()?;
        if old.metadata()?.len() != new.metadata()?.len() {
            return Ok(false);
        }
        let mut buffers = [vec![0; 1 << 16], vec![0; 1 << 16]];
        loop {
            let read = old.read(&mut buffers[0])?;
            if read == 0 {
                return Ok(true);
            }
            new.read_exact(&mut buffers[1][..read])?;
            if buffers[0][..read] != buffers[1][..read] {
                return Ok(false);
            }
        }
    }

    fn persist(&mut self) -> io::Result<()> {
        self.file_mut()?.sync_all()?;
        if let Kept::Beside { temporary, target } = &mut self.kept
            && let Some(temporary) = temporary.take()
        {
            let path = temporary.path().to_owned();
            temporary.persist(target)?;
            unfinished::forget(&path);
        }
        Ok(())
    }
}

/// A temporary file without a name, which is gone when the program ends.
pub(crate) fn unnamed() -> io::Result<File> {
    unfinished::watch();
    tempfile::tempfile()
}

/// What is wrong with a file without a name.
fn no_room(error: &io::Error) -> io::Error {
    let place = std::env::temp_dir();
    let kept = format!(
        "{error} in `{}`, where it is kept until it is whole; TMPDIR names another place",
        place.display()
    );
    io::Error::new(error.kind(), kept)
}

fn gone() -> io::Error {
    io::Error::other("it has taken its place already")
}

/// Bytes that the disk is asked to take at once.
const AT_ONCE: u64 = 4 << 20;

/// Asks the disk to take some bytes of a file that were written, without waiting for it: synchronising the whole file at the
/// end then takes no time. Only advice; where it cannot be given nothing is lost but that time.
pub(crate) fn ask_disk(file: &File, start: u64, length: u64) {
    #[cfg(target_os = "linux")]
    {
        // What is not on the disk yet is sent there, and stays in memory.
        let length = std::num::NonZeroU64::new(length);
        let _ = rustix::fs::fadvise(file, start, length, rustix::fs::Advice::DontNeed);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = (file, start, length);
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // The file itself, so that a message does not name the temporary one.
        let count = match &mut self.kept {
            Kept::Unnamed { file, .. } => file.write(bytes).map_err(|error| no_room(&error))?,
            Kept::Beside { .. } => self.file_mut()?.write(bytes)?,
        };
        self.written += count as u64;
        let open = self.asked.map(|asked| (asked, self.written - asked));
        if let Some((asked, length)) = open.filter(|(_, length)| *length >= AT_ONCE) {
            ask_disk(self.file_mut()?, asked, length);
            self.asked = Some(asked + length);
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file_mut()?.flush()
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        if let Kept::Beside { temporary, .. } = &mut self.kept
            && let Some(temporary) = temporary.take()
        {
            let path = temporary.path().to_owned();
            drop(temporary);
            unfinished::forget(&path);
        }
    }
}

/// Files that are not whole yet: who interrupts the program finds none of them, and what a program left that was killed
/// goes when the next one writes into the same directory.
mod unfinished {
    use std::collections::BTreeSet;
    use std::fs::{self, File, TryLockError};
    use std::io;
    use std::path::{Path, PathBuf};
    use std::sync::{Mutex, MutexGuard, Once, PoisonError};

    use tempfile::NamedTempFile;

    use crate::cli::progress;

    const PREFIX: &str = ".dgpf-";
    const SUFFIX: &str = ".tmp";

    struct Files {
        paths: Vec<PathBuf>,
        /// Directories without leftovers.
        swept: BTreeSet<PathBuf>,
    }

    static FILES: Mutex<Files> = Mutex::new(Files {
        paths: Vec::new(),
        swept: BTreeSet::new(),
    });
    static WATCH: Once = Once::new();

    fn files() -> MutexGuard<'static, Files> {
        FILES.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends an interrupted program without leaving files, and lets one that writes too much say so.
    pub(super) fn watch() {
        // Where signals cannot be watched files stay until the next run.
        WATCH.call_once(|| drop(watch_signals()));
    }

    /// A new file in a directory, gone when the program is interrupted.
    pub(super) fn create(directory: &Path) -> io::Result<NamedTempFile> {
        watch();
        sweep(directory);
        // An interrupt waits until the file that is made here is known.
        let mut files = files();
        loop {
            let temporary = new_in(directory)?;
            if claim(&temporary)? {
                files.paths.push(temporary.path().to_owned());
                return Ok(temporary);
            }
        }
    }

    /// It has taken its place, or is gone.
    pub(super) fn forget(path: &Path) {
        files().paths.retain(|other| other != path);
    }

    fn new_in(directory: &Path) -> io::Result<NamedTempFile> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX).suffix(SUFFIX);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As any new file: the umask takes away what it should not have.
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        builder.tempfile_in(directory)
    }

    /// Locks the file as long as it is written, which says to others that somebody still lives who will remove it. Not if
    /// another program that sweeps was faster.
    fn claim(temporary: &NamedTempFile) -> io::Result<bool> {
        // On Windows a lock would keep the program itself from reading the file again.
        if cfg!(windows) {
            return Ok(true);
        }
        match temporary.as_file().try_lock() {
            Ok(()) => temporary.path().try_exists(),
            Err(TryLockError::WouldBlock) => Ok(false),
            // Nobody can lock on this disk, so that nobody sweeps on it.
            Err(TryLockError::Error(_)) => Ok(true),
        }
    }

    /// Removes what killed programs have left: what nobody holds a lock on.
    pub(crate) fn sweep(directory: &Path) {
        let first = files().swept.insert(directory.to_owned());
        if cfg!(windows) || !first {
            return;
        }
        let listed = fs::read_dir(directory).into_iter().flatten();
        for entry in listed.filter_map(Result::ok) {
            let name = entry.file_name();
            let ours = (name.to_str())
                .is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX));
            if !ours || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
                continue;
            }
            if let Ok(left) = File::open(entry.path())
                && left.try_lock().is_ok()
            {
                // Somebody else may have removed it.
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// Removes all of them. The guard keeps new ones from being made.
    fn remove_all() -> MutexGuard<'static, Files> {
        let files = files();
        for path in &files.paths {
            // It may have taken its place in this moment.
            let _ = fs::remove_file(path);
        }
        files
    }

    /// Ends as the signal would have ended the program, once nothing is left: 130 in a shell for Ctrl-C, 143 when it is
    /// asked to end.
    #[cfg(unix)]
    fn watch_signals() -> io::Result<()> {
        use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};

        let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGXFSZ])?;
        std::thread::Builder::new().spawn(move || {
            for signal in signals.forever() {
                // Writing beyond the size that is allowed fails, too, and says so.
                if signal != SIGXFSZ {
                    let _removed = remove_all();
                    progress::end_at_once();
                    let _ = signal_hook::low_level::emulate_default_handler(signal);
                }
            }
        })?;
        Ok(())
    }

    #[cfg(windows)]
    fn watch_signals() -> Result<(), ctrlc::Error> {
        /// What shells expect of a program that was interrupted.
        const INTERRUPTED: i32 = 130;
        ctrlc::set_handler(|| {
            let _removed = remove_all();
            progress::end_at_once();
            std::process::exit(INTERRUPTED);
        })
    }
}

/// The file that a path stands for, links followed, whether it exists or not.
fn behind_links(path: &Path) -> io::Result<PathBuf> {
    const MOST_LINKS: usize = 40;
    let mut target = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&target) {
            Ok(next) => target = target.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => return Ok(target), // no link, or not there
        }
    }
    Err(io::Error::other("too many symbolic links"))
}
