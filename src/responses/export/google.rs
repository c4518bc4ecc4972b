//! Google Forms: a time first, then questions as headers and labels as answers; a grid has `Question [Row]`, several
//! choices stand in one cell.

use super::{Export, Exporter, Head};
use crate::responses::spelling::fold;

/// The first column, in the languages of the account.
const TIME: [&str; 6] = [
    "timestamp",
    "horodateur",
    "zeitstempel",
    "marca temporal",
    "carimbo de data/hora",
    "informazioni cronologiche",
];

const META: [&str; 4] = ["email address", "username", "score", "adresse e-mail"];

pub(super) fn recognise(head: &Head) -> Option<Export> {
    let first = fold(head.cell(0, 0)).into_owned();
    if !TIME.contains(&first.as_str()) {
        return None;
    }
    Some(Export::one_row(Exporter::GoogleForms, head, 0).with_meta(&META, &[&first]))
}
