//! `dgpf explain-code`.

use anyhow::bail;
use dgpf::problem::{Explanation, explanations};
use dgpf::report::document::{Block, Document};
use dgpf::report::terminal;

use super::Outcome;
use super::io::{self, Terminal};

/// Explains a code, or lists all of them.
pub(crate) fn run(code: Option<&str>, terminal: &Terminal) -> anyhow::Result<Outcome> {
    let Some(wanted) = code else {
        return list();
    };
    // What was copied out of a message may have its brackets.
    let wanted = wanted.rsplit('[').next().unwrap_or(wanted);
    let wanted = wanted.trim_matches([']', ':', '`']);
    let found: Vec<Explanation> = explanations()
        .filter(|known| known.code == wanted)
        .collect();
    if found.is_empty() {
        match io::nearest(wanted, explanations().map(|known| known.code)) {
            Some(near) => bail!("no code `{wanted}`; did you mean `{near}`?"),
            None => bail!("no code `{wanted}`; `dgpf explain-code` lists them"),
        }
    }
    let mut document = Document::new(wanted);
    for explanation in found {
        document
            .blocks
            .push(Block::Heading(explanation.place.to_owned()));
        let text = explanation
            .text
            .split("\n\n")
            .map(|text| text.replace('\n', " "));
        document.blocks.extend(text.map(Block::Text));
    }
    let mut text = Vec::new();
    terminal::write(&document, terminal.look(), &mut text)?;
    io::put(None, &text)?;
    Ok(Outcome::Done)
}

fn list() -> anyhow::Result<Outcome> {
    let mut text = String::new();
    let mut place = "";
    for explanation in explanations() {
        if explanation.place != place {
            place = explanation.place;
            let before = if text.is_empty() { "" } else { "\n" };
            text = text + before + place + "\n";
        }
        text = text + "  " + explanation.code + "\n";
    }
    io::put(None, text.as_bytes())?;
    Ok(Outcome::Done)
}
