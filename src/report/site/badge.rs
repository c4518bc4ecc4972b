//! A badge for every unit: a picture that needs no server, and the same for the endpoint of shields.io
//! (<https://shields.io/badges/endpoint-badge>).

use crate::framework::Framework;
use crate::report::File;
use crate::report::present::View;
use crate::report::result::ScoreResult;
use crate::report::terminal::{escaped as plain, shorten};

use super::context::Context;
use super::html::escaped;
use super::{Material, Style};

/// White letters can be read on each (4.5 to 1 at least).
const RED: &str = "b3261e";
const AMBER: &str = "8a5a00";
const GREEN: &str = "1e6b34";
const BLUE: &str = "005a9c";
const GREY: &str = "4b545c";

/// A label is cut beyond this many columns.
const LONGEST: usize = 60;

/// Two files a unit: `NOR.svg` and `NOR.json`.
pub(in crate::report) fn badges(result: &ScoreResult, view: View<'_>) -> Vec<File> {
    let material = Material {
        result,
        framework: None,
        responses: None,
        comparison: None,
        trust: None,
    };
    let style = Style {
        language: view.language,
        ..Style::default()
    };
    let context = Context::new(&material, view.period, style);
    let title = context.text(&result.about.framework.title);
    let label = shorten(&plain(title), LONGEST).into_owned();
    let mut files = Vec::new();
    for (&row, name) in &context.names {
        let (message, colour) = message(&context, row);
        files.push(File {
            name: format!("{name}.svg"),
            bytes: picture(&label, &message, colour).into_bytes(),
        });
        files.push(File {
            name: format!("{name}.json"),
            bytes: endpoint(&label, &message, colour).into_bytes(),
        });
    }
    files
}

/// The index and its level, and the colour: worst level red, best green.
fn message(context: &Context<'_>, row: usize) -> (String, &'static str) {
    let index = &context.result.scores.nodes[Framework::INDEX.0];
    let Some(score) = index.score[row] else {
        return (context.words.get("badge.none").to_owned(), GREY);
    };
    let score = context.printed(Framework::INDEX, Some(score));
    let level = index.level[row].and_then(|at| {
        let (level, of) = context.result.about.level(Framework::INDEX, at)?;
        let above = context.better().worse_levels(at, of);
        Some((context.text(&level.title), above, of))
    });
    match level {
        None => (score, BLUE),
        Some((title, above, of)) => {
            let colour = if above + 1 == of {
                GREEN
            } else if above == 0 {
                RED
            } else {
                AMBER
            };
            let title = shorten(&plain(title), LONGEST).into_owned();
            (format!("{score} · {title}"), colour)
        }
    }
}

fn endpoint(label: &str, message: &str, colour: &str) -> String {
    let text = |text: &str| serde_json::Value::from(text).to_string();
    format!(
        "{{\"schemaVersion\": 1, \"label\": {}, \"message\": {}, \"color\": {}}}\n",
        text(label),
        text(message),
        text(colour)
    )
}

/// Two boxes side by side; `textLength` makes the letters fill them whatever font there is.
fn picture(label: &str, message: &str, colour: &str) -> String {
    let (left, right) = (width(label), width(message));
    let (first, second) = (left + 12.0, right + 12.0);
    let whole = first + second;
    let title = escaped(&format!("{label}: {message}"));
    let text = |x: f64, width: f64, text: &str| {
        format!(
            "<text x=\"{x:.0}\" y=\"14\" textLength=\"{width:.0}\" lengthAdjust=\"spacingAndGlyphs\">{}</text>",
            escaped(text)
        )
    };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{whole:.0}\" height=\"20\" role=\"img\" aria-label=\"{title}\">\
         <title>{title}</title><clipPath id=\"r\"><rect width=\"{whole:.0}\" height=\"20\" rx=\"3\"/></clipPath>\
         <g clip-path=\"url(#r)\"><rect width=\"{first:.0}\" height=\"20\" fill=\"#333\"/>\
         <rect x=\"{first:.0}\" width=\"{second:.0}\" height=\"20\" fill=\"#{colour}\"/></g>\
         <g fill=\"#fff\" font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"11\">{}{}</g></svg>\n",
        text(6.0, left, label),
        text(first + 6.0, right, message)
    )
}

/// About as wide as the letters of Verdana at 11 pixels, in whole pixels.
fn width(text: &str) -> f64 {
    let letters = text.chars().map(|letter| match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '|' | '\'' | '!' | '·' => 3.6,
        ' ' | 'f' | 't' | 'r' | '(' | ')' | '-' | '/' => 4.6,
        'm' | 'M' | 'w' | 'W' | '@' | '%' => 10.2,
        'A'..='Z' => 7.8,
        letter if letter.is_ascii() => 6.8,
        // Letters of other scripts may be twice as wide.
        letter if u32::from(letter) >= 0x1100 => 11.0,
        _ => 7.0,
    });
    letters.sum::<f64>().ceil().max(4.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn a_badge_says_index_and_level_as_a_picture_and_as_an_endpoint() {
        let mut result = fixture::result();
        result.scores.nodes[0].score[2] = None;
        let files = badges(&result, View::default());
        let text = |name: &str| {
            let file = files.iter().find(|file| file.name == name);
            String::from_utf8(file.expect(name).bytes.clone()).expect("it is text")
        };
        assert_eq!(
            text("NOR.json"),
            "{\"schemaVersion\": 1, \"label\": \"Open data\", \"message\": \"75.0 · Leading\", \"color\": \"1e6b34\"}\n"
        );
        assert!(text("NOR.svg").contains("aria-label=\"Open data: 75.0 · Leading\""));
        assert!(text("PER.json").contains("\"no score\", \"color\": \"4b545c\""));
        let french = View {
            language: Some("fr"),
            ..View::default()
        };
        let french = badges(&result, french);
        let text = String::from_utf8(french[1].bytes.clone()).expect("it is text");
        assert!(
            text.contains("Données ouvertes") && text.contains("75,0 · "),
            "{text}"
        );
    }
}
