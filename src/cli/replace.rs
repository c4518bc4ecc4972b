//! Files written whole or not at all: into a temporary file beside the target, which then takes its place.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

/// Writes to a file whole or not at all: into a temporary file beside it, which then takes its place. The file's mode is
/// kept, a link stays a link, and a file that would not change is left alone.
pub(crate) fn write_file(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let shown = path.display();
    let result = match fs::metadata(path) {
        Ok(known) if known.is_dir() => bail!("cannot write `{shown}`: it is a directory"),
        // A device or a pipe would be replaced by a rename.
        Ok(known) if !known.is_file() => write_through(path, bytes),
        Ok(_) if fs::read(path).is_ok_and(|old| old == bytes) => Ok(()),
        known => behind_links(path).and_then(|target| replace(&target, bytes, known.ok().as_ref())),
    };
    result.with_context(|| format!("cannot write `{shown}`"))
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
        let directory = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        if !directory.is_dir() {
            let missing = format!("there is no directory `{}`", directory.display());
            return Err(io::Error::new(io::ErrorKind::NotFound, missing));
        }
        let temporary = new_beside(directory)?;
        if let Some(known) = known {
            temporary.as_file().set_permissions(known.permissions())?;
        }
        unfinished::add(temporary.path());
        Ok(Self {
            temporary: Some(temporary),
            target: target.to_owned(),
        })
    }

    /// What was written, from its start.
    pub(crate) fn reopened(&mut self) -> io::Result<File> {
        self.flush()?;
        self.file()?.reopen()
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
            unfinished::remove(&path);
        }
        Ok(())
    }

    fn file(&mut self) -> io::Result<&mut tempfile::NamedTempFile> {
        let gone = || io::Error::other("it has taken its place already");
        self.temporary.as_mut().ok_or_else(gone)
    }
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file()?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file()?.flush()
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        if let Some(temporary) = self.temporary.take() {
            let path = temporary.path().to_owned();
            drop(temporary);
            unfinished::remove(&path);
        }
    }
}

/// Files that are not whole yet: who interrupts the program finds none of them.
mod unfinished {
    use std::path::{Path, PathBuf};
    use std::sync::{Mutex, Once, PoisonError};

    static PATHS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
    static WATCH: Once = Once::new();

    /// What shells expect of a program that was interrupted.
    const INTERRUPTED: i32 = 130;

    pub(super) fn add(path: &Path) {
        WATCH.call_once(|| {
            // Where interrupts cannot be watched the file stays, with a name that says what it is.
            let _ = ctrlc::set_handler(|| {
                let paths = PATHS.lock().unwrap_or_else(PoisonError::into_inner);
                for path in paths.iter() {
                    let _ = std::fs::remove_file(path);
                }
                std::process::exit(INTERRUPTED);
            });
        });
        let mut paths = PATHS.lock().unwrap_or_else(PoisonError::into_inner);
        paths.push(path.to_owned());
    }

    pub(super) fn remove(path: &Path) {
        let mut paths = PATHS.lock().unwrap_or_else(PoisonError::into_inner);
        paths.retain(|other| other != path);
    }
}

fn new_beside(directory: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".dgpf-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As any new file: the umask takes away what it should not have.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(directory)
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
