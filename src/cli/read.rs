//! Opening what a command works on: the responses as the flags say, and the frameworks that they answer.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::bail;
use dgpf::analysis::robustness::Study;
use dgpf::framework::{self, AttributeIx, Framework, Source, builtin};
use dgpf::problem::{Kind, Problem, ResponsesKind};
use dgpf::responses::{
    self, CellPlace, Exporter, Input, Inspected, Mapping, OnDuplicate, Options, OwnedInput,
    Recognition, Responses, Span,
};

use sha2::{Digest, Sha256};

use super::args::{self, Inputs, Reading};
use super::choose::{self, Chosen, Spoken, listed};
use super::cohort::Kept;
use super::io::{self, Bytes, Terminal};
use super::progress;
use super::saved;

/// What a command is to work on.
#[derive(Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) files: &'a [PathBuf],
    /// As the user named them; found by the columns if there are none.
    pub(crate) frameworks: &'a [String],
    pub(crate) reading: &'a Reading,
    /// Attributes by whose values units are summed up, beside those of the framework.
    pub(crate) by: &'a [String],
    /// The language that pages are asked for in.
    pub(crate) language: Option<&'a str>,
}

/// A framework and the answers to it.
pub(crate) struct Opened {
    pub(crate) framework: Framework,
    pub(crate) responses: Responses,
    /// Options of reading that change numbers, by name: a result states them.
    pub(crate) options: Vec<(String, String)>,
    /// The periods that a saved result has scores of; responses have all of theirs.
    pub(crate) periods: Option<Vec<String>>,
    /// The cohort that a saved result was scored against, if it was stated.
    pub(crate) cohort: Option<Kept>,
}

/// What was stated of an option.
pub(crate) fn stated<'a>(options: &'a [(String, String)], wanted: &str) -> Option<&'a str> {
    let mut options = options.iter();
    let found = options.find(|(name, _)| name == wanted);
    found.map(|(_, value)| value.as_str())
}

impl Inputs {
    /// What the flags name.
    pub(crate) fn wanted<'a>(&'a self, language: Option<&'a str>) -> Wanted<'a> {
        Wanted {
            files: &self.files,
            frameworks: &self.frameworks,
            reading: &self.reading,
            by: &[],
            language,
        }
    }
}

/// Opens what a command works on: one for each framework, in the order named. Says what was found on the way; none where
/// something has problems, which are said too.
pub(crate) fn open(wanted: Wanted<'_>, terminal: &Terminal) -> anyhow::Result<Option<Vec<Opened>>> {
    open_for(wanted, false, Vec::new(), terminal)
}

/// The same for what may do without the files' hash; with these frameworks, if they have been chosen.
pub(crate) fn open_for(
    wanted: Wanted<'_>,
    unhashed: bool,
    chosen: Vec<Chosen>,
    terminal: &Terminal,
) -> anyhow::Result<Option<Vec<Opened>>> {
    let mut files = Files::open(wanted.files, wanted.reading)?;
    files.options.unhashed = unhashed;
    if let Some(result) = files.saved()? {
        let opened = saved::open(result, wanted, terminal)?;
        if let (Some(opened), Some(language)) = (&opened, wanted.language) {
            choose::check_language(&[Spoken::by(&opened.framework)], language, terminal)?;
        }
        return Ok(opened.map(|opened| vec![opened]));
    }
    let mut frameworks = if chosen.is_empty() {
        let Ok(chosen) = choose::frameworks(wanted.frameworks, &files, terminal)? else {
            return Ok(None);
        };
        chosen
    } else {
        chosen
    };
    for chosen in &mut frameworks {
        sum_up(&mut chosen.framework, wanted.by)?;
        terminal.problems(&chosen.remarks);
    }
    if let Some(language) = wanted.language {
        let all = frameworks
            .iter()
            .map(|chosen| Spoken::by(&chosen.framework));
        choose::check_language(&all.collect::<Vec<_>>(), language, terminal)?;
    }
    let found = files.load(&frameworks, terminal);
    let opened = frameworks
        .into_iter()
        .zip(found)
        .map(|(chosen, responses)| {
            Some(Opened {
                framework: chosen.framework,
                responses: responses?,
                options: files.stated(),
                periods: None,
                cohort: None,
            })
        });
    Ok(opened.collect())
}

/// As [`open`], for what is made for one framework: `what` begins the sentence that refuses several.
pub(crate) fn open_one(
    wanted: Wanted<'_>,
    what: &str,
    terminal: &Terminal,
) -> anyhow::Result<Option<Opened>> {
    keep_to_one(wanted.frameworks, what)?;
    Ok(open(wanted, terminal)?.and_then(|mut opened| opened.pop()))
}

/// Refuses several frameworks.
pub(crate) fn keep_to_one(frameworks: &[String], what: &str) -> anyhow::Result<()> {
    if frameworks.len() > 1 {
        bail!("{what} one framework at a time: name one with -f");
    }
    Ok(())
}

/// A summary row for each value of these attributes.
pub(crate) fn sum_up(framework: &mut Framework, by: &[String]) -> anyhow::Result<()> {
    for key in by {
        let attribute = attribute(framework, key)?;
        if !framework.group_by.contains(&attribute) {
            framework.group_by.push(attribute);
        }
    }
    Ok(())
}

fn attribute(framework: &Framework, key: &str) -> anyhow::Result<AttributeIx> {
    let attributes = &framework.attributes;
    let found = attributes
        .iter()
        .position(|attribute| attribute.column.eq_ignore_ascii_case(key));
    if let Some(found) = found {
        return Ok(AttributeIx(found));
    }
    let columns: Vec<String> = attributes
        .iter()
        .map(|attribute| attribute.column.clone())
        .collect();
    bail!(
        "--by {key}: framework `{}` declares no such attribute; it has {}",
        framework.id,
        listed(&columns)
    )
}

/// Position of the period: as asked, else the latest in which anybody answered.
pub(crate) fn period(responses: &Responses, asked: &str) -> anyhow::Result<usize> {
    if asked == "latest" {
        return Ok(Study::of(responses).period);
    }
    period_named(&responses.periods, asked)
}

/// Position of the period with this name.
pub(crate) fn period_named(periods: &[String], asked: &str) -> anyhow::Result<usize> {
    match periods.iter().position(|period| period == asked) {
        Some(found) => Ok(found),
        None if periods.iter().all(String::is_empty) => {
            bail!("--period {asked}: the responses have no periods")
        }
        None => bail!(
            "--period {asked}: no such period; there are {}",
            listed(periods)
        ),
    }
}

/// The files of responses and how they are read.
pub(crate) struct Files {
    inputs: Vec<Bytes>,
    options: Options,
    /// The mapping's text, which each framework reads for itself.
    mapping: Option<Result<Source, Box<Problem>>>,
}

impl Files {
    /// Reads the files that the flags name.
    pub(crate) fn open(files: &[PathBuf], reading: &Reading) -> anyhow::Result<Self> {
        let inputs = io::read_all(files, &|beginning| {
            responses::not_a_table(beginning).is_none() || saved::is_json(beginning)
        })?;
        Self::of(inputs, reading)
    }

    /// Files of which that has been read, or the beginnings.
    pub(crate) fn of(inputs: Vec<Bytes>, reading: &Reading) -> anyhow::Result<Self> {
        let units = reading.units.as_deref().map(io::read).transpose()?;
        let mapping = reading
            .mapping
            .as_deref()
            .map(io::read_written)
            .transpose()?;
        let options = Options {
            delimiter: reading.delimiter,
            encoding: reading.encoding,
            header_rows: reading.header_rows,
            sheet: reading.sheet.clone(),
            on_duplicate: match reading.on_duplicate {
                None | Some(args::OnDuplicate::Error) => OnDuplicate::Error,
                Some(args::OnDuplicate::First) => OnDuplicate::First,
                Some(args::OnDuplicate::Last) => OnDuplicate::Last,
                Some(args::OnDuplicate::Newest) => OnDuplicate::Newest,
            },
            units: units.map(|Bytes { name, bytes }| OwnedInput { name, bytes }),
            mapping: None,
            unhashed: false,
        };
        Ok(Self {
            inputs,
            options,
            mapping: mapping.map(|Bytes { name, bytes }| Source::decode(&name, &bytes)),
        })
    }

    /// The saved result that takes the place of responses, told by its first letter.
    fn saved(&self) -> anyhow::Result<Option<&Bytes>> {
        match self.inputs.as_slice() {
            [only] if saved::is_json(&only.bytes) => Ok(Some(only)),
            several => match several.iter().find(|file| saved::is_json(&file.bytes)) {
                Some(one) => bail!(
                    "`{}` is a saved result: it takes the place of all responses, so name it alone",
                    one.name
                ),
                None => Ok(None),
            },
        }
    }

    /// How the files are read to frameworks, or what is wrong with the mapping.
    pub(crate) fn options(&self, frameworks: &[&Framework]) -> Result<Options, Vec<Problem>> {
        Ok(Options {
            mapping: self.mapping(frameworks)?,
            ..self.options.clone()
        })
    }

    /// The mapping, if there is one, or what is wrong with it.
    pub(crate) fn mapping(
        &self,
        frameworks: &[&Framework],
    ) -> Result<Option<Mapping>, Vec<Problem>> {
        match &self.mapping {
            None => Ok(None),
            Some(Ok(source)) => Mapping::read(source, frameworks).map(Some),
            Some(Err(problem)) => Err(vec![(**problem).clone()]),
        }
    }

    /// The files as the user named them.
    pub(crate) fn names(&self) -> Vec<Arc<str>> {
        let names = self.inputs.iter().map(|file| Arc::from(file.name.as_str()));
        names.collect()
    }

    /// Where cells of a file stand in its text.
    pub(crate) fn spans(
        &self,
        file: &Recognition,
        cells: &BTreeSet<CellPlace>,
    ) -> BTreeMap<CellPlace, Span> {
        let input = self.inputs.iter().find(|input| input.name == file.file);
        input
            .map(|input| responses::spans(&input.input(), &self.options, file, cells))
            .unwrap_or_default()
    }

    /// What has been read of each.
    pub(crate) fn all(&self) -> impl Iterator<Item = Input<'_>> {
        self.inputs.iter().map(Bytes::input)
    }

    /// The first one, by whose columns a framework is found.
    pub(crate) fn first(&self) -> Option<&Bytes> {
        self.inputs.first()
    }

    /// How well the columns of the first file match a framework.
    pub(crate) fn fits(&self, framework: &Framework) -> responses::Fit {
        // A mapping that this framework cannot read is none of its own.
        let options = self.options(&[framework]);
        let options = options.as_ref().unwrap_or(&self.options);
        self.first()
            .map(|file| responses::fits(&file.input(), framework, options))
            .unwrap_or_default()
    }

    /// Reads the answers to each framework and tells everything about them; an error is what is wrong with the mapping.
    pub(crate) fn inspect(&self, frameworks: &[Chosen]) -> Result<Vec<Inspected>, Vec<Problem>> {
        let inputs: Vec<Input<'_>> = self.inputs.iter().map(Bytes::input).collect();
        let frameworks: Vec<&Framework> = frameworks.iter().map(|one| &one.framework).collect();
        let options = self.options(&frameworks)?;
        progress::doing("reading");
        let told = |done, all| {
            if inputs.len() > 1 {
                progress::share(done as f64 / all as f64);
            }
        };
        Ok(responses::inspect_all(
            &inputs,
            &frameworks,
            &options,
            &told,
        ))
    }

    /// Reads the answers to each framework, and says what was found on the way. No answers where they have problems.
    pub(crate) fn load(
        &self,
        frameworks: &[Chosen],
        terminal: &Terminal,
    ) -> Vec<Option<Responses>> {
        let inspected = match self.inspect(frameworks) {
            Ok(inspected) => inspected,
            Err(problems) => {
                terminal.problems(&problems);
                return frameworks.iter().map(|_| None).collect();
            }
        };
        tell_exporters(exporters(&inspected), terminal);
        let mut found = Vec::new();
        for one in inspected {
            terminal.problems(&one.problems);
            found.push(one.responses);
        }
        progress::doing("scoring");
        found
    }

    /// Why the files are no tables at all, so that no framework can be found by their columns; nothing if they are.
    pub(crate) fn no_table(&self) -> Vec<Problem> {
        let any = builtin::all().first().and_then(|(id, _)| builtin::find(id));
        let Some(Ok(any)) = any.map(|source| framework::load(&source, &builtin::find)) else {
            return Vec::new();
        };
        let inputs: Vec<Input<'_>> = self.inputs.iter().map(Bytes::input).collect();
        let mut problems = responses::inspect(&inputs, &any.framework, &self.options).problems;
        problems.retain(|problem| is_about_the_file(&problem.kind));
        problems
    }

    /// Options that change numbers, by name.
    fn stated(&self) -> Vec<(String, String)> {
        let duplicates = match self.options.on_duplicate {
            OnDuplicate::Error => None,
            OnDuplicate::First => Some("first"),
            OnDuplicate::Last => Some("last"),
            OnDuplicate::Newest => Some("newest"),
        };
        let duplicates = duplicates.map(|rule| ("on-duplicate".to_owned(), rule.to_owned()));
        // By what it says: where it lies differs from one machine to the next.
        let mapping = self.mapping.iter().flatten().map(|source| {
            let hexadecimal = format!("{:x}", Sha256::digest(&source.text));
            ("mapping".to_owned(), hexadecimal)
        });
        duplicates.into_iter().chain(mapping).collect()
    }
}

/// Names what wrote the files; that does not depend on the framework.
pub(crate) fn tell_exporters<'e>(
    exporters: impl Iterator<Item = (&'e str, Exporter)>,
    terminal: &Terminal,
) {
    for (file, exporter) in exporters.filter(|(_, exporter)| exporter.is_known()) {
        let exporter = exporter.name();
        terminal.note(&format!("`{file}` is an export of {exporter}"));
    }
}

/// Each file's name, and what wrote it.
pub(crate) fn exporters(inspected: &[Inspected]) -> impl Iterator<Item = (&str, Exporter)> {
    let files = inspected.first().into_iter();
    let files = files.flat_map(|first| &first.recognised);
    files.map(|file| (file.file.as_str(), file.exporter))
}

impl Bytes {
    fn input(&self) -> Input<'_> {
        Input {
            name: &self.name,
            bytes: &self.bytes,
        }
    }
}

/// Whether a problem is the same for every framework: the file as a whole cannot be read.
fn is_about_the_file(kind: &Kind) -> bool {
    match kind {
        Kind::EmptyFile => true,
        Kind::Framework(_) | Kind::Advice(_) | Kind::Gate(_) => false,
        Kind::Responses(kind) => matches!(
            kind,
            ResponsesKind::NotATable { .. }
                | ResponsesKind::BrokenSpreadsheet
                | ResponsesKind::SpreadsheetTooLarge
                | ResponsesKind::NoSheet { .. }
                | ResponsesKind::NulBytes { .. }
                | ResponsesKind::WrongEncoding { .. }
                | ResponsesKind::AmbiguousDelimiter { .. }
                | ResponsesKind::OpenQuote
                | ResponsesKind::RecordTooLong { .. }
                | ResponsesKind::TooManyColumns { .. }
        ),
    }
}
