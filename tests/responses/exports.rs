//! One set of answers, written in every dialect.

use std::collections::BTreeMap;

use dgpf::framework::{Framework, Source};
use dgpf::problem;
use dgpf::responses::{
    ColumnTarget, Exporter, Input, Mapping, Options, Recognition, Responses, Skip, load,
};

use crate::kit::{self, folder, framework, long, small, sound, wrong};

/// Every file, what wrote it, rows in it and rows read.
const FILES: [(&str, Exporter, usize, usize); 22] = [
    ("eusurvey-split.xlsx", Exporter::EuSurvey, 5, 5),
    ("eusurvey.xlsx", Exporter::EuSurvey, 5, 5),
    ("excel-semicolon-windows-1252.csv", Exporter::Plain, 5, 5),
    ("excel-tab-utf-16.csv", Exporter::Plain, 5, 5),
    ("excel-workbook.xlsx", Exporter::Plain, 5, 5),
    ("google-forms.csv", Exporter::GoogleForms, 5, 5),
    ("kobo-labels.csv", Exporter::KoboToolbox, 5, 5),
    ("kobo-names.csv", Exporter::KoboToolbox, 6, 5),
    ("limesurvey-codes.csv", Exporter::LimeSurvey, 6, 5),
    ("limesurvey-texts.csv", Exporter::LimeSurvey, 6, 5),
    ("microsoft-forms.xlsx", Exporter::MicrosoftForms, 5, 5),
    ("normalised.csv", Exporter::Plain, 17, 17),
    ("odk-central.csv", Exporter::OdkCentral, 6, 5),
    ("ona.csv", Exporter::KoboToolbox, 5, 5),
    ("opendocument.ods", Exporter::Plain, 5, 5),
    ("plain-long.csv", Exporter::Plain, 20, 20),
    ("plain-wide.csv", Exporter::Plain, 5, 5),
    ("qualtrics-three-rows.csv", Exporter::Qualtrics, 7, 5),
    ("qualtrics-two-rows.csv", Exporter::Qualtrics, 7, 5),
    ("redcap.csv", Exporter::RedCap, 6, 5),
    ("sdmx.csv", Exporter::SdmxCsv, 19, 18),
    ("surveymonkey.csv", Exporter::SurveyMonkey, 5, 5),
];

fn read(name: &str) -> (Responses, Recognition, String) {
    let framework = small();
    let bytes = std::fs::read(folder().join(name)).expect("the file is there");
    let input = Input {
        name,
        bytes: &bytes,
    };
    match load(&[input], &framework, &Options::default()) {
        Ok(mut loaded) => {
            let text = long(&framework, &loaded);
            let recognition = loaded.recognised.remove(0);
            (loaded.responses, recognition, text)
        }
        Err(problems) => panic!("{}", problem::render(&problems)),
    }
}

#[test]
fn every_file_of_the_folder_is_listed() {
    let mut names: Vec<String> = std::fs::read_dir(folder())
        .expect("the folder is there")
        .map(|entry| entry.expect("entries can be read").file_name())
        .map(|name| name.into_string().expect("names are plain"))
        .filter(|name| name != "framework.yaml")
        .collect();
    names.sort();
    let listed: Vec<&str> = FILES.iter().map(|(name, ..)| *name).collect();
    assert_eq!(names, listed);
}

#[test]
fn every_dialect_gives_the_same_bytes() {
    let expected = std::fs::read_to_string(folder().join("normalised.csv")).expect("it is there");
    for (name, ..) in FILES {
        let (_, _, text) = read(name);
        assert_eq!(text, expected, "{name}");
    }
}

/// Responses without what tells files apart: lines and the hash.
fn bare(mut responses: Responses) -> Responses {
    for row in &mut responses.rows {
        row.line = 0;
    }
    responses.files.clear();
    responses.sha256.clear();
    responses
}

#[test]
fn every_dialect_gives_the_same_responses() {
    let (expected, _, _) = read("plain-wide.csv");
    let expected = bare(expected);
    assert_eq!(expected.units.len(), 5);
    assert_eq!(expected.units[1].name.as_ref(), "Namibia");
    for (name, ..) in FILES {
        let (responses, _, _) = read(name);
        assert_eq!(bare(responses), expected, "{name}");
    }
}

#[test]
fn every_exporter_is_recognised_and_every_row_accounted_for() {
    for (name, exporter, rows_in, rows_out) in FILES {
        let (_, recognition, _) = read(name);
        assert_eq!(recognition.exporter, exporter, "{name}");
        assert_eq!(recognition.rows_in, rows_in, "{name}");
        assert_eq!(recognition.rows_out, rows_out, "{name}");
        let skipped: usize = recognition.skipped.values().sum();
        assert_eq!(skipped, rows_in - rows_out, "{name}");
        assert!(recognition.missing.is_empty(), "{name}");
    }
}

#[test]
fn submissions_are_left_out_for_a_reason() {
    let skipped = |name: &str| read(name).1.skipped;
    assert_eq!(
        skipped("kobo-names.csv"),
        BTreeMap::from([(Skip::Rejected, 1)])
    );
    assert_eq!(
        skipped("odk-central.csv"),
        BTreeMap::from([(Skip::Rejected, 1)])
    );
    assert_eq!(
        skipped("redcap.csv"),
        BTreeMap::from([(Skip::Incomplete, 1)])
    );
    assert_eq!(
        skipped("qualtrics-three-rows.csv"),
        BTreeMap::from([(Skip::Incomplete, 1), (Skip::Preview, 1)])
    );
    assert_eq!(
        skipped("sdmx.csv"),
        BTreeMap::from([(Skip::OtherIndicator, 1)])
    );
}

/// What `LimeSurvey` calls its own columns depends on the language of whoever exports, `SurveyCTO`'s reviewers write capitals, and
/// `REDCap` exports labels as well as names.
#[test]
fn submissions_are_left_out_whatever_the_columns_are_called() {
    let left_out = |text: &str| {
        let input = Input {
            name: "export.csv",
            bytes: text.as_bytes(),
        };
        let options = Options::default();
        let loaded = load(&[input], &small(), &options).expect("it is sound");
        let [recognition] = &loaded.recognised[..] else {
            panic!("there is one file");
        };
        (recognition.exporter, recognition.skipped.clone())
    };
    for own in [
        "Antwort-ID;Datum Abgeschickt;Letzte Seite;Start-Sprache",
        "ID de la réponse;Date de soumission;Dernière page;Langue de départ",
        "ID de respuesta;Fecha de envío;Última página;Lenguaje inicial",
        "ID risposta;Data invio;Ultima pagina;Lingua iniziale",
        "Antwoord-ID;Datum ingestuurd;Laatste pagina;Starttaal",
    ] {
        let rows = "1;2026-03-01 10:05:12;3;de;NO;2026;yes\n2;;1;de;SE;2026;no\n";
        let found = left_out(&format!("{own};country;year;pol1\n{rows}"));
        let unfinished = BTreeMap::from([(Skip::Incomplete, 1)]);
        assert_eq!(found, (Exporter::LimeSurvey, unfinished), "{own}");
    }
    let (exporter, skipped) = left_out(
        "SubmissionDate,country,year,pol1,formdef_version,review_status,KEY\n\
         2026-03-01,NO,2026,yes,1,APPROVED,uuid:1\n2026-03-01,SE,2026,no,1,REJECTED,uuid:2\n",
    );
    assert_eq!(exporter, Exporter::SurveyCto);
    assert_eq!(skipped, BTreeMap::from([(Skip::Rejected, 1)]));
    let (exporter, skipped) = left_out(
        "Record ID,Survey Timestamp,country,year,pol1,Complete?\n\
         1,2026-03-01 10:00:00,NO,2026,yes,Complete\n2,,SE,2026,no,Incomplete\n",
    );
    assert_eq!(exporter, Exporter::RedCap);
    assert_eq!(skipped, BTreeMap::from([(Skip::Incomplete, 1)]));
}

/// Rows of a question and options of a multiple choice, as exporters call their columns where nobody changed anything.
#[test]
fn rows_and_options_are_found_as_exporters_write_them() {
    let survey = framework(
        "dgpf: 1
id: rows
unit: agency
indicators:
  - {id: trust_SQ001, question: \"Do you agree? [Staff can]\", scale: {a: 0, b: 1}}
  - {id: trust_SQ002, question: \"Do you agree? [Leaders ask]\", scale: {a: 0, b: 1}}
  - id: chan
    question: Which channels? (All that apply)
    multiple: {options: {web: {score: 1, label: Web site}, app: {score: 1, label: \"App (phone, tablet)\"}}}
",
    );
    let rows = [
        // LimeSurvey, by code.
        "submitdate,lastpage,agency,trust[SQ001],trust[SQ002],chan[web],chan[app]\n2026-03-01,1,A,a,b,Y,\n",
        // Qualtrics.
        "StartDate,agency,Q3_1,Q3_2,Q4_1,Q4_2\n\
         Start Date,agency,Do you agree? - Staff can,Do you agree? - Leaders ask,\
         Which channels? (All that apply) - Selected Choice - Web site,\
         \"Which channels? (All that apply) - Selected Choice - App (phone, tablet)\"\n\
         \"{\"\"ImportId\"\":1}\",\"{\"\"ImportId\"\":2}\",,,,\n2026-03-01,A,a,b,Web site,\n",
        // SurveyMonkey.
        "Respondent ID,Collector ID,agency,Do you agree?,,Which channels? (All that apply),\n\
         ,,Open-Ended Response,Staff can,Leaders ask,Web site,\"App (phone, tablet)\"\n1,2,A,a,b,Web site,\n",
        // REDCap, with labels.
        "Record ID,agency,Do you agree? [Staff can],Do you agree? [Leaders ask],\
         Which channels? (All that apply) (choice=Web site),\
         \"Which channels? (All that apply) (choice=App (phone, tablet))\",Complete?\n\
         1,A,a,b,Checked,Unchecked,Complete\n",
    ];
    for text in rows {
        let loaded = sound(&survey, text);
        assert_eq!(
            long(&survey, &loaded),
            "agency,indicator,answer\nA,trust_SQ001,a\nA,trust_SQ002,b\nA,chan,web\n",
            "{text}"
        );
    }
}

/// Two questions that offer "other".
fn with_other() -> Framework {
    framework(
        "dgpf: 1
id: other
unit: agency
indicators:
  - {id: chan, question: Which channels?, multiple: {options: {web: 1, \"app, phone\": 1, other: {score: 1, label: Other}}}}
  - {id: sys, question: Which system?, scale: {a: 1, b: 0.5, other: {score: 0, label: Other}}}
",
    )
}

#[test]
fn other_is_chosen_by_those_who_say_what_it_is() {
    let framework = with_other();
    // LimeSurvey writes what it is in the column of the option, and beside `-oth-` for a single choice.
    let lime = sound(
        &framework,
        "id,submitdate,lastpage,agency,chan[web],\"chan[app, phone]\",chan[other],sys,sys[other]\n\
         1,2026-01-01,2,A,Y,,Fax,a,\n2,2026-01-01,2,B,,Y,,-oth-,Home-made\n",
    );
    assert_eq!(
        long(&framework, &lime),
        "agency,indicator,answer\nA,chan,web;other\nA,sys,a\nB,chan,\"app, phone\"\nB,sys,other\n"
    );
    // SurveyMonkey leaves a single choice empty; what somebody remarks about an answer is none.
    let text = "Respondent ID,Collector ID,agency,Which channels?,,,Which system?,,\n\
         ,,Open-Ended Response,web,\"app, phone\",Other,Response,Other (please specify),Remarks\n\
         1,2,A,web,,Fax,a,,\n2,2,B,,\"app, phone\",,,Home-made,\n3,2,C,,,,,,Ask me\n4,2,D,,,,b,Old,\n";
    let monkey = sound(&framework, text);
    assert_eq!(
        long(&framework, &monkey),
        "agency,indicator,answer\nA,chan,web;other\nA,sys,a\nB,chan,\"app, phone\"\nB,sys,other\nC,chan,\nD,sys,b\n"
    );
    assert_eq!(
        problem::render(&monkey.remarks),
        "note[unread-columns]: 1 column not read: `Which system? [Remarks]`\n  --> responses.csv:1\n"
    );
    // A mapping that was drafted says the same.
    let draft = Mapping::draft(&monkey.recognised, &monkey.remarks, None);
    let draft = Source {
        name: "mapping.yaml".into(),
        text: draft,
    };
    let options = Options {
        mapping: Some(Mapping::read(&draft, &[&framework]).expect("a draft is sound")),
        ..Options::default()
    };
    let again = kit::read(&framework, text.as_bytes(), &options).expect("it is sound with it");
    assert_eq!(again.responses, monkey.responses);
}

#[test]
fn what_somebody_wrote_for_other_is_named_alone() {
    let framework = with_other();
    let text = "Timestamp,agency,Which channels?,Which system?\n\
                2026/01/01 10:00:00,A,\"app, phone, Fax, web\",Home-made\n";
    assert_eq!(
        wrong(&framework, text.as_bytes(), &Options::default()),
        "error[unknown-answer]: `Fax` is no answer to `chan`, which takes `web`, `app, phone` or `other`
  --> responses.csv:2:3
   = help: correct it, or say what it stands for in a mapping: `dgpf import --write-mapping FILE` drafts one

error[unknown-answer]: `Home-made` is no answer to `sys`, which takes `a`, `b` or `other`
  --> responses.csv:2:4
   = help: correct it, or say what it stands for in a mapping: `dgpf import --write-mapping FILE` drafts one
"
    );
    let mut mapping = Mapping::default();
    for (code, text) in [("chan", "Fax"), ("sys", "Home-made")] {
        let answers = BTreeMap::from([(text.to_owned(), "other".to_owned())]);
        mapping.answers.insert(code.to_owned(), answers);
    }
    let options = Options {
        mapping: Some(mapping),
        ..Options::default()
    };
    let loaded = kit::read(&framework, text.as_bytes(), &options).expect("it is sound");
    assert_eq!(
        long(&framework, &loaded),
        "agency,indicator,answer\nA,chan,\"web;app, phone;other\"\nA,sys,other\n"
    );
}

#[test]
fn options_are_about_nobody() {
    let survey = framework(
        "dgpf: 1\nid: c\nunit: agency\nindicators:\n  - {id: p, scale: {\"1\": 1, \"0\": 0}}\n  \
         - {id: chan, multiple: {options: {web: 1, phone: {score: 1, label: Telephone}}}}\n",
    );
    let loaded = sound(
        &survey,
        "agency,p,Telephone,Telephone number\nA,1,Telephone,555\n",
    );
    let columns = loaded.recognised[0].columns.iter();
    let personal: Vec<(&str, bool)> = columns
        .map(|column| (column.name.as_str(), column.personal))
        .collect();
    assert_eq!(
        personal,
        [
            ("agency", false),
            ("p", false),
            ("Telephone", false),
            ("Telephone number", true)
        ]
    );
    assert_eq!(
        problem::render(&loaded.remarks),
        "warning[near-column]: column `Telephone` belongs to no indicator\n  --> responses.csv:1:3\n   = help: did you mean \
         `chan/phone`?\n\nnote[unread-columns]: 1 column not read: `Telephone number`\n  --> responses.csv:1\n"
    );
    // A mapping is drafted so that only the signs of a comment have to go.
    let draft = Mapping::draft(&loaded.recognised, &loaded.remarks, None);
    assert!(
        draft.contains("\n  # \"Telephone\": \"chan/phone\"\n"),
        "{draft}"
    );
}

#[test]
fn columns_of_one_name_in_two_groups_are_told_apart() {
    let problems = wrong(
        &small(),
        b"country,year,cur/pol1,prev/pol1,_uuid,_id\nNO,2026,yes,no,u,1\n",
        &Options::default(),
    );
    let (first, _) = problems.split_once("\n\n").expect("another one follows");
    assert_eq!(
        first,
        "error[duplicate-column]: columns `cur/pol1` and `prev/pol1` are both read as `pol1`
  --> responses.csv:1:3
  ::: responses.csv:1:4
   = help: leave one of them out, or `ignore` it in a mapping"
    );
}

#[test]
fn only_strange_columns_are_called_unread() {
    let unread = |name: &str| -> Vec<String> {
        let columns = read(name).1.columns.into_iter();
        columns
            .filter(|column| column.target == ColumnTarget::Unread)
            .map(|column| column.name)
            .collect()
    };
    assert_eq!(unread("kobo-names.csv"), ["policy/dropped_question"]);
    assert_eq!(unread("limesurvey-codes.csv"), ["chan1[other]"]);
    assert_eq!(unread("redcap.csv"), ["record_id", "contact_email"]);
    assert_eq!(
        unread("eusurvey-split.xlsx"),
        ["Which days?", "Web site", "Service desk"]
    );
    for name in [
        "google-forms.csv",
        "limesurvey-texts.csv",
        "microsoft-forms.xlsx",
        "odk-central.csv",
        "ona.csv",
        "qualtrics-three-rows.csv",
        "qualtrics-two-rows.csv",
        "sdmx.csv",
        "surveymonkey.csv",
    ] {
        assert_eq!(unread(name), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn nothing_about_a_person_is_kept() {
    for (name, ..) in FILES {
        let (responses, _, text) = read(name);
        let kept = format!("{responses:?}{text}");
        for personal in ["ada@", "Person", "192.0.2", "anonymous", "R_1", "uuid"] {
            assert!(!kept.contains(personal), "{personal} of {name}");
        }
    }
}
