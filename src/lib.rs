//! Scores maturity frameworks from survey responses, and explains every score.
//!
//! Everything doubtful is settled while reading: a framework and responses to it are sound, or every problem in them is
//! told. After that nothing can fail.
//!
//! ```
//! use dgpf::framework::{self, Framework, Source};
//! use dgpf::problem;
//! use dgpf::responses::{self, Input, Options};
//! use dgpf::scoring::{Assumptions, Plan};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let yaml = Source {
//!     name: "open-data.yaml".into(),
//!     text: r#"
//! dgpf: 1
//! id: open-data
//! unit: country
//! scales:
//!   yes-no: {"no": 0, "yes": 1}
//! indicators:
//!   - {id: policy, question: Is there an open data policy?, scale: yes-no}
//!   - {id: licences, question: Share of data sets with a licence (%), number: {from: 0, to: 100}}
//! "#
//!     .to_owned(),
//! };
//! let csv = Input {
//!     name: "responses.csv",
//!     bytes: b"country,policy,licences\nNOR,yes,80\nPER,no,50\n",
//! };
//!
//! let framework = framework::load(&yaml, &|_| None)
//!     .map_err(|problems| problem::render(&problems))?
//!     .framework;
//! let responses = responses::load(&[csv], &framework, &Options::default())
//!     .map_err(|problems| problem::render(&problems))?
//!     .responses;
//! let plan = Plan::compile(&framework, &Assumptions::of(&framework));
//! let scores = plan.score(&responses);
//!
//! let index = &scores.nodes[Framework::INDEX.0];
//! assert_eq!(scores.observations[0].name.as_ref(), "Norway");
//! assert_eq!(index.score[0], Some(0.9)); // (1 + 0.8) ÷ 2
//! assert_eq!(index.score[1], Some(0.25)); // (0 + 0.5) ÷ 2
//! assert_eq!(index.rank, [Some(1.0), Some(2.0)]);
//! # Ok(())
//! # }
//! ```
//!
//! A program that does more finds an example in [`analysis::explain`] (why a score is what it is),
//! [`analysis::improve`] (what would raise it), [`analysis::compare`] (why it changed) and [`report`] (how it leaves).
//!
//! Versions follow [Semantic Versioning](https://semver.org) as cargo reads it: until 1.0 a new second number may change
//! what is public here, a new third number does not. Scores, files and exit codes are held to the same rule; a change
//! of the last digit of a score is a change. The framework language (`dgpf: 1`) and the saved result have numbers of
//! their own, which say what older programs can read.
//!
//! Modules in reading order; each knows only those before it.

pub mod problem;

pub mod framework;

pub mod responses;

pub mod scoring;

pub mod analysis;

pub mod report;
