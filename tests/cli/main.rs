//! The program as a user meets it: one module a command, exact output, messages and exit code.

mod check;
mod coherence;
mod compare;
mod escapes;
mod explain;
mod explain_code;
#[cfg(unix)]
mod faults;
mod frameworks;
mod french;
mod gate;
mod help;
mod import;
mod improve;
mod init;
mod output;
#[cfg(unix)]
mod readme;
mod report;
mod robustness;
mod run;
mod saved;
mod score;
mod scorecards;
mod sql;
mod stats;
mod surroundings;
mod template;
mod verify;
