//! A document as Markdown (GitHub's): whatever the data hold, a table stays a table.

use std::io::{self, Write};

use super::document::{Align, Block, Cell, Document, RowKind, Table};

/// Prints a page.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write(document: &Document, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "# {}", escaped(&document.title))?;
    if !document.facts.is_empty() {
        let facts: Vec<String> = document.facts.iter().map(|fact| escaped(fact)).collect();
        writeln!(out, "\n{}", facts.join(" · "))?;
    }
    for block in &document.blocks {
        writeln!(out)?;
        match block {
            Block::Heading(heading) => writeln!(out, "## {}", escaped(heading))?,
            Block::Text(text) => writeln!(out, "{}", escaped(text))?,
            Block::Note(text) => writeln!(out, "> {}", escaped(text))?,
            Block::Table(table) => write_table(table, out)?,
        }
    }
    Ok(())
}

fn write_table(table: &Table, out: &mut impl Write) -> io::Result<()> {
    let titles: Vec<String> = table
        .columns
        .iter()
        .map(|column| escaped(&column.title))
        .collect();
    writeln!(out, "| {} |", titles.join(" | "))?;
    let sides: Vec<&str> = (table.columns.iter())
        .map(|column| match column.align {
            Align::Left => "---",
            Align::Right => "---:",
        })
        .collect();
    writeln!(out, "| {} |", sides.join(" | "))?;
    for row in &table.rows {
        let cells = row.cells.iter().map(|cell| {
            let text = cell_text(cell);
            match row.kind {
                RowKind::Summary if !text.is_empty() => format!("*{text}*"),
                RowKind::Plain | RowKind::Apart | RowKind::Summary => text,
            }
        });
        writeln!(out, "| {} |", cells.collect::<Vec<_>>().join(" | "))?;
    }
    Ok(())
}

fn cell_text(cell: &Cell) -> String {
    match cell {
        Cell::Branch { depth, text } => "&emsp;".repeat(*depth) + &escaped(text),
        _ => escaped(&cell.to_string()),
    }
}

/// The text on one line, with everything escaped that Markdown or HTML would act on.
pub fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in super::terminal::escaped(&text.replace(['\n', '\r', '\t'], " ")).chars() {
        match letter {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '~' | '$' | '@' => {
                shown.push('\\');
                shown.push(letter);
            }
            _ => shown.push(letter),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;
    use crate::report::present::{View, scores};

    #[test]
    fn awkward_names_leave_the_table_whole() {
        let mut out = Vec::new();
        let document = scores(&fixture::result(), View::default());
        write(&document, &mut out).expect("a vector takes everything");
        assert_eq!(
            String::from_utf8(out).expect("written from text"),
            r#"# Open data

open-data 1.0.0 · edition 2023 · period 2023 · 3 units · coverage 83% · weights equal

| Rank | Country | Index | Range | Level | Policy | Open data portal | Coverage |
| ---: | --- | ---: | ---: | --- | ---: | ---: | ---: |
| 1 | Norway (NOR) | 75.0 |  | Leading | 50.0 | 100.0 | 100% |
| 2 | A \| "B" &lt;b&gt; C (=1+1) | 33.3 | 16.7–66.7 | Emerging | 33.3 | – | 50% |
|  | Peru (PER) | 80.0 |  | Leading | 80.0 | 80.0 | 100% |
|  | *Mean of Members (2)* | *54.2* |  |  | *41.7* | *100.0* |  |
|  | *Lowest* | *33.3* |  |  | *33.3* | *100.0* |  |
|  | *Highest* | *75.0* |  |  | *50.0* | *100.0* |  |
|  | *Mean of North (2)* | *54.2* |  |  | *41.7* | *100.0* |  |

> Ranked: Members. The others are listed below them.

> no score for \`pol\_1\` in 2023: in its cohort 1 value cannot be scaled

> \`XKX\` was left out in 2023: 25% answered

> A made-up case.
"#
        );
    }

    #[test]
    fn markup_in_data_is_shown_not_obeyed() {
        assert_eq!(
            escaped("<script>a|b\\`*_[x](y)\n@user\u{1b}"),
            r"&lt;script&gt;a\|b\\\`\*\_\[x\](y) \@user\\u{1b}"
        );
    }
}
