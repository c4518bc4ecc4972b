//! Scorecards as a static site: an index page for all units and one page a unit, each a file that needs no other.
//!
//! Pages are made from a result, and say more where the framework and the responses are at hand: what a level means, what
//! was answered, what to do next. Everything is inline and a Content-Security-Policy forbids anything else; nothing needs
//! a script to be read.

mod answers;
mod badge;
mod charts;
mod context;
mod explorer;
mod findings;
mod frame;
mod html;
mod index;
mod insight;
mod method;
mod radar;
mod unit;

use crate::analysis::compare::Comparison;
use crate::analysis::robustness::{Study, Uncertainty};
use crate::framework::Framework;
use crate::report::File;
use crate::report::result::ScoreResult;
use crate::responses::Responses;

use context::Context;

pub use frame::is_page;
pub(in crate::report) use html::escaped;
pub use insight::Insight;

pub(in crate::report) use badge::badges;
pub(in crate::report) use charts::charts;

/// What pages are made from.
#[derive(Clone, Copy, Debug)]
pub struct Material<'a> {
    /// The scores.
    pub result: &'a ScoreResult,
    /// The framework that made them.
    pub framework: Option<&'a Framework>,
    /// The responses that they were made from.
    pub responses: Option<&'a Responses>,
    /// What changed since the wave before, by cause.
    pub comparison: Option<&'a Comparison>,
    /// How far the ranking can be trusted.
    pub trust: Option<Trust<'a>>,
}

/// A study of the ranking, and what it found.
#[derive(Clone, Copy, Debug)]
pub struct Trust<'a> {
    /// What was varied, how often.
    pub study: &'a Study,
    /// The ranks and scores that came of it.
    pub found: &'a Uncertainty,
}

/// What can be chosen about the look.
#[derive(Clone, Copy, Debug, Default)]
pub struct Style<'a> {
    /// The language of interface and titles.
    pub language: Option<&'a str>,
    /// The colour of scores, `#rrggbb`.
    pub accent: Option<&'a str>,
    /// A picture beside the title.
    pub logo: Option<Logo<'a>>,
    /// Whether a unit's dimensions are drawn as a radar too.
    pub radar: bool,
    /// When the pages are made, in seconds since 1970, if they are to say so.
    pub made_at: Option<u64>,
}

/// A picture beside the title.
#[derive(Clone, Copy, Debug)]
pub struct Logo<'a> {
    /// `image/svg+xml`, `image/png` or `image/jpeg`.
    pub media: &'a str,
    /// The file.
    pub bytes: &'a [u8],
}

/// The site of one period: the index page first, then one page a unit in the order of the result. `insights` take
/// the units' scores apart, by observation.
pub fn pages(
    material: &Material<'_>,
    period: usize,
    style: Style<'_>,
    insight: &dyn Fn(usize) -> Option<Insight>,
) -> Vec<File> {
    let context = Context::new(material, period, style);
    let mut files = vec![File {
        name: "index.html".to_owned(),
        bytes: index::page(&context).into_bytes(),
    }];
    for (&row, name) in &context.names {
        let insight = insight(row);
        files.push(File {
            name: format!("{name}.html"),
            bytes: unit::page(&context, row, insight.as_ref()).into_bytes(),
        });
    }
    files
}
