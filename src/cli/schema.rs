//! `dgpf schema`.

use super::Outcome;
use super::args::SchemaOf;
use super::io;

const RESULT: &str = include_str!("../../docs/result.schema.json");
const GATES: &str = include_str!("../../docs/gates.schema.json");

/// Prints the JSON Schema of a kind of file.
pub(crate) fn run(of: SchemaOf) -> anyhow::Result<Outcome> {
    let text = match of {
        SchemaOf::Framework => &dgpf::framework::schema(),
        SchemaOf::Gates => GATES,
        SchemaOf::Result => RESULT,
    };
    io::put(None, text.as_bytes())?;
    Ok(Outcome::Done)
}
