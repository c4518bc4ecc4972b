//! Google Forms: a time first, then questions as headers and labels as answers; a grid has `Question [Row]`, several
//! choices stand in one cell.

use super::{Export, Exporter, Head};
use crate::responses::spelling::fold;

/// The first column, in the languages of the account.
const TIME: [&str; 9] = [
    "timestamp",
    "horodateur",
    "zeitstempel",
    "marca temporal",
    "carimbo de data/hora",
    "informazioni cronologiche",
    "tijdstempel",
    "sygnatura czasowa",
    "tidstämpel",
];

const META: [&str; 11] = [
    "email address",
    "username",
    "score",
    "adresse e-mail",
    "e-mail-adresse",
    "dirección de correo electrónico",
    "endereço de e-mail",
    "indirizzo email",
    "e-mailadres",
    "adres e-mail",
    "e-postadress",
];

pub(super) fn recognise(head: &Head) -> Option<Export> {
    let first = fold(head.cell(0, 0)).into_owned();
    if !TIME.contains(&first.as_str()) {
        return None;
    }
    Some(Export::one_row(Exporter::GoogleForms, head, 0).with_meta(&META, &[&first]))
}
