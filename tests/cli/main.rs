//! The program as a user meets it: one module a command, exact output, messages and exit code.

mod check;
mod coherence;
mod explain;
mod explain_code;
mod frameworks;
mod help;
mod import;
mod improve;
mod output;
#[cfg(unix)]
mod readme;
mod report;
mod robustness;
mod run;
mod score;
mod scorecards;
mod template;
mod verify;
