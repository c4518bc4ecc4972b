//! A document as Markdown (GitHub's): whatever the data hold, a table stays a table.

use std::io::{self, Write};

use super::document::{Align, Block, Cell, Document, RowKind, Table};
use super::words::{Language, Words};

/// A page holds no more bytes than this: GitHub refuses a job summary of more than 1 MiB as a whole.
pub const MOST: usize = 1_000_000;

/// Prints a page of at most [`MOST`] bytes.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write(document: &Document, out: &mut impl Write) -> io::Result<()> {
    write_within(document, MOST, out)
}

/// Prints a page of at most `most` bytes: where there is more, rows of tables go first, from the end, then what stands
/// last; the page says what was left out. A title is always printed.
///
/// # Errors
///
/// When `out` cannot be written.
pub fn write_within(document: &Document, most: usize, out: &mut impl Write) -> io::Result<()> {
    let mut parts = parts(document);
    let total: usize = parts.iter().map(Part::bytes).sum();
    if total > most {
        cut(&mut parts, total, most, document.language);
    }
    for part in parts {
        out.write_all(part.head.as_bytes())?;
        for line in part.rows {
            out.write_all(line.text.as_bytes())?;
        }
        out.write_all(part.foot.as_bytes())?;
    }
    Ok(())
}

/// A block as text, the rows that may go apart from what stays.
struct Part {
    head: String,
    rows: Vec<Line>,
    foot: String,
}

/// A row of a table as text.
struct Line {
    text: String,
    /// Summaries stay.
    stays: bool,
}

impl Part {
    fn text(head: String) -> Self {
        Self {
            head,
            rows: Vec::new(),
            foot: String::new(),
        }
    }

    fn bytes(&self) -> usize {
        self.head.len()
            + self.rows.iter().map(|line| line.text.len()).sum::<usize>()
            + self.foot.len()
    }
}

fn parts(document: &Document) -> Vec<Part> {
    let mut title = format!("# {}\n", escaped(&document.title));
    if !document.facts.is_empty() {
        let facts: Vec<String> = document.facts.iter().map(|fact| escaped(fact)).collect();
        title = format!("{title}\n{}\n", facts.join(" · "));
    }
    let blocks = document.blocks.iter().map(|block| match block {
        Block::Heading(heading) => Part::text(format!("\n## {}\n", escaped(heading))),
        Block::Text(text) => Part::text(format!("\n{}\n", escaped(text))),
        Block::Note(text) => Part::text(format!("\n> {}\n", escaped(text))),
        Block::Table(table) => table_part(&table.without_pictures(), document.language),
    });
    std::iter::once(Part::text(title)).chain(blocks).collect()
}

/// Leaves out as much as makes the page fit, and says so.
fn cut(parts: &mut Vec<Part>, total: usize, most: usize, language: Language) {
    /// What a sentence about it takes, at most.
    const SENTENCE: usize = 200;
    let words = Words::of(language);
    let tables = parts.iter().filter(|part| !part.rows.is_empty()).count();
    let mut over = (total + SENTENCE * (tables + 1)).saturating_sub(most);
    for part in parts.iter_mut().rev() {
        let all = part.rows.iter().filter(|line| !line.stays).count();
        let (mut kept, mut gone) = (Vec::new(), 0);
        while let Some(line) = part.rows.pop() {
            if over > 0 && !line.stays {
                over = over.saturating_sub(line.text.len());
                gone += 1;
            } else {
                kept.push(line);
            }
        }
        kept.reverse();
        part.rows = kept;
        if gone > 0 {
            let counts = [gone.to_string(), all.to_string()];
            let sentence = words.fill("cut.rows", &[&counts[0], &counts[1]]);
            part.foot = format!("\n> {}\n", escaped(&sentence));
        }
    }
    let mut gone = 0;
    while over > 0 && parts.len() > 1 {
        over = over.saturating_sub(parts.pop().map_or(0, |part| part.bytes()));
        gone += 1;
    }
    if gone > 0 {
        let sentence = words.counted("cut.parts", gone);
        parts.push(Part::text(format!("\n> {}\n", escaped(&sentence))));
    }
}

fn table_part(table: &Table, language: Language) -> Part {
    let titles: Vec<String> = table
        .columns
        .iter()
        .map(|column| escaped(&column.title))
        .collect();
    let sides: Vec<&str> = (table.columns.iter())
        .map(|column| match column.align {
            Align::Left => "---",
            Align::Right => "---:",
        })
        .collect();
    let mut part = Part::text(format!(
        "\n| {} |\n| {} |\n",
        titles.join(" | "),
        sides.join(" | ")
    ));
    for row in &table.rows {
        let cells = row.cells.iter().map(|cell| {
            let text = cell_text(cell, language);
            match row.kind {
                RowKind::Summary if !text.is_empty() => format!("*{text}*"),
                RowKind::Plain | RowKind::Apart | RowKind::Summary => text,
            }
        });
        part.rows.push(Line {
            text: format!("| {} |\n", cells.collect::<Vec<_>>().join(" | ")),
            stays: row.kind == RowKind::Summary,
        });
    }
    part
}

fn cell_text(cell: &Cell, language: Language) -> String {
    match cell {
        Cell::Branch { depth, text } => "&emsp;".repeat(*depth) + &escaped(text),
        _ => escaped(&cell.shown(language)),
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

> 2 answers to \`pol\_1\`, \`por\_1\` do not count in 2023: other answers fail their conditions (first: \`NOR\`)

> 1 value of \`por\_1\` has no score in 2023: it is off the scale (\`NOR\`)

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

    #[test]
    fn a_page_that_is_too_long_says_what_is_left_out() {
        let mut document = scores(&fixture::result(), View::default());
        let whole = |document: &Document| {
            let mut out = Vec::new();
            write_within(document, 2_000, &mut out).expect("a vector takes everything");
            String::from_utf8(out).expect("written from text")
        };
        if let Some(Block::Table(table)) = document.blocks.first_mut() {
            let row = table.rows[0].clone();
            table.rows.splice(0..0, std::iter::repeat_n(row, 997));
        }
        let page = whole(&document);
        assert!(page.len() <= 2_000, "{}", page.len());
        // 1,000 units; each line of theirs has 61 bytes.
        let kept = page.matches("| 1 | Norway (NOR) |").count();
        assert!((5..20).contains(&kept), "{kept}");
        let gone = format!("> {} of 1000 rows are left out", 1000 - kept);
        assert!(page.contains(&gone), "{page}");
        assert!(page.contains("| *Lowest* |") && page.contains("> A made-up case."));
        let notes = (0..1000).map(|note| Block::Note(format!("remark {note}")));
        document.blocks.extend(notes);
        let page = whole(&document);
        assert!(page.len() <= 2_000, "{}", page.len());
        assert!(page.contains("> 1000 of 1000 rows are left out"), "{page}");
        assert!(
            page.contains(" more paragraphs and tables are left out"),
            "{page}"
        );
    }
}
