//! Files written whole or not at all: into a temporary file beside the target, which then takes its place.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::io::or_here;

pub(crate) use unfinished::sweep;

/// Writes to a file whole or not at all: into a temporary file beside it, which then takes its place. The file's mode is
/// kept, a link stays a link, and a file that would not change is left alone.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let shown = path.display();
    // A file that would not change may have leftovers beside it.
    unfinished::sweep(directory_of(path));
    let result = match fs::metadata(path) {
        Ok(known) if known.is_dir() => bail!("cannot write `{shown}`: it is a directory"),
        // A device or a pipe would be replaced by a rename.
        Ok(known) if !known.is_file() => write_through(path, bytes),
        Ok(_) if fs::read(path).is_ok_and(|old| old == bytes) => Ok(()),
        known => behind_links(path).and_then(|target| replace(&target, bytes, known.ok().as_ref())),
    };
    result.with_context(|| format!("cannot write `{shown}`"))
}

fn directory_of(file: &Path) -> &Path {
    file.parent().map_or(Path::new("."), or_here)
}

fn write_through(target: &Path, bytes: &[u8]) -> io::Result<()> {
    File::options().write(true).open(target)?.write_all(bytes)
}

fn replace(target: &Path, bytes: &[u8], known: Option<&fs::Metadata>) -> io::Result<()> {
    let mut replacement = Replacement::of(target, known)?;
    replacement.write_all(bytes)?;
    replacement.persist()
}

/// A file that is written beside another one, whose place it takes when it is whole. It is gone if it does not.
pub(crate) struct Replacement {
    /// None once it has taken the place.
    temporary: Option<tempfile::NamedTempFile>,
    target: PathBuf,
    /// Bytes written; how many of them the disk has been asked to take, if it is asked.
    written: u64,
    asked: Option<u64>,
}

impl Replacement {
    /// Beside what a path stands for; nothing if that is a directory, a device or a pipe.
    pub(crate) fn beside(path: &Path) -> io::Result<Option<Self>> {
        match fs::metadata(path) {
            Ok(known) if !known.is_file() => Ok(None),
            known => Self::of(&behind_links(path)?, known.ok().as_ref()).map(Some),
        }
    }

    fn of(target: &Path, known: Option<&fs::Metadata>) -> io::Result<Self> {
        if known.is_some_and(|known| known.permissions().readonly()) {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                "it is read-only",
            ));
        }
        let directory = directory_of(target);
        if !directory.is_dir() {
            let missing = format!("there is no directory `{}`", directory.display());
            return Err(io::Error::new(io::ErrorKind::NotFound, missing));
        }
        let temporary = unfinished::create(directory)?;
        let mut replacement = Self {
            temporary: Some(temporary),
            target: target.to_owned(),
            written: 0,
            asked: None,
        };
        if let Some(known) = known {
            let file = replacement.file_mut()?;
            file.set_permissions(known.permissions())?;
        }
        Ok(replacement)
    }

    /// Nothing that is written from here on is written over: the disk can take it as it comes, which is what
    /// [`Replacement::put`] waits for.
    pub(crate) fn settle(&mut self) {
        self.asked = Some(self.written);
    }

    /// What was written, from its start.
    pub(crate) fn reopened(&mut self) -> io::Result<File> {
        self.flush()?;
        self.file()?.reopen()
    }

    /// What was written, to be read and changed.
    pub(crate) fn file_mut(&mut self) -> io::Result<&mut File> {
        Ok(self.file()?.as_file_mut())
    }

    /// Takes the place of the file, unless that is the same already.
    pub(crate) fn put(mut self) -> anyhow::Result<()> {
        let result = match self.is_the_same() {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => self.persist(),
        };
        result.with_context(|| format!("cannot write `{}`", self.target.display()))
    }

    fn is_the_same(&mut self) -> io::Result<bool> {
        let mut old = File::open(&self.target)?;
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
        self.file()?.as_file().sync_all()?;
        if let Some(temporary) = self.temporary.take() {
            let path = temporary.path().to_owned();
            temporary.persist(&self.target)?;
            unfinished::forget(&path);
        }
        Ok(())
    }

    fn file(&mut self) -> io::Result<&mut tempfile::NamedTempFile> {
        let gone = || io::Error::other("it has taken its place already");
        self.temporary.as_mut().ok_or_else(gone)
    }
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
        let count = self.file_mut()?.write(bytes)?;
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
        if let Some(temporary) = self.temporary.take() {
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

    /// A new file in a directory, gone when the program is interrupted.
    pub(super) fn create(directory: &Path) -> io::Result<NamedTempFile> {
        // Where interrupts cannot be watched the file stays until the next run.
        WATCH.call_once(|| drop(watch()));
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
    fn watch() -> io::Result<()> {
        use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};

        let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGXFSZ])?;
        std::thread::Builder::new().spawn(move || {
            for signal in signals.forever() {
                // Writing beyond the size that is allowed fails, too, and says so.
                if signal != SIGXFSZ {
                    let _removed = remove_all();
                    let _ = signal_hook::low_level::emulate_default_handler(signal);
                }
            }
        })?;
        Ok(())
    }

    #[cfg(windows)]
    fn watch() -> Result<(), ctrlc::Error> {
        /// What shells expect of a program that was interrupted.
        const INTERRUPTED: i32 = 130;
        ctrlc::set_handler(|| {
            let _removed = remove_all();
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
