//! Responses are read from whatever survey tools export: one set of answers in every dialect, and the traps in each.

mod damaged;
mod downloads;
mod evidence;
mod exports;
mod hostile;
mod kit;
mod mapping;
mod page;
mod passed_over;
mod problems;
mod sdmx;
mod several;
mod sheets;
mod traps;
mod workbook;
