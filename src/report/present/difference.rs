//! What changed between two editions of a framework, gravest first.

use crate::framework::{Change, Difference, Framework, Moves};
use crate::report::document::{Block, Cell, Column, Document, Row, Table};

use super::scores::counted;

/// The differences as a page.
pub fn difference(old: &Framework, new: &Framework, difference: &Difference) -> Document {
    let mut document = Document::new(format!(
        "{} {} → {} {}",
        old.id, old.version, new.id, new.version
    ));
    document.facts = vec![verdict(difference)];
    document.facts.extend(difference.stated.map(|comparable| {
        let says = if comparable { "can" } else { "cannot" };
        format!(
            "`{}` says that its scores {says} be compared with those of `{}`",
            new.id, old.id
        )
    }));
    for (moves, heading) in [
        (Moves::Scores, "What moves scores"),
        (Moves::Reading, "What moves levels, ranks or comparisons"),
        (Moves::Words, "What changes words"),
    ] {
        let changes = difference
            .changes
            .iter()
            .filter(|change| change.moves == moves);
        let rows: Vec<Row> = changes.map(row).collect();
        if !rows.is_empty() {
            document.blocks.push(Block::Heading(heading.to_owned()));
            document.blocks.push(Block::Table(table(rows)));
        }
    }
    if !difference.same_scores() && old.id == new.id && !difference.major {
        document.blocks.push(Block::Note(
            "The first number of `version` says whether scores are comparable: it should rise."
                .to_owned(),
        ));
    }
    document
}

fn verdict(difference: &Difference) -> String {
    let moving = difference
        .changes
        .iter()
        .filter(|change| change.moves == Moves::Scores);
    match (difference.changes.len(), moving.count()) {
        (0, _) => "nothing changed".to_owned(),
        (all, 0) => format!("{}, none of them moves scores", counted(all, "change")),
        (all, moving) => format!(
            "{}, {moving} of them can move scores",
            counted(all, "change")
        ),
    }
}

fn row(change: &Change) -> Row {
    let cell = |text: &str| {
        if text.is_empty() {
            Cell::Empty
        } else {
            Cell::text(text)
        }
    };
    Row::plain(vec![
        cell(change.node.as_deref().unwrap_or("(head)")),
        cell(change.what),
        cell(&change.old),
        cell(&change.new),
    ])
}

fn table(rows: Vec<Row>) -> Table {
    Table {
        columns: vec![
            Column::text("Node"),
            Column::text("What"),
            Column::text("Was"),
            Column::text("Is"),
        ],
        rows,
    }
}
