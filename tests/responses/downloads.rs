//! Files as other tools write them: what Eurostat's site gives, what Alchemer exports.

use std::collections::BTreeMap;

use dgpf::framework::Framework;
use dgpf::problem;
use dgpf::responses::{Exporter, Options, Skip};

use crate::kit::{framework, long, read, sound, wrong};

fn use_of_internet(unit: &str) -> Framework {
    framework(&format!(
        "dgpf: 1\nid: use\nunit: {unit}\nperiod: year\nindicators:\n  - {{id: i_iugov, number: {{from: 0, to: 100}}}}\n  - {{id: i_iu3, \
         number: {{from: 0, to: 100}}}}\n"
    ))
}

/// What Eurostat calls `unit` is in what a number is measured, even where a framework calls so who is scored.
#[test]
fn eurostat_calls_countries_geo_and_indicators_indic() {
    let text = "DATAFLOW,LAST UPDATE,freq,indic_is,ind_type,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\n\
                ESTAT:ISOC(1.0),23/04/26 23:00:00,A,I_IUGOV,IND_TOTAL,PC_IND,AT,2025,72.1,,\n\
                ESTAT:ISOC(1.0),23/04/26 23:00:00,A,I_IU3,IND_TOTAL,PC_IND,AT,2025,90,b,\n\
                ESTAT:ISOC(1.0),23/04/26 23:00:00,A,I_IUGOV,F_Y16_24,PC_IND,BE,2025,65.3,b,\n\
                ESTAT:ISOC(1.0),23/04/26 23:00:00,A,I_IUGOV,IND_TOTAL,PC_IND,BG,2025,:,u,\n";
    for unit in ["country", "unit"] {
        let framework = use_of_internet(unit);
        let loaded = sound(&framework, text);
        assert_eq!(loaded.recognised[0].exporter, Exporter::SdmxCsv);
        assert_eq!(
            long(&framework, &loaded),
            format!(
                "{unit},year,indicator,answer\nAT,2025,i_iugov,72.1\nAT,2025,i_iu3,90\nBE,2025,i_iugov,65.3\nBG,2025,i_iugov,\n"
            )
        );
        assert_eq!(
            problem::render(&loaded.remarks),
            "warning[unread-dimension]: answers to `i_iugov` differ in `ind_type`, which nothing reads: `IND_TOTAL` and \
             `F_Y16_24`\n  --> responses.csv:4:5\n   = help: keep the rows of one of them, such as the total\n"
        );
    }
}

/// With labels in columns of their own.
#[test]
fn labels_of_eurostat_are_no_dimensions() {
    let framework = use_of_internet("country");
    let loaded = sound(
        &framework,
        "STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,freq,Time frequency,indic_is,Indicator text,geo,Geopolitical entity (reporting),\
         TIME_PERIOD,Time,OBS_VALUE,Observation value\n\
         dataflow,ESTAT:ISOC(1.0),Internet,A,Annual,I_IUGOV,Individuals,AT,Austria,2025,,72.1,\n\
         dataflow,ESTAT:ISOC(1.0),Internet,A,Annual,I_IUGOV,People,BE,Belgium,2025,,65.3,\n",
    );
    assert_eq!(
        long(&framework, &loaded),
        "country,year,indicator,answer\nAT,2025,i_iugov,72.1\nBE,2025,i_iugov,65.3\n"
    );
    assert_eq!(problem::render(&loaded.remarks), "");
}

fn channels() -> Framework {
    framework(
        "dgpf: 1
id: channels
unit: country
scales: {yn: {\"no\": 0, \"yes\": 1}}
indicators:
  - {id: plan, question: Is there a plan?, scale: yn}
  - {id: chan, question: Which channels are there?, multiple: {options: {web: {label: Web}, desk: {label: Desk}}}}
",
    )
}

/// Zoho Survey writes choices below their question, and nobody's name is on the file.
#[test]
fn choices_below_their_questions_are_read_where_that_is_said() {
    let framework = channels();
    let text = "Response ID,IP Address,Response Status,country,Is there a plan?,Which channels are there?,\n\
                ,,,,,Web,Desk\n\
                1001,192.0.2.1,Complete,NO,yes,Web,\n\
                1002,192.0.2.2,Complete,SE,no,,Desk\n";
    let found = wrong(&framework, text.as_bytes(), &Options::default());
    assert_eq!(
        found,
        "error[second-header-row]: a second header row: `Web`, `Desk` below their questions\n  --> responses.csv:2\n   \
         = help: read both with `--header-rows 2`\n"
    );
    // So it is, too, where the question stands above every choice.
    let repeated = text.replace("there?,\n", "there?,Which channels are there?\n");
    assert_eq!(
        wrong(&framework, repeated.as_bytes(), &Options::default()),
        found
    );
    let options = Options {
        header_rows: Some(2),
        ..Options::default()
    };
    for text in [text, &repeated] {
        let loaded = read(&framework, text.as_bytes(), &options).expect("sound");
        assert_eq!(loaded.recognised[0].exporter, Exporter::TwoRows);
        assert_eq!(
            long(&framework, &loaded),
            "country,indicator,answer\nNO,plan,yes\nNO,chan,web\nSE,plan,no\nSE,chan,desk\n"
        );
    }
}

/// A column for every option, `Option:Question`; those who did not finish are left out; `Country` is where the address of a computer
/// was found on a map.
#[test]
fn alchemer_puts_options_before_their_question_and_guesses_where_people_are() {
    let head = "Response ID,Time Started,Date Submitted,Status,Contact ID,Language,SessionID,Longitude,Latitude,Country,City,";
    let framework = channels();
    let loaded = sound(
        &framework,
        &format!(
            "{head}country,Is there a plan?,Web:Which channels are there?,Desk:Which channels are there?\n\
             1,2026-01-02 10:00,2026-01-02 10:05,Complete,,English,x,4,50,Belgium,Brussels,AT,yes,Web,\n\
             2,2026-01-02 10:00,2026-01-02 10:05,Partial,,English,y,4,50,Belgium,Brussels,BE,no,Web,Desk\n\
             3,2026-01-02 10:00,2026-01-02 10:05,Complete,,English,z,4,50,Belgium,Brussels,BG,no,Web,Desk\n"
        ),
    );
    let recognised = &loaded.recognised[0];
    assert_eq!(recognised.exporter, Exporter::Alchemer);
    assert_eq!(recognised.skipped, BTreeMap::from([(Skip::Incomplete, 1)]));
    assert_eq!(
        long(&framework, &loaded),
        "country,indicator,answer\nAT,plan,yes\nAT,chan,web\nBG,plan,no\nBG,chan,web;desk\n"
    );
    let found = wrong(
        &framework,
        format!("{head}Is there a plan?\n1,,,Complete,,English,x,4,50,Belgium,Brussels,yes\n")
            .as_bytes(),
        &Options::default(),
    );
    assert!(
        found.starts_with("error[no-column]: no column `country`, which says who is scored\n"),
        "{found}"
    );
}
