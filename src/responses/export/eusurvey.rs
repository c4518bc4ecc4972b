//! EUSurvey: a preamble of alias and date, then questions as headers, with their short names if asked for. Several choices
//! stand in one cell, or each in a column after its question, called by its text alone. The last columns are about the
//! contribution and named in the language of whoever exports.

use super::{Export, Exporter, Head};
use crate::responses::multiple::AllZero;
use crate::responses::spelling::fold;

const META: [&str; 23] = [
    "invitation number",
    "contribution id",
    "user name",
    "creation date",
    "languages",
    "total score",
    "numéro de l'invitation",
    "numéro d'identification",
    "nom d'utilisateur",
    "date de création",
    "langues",
    "einladungsnummer",
    "nutzername",
    "erstellungsdatum",
    "sprachen",
    "número de invitación",
    "nombre de usuario",
    "fecha de creación",
    "idiomas",
    "numero di invito",
    "nome utente",
    "data di creazione",
    "lingue",
];

/// When a contribution was changed last.
const UPDATED: [&str; 5] = [
    "last update",
    "dernière mise à jour",
    "letzte aktualisierung",
    "última actualización",
    "ultimo aggiornamento",
];

pub(super) fn recognise(head: &Head) -> Option<Export> {
    let known = fold(head.cell(0, 0)) == "alias" && fold(head.cell(1, 0)) == "export date";
    if !known {
        return None;
    }
    let header = (2..head.rows.len()).find(|&row| {
        let cells = &head.rows[row];
        cells.iter().any(|cell| !cell.trim().is_empty())
    })?;
    let mut export = Export::one_row(Exporter::EuSurvey, head, header).with_meta(&META, &UPDATED);
    export.choices_follow = true;
    export.empty_lists = true;
    // "No" is written for what was not answered, too.
    export.zeros = AllZero::Unanswered;
    Some(export)
}
