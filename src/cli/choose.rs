//! Which framework: by id, by path, or found by the columns of the responses.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::bail;
use dgpf::framework::{self, Framework, Loaded, Source, Text, builtin};
use dgpf::problem::Problem;
use dgpf::report::{About, Language};
use dgpf::responses::Fit;

use super::io::{self, Bytes, Terminal};
use super::read::Files;

/// Where frameworks are looked for beside those compiled in.
const DIRECTORY: &str = "frameworks";
const PROJECT_FILE: &str = "dgpf.yaml";

/// A framework's text before it is read.
pub(crate) struct Candidate {
    /// The id by which it is called.
    pub(crate) id: String,
    /// Where it is, if it is a file.
    path: Option<PathBuf>,
    /// Whether it takes the place of one that is compiled in.
    shadows: bool,
    source: Result<Source, Box<Problem>>,
}

/// A framework that was read.
pub(crate) struct Chosen {
    pub(crate) framework: Framework,
    /// Warnings and notes.
    pub(crate) remarks: Vec<Problem>,
    /// Where it is from, in words.
    pub(crate) origin: String,
}

/// No framework: its problems have been said.
pub(crate) struct Unsound;

impl Candidate {
    fn compiled_in(id: &str) -> Option<Self> {
        Some(Self {
            id: id.to_owned(),
            path: None,
            shadows: false,
            source: Ok(builtin::find(id)?),
        })
    }

    fn file(path: &Path) -> anyhow::Result<Self> {
        let Bytes { name, bytes } = io::read_written(path)?;
        Ok(Self {
            id: stem(path),
            path: Some(path.to_owned()),
            shadows: false,
            source: Source::decode(&name, &bytes),
        })
    }

    /// Whether it is the same text as another.
    fn is_same_as(&self, other: &Self) -> bool {
        match (&self.source, &other.source) {
            (Ok(own), Ok(other)) => own.text == other.text,
            _ => false,
        }
    }

    /// What problems call its text.
    pub(crate) fn name(&self) -> &str {
        match &self.source {
            Ok(source) => &source.name,
            Err(problem) => (problem.places.first()).map_or(self.id.as_str(), |place| &place.file),
        }
    }

    /// Where it is from, in words.
    pub(crate) fn origin(&self) -> String {
        match &self.path {
            Some(path) => path.display().to_string(),
            None => "compiled in".to_owned(),
        }
    }

    /// Reads it.
    pub(crate) fn load(&self) -> Result<Chosen, Vec<Problem>> {
        self.read(framework::load)
    }

    /// Reads it, with advice among the remarks.
    pub(crate) fn advise(&self, strict: bool) -> Result<Chosen, Vec<Problem>> {
        self.read(|source, find| framework::advise(source, find, strict))
    }

    /// `extends` finds what is compiled in or lies beside the file.
    fn read(
        &self,
        read: impl Fn(&Source, &dyn Fn(&str) -> Option<Source>) -> Result<Loaded, Vec<Problem>>,
    ) -> Result<Chosen, Vec<Problem>> {
        let source = match &self.source {
            Ok(source) => source,
            Err(problem) => return Err(vec![(**problem).clone()]),
        };
        let directory = self.path.as_deref().and_then(Path::parent);
        let find = |id: &str| builtin::find(id).or_else(|| beside(directory?, id));
        let loaded = read(source, &find)?;
        Ok(Chosen {
            framework: loaded.framework,
            remarks: loaded.remarks,
            origin: self.origin(),
        })
    }
}

/// Whether a framework is one of those that are compiled in, to the last byte.
pub(crate) fn is_compiled_in(framework: &Framework) -> bool {
    let compiled_in = Candidate::compiled_in(framework.id.as_str()).and_then(|own| own.load().ok());
    compiled_in.is_some_and(|own| own.framework.sha256 == framework.sha256)
}

/// A framework file in the same directory, never outside it.
fn beside(directory: &Path, id: &str) -> Option<Source> {
    let plain = !id.is_empty() && !id.contains(['/', '\\', ':']) && id != "." && id != "..";
    if !plain {
        return None;
    }
    let home = io::or_here(directory).canonicalize().ok()?;
    [id.to_owned(), format!("{id}.yaml"), format!("{id}.yml")]
        .iter()
        .map(|name| directory.join(name))
        .find(|path| path.is_file())
        // A link may lead elsewhere.
        .filter(|path| {
            path.canonicalize()
                .is_ok_and(|path| path.parent() == Some(&home))
        })
        .and_then(|path| io::read_base(&path).ok())
        .and_then(|Bytes { name, bytes }| Source::decode(&name, &bytes).ok())
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// All that can be found: compiled in, in ./frameworks, ./dgpf.yaml. A file takes the place of what is compiled in under
/// the same id, unless it is the same text.
pub(crate) fn at_hand() -> anyhow::Result<Vec<Candidate>> {
    let mut found: Vec<Candidate> = builtin::all()
        .iter()
        .filter_map(|(id, _)| Candidate::compiled_in(id))
        .collect();
    for mut candidate in local_candidates()? {
        match found.iter().position(|known| known.id == candidate.id) {
            Some(known) if found[known].is_same_as(&candidate) => {}
            Some(known) => {
                candidate.shadows = true;
                found[known] = candidate;
            }
            None => found.push(candidate),
        }
    }
    Ok(found)
}

fn local_candidates() -> anyhow::Result<Vec<Candidate>> {
    let listed = fs::read_dir(DIRECTORY).into_iter().flatten();
    let mut files: Vec<PathBuf> = listed
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| is_yaml(path) && path.is_file())
        .collect();
    files.sort();
    let mut candidates: Vec<Candidate> = files
        .iter()
        .map(|path| Candidate::file(path))
        .collect::<anyhow::Result<_>>()?;
    let project = Path::new(PROJECT_FILE);
    if project.is_file() {
        let mut candidate = Candidate::file(project)?;
        // Its name says nothing: it is called by the id that stands in it.
        candidate.id = match candidate.load() {
            Ok(chosen) => chosen.framework.id.to_string(),
            Err(_) => PROJECT_FILE.to_owned(),
        };
        candidates.push(candidate);
    }
    Ok(candidates)
}

fn is_yaml(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending == "yaml" || ending == "yml")
}

/// The framework that the user named: an id or a file.
pub(crate) fn named(name: &str) -> anyhow::Result<Candidate> {
    let path = Path::new(name);
    // No id is written like this: what is at hand need not be looked at.
    if name.contains(['/', '\\']) || name == "-" {
        return Candidate::file(path);
    }
    let mut at_hand = at_hand()?;
    let known = at_hand.iter().position(|candidate| candidate.id == name);
    if let Some(known) = known {
        return Ok(at_hand.swap_remove(known));
    }
    if path.exists() || is_yaml(path) {
        return Candidate::file(path);
    }
    let ids: Vec<String> = at_hand.into_iter().map(|candidate| candidate.id).collect();
    match io::nearest(name, ids.iter().map(String::as_str)) {
        Some(near) => bail!("no framework `{name}`; did you mean `{near}`?"),
        None => bail!(
            "no framework `{name}`: it is neither a file nor one of {}",
            listed(&ids)
        ),
    }
}

/// Reads the framework that the user named.
fn read_named(name: &str, terminal: &Terminal) -> anyhow::Result<Result<Chosen, Vec<Problem>>> {
    let candidate = named(name)?;
    if candidate.shadows {
        let origin = candidate.origin();
        terminal.note(&format!(
            "framework `{name}` is taken from {origin}, not from those compiled in"
        ));
    }
    Ok(candidate.load())
}

/// Reads the framework that the user named and says its problems.
pub(crate) fn load_named(
    name: &str,
    terminal: &Terminal,
) -> anyhow::Result<Result<Chosen, Unsound>> {
    Ok(read_named(name, terminal)?.map_err(|problems| said(&problems, terminal)))
}

fn said(problems: &[Problem], terminal: &Terminal) -> Unsound {
    terminal.problems(problems);
    Unsound
}

/// The frameworks to score by; says their problems.
pub(crate) fn frameworks(
    names: &[String],
    files: &Files,
    terminal: &Terminal,
) -> anyhow::Result<Result<Vec<Chosen>, Unsound>> {
    Ok(sound(names, files, terminal)?.map_err(|problems| said(&problems, terminal)))
}

/// The frameworks to score by: those that were named, or the one whose columns the responses match; or why there is none.
pub(crate) fn sound(
    names: &[String],
    files: &Files,
    terminal: &Terminal,
) -> anyhow::Result<Result<Vec<Chosen>, Vec<Problem>>> {
    if names.is_empty() {
        return Ok(find(files, terminal)?.map(|found| vec![found]));
    }
    let mut chosen = Vec::new();
    let mut unsound = Vec::new();
    for name in names {
        match read_named(name, terminal)? {
            Ok(framework) => chosen.push(framework),
            Err(problems) => unsound.extend(problems),
        }
    }
    Ok(if unsound.is_empty() {
        Ok(chosen)
    } else {
        Err(unsound)
    })
}

/// The one framework whose columns the header of the first file matches: of several the one that leaves the fewest columns
/// unread, and of several such the one after which the file is named.
fn find(files: &Files, terminal: &Terminal) -> anyhow::Result<Result<Chosen, Vec<Problem>>> {
    let file = files.first().map_or("", |first| first.name.as_str());
    let fitting = fitting(files, terminal)?;
    let whole = fitting
        .iter()
        .filter(|(fit, _)| fit.unit && fit.matched == fit.indicators);
    let fewest = whole.clone().map(|(fit, _)| fit.unread).min();
    let best: Vec<&Chosen> = whole
        .filter(|(fit, _)| Some(fit.unread) == fewest)
        .map(|(_, chosen)| chosen)
        .collect();
    let id = |chosen: &Chosen| chosen.framework.id.clone();
    let named: Vec<&Chosen> = (best.iter().copied())
        .filter(|chosen| starts_with_id(file, id(chosen).as_str()))
        .collect();
    let found = match (best.as_slice(), named.as_slice()) {
        ([only], _) | (_, [only]) => id(only),
        ([], _) => {
            if fitting.is_empty() {
                let problems = files.no_table();
                if !problems.is_empty() {
                    return Ok(Err(problems));
                }
            }
            bail!(no_fit(file, &fitting))
        }
        (several, _) => bail!(several_fit(file, several)),
    };
    let (_, chosen) = fitting
        .into_iter()
        .find(|(_, chosen)| chosen.framework.id == found)
        .expect("it is one of them");
    terminal.note(&format!(
        "framework `{}` {} ({}), found by the columns of `{file}`",
        chosen.framework.id, chosen.framework.version, chosen.origin
    ));
    Ok(Ok(chosen))
}

/// The frameworks at hand some of whose columns are in the header.
fn fitting(files: &Files, terminal: &Terminal) -> anyhow::Result<Vec<(Fit, Chosen)>> {
    let mut fitting = Vec::new();
    for candidate in at_hand()? {
        match candidate.load() {
            Ok(chosen) => {
                let fit = files.fits(&chosen.framework);
                if fit.matched > 0 {
                    fitting.push((fit, chosen));
                }
            }
            Err(problems) => terminal.note(&format!(
                "{} was passed over: {} found; see `dgpf frameworks check {0}`",
                candidate.origin(),
                counted(problems.len(), "problem"),
            )),
        }
    }
    Ok(fitting)
}

/// Whether a file is named after a framework: `dgi-2023.csv`, `dgi-2023_members.csv`.
fn starts_with_id(file: &str, id: &str) -> bool {
    let stem = stem(Path::new(file)).to_lowercase();
    stem.strip_prefix(&id.to_lowercase())
        .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

fn no_fit(file: &str, partly: &[(Fit, Chosen)]) -> String {
    let share = |fit: &Fit| fit.matched as f64 / fit.indicators.max(1) as f64;
    let mut nearest: Vec<&(Fit, Chosen)> = partly.iter().collect();
    nearest.sort_by(|(a, _), (b, _)| share(b).total_cmp(&share(a)));
    let nearest: Vec<String> = nearest
        .iter()
        .take(3)
        .map(|(fit, chosen)| {
            let id = &chosen.framework.id;
            format!("`{id}` ({} of {} columns)", fit.matched, fit.indicators)
        })
        .collect();
    let hint = if nearest.is_empty() {
        "`dgpf frameworks` lists them".to_owned()
    } else {
        format!("nearest: {}", nearest.join(", "))
    };
    format!("no framework has all its columns in the header of `{file}`: name one with -f; {hint}")
}

fn several_fit(file: &str, fitting: &[&Chosen]) -> String {
    let ids: Vec<String> = fitting
        .iter()
        .map(|chosen| chosen.framework.id.to_string())
        .collect();
    format!(
        "the columns of `{file}` match {}: name one with -f",
        listed(&ids)
    )
}

/// The languages in which a framework is written; the empty one where it does not say in which.
pub(crate) struct Spoken<'t> {
    framework: &'t str,
    languages: BTreeSet<&'t str>,
}

impl<'t> Spoken<'t> {
    /// By its titles.
    pub(crate) fn by(framework: &'t Framework) -> Self {
        let titles = framework.nodes.iter().map(|node| &node.title);
        Self::of(framework.id.as_str(), titles.chain([&framework.title]))
    }

    /// By those that a result repeats.
    pub(crate) fn in_result(about: &'t About) -> Self {
        let titles = about.nodes.iter().map(|node| &node.title);
        let title = [&about.framework.title];
        Self::of(&about.framework.id, titles.chain(title))
    }

    fn of(framework: &'t str, titles: impl Iterator<Item = &'t Text>) -> Self {
        let all = titles.flat_map(|text| text.translations().map(|(language, _)| language));
        Self {
            framework,
            languages: all.collect(),
        }
    }

    fn named(&self) -> Vec<String> {
        let named = self.languages.iter().filter(|known| !known.is_empty());
        named.map(|&known| known.to_owned()).collect()
    }
}

/// Says so where a framework has no texts in the language that was asked for; refuses one that nobody speaks.
pub(crate) fn check_language(
    spoken: &[Spoken<'_>],
    language: &str,
    terminal: &Terminal,
) -> anyhow::Result<()> {
    let mut all = spoken.iter();
    let is_spoken = all.any(|spoken| spoken.languages.contains(language));
    if !is_spoken && Language::named(language).is_none() {
        let own = Language::ALL.map(|own| own.code().to_owned());
        let known = spoken.iter().flat_map(Spoken::named).chain(own);
        let known: BTreeSet<String> = known.collect();
        bail!(
            "--lang {language}: there are no texts in that language; there are in {}",
            listed(&known.into_iter().collect::<Vec<_>>())
        );
    }
    for spoken in spoken {
        if spoken.languages.contains(language) {
            continue;
        }
        let known = match spoken.named() {
            none if none.is_empty() => "its texts are in one language".to_owned(),
            known => format!("it speaks {}", listed(&known)),
        };
        terminal.note(&format!(
            "framework `{}` has no texts in `{language}`; {known}",
            spoken.framework
        ));
    }
    Ok(())
}

/// `a`, `b` and `c`.
pub(crate) fn listed(ids: &[String]) -> String {
    let quoted: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
    match quoted.as_slice() {
        [] => "none".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// `1 problem`, `2 problems`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_be_named_after_its_framework() {
        for name in ["dgi-2023.csv", "x/DGI-2023_members.csv", "dgi-2023-v2.csv"] {
            assert!(starts_with_id(name, "dgi-2023"), "{name}");
        }
        for name in ["dgi-20234.csv", "my-dgi-2023.csv", "<stdin>"] {
            assert!(!starts_with_id(name, "dgi-2023"), "{name}");
        }
    }
}
