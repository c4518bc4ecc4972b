use crate::run::{FRAMEWORK, RESPONSES, Run};

fn score(arguments: &str) -> Run {
    Run::new(&format!(
        "score responses.csv -f framework.yaml {arguments}"
    ))
    .file("framework.yaml", FRAMEWORK)
    .file("responses.csv", RESPONSES)
}

const FOUND: &str = "note: framework `open-data` 1.0.0 (frameworks/open-data.yaml), found by the columns of `responses.csv`\n";

/// NOR: policy (100 + 100)/2, portal 80, index 90. PER: (50 + 50)/2 = 50. EST: policy 100 of what was answered, portal
/// 90, index 95; were the gap a "no", policy would be 50 and the index 70.
#[test]
fn a_reference_that_is_not_there_is_named() {
    let run = |more: &str, responses: &str| {
        Run::new(&format!("score responses.csv -f framework.yaml {more}"))
            .file(
                "framework.yaml",
                "{dgpf: 1, id: ref, unit: iso, range: unbounded, indicators: [{id: b, number: {}, normalise: {distance-to-unit: {unit: FRA}}}]}",
            )
            .file("responses.csv", responses)
    };
    let told = "no score for `b`: in its cohort `FRA`, the unit that the others are compared with, has no value, or the worst one";
    for responses in ["iso,b\nDEU,1\nITA,2\n", "iso,b\nDEU,3\nITA,2\nFRA,2\n"] {
        let run = run("--format json", responses).stderr_has(told);
        run.stdout_has("\"reference\": \"FRA\"").code(0);
    }
    run("--format csv", "iso,b\nDEU,1\nITA,2\nFRA,2\n").code(0);
}

#[test]
fn a_table_ranks_the_units() {
    score("")
        .stdout(
            "\
Open data maturity
open-data 1.0.0 · 3 units · coverage 91%

Rank  Country                Index      Range  Level     Policy  Portal  Coverage
────  ─────────────────────  ─────  ─────────  ────────  ──────  ──────  ────────
   1  Estonia (EST)           95.0  70.0–95.0  Leader     100.0    90.0       75%
   2  Norway (NOR)            90.0             Leader     100.0    80.0      100%
   3  Peru (PER)              50.0             Follower    50.0    50.0      100%
────  ─────────────────────  ─────  ─────────  ────────  ──────  ──────  ────────
      Mean of all units (3)   78.3                         83.3    73.3
      Lowest                  50.0                         50.0    50.0
      Highest                 95.0                        100.0    90.0
",
        )
        .code(0);
}

#[test]
fn a_range_that_does_not_show_has_no_column() {
    let framework = FRAMEWORK.replace("id: policy\n", "id: policy\n    weight: 0.001\n");
    assert_ne!(framework, FRAMEWORK);
    // The gap is worth 50 of a thousandth of 100.
    Run::new("score responses.csv -f framework.yaml")
        .file("framework.yaml", framework)
        .file("responses.csv", RESPONSES)
        .stdout_has("Rank  Country                Index  Level     Policy  Portal  Coverage\n")
        .code(0);
}

#[test]
fn tidy_csv_has_a_row_for_every_score() {
    score("--format csv")
        .stdout(
            "\
unit,period,node,tier,score,coverage,low,high,level,rank
EST,,index,index,95,0.75,70,95,leader,1
EST,,policy,dimension,100,0.5,50,100,leader,1
EST,,pol_1,indicator,100,1,100,100,,1
EST,,pol_2,indicator,,0,0,100,,
EST,,portal,dimension,90,1,90,90,leader,1
EST,,por_1,indicator,90,1,90,90,,1
NOR,,index,index,90,1,90,90,leader,2
NOR,,policy,dimension,100,1,100,100,leader,1
NOR,,pol_1,indicator,100,1,100,100,,1
NOR,,pol_2,indicator,100,1,100,100,,1
NOR,,portal,dimension,80,1,80,80,leader,2
NOR,,por_1,indicator,80,1,80,80,,2
PER,,index,index,50,1,50,50,follower,3
PER,,policy,dimension,50,1,50,50,follower,3
PER,,pol_1,indicator,100,1,100,100,,1
PER,,pol_2,indicator,0,1,0,0,,2
PER,,portal,dimension,50,1,50,50,follower,3
PER,,por_1,indicator,50,1,50,50,,3
",
        )
        .code(0);
}

#[test]
fn wide_csv_has_a_row_for_every_unit() {
    score("--format csv-wide")
        .stdout(
            "\
unit,period,name,index,policy,pol_1,pol_2,portal,por_1
EST,,Estonia,95,100,100,,90,90
NOR,,Norway,90,100,100,100,80,80
PER,,Peru,50,50,100,0,50,50
",
        )
        .code(0);
}

#[test]
fn markdown_is_a_table_for_a_page() {
    score("--format markdown --lang fr")
        .stdout_has("# Maturité des données ouvertes\n")
        .stdout_has("| Rang | Country | Indice | Intervalle | Niveau | Politique | Portail | Couverture |\n")
        .stdout_has("| 1 | Estonia (EST) | 95,0 | 70,0–95,0 | Leader | 100,0 | 90,0 | 75\u{202f}% |\n")
        .code(0);
}

#[test]
fn json_says_how_the_scores_were_made() {
    score("--format json --weights portal-heavy")
        .stdout_has("  \"schema_version\": \"1.2\",\n")
        .stdout_has("  \"options\": {\n    \"weights\": \"portal-heavy\"\n  },\n")
        // (100 + 3 × 90) ÷ 4
        .stdout_has("        \"index\": {\"score\": 92.5, \"coverage\": ")
        .code(0);
}

#[test]
fn summaries_by_an_attribute_are_added() {
    // (90 + 95) ÷ 2
    score("--by region --format markdown")
        .stdout_has("*Mean of North (2)* | *92.5*")
        .stdout_has("*Mean of South (1)* | *50.0*")
        .code(0);
    score("--by continent")
        .stderr("error: --by continent: framework `open-data` declares no such attribute; it has `region`\n")
        .code(2);
}

/// Two waves in which an answer does not count, and a number that nobody else has.
#[test]
fn what_is_said_of_another_period_is_not_said_of_this_one() {
    let framework = "{dgpf: 1, id: waves, unit: country, period: year, scales: {yes-no: {'no': 0, 'yes': 1}}, indicators: [\
        {id: law, scale: yes-no}, {id: body, scale: yes-no, when: {law: 'yes'}},\
        {id: staff, number: {}, normalise: min-max}]}";
    let responses = "country,year,law,body,staff\n\
        NOR,2024,no,yes,5\nNOR,2025,no,yes,6\nPER,2025,yes,yes,7\n";
    let passed = |year: &str| {
        format!(
            "note: 1 answer to `body` does not count in {year}: another answer fails its condition (`NOR`)\n"
        )
    };
    let useless = "note: no score for `staff` in 2024: in its cohort 1 value cannot be scaled\n";
    let score = |arguments: &str| {
        Run::new(&format!(
            "score responses.csv -f framework.yaml {arguments}"
        ))
        .file("framework.yaml", framework)
        .file("responses.csv", responses)
    };
    let (earlier, later) = (passed("2024"), passed("2025"));
    score("--format csv")
        .stderr(&format!("{useless}{earlier}{later}"))
        .code(0);
    score("--format csv --period 2024")
        .stderr(&format!("{useless}{earlier}"))
        .code(0);
    score("--format csv --period 2025").stderr(&later).code(0);
    let json = score("--format json --period 2025")
        .stderr(&later)
        .code(0)
        .stdout;
    assert_eq!(
        json.matches("\"code\": \"passed-over\"").count(),
        1,
        "{json}"
    );
    let pages = score("--period all --format markdown").code(0).stdout;
    for year in ["2024", "2025"] {
        assert_eq!(
            pages.matches(&format!("does not count in {year}")).count(),
            1
        );
    }
}

/// Points from 0 to 100 that nobody checked: A writes 250 and B −30, where 100 is the most.
#[test]
fn scores_outside_of_the_range_are_told() {
    let score = |head: &str, arguments: &str| {
        let framework = format!(
            "{{dgpf: 1, id: raw, unit: iso, {head}, dimensions: [\
             {{id: d, indicators: [{{id: a, number: {{}}}}, {{id: b, number: {{}}}}]}}]}}"
        );
        Run::new(&format!("score data.csv -f framework.yaml {arguments}"))
            .file("framework.yaml", framework)
            .file("data.csv", "iso,a,b\nA,2.5,0.5\nB,-0.3,0.5\nC,1,0\n")
    };
    let told = "3 scores of `index`, `d`, `a` lie outside of the range from 0 to 1 (first: `A`)";
    let told_of_four = told.replace('3', "4");
    score("range: [0, 1]", "").stdout_has(&told_of_four).code(0);
    for format in ["csv", "csv-wide", "json"] {
        let score = score("range: [0, 1]", &format!("--format {format}"));
        score.stderr(&format!("note: {told_of_four}\n")).code(0);
    }
    score("range: unbounded", "--format csv").code(0);
}

/// What an indicator is before its dimension is scaled is no score on the range.
#[test]
fn parts_that_are_rescaled_have_a_scale_of_their_own() {
    let framework = "{dgpf: 1, id: raw, unit: iso, range: [0, 100], dimensions: [\
        {id: d, normalise: min-max, indicators: [{id: a, number: {}}]},\
        {id: e, indicators: [{id: b, number: {}, normalise: z-score}]}]}";
    let told =
        "note: 3 scores of `index`, `e`, `b` lie outside of the range from 0 to 100 (first: `A`)\n";
    Run::new("score data.csv -f framework.yaml --format csv")
        .file("framework.yaml", framework)
        .file("data.csv", "iso,a,b\nA,300,0\nB,100,10\nC,500,5\n")
        .stderr(told)
        .code(0);
}

/// Schools in which two people answer.
const STAFF: &str = "\
dgpf: 1
id: schools
unit: school
period: year
attributes: {role: text, size: {values: [small, large]}}
rows: [{key: person, combine: mean, of: answers}]
indicators:
  - {id: plan, scale: {\"no\": 0, \"yes\": 1}}
";

fn staff(command: &str) -> Run {
    Run::new(&format!("{command} responses.csv -f framework.yaml"))
        .file("framework.yaml", STAFF)
        .file(
            "responses.csv",
            "school,year,person,role,size,plan\n\
             Oak,2025,P1,head,small,yes\nOak,2025,P2,teacher,Small,no\n\
             Elm,2024,P1,head,large,yes\nElm,2024,P2,head,,yes\n",
        )
}

#[test]
fn a_summary_by_what_rows_of_a_unit_disagree_about_is_refused() {
    let refused = |file: &str| {
        format!(
            "error[attribute-conflict]: `teacher` as `role` of `Oak`, `2025`, `P2`, which was `head` before\n  \
             --> {file}\n   = help: say the same in all of its rows, or leave it empty in the others\n"
        )
    };
    staff("score --by role")
        .stdout("")
        .stderr(&refused("responses.csv:3"))
        .code(1);
    // Nobody asks for it.
    let saved = staff("score --by size --format json").code(0).stdout;
    Run::new("score result.json --by role")
        .file("result.json", saved)
        .stdout("")
        .stderr(&refused("result.json"))
        .code(1);
    // (1 + 0) ÷ 2
    staff("score --by size --format markdown")
        .stdout_has("| *Mean of small (1)* | *0.50*")
        .code(0);
}

/// Two people of Oak have two roles; both of Elm are heads.
#[test]
fn what_rows_of_a_unit_disagree_about_is_empty() {
    let saved = staff("score --format json").code(0).stdout;
    let saved: serde_json::Value = serde_json::from_str(&saved).expect("it is JSON");
    let of = |unit: &str| {
        let mut observations = saved["observations"].as_array().expect("a list").iter();
        let own = observations.find(|own| own["unit"] == unit);
        own.expect("it was scored")["attributes"].clone()
    };
    assert_eq!(of("Oak"), serde_json::json!({"role": "", "size": "small"}));
    assert_eq!(
        of("Elm"),
        serde_json::json!({"role": "head", "size": "large"})
    );
}

#[test]
fn a_weight_set_is_named_as_it_is_written() {
    score("--weights experts")
        .stderr("error: --weights experts: framework `open-data` has no such weight set; it has `portal-heavy`\n")
        .stdout("")
        .code(2);
}

#[test]
fn the_framework_is_found_by_its_columns() {
    Run::new("score responses.csv --format csv-wide")
        .file("frameworks/open-data.yaml", FRAMEWORK)
        .file("responses.csv", RESPONSES)
        .stderr(FOUND)
        .stdout_has("NOR,,Norway,90,")
        .code(0);
    Run::new("score responses.csv --format csv-wide")
        .file("dgpf.yaml", FRAMEWORK)
        .file("responses.csv", RESPONSES)
        .stderr(&FOUND.replace("frameworks/open-data.yaml", "dgpf.yaml"))
        .stdout_has("NOR,,Norway,90,")
        .code(0);
}

#[test]
fn none_or_several_frameworks_are_an_error_that_lists_them() {
    Run::new("score responses.csv")
        .file("responses.csv", "country,pol_9\nNOR,yes\n")
        .file("frameworks/open-data.yaml", FRAMEWORK)
        .stderr("error: no framework has all its columns in the header of `responses.csv`: name one with -f; `dgpf frameworks` lists them\n")
        .code(2);
    Run::new("score responses.csv")
        .file("responses.csv", "country,pol_1,por_1\nNOR,yes,5\n")
        .file("frameworks/open-data.yaml", FRAMEWORK)
        .stderr("error: no framework has all its columns in the header of `responses.csv`: name one with -f; nearest: `open-data` (2 of 3 columns)\n")
        .code(2);
    Run::new("score responses.csv")
        .file("responses.csv", RESPONSES)
        .file("frameworks/open-data.yaml", FRAMEWORK)
        .file("frameworks/other-data.yaml", FRAMEWORK.replace("id: open-data", "id: other-data"))
        .stderr("error: the columns of `responses.csv` match `open-data` and `other-data`: name one with -f\n")
        .code(2);
}

#[test]
fn of_several_frameworks_the_one_that_the_file_is_named_after() {
    Run::new("score open-data_2023.csv --format csv-wide")
        .file("open-data_2023.csv", RESPONSES)
        .file("frameworks/open-data.yaml", FRAMEWORK)
        .file(
            "frameworks/other-data.yaml",
            FRAMEWORK.replace("id: open-data", "id: other-data"),
        )
        .stderr_has("note: framework `open-data` 1.0.0")
        .code(0);
}

#[test]
fn several_frameworks_print_a_table_each() {
    let run = |format: &str| {
        Run::new(&format!(
            "score responses.csv -f framework.yaml -f other.yaml --format {format}"
        ))
        .file("responses.csv", RESPONSES)
        .file("framework.yaml", FRAMEWORK)
        .file(
            "other.yaml",
            FRAMEWORK
                .replace("id: open-data", "id: other")
                .replace("Open data m", "M"),
        )
    };
    run("markdown")
        .stdout_has("# Open data maturity\n")
        .stdout_has("\n\n# Maturity\n")
        .code(0);
    run("csv")
        .stderr("error: data hold the scores of one framework: write `open-data` and `other` one by one, or print them as tables\n")
        .code(2);
}

#[test]
fn responses_come_on_stdin_too() {
    Run::new("score - -f framework.yaml --format csv-wide")
        .file("framework.yaml", FRAMEWORK)
        .stdin(RESPONSES)
        .stdout_has("NOR,,Norway,90,100,100,100,80,80\n")
        .code(0);
    Run::new("score - - -f framework.yaml")
        .file("framework.yaml", FRAMEWORK)
        .stderr(
            "error: cannot read the standard input: it can be read once: name `-` in one place\n",
        )
        .code(2);
}

#[test]
fn a_page_shows_the_latest_period_and_data_all_of_them() {
    let framework = FRAMEWORK.replace("unit: country\n", "unit: country\nperiod: year\n");
    let responses = "country,year,pol_1,pol_2,por_1\nNOR,2023,yes,yes,80\nNOR,2021,yes,no,60\n";
    let run = |arguments: &str| {
        Run::new(&format!(
            "score responses.csv -f framework.yaml {arguments}"
        ))
        .file("framework.yaml", &framework)
        .file("responses.csv", responses)
    };
    run("")
        .stdout_has("open-data 1.0.0 · period 2023 (of 2021, 2023) · 1 unit")
        .stdout_has("   1  Norway (NOR)   90.0")
        .code(0);
    run("--period 2021")
        .stdout_has("   1  Norway (NOR)   55.0")
        .code(0);
    run("--period all")
        .stdout_has("period 2021 (of")
        .stdout_has("period 2023 (of")
        .code(0);
    run("--period 2022")
        .stderr("error: --period 2022: no such period; there are `2021` and `2023`\n")
        .code(2);
    run("--format csv-wide")
        .stdout(
            "\
unit,period,name,index,policy,pol_1,pol_2,portal,por_1
NOR,2021,Norway,55,50,100,0,60,60
NOR,2023,Norway,90,100,100,100,80,80
",
        )
        .code(0);
    run("--format csv-wide --period latest")
        .stdout(
            "\
unit,period,name,index,policy,pol_1,pol_2,portal,por_1
NOR,2023,Norway,90,100,100,100,80,80
",
        )
        .code(0);
    score("--period 2023")
        .stderr("error: --period 2023: the responses have no periods\n")
        .code(2);
}

#[test]
fn problems_of_the_responses_are_all_reported_and_nothing_is_scored() {
    Run::new("score responses.csv -f framework.yaml")
        .file("framework.yaml", FRAMEWORK)
        .file(
            "responses.csv",
            "country,pol_1,pol_2,por_1\nNOR,yess,yes,80\nPER,yes,no,many\n",
        )
        .stdout("")
        .stderr_has("`yess`")
        .stderr_has("`many`")
        .code(1);
}

#[test]
fn a_file_that_is_no_table_is_told_so_without_a_framework_too() {
    Run::new("score responses.csv")
        .file("responses.csv", "")
        .stderr("error[empty-file]: the file is empty\n  --> responses.csv\n   = help: check that the right file was named\n")
        .code(1);
    Run::new("score responses.csv")
        .file("responses.csv", "%PDF-1.7\n1 0 obj\n")
        .stderr_has("error[not-a-table]: ")
        .code(1);
}

#[test]
fn a_language_that_nobody_speaks_is_refused() {
    for format in ["table", "csv-wide", "json"] {
        score(&format!("--lang xx --format {format}"))
            .stdout("")
            .stderr("error: --lang xx: there are no texts in that language; there are in `en` and `fr`\n")
            .code(2);
    }
    // The words around them are in English.
    let italian = FRAMEWORK.replace("fr: Politique", "it: Politica");
    Run::new("score responses.csv -f framework.yaml --lang it")
        .file("framework.yaml", italian)
        .file("responses.csv", RESPONSES)
        .stdout_has("Politica")
        .code(0);
}

#[test]
fn a_flag_that_changes_nothing_in_a_format_is_refused() {
    for (flags, with) in [
        ("--radar", "--format charts"),
        ("--radar --format json", "--format charts"),
        ("--with rank", "--format csv-wide"),
        ("--with level --format csv", "--format csv-wide"),
        ("--depth 1", "--format csv, csv-wide or parquet"),
        ("--without-answers -o s.csv", "--format json"),
    ] {
        let flag = flags.split(' ').next().unwrap_or_default();
        score(flags)
            .stdout("")
            .stderr(&format!(
                "error: {flag} changes nothing in this format: it goes with {with}\n"
            ))
            .code(2);
    }
    score("--format charts --radar -o charts")
        .stderr_has("files")
        .code(0);
}

/// NOR and EST both 90; PER 50.
#[test]
fn shared_ranks_are_marked_where_the_framework_says_so() {
    let framework = FRAMEWORK.replace(
        "attributes:",
        "ranking: {method: competition, ties: mark}\nattributes:",
    );
    Run::new("score responses.csv -f framework.yaml")
        .file("framework.yaml", framework)
        .file(
            "responses.csv",
            RESPONSES.replace("EST,North,yes,,90", "EST,North,yes,yes,80"),
        )
        .stdout_has("  1=  Estonia (EST)")
        .stdout_has("  1=  Norway (NOR)")
        .stdout_has("   3  Peru (PER)")
        .code(0);
}

#[test]
fn only_members_are_ranked_and_groups_have_their_titles_in_every_language() {
    let framework = FRAMEWORK.replace(
        "attributes:",
        "groups: [{id: north, title: {en: the North, fr: Nord}, where: {region: North}}]
ranking: {among: north}
peers: north
attributes:",
    );
    Run::new("score responses.csv -f framework.yaml --lang fr")
        .file("framework.yaml", framework)
        .file("responses.csv", RESPONSES)
        .stdout(
            "\
Maturité des données ouvertes
open-data 1.0.0 · 3 unités · couverture 91\u{202f}%

Rang  Country            Indice  Intervalle  Niveau    Politique  Portail  Couverture
────  ─────────────────  ──────  ──────────  ────────  ─────────  ───────  ──────────
   1  Estonia (EST)        95,0   70,0–95,0  Leader        100,0     90,0        75\u{202f}%
   2  Norway (NOR)         90,0              Leader        100,0     80,0       100\u{202f}%
────  ─────────────────  ──────  ──────────  ────────  ─────────  ───────  ──────────
      Peru (PER)           50,0              Follower       50,0     50,0       100\u{202f}%
────  ─────────────────  ──────  ──────────  ────────  ─────────  ───────  ──────────
      Moyenne, Nord (2)    92,5                            100,0     85,0
      Minimum              90,0                            100,0     80,0
      Maximum              95,0                            100,0     90,0

Classées : Nord. Les autres figurent au-dessous.
",
        )
        .code(0);
}

#[test]
fn a_framework_without_a_ranking_shows_none() {
    let framework = FRAMEWORK.replace("attributes:", "ranking: none\nattributes:");
    Run::new("score responses.csv -f framework.yaml")
        .file("framework.yaml", framework)
        .file("responses.csv", RESPONSES)
        .stdout_has("\n\nCountry                Index ")
        .code(0);
}

#[test]
fn an_own_framework_takes_the_place_of_one_compiled_in_and_says_so() {
    let own = FRAMEWORK.replace("id: open-data", "id: egdi");
    let run = |arguments: &str| {
        Run::new(&format!(
            "score responses.csv --format csv-wide {arguments}"
        ))
        .file("frameworks/egdi.yaml", &own)
        .file("responses.csv", RESPONSES)
    };
    run("-f egdi")
        .stderr("note: framework `egdi` is taken from frameworks/egdi.yaml, not from those compiled in\n")
        .stdout_has("NOR,,Norway,90,")
        .code(0);
    run("")
        .stderr("note: framework `egdi` 1.0.0 (frameworks/egdi.yaml), found by the columns of `responses.csv`\n")
        .code(0);
}

#[test]
fn the_project_file_does_not_hide_the_framework_of_its_name() {
    Run::new("frameworks show dgpf")
        .file("dgpf.yaml", FRAMEWORK)
        .stdout_has("Digital Government Policy Framework")
        .code(0);
    Run::new("frameworks show open-data")
        .file("dgpf.yaml", FRAMEWORK)
        .stdout_has("Open data maturity\n")
        .code(0);
}

#[test]
fn json_that_is_no_result_is_told_so() {
    Run::new("score answers.json -f framework.yaml")
        .file("framework.yaml", FRAMEWORK)
        .file("answers.json", "{\"unit\": \"NO\"}\n")
        .stdout("")
        .stderr_has("error: cannot read `answers.json`: not a result of dgpf: ")
        .code(2);
}

#[test]
fn units_that_the_framework_leaves_open_are_called_so_in_french() {
    let framework = FRAMEWORK.replace("unit: country\n", "");
    let responses = RESPONSES.replace("country,", "unit,");
    Run::new("score responses.csv -f framework.yaml --lang fr --format markdown")
        .file("framework.yaml", framework)
        .file("responses.csv", responses)
        .stdout_has("| Rang | Unité |")
        .code(0);
}

#[test]
fn answers_that_do_not_count_are_told() {
    let framework = FRAMEWORK.replace(
        "{id: por_1,",
        "{id: por_1, when: {pol_1: \"yes\", pol_2: \"yes\"},",
    );
    let run = |arguments: &str| {
        Run::new(&format!("{arguments} -f framework.yaml"))
            .file("framework.yaml", &framework)
            .file("responses.csv", RESPONSES)
    };
    // Peru alone: nobody knows whether the condition holds for Estonia.
    let one = "1 answer to `por_1` does not count: another answer fails its condition (`PER`)";
    run("score responses.csv").stdout_has(one).code(0);
    let note = format!("note: {one}\n");
    run("score responses.csv --format csv -o scores.csv")
        .stderr(&note)
        .code(0);
    run("score responses.csv --lang fr")
        .stdout_has("1 réponse à `por_1` ne compte pas : une autre réponse ne remplit pas sa condition (`PER`)")
        .code(0);
    let json = run("score responses.csv --format json")
        .stderr(&note)
        .code(0)
        .stdout;
    let saved: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!(
        saved["remarks"],
        serde_json::json!([
            {"code": "passed-over", "period": null, "nodes": ["por_1"], "count": 1, "unit": "PER"}
        ])
    );
    Run::new("report scores.json")
        .file("scores.json", json)
        .stdout_has(one)
        .code(0);
    let site = run("scorecards responses.csv -o site")
        .stderr_has("`site`")
        .code(0);
    let page = site.text("site/index.html");
    assert!(page.contains(&format!("<li>{one}</li>")), "{page}");
}

#[test]
fn a_unit_that_is_left_out_is_left_out_for_the_right_reason() {
    let framework = "\
dgpf: 1
id: screened
unit: country
screen: {answered: 0.6, nonzero: 0.5, drop: [SWE]}
indicators:
  - {id: q1, number: {from: 0, to: 10}}
  - {id: q2, number: {from: 0, to: 10}}
  - {id: q3, number: {from: 0, to: 10}}
";
    let responses = "\
country,q1,q2,q3
EST,0,,
FIN,0,0,5
NOR,5,5,5
SWE,5,5,5
";
    let run = |format: &str| {
        Run::new(&format!(
            "score responses.csv -f framework.yaml --format {format}"
        ))
        .file("framework.yaml", framework)
        .file("responses.csv", responses)
    };
    run("table")
        .stdout_has("`EST` was left out: 33% answered")
        .stdout_has("`FIN` was left out: 33% of its answers are not zero")
        .stdout_has("`SWE` was left out: the framework drops it")
        .code(0);
    run("json")
        .stdout_has("\"answered\": 1.0,\n      \"nonzero\": 0.3333333333333333\n")
        .stdout_has("\"answered\": 1.0,\n      \"dropped\": true\n")
        .stderr_has("note: `EST` was left out: 33% answered")
        .stderr_has("note: `FIN` was left out: 33% of its answers are not zero")
        .stderr_has("note: `SWE` was left out: the framework drops it")
        .code(0);
}

#[test]
fn a_mean_says_how_many_count_where_some_have_no_weight_or_no_score() {
    let framework = "\
dgpf: 1
id: weighed
unit: country
attributes: {population: number}
groups: [{id: by-people, title: Everybody, average: {weight: population}}]
indicators:
  - {id: q1, number: {from: 0, to: 10}}
";
    let responses = "\
country,population,q1
EST,1,0
FIN,,5
NOR,3,10
SWE,10,
";
    let run = |arguments: &str| {
        Run::new(&format!(
            "score responses.csv -f framework.yaml {arguments}"
        ))
        .file("framework.yaml", framework)
        .file("responses.csv", responses)
    };
    // (1 · 0 + 3 · 1) ÷ 4; Finland has no weight, Sweden no score.
    run("")
        .stdout_has("Mean of all units (3 of 4)                           0.50")
        .stdout_has("Mean of Everybody (2 of 4), weighted by population   0.75")
        .code(0);
    run("--lang fr --format markdown")
        .stdout_has("*Moyenne, Everybody (2 sur 4), pondérée par population* | *0,75*")
        .stderr_has("`fr`")
        .code(0);
}

#[test]
fn what_is_skipped_or_empty_meets_no_condition() {
    let framework = "\
dgpf: 1
id: skips
unit: country
attributes: {region: text}
groups: [{id: rest, title: The rest, where: {region: {not: North}}}]
defaults: {missing: zero}
indicators:
  - {id: q1, scale: {\"no\": 0, \"yes\": 1}}
  - {id: q2, scale: {\"no\": 0, \"yes\": 1}, when: {q1: \"yes\"}}
  - {id: q3, scale: {\"no\": 0, \"yes\": 1}, when: {q2: {not: \"yes\"}}}
  - {id: q4, scale: {\"no\": 0, \"yes\": 1}, when: {region: {not: North}}}
";
    // Estonia: q2 is skipped, and so is q3, whose condition names it. Finland has no region and skips q4. In Sweden q2 is
    // not answered: the gap of an indicator is not filled by the general `missing`, but its parent counts it as 0.
    let responses = "\
country,region,q1,q2,q3,q4
EST,South,no,,yes,yes
FIN,,yes,no,yes,yes
SWE,North,yes,,no,yes
";
    Run::new("score responses.csv -f framework.yaml --format csv")
        .file("framework.yaml", framework)
        .file("responses.csv", responses)
        .stdout_has("EST,,q2,indicator,,,")
        .stdout_has("EST,,q3,indicator,,,")
        .stdout_has("EST,,q4,indicator,1,1,")
        .stdout_has("FIN,,q3,indicator,1,1,")
        .stdout_has("FIN,,q4,indicator,,,")
        .stdout_has("SWE,,q2,indicator,,0,")
        .stdout_has("SWE,,index,index,0.3333333333333333,0.6666666666666666,")
        .stderr(
            "note: 1 answer to `q3` does not count: another answer fails its condition (`EST`)\n",
        )
        .code(0);
    Run::new("score responses.csv -f framework.yaml")
        .file("framework.yaml", framework)
        .file("responses.csv", responses)
        .stdout_has("Mean of The rest (1)")
        .code(0);
}

#[test]
fn where_less_is_better_a_need_is_met_by_at_most() {
    let framework = "\
dgpf: 1
id: burden
unit: country
range: [0, 100]
better: lower
levels:
  - {id: light, from: 0}
  - {id: middling, from: 30, needs: [{node: q1, at-least: 50}]}
  - {id: heavy, from: 60, needs: [{node: q1, at-least: 80}]}
indicators:
  - {id: q1, number: {from: 0, to: 100}}
  - {id: q2, number: {from: 0, to: 100}}
";
    Run::new("score responses.csv -f framework.yaml")
        .file("framework.yaml", framework)
        .file(
            "responses.csv",
            "country,q1,q2\nEST,50,20\nFIN,60,10\nNOR,90,90\n",
        )
        .stdout_has("Estonia (EST)          35.00  Middling")
        .stdout_has("Finland (FIN)          35.00  Heavy")
        .stdout_has("Norway (NOR)           90.00  Heavy")
        .code(0);
}
