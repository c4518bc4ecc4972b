//! Problems as text, for people.

use std::fmt::Write;

use super::{Place, Problem};

/// Every problem in its place: what, where with the line itself, what to do.
pub fn render(problems: &[Problem]) -> String {
    let mut text = String::new();
    for problem in problems {
        if !text.is_empty() {
            text.push('\n');
        }
        one(&mut text, problem);
    }
    text
}

fn one(text: &mut String, problem: &Problem) {
    let severity = problem.severity;
    let kind = &problem.kind;
    line(text, &format!("{severity}[{}]: {kind}", kind.code()));
    for (position, place) in problem.places.iter().enumerate() {
        let arrow = if position == 0 { "-->" } else { ":::" };
        line(text, &format!("  {arrow} {}", whereabouts(place)));
        excerpt(text, place);
    }
    if problem.count > problem.places.len().max(1) {
        line(text, &format!("   = note: {} times in all", problem.count));
    }
    if let Some(help) = kind.help() {
        line(text, &format!("   = help: {help}"));
    }
}

fn whereabouts(place: &Place) -> String {
    match (place.line, place.column) {
        (0, _) => place.file.to_string(),
        (line, 0) => format!("{}:{line}", place.file),
        (line, column) => format!("{}:{line}:{column}", place.file),
    }
}

fn excerpt(text: &mut String, place: &Place) {
    let Some((excerpt, length)) = &place.excerpt else {
        return;
    };
    let number = place.line.to_string();
    let gutter = " ".repeat(number.len());
    let before = place.column.saturating_sub(1);
    // Tabs keep their width in the line of carets, so that the carets stand below what they mean.
    let indent: String = excerpt
        .chars()
        .take(before)
        .map(|c| if c == '\t' { '\t' } else { ' ' })
        .collect();
    let rest = excerpt.chars().count().saturating_sub(before).max(1);
    line(text, &format!(" {gutter} |"));
    line(text, &format!(" {number} | {excerpt}"));
    let carets = "^".repeat((*length).clamp(1, rest));
    line(text, &format!(" {gutter} | {indent}{carets}"));
}

/// A line without anything that could steer a terminal.
fn line(text: &mut String, content: &str) {
    for c in content.trim_end().chars() {
        match c {
            '\t' => text.push(c),
            '\n' => text.push(' '),
            c if is_control(c) => {
                let _ = write!(text, "\\u{{{:x}}}", u32::from(c));
            }
            c => text.push(c),
        }
    }
    text.push('\n');
}

/// Control characters, signs that change the direction of text, and those that cannot be seen.
fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}
