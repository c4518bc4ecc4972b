//! What SDMX-CSV says of an observation beside its value.

use std::collections::BTreeMap;

use dgpf::framework::Framework;
use dgpf::problem;
use dgpf::responses::{Exporter, Options, Skip};

use crate::kit::{framework, long, sound, wrong};

/// Lines, which are counted, and a share in per cent.
fn broadband() -> Framework {
    framework(
        "dgpf: 1
id: broadband
unit: country
period: year
codes: {\"-9\": missing}
scales:
  yes-no: {\"no\": 0, \"yes\": 1}
indicators:
  - {id: lines, number: {from: 0, to: 50000000, valid: [0, 50000000]}}
  - {id: share, number: {from: 0, to: 100, unit: \"%\"}}
  - {id: plan, scale: yes-no}
",
    )
}

/// Submissions of machines to machines say what is to be done with each observation (SDMX-CSV 2.0, `ACTION`).
#[test]
fn observations_that_are_to_be_deleted_are_left_out() {
    let loaded = sound(
        &broadband(),
        "STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,MEASURE,TIME_PERIOD,OBS_VALUE\n\
         dataflow,X:D(1.0),D,FR,share,2026,45.5\n\
         dataflow,X:D(1.0),I,DE,share,2026,50\n\
         dataflow,X:D(1.0),A,IT,share,2026,60\n\
         dataflow,X:D(1.0),M,ES,share,2026,70\n\
         dataflow,X:D(1.0),R,PT,share,2026,80\n\
         dataflow,X:D(1.0),D: Delete,SE,share,2026,\n",
    );
    let [recognition] = &loaded.recognised[..] else {
        panic!("there is one file");
    };
    assert_eq!(recognition.exporter, Exporter::SdmxCsv);
    assert_eq!(recognition.skipped, BTreeMap::from([(Skip::Deleted, 2)]));
    let units = loaded.responses.units.iter().map(|unit| unit.id.as_ref());
    assert_eq!(units.collect::<Vec<_>>(), ["DE", "IT", "ES", "PT"]);
}

/// What is sent later counts: a row deletes the observations before it that agree in every dimension that it fills in, and one
/// that follows gives them anew.
#[test]
fn a_row_that_deletes_takes_back_the_observations_before_it() {
    let framework = broadband();
    let loaded = sound(
        &framework,
        "ACTION,REF_AREA,MEASURE,SEX,TIME_PERIOD,OBS_VALUE\n\
         I,FR,share,_T,2026,45\nI,DE,share,_T,2026,50\nI,IT,share,_T,2025,60\nI,IT,share,_T,2026,61\nI,ES,share,_T,2026,70\n\
         D,FR,share,_T,2026,\nD,DE,share,_T,2026,50\nD,IT,share,_T,,\nD,ES,share,F,2026,\nA,DE,share,_T,2026,55\n",
    );
    assert_eq!(
        long(&framework, &loaded),
        "country,year,indicator,answer\nES,2026,share,70\nDE,2026,share,55\n"
    );
    assert_eq!(
        loaded.recognised[0].skipped,
        BTreeMap::from([(Skip::Deleted, 4), (Skip::Withdrawn, 4)])
    );
    assert_eq!(
        problem::render(&loaded.remarks),
        "note[skipped]: 4 rows left out: they say what is to be deleted\n  --> responses.csv\n\n\
         note[skipped]: 4 rows left out: a later row says that they are to be deleted\n  --> responses.csv\n"
    );
}

/// Women are not all: a row of theirs is not to count as the total without a word. The column of a label beside the code, and one that
/// is the same for all answers to an indicator, tell nothing apart.
#[test]
fn a_dimension_that_tells_answers_apart_and_that_nothing_reads_is_warned_of() {
    let head = "REF_AREA,Reference area,MEASURE,UNIT_MEASURE,SEX,TIME_PERIOD,OBS_VALUE\n";
    let loaded = sound(
        &broadband(),
        &format!(
            "{head}FR,France,share,PT,_T: Total,2026,50\nDE,Germany,share,PT,F: Female,2026,60\n\
             IT,Italy,share,PT,M: Male,2026,70\nFR,France,lines,LINES,_T: Total,2026,5\n"
        ),
    );
    assert_eq!(
        problem::render(&loaded.remarks),
        "warning[unread-dimension]: answers to `share` differ in `SEX`, which nothing reads: `_T` and `F`\n  \
         --> responses.csv:3:5\n   \
         = help: keep the rows of one of them, such as the total\n"
    );
}

/// A head, and observations of lines and shares in units of ten to the power of `UNIT_MULT`.
fn multiplied(rows: &str) -> String {
    format!("REF_AREA,MEASURE,TIME_PERIOD,OBS_VALUE,UNIT_MULT\n{rows}")
}

/// 31,000 thousand are 31 million, and 37.5 million are 37,500,000: to the last digit.
#[test]
fn numbers_count_times_the_power_of_ten_beside_them() {
    let framework = broadband();
    let loaded = sound(
        &framework,
        &multiplied(
            "FR,lines,2026,31000,3\nDE,lines,2026,37.5,6: Millions\nIT,lines,2026,0.0123e3,3\n\
             ES,lines,2026,1500,-2\nPT,lines,2026,7,0\nSE,lines,2026,8,\nNO,lines,2026,9,_Z\n\
             FR,share,2026,0.5%,2\nDE,share,2026,45.5,0\n",
        ),
    );
    assert_eq!(
        long(&framework, &loaded),
        "country,year,indicator,answer\n\
         FR,2026,lines,31000000\nFR,2026,share,50\nDE,2026,lines,37500000\nDE,2026,share,45.5\n\
         IT,2026,lines,12300\nES,2026,lines,15\nPT,2026,lines,7\nSE,2026,lines,8\nNO,2026,lines,9\n"
    );
}

/// Neither a code nor a choice is a number of thousands, and where there is no answer nothing is multiplied.
#[test]
fn only_numbers_are_multiplied() {
    let framework = broadband();
    let loaded = sound(
        &framework,
        &multiplied(
            "FR,lines,2026,-9,3\nDE,plan,2026,yes,3\nIT,lines,2026,,thousands\nES,plan,2026,no,K\n",
        ),
    );
    assert_eq!(
        long(&framework, &loaded),
        "country,year,indicator,answer\nFR,2026,lines,\nDE,2026,plan,yes\nIT,2026,lines,\nES,2026,plan,no\n"
    );
}

/// `99` stands for a missing number; 0.099 thousand are ninety-nine.
#[test]
fn a_code_is_what_was_written_and_not_what_a_number_comes_to() {
    let framework = framework(
        "dgpf: 1
id: offices
unit: country
period: year
codes: {\"99\": missing}
indicators: [{id: offices, number: {from: 0, to: 200}}]
",
    );
    let loaded = sound(
        &framework,
        &multiplied(
            "FR,offices,2026,0.099,3\nDE,offices,2026,99,3\nIT,offices,2026,99,0\nES,offices,2026,990,-1\n",
        ),
    );
    assert_eq!(
        long(&framework, &loaded),
        "country,year,indicator,answer\nFR,2026,offices,99\nDE,2026,offices,\nIT,2026,offices,\nES,2026,offices,99\n"
    );
}

#[test]
fn what_a_number_is_multiplied_by_is_a_power_of_ten() {
    let found = wrong(
        &broadband(),
        multiplied("FR,lines,2026,31000,3\nDE,lines,2026,37.5,Millions\nIT,lines,2026,51000,3\n")
            .as_bytes(),
        &Options::default(),
    );
    assert_eq!(
        found,
        "error[not-a-power]: `Millions` is no power of ten that numbers of `lines` can be multiplied by\n  \
         --> responses.csv:3:5\n   \
         = help: write a whole number, as in `3` for thousands and `6` for millions; empty for none\n\n\
         error[out-of-range]: `51000e3` is outside of what `lines` takes: 0 to 50000000\n  \
         --> responses.csv:4:4\n   = help: correct it; where such numbers occur, the framework's limits are too narrow\n"
    );
}
