//! Responses as the flags say: which files, how they are read.

use std::collections::BTreeSet;

use dgpf::framework::{self, Framework, builtin};
use dgpf::problem::{Kind, ResponsesKind};
use dgpf::responses::{
    self, ColumnTarget, Exporter, Input, Inspected, OnDuplicate, Options, OwnedInput, Responses,
};

use super::args::{self, Inputs};
use super::choose::Chosen;
use super::io::{self, Bytes, Terminal};

/// The files of responses and how they are read.
pub(crate) struct Files {
    inputs: Vec<Bytes>,
    options: Options,
}

impl Files {
    /// Reads the files that the flags name.
    pub(crate) fn open(arguments: &Inputs) -> anyhow::Result<Self> {
        let inputs = io::read_all(&arguments.files)?;
        let units = arguments.units.as_deref().map(io::read).transpose()?;
        let options = Options {
            delimiter: arguments.delimiter,
            encoding: arguments.encoding,
            header_rows: arguments.header_rows,
            sheet: arguments.sheet.clone(),
            on_duplicate: match arguments.on_duplicate {
                args::OnDuplicate::Error => OnDuplicate::Error,
                args::OnDuplicate::First => OnDuplicate::First,
                args::OnDuplicate::Last => OnDuplicate::Last,
                args::OnDuplicate::Newest => OnDuplicate::Newest,
            },
            units: units.map(|Bytes { name, bytes }| OwnedInput { name, bytes }),
            ..Options::default()
        };
        Ok(Self { inputs, options })
    }

    /// The first one, by whose columns a framework is found.
    pub(crate) fn first(&self) -> Option<&Bytes> {
        self.inputs.first()
    }

    /// How well the columns of the first file match a framework.
    pub(crate) fn fits(&self, framework: &Framework) -> responses::Fit {
        self.first()
            .map(|file| responses::fits(&file.input(), framework, &self.options))
            .unwrap_or_default()
    }

    /// Reads the answers to each framework, and says what was found on the way. No answers where they have problems.
    pub(crate) fn load(
        &self,
        frameworks: &[Chosen],
        terminal: &Terminal,
    ) -> Vec<Option<Responses>> {
        let inputs: Vec<Input<'_>> = self.inputs.iter().map(Bytes::input).collect();
        let mut inspected: Vec<Inspected> = frameworks
            .iter()
            .map(|chosen| responses::inspect(&inputs, &chosen.framework, &self.options))
            .collect();
        keep_unread_by_all(&mut inspected);
        // What wrote a file does not depend on the framework.
        for file in inspected.first().iter().flat_map(|first| &first.recognised) {
            if file.exporter != Exporter::Plain {
                terminal.note(&format!(
                    "`{}` is an export of {}",
                    file.file,
                    file.exporter.name()
                ));
            }
        }
        let mut found = Vec::new();
        for one in inspected {
            terminal.problems(&one.problems);
            found.push(one.responses);
        }
        found
    }

    /// Whether the files are no tables at all, so that no framework can be found by their columns; says why.
    pub(crate) fn are_no_table(&self, terminal: &Terminal) -> bool {
        let any = builtin::all().first().and_then(|(id, _)| builtin::find(id));
        let Some(Ok(any)) = any.map(|source| framework::load(&source, &builtin::find)) else {
            return false;
        };
        let inputs: Vec<Input<'_>> = self.inputs.iter().map(Bytes::input).collect();
        let mut problems = responses::inspect(&inputs, &any.framework, &self.options).problems;
        problems.retain(|problem| is_about_the_file(&problem.kind));
        terminal.problems(&problems);
        !problems.is_empty()
    }

    /// Options that change numbers, by name.
    pub(crate) fn stated(&self) -> Vec<(String, String)> {
        let duplicates = match self.options.on_duplicate {
            OnDuplicate::Error => return Vec::new(),
            OnDuplicate::First => "first",
            OnDuplicate::Last => "last",
            OnDuplicate::Newest => "newest",
        };
        vec![("on-duplicate".to_owned(), duplicates.to_owned())]
    }
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
        Kind::Framework(_) | Kind::Advice(_) => false,
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

/// A column that one framework reads is no remark of another: the first one keeps the columns that none of them reads.
fn keep_unread_by_all(inspected: &mut [Inspected]) {
    if inspected.len() < 2 {
        return;
    }
    let read: BTreeSet<String> = inspected
        .iter()
        .flat_map(|one| &one.recognised)
        .flat_map(|file| &file.columns)
        .filter(|column| matches!(column.target, ColumnTarget::Read(_)))
        .map(|column| column.name.clone())
        .collect();
    for (position, one) in inspected.iter_mut().enumerate() {
        one.problems.retain_mut(|problem| match &mut problem.kind {
            Kind::Responses(ResponsesKind::UnreadColumns { columns }) => {
                columns.retain(|column| !read.contains(column));
                position == 0 && !columns.is_empty()
            }
            Kind::Responses(ResponsesKind::NearColumn { column, .. }) => !read.contains(column),
            _ => true,
        });
    }
}
