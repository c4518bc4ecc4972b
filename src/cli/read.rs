//! Responses as the flags say: which files, how they are read.

use dgpf::framework::Framework;
use dgpf::problem::Problem;
use dgpf::responses::{self, Input, Loaded, OnDuplicate, Options, OwnedInput};

use super::args::{self, Inputs};
use super::io::{self, Bytes};

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

    /// Reads the answers to a framework.
    pub(crate) fn load(&self, framework: &Framework) -> Result<Loaded, Vec<Problem>> {
        let inputs: Vec<Input<'_>> = self.inputs.iter().map(Bytes::input).collect();
        responses::load(&inputs, framework, &self.options)
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
