//! What is filled into a form comes out of it again: for every kind, the answers that filled it and the file that it
//! yields are scored to the same bytes.

#[path = "../common/mod.rs"]
mod common;
mod hostile;
mod kit;
mod limesurvey;
mod prefill;
#[cfg(feature = "xlsx")]
mod workbook;
mod xlsform;
