//! LimeSurvey: codes (`q[SQ001]`, `q_SQ001`), questions, or both as headers; choices with a column each, `Y` or empty; a
//! submission without its date was not finished.

use super::{Export, Exporter, Head, Skip};

const META: [&str; 43] = [
    "id",
    "response id",
    "antwort-id",
    "antwort id",
    "id de la réponse",
    "id de respuesta",
    "id risposta",
    "antwoord-id",
    "antwoord id",
    "submitdate",
    "date submitted",
    "lastpage",
    "last page",
    "letzte seite",
    "dernière page",
    "última página",
    "ultima pagina",
    "laatste pagina",
    "startlanguage",
    "start language",
    "start-sprache",
    "langue de départ",
    "lenguaje inicial",
    "lingua iniziale",
    "starttaal",
    "seed",
    "zufallsstartwert",
    "tête de série",
    "semilla",
    "seme",
    "token",
    "access code",
    "startdate",
    "date started",
    "datestamp",
    "date last action",
    "ipaddr",
    "ip address",
    "refurl",
    "referrer url",
    "interviewtime",
    "total time",
    "email",
];

const SENT: [&str; 7] = [
    "submitdate",
    "date submitted",
    "datum abgeschickt",
    "date de soumission",
    "fecha de envío",
    "data invio",
    "datum ingestuurd",
];

/// Columns of which there is one in every export.
const OWN: [&str; 16] = [
    "lastpage",
    "last page",
    "letzte seite",
    "dernière page",
    "última página",
    "ultima pagina",
    "laatste pagina",
    "startlanguage",
    "start language",
    "start-sprache",
    "langue de départ",
    "lenguaje inicial",
    "lingua iniziale",
    "starttaal",
    "seed",
    "seme",
];

pub(super) fn recognise(head: &Head) -> Option<Export> {
    let mut export = Export::one_row(Exporter::LimeSurvey, head, 0);
    // Where codes and texts were asked for, a header is `submitdate. Date submitted`.
    for heading in &mut export.headings {
        let own = heading.name.split_once(". ").map(|(code, _)| code);
        heading.text = own.map(str::to_owned);
    }
    let has = |names: &[&str]| export.column(names).is_some();
    if !has(&SENT) || !has(&OWN) {
        return None;
    }
    let mut export =
        export
            .with_meta(&META, &SENT)
            .with_rule(&SENT, str::is_empty, Skip::Incomplete);
    // What was not shown, where answers are written out.
    export.missing = &["n/a"];
    Some(export)
}
