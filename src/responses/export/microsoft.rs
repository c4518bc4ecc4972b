//! Microsoft Forms: questions as headers and labels as answers; several choices stand in one cell, each followed by `;`. The
//! form's own columns are named in the language of whoever exports.

use super::{Export, Exporter, Head};
use crate::responses::columns::Role;
use crate::responses::spelling::fold;

/// What the second and third column are called: when somebody began, and when they were done.
const TIMES: [(&str, &str); 10] = [
    ("start time", "completion time"),
    ("heure de début", "heure de fin"),
    ("startzeit", "fertigstellungszeit"),
    ("hora de inicio", "hora de finalización"),
    ("ora di inizio", "ora di completamento"),
    ("hora de início", "hora de conclusão"),
    ("begintijd", "tijd van voltooien"),
    ("godzina rozpoczęcia", "godzina ukończenia"),
    ("starttidspunkt", "fullføringstidspunkt"),
    ("starttid", "slutförandetid"),
];

const META: [&str; 34] = [
    "id",
    "email",
    "e-mail",
    "adresse de messagerie",
    "adresse de courriel",
    "correo electrónico",
    "posta elettronica",
    "adres e-mail",
    "e-postadresse",
    "e-post",
    "name",
    "nom",
    "nombre",
    "nome",
    "naam",
    "nazwa",
    "navn",
    "namn",
    "last modified time",
    "heure de la dernière modification",
    "hora de la última modificación",
    "ora dell'ultima modifica",
    "hora da última modificação",
    "tijd van laatste wijziging",
    "czas ostatniej modyfikacji",
    "tidspunkt for siste endring",
    "language",
    "langue",
    "sprache",
    "idioma",
    "lingua",
    "taal",
    "total points",
    "quiz feedback",
];

/// Most columns of the form's own.
const OWN: usize = 8;

pub(super) fn recognise(head: &Head) -> Option<Export> {
    let [first, began, done] = [0, 1, 2].map(|at| fold(head.cell(0, at)).into_owned());
    let times = TIMES.iter().find(|times| **times == (&began, &done))?;
    if first != "id" {
        return None;
    }
    let mut export = Export::one_row(Exporter::MicrosoftForms, head, 0)
        .with_meta(&META, &[times.1])
        .with_meta(&[times.0], &[]);
    // The form's own columns come first; a question in the same words comes later. `Name` is the person's.
    let own = (0..export.headings.len())
        .take_while(|&at| export.known.iter().any(|&(known, _)| known == at))
        .take(OWN)
        .count();
    export.known.retain(|&(at, _)| at < own);
    let sent = |at: &usize| export.known.contains(&(*at, Role::Sent));
    export.own = (0..own).filter(|at| !sent(at)).collect();
    Some(export)
}
