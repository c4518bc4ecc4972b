//! `dgpf scorecards`.

use crate::run::{FRAMEWORK, RESPONSES, Run};

fn scorecards(more: &str) -> Run {
    Run::new(&format!(
        "scorecards responses.csv -f framework.yaml -o site {more}"
    ))
    .file("framework.yaml", FRAMEWORK)
    .file("responses.csv", RESPONSES)
}

#[test]
fn remarks_of_another_period_do_not_stand_on_the_pages_of_one() {
    let site = Run::new("scorecards responses.csv -f framework.yaml -o site")
        .file(
            "framework.yaml",
            "{dgpf: 1, id: open, unit: u, period: year, range: [0, 10], indicators: [{id: a, number: {}}]}",
        )
        .file("responses.csv", "u,year,a\nX,2024,20\nX,2025,5\nY,2024,1\nY,2025,30\n")
        .stderr_has("note: `site`")
        .code(0);
    let page = site.text("site/index.html");
    assert!(page.contains("from 0 to 10 in 2025 (first: `Y`)"));
    assert!(!page.contains("from 0 to 10 in 2024"));
}

/// Each question can bring 10 of 20 points: a tenth of these is 1 point, half of them stands for an index of 10 of 20.
#[test]
fn strengths_of_a_sum_are_measured_by_the_points_of_each_part() {
    let site = |responses: &str| {
        Run::new("scorecards responses.csv -f framework.yaml -o site")
            .file(
                "framework.yaml",
                "{dgpf: 1, id: sum, unit: u, range: [0, 20], index: {id: index, aggregate: sum}, indicators: [\
                 {id: a, number: {valid: [0, 10]}}, {id: b, number: {valid: [0, 10]}}]}",
            )
            .file("responses.csv", responses)
            .stderr_has("note: `site`")
            .code(0)
    };
    let strong = |page: &str| {
        let (_, found) = page
            .split_once("<h3>Strengths</h3>")
            .expect("they are told");
        let (strong, weak) = found.split_once("<h3>Weaknesses</h3>").expect("they, too");
        let weak = weak.split("</section>").next().unwrap_or_default();
        ["A", "B"].map(|title| {
            let named = format!("<b>{title}</b>");
            (strong.contains(&named), weak.contains(&named))
        })
    };
    // Means 5 and 5: `a` lies 1.5 above, `b` 0.5 below.
    let page = site("u,a,b\nX,6.5,4.5\nY,5,5\nZ,3.5,5.5\n").text("site/X.html");
    assert!(page.contains("at least a tenth of the points that they can bring"));
    assert_eq!(strong(&page), [(true, false), (false, false)]);
    // The index is 10 of 20: `a` lies 3 above its half, `b` 3 below.
    let page = site("u,a,b\nX,8,2\n").text("site/X.html");
    assert_eq!(strong(&page), [(true, false), (false, true)]);
}

#[test]
fn a_page_for_everybody_and_one_for_every_unit() {
    let left = scorecards("")
        .stderr_has("note: `site`: 4 files (")
        .stderr_has(" kB), 4 of them changed; open `site/index.html`\n")
        .stdout("")
        .code(0);
    let page = left.text("site/NOR.html");
    // Policy (1 + 1) ÷ 2, portal 80: (100 + 80) ÷ 2.
    for text in [
        "<html lang=\"en\" dir=\"ltr\">",
        "default-src &#39;none&#39;",
        "<bdi>Norway</bdi>",
        "<p class=\"figure\">90.0</p>",
        "<p class=\"figure word\">Leader</p>",
        "The best level.",
        "3 of 3 answered",
        "No missing answer leaves the index open.",
    ] {
        assert!(page.contains(text), "{text}");
    }
    // Estonia left one of three open: policy 100 or 50, so that the index lies between 70 and 95.
    let gap = left.text("site/EST.html");
    for text in [
        "2 of 3 answered",
        "With every answer, the index would lie between 70.0 and 95.0.",
        "not answered",
    ] {
        assert!(gap.contains(text), "{text}");
    }
    // Peru: (50 + 50) ÷ 2 is follower; 30 to leader; `Is it reviewed every year?` is worth 25 of them.
    let low = left.text("site/PER.html");
    for text in [
        "<p class=\"next\">30.00 points to Leader</p>",
        "+25.00 points",
    ] {
        assert!(low.contains(text), "{text}");
    }
    for name in ["index", "NOR", "EST", "PER"] {
        let page = left.text(&format!("site/{name}.html"));
        for request in ["src=\"http", "url(", "@import", "<link rel=\"stylesheet\""] {
            assert!(!page.contains(request), "{name}: {request}");
        }
    }
}

#[test]
fn there_is_a_column_of_ranges_where_one_is_open() {
    let with = scorecards("").stderr_has("4 files").code(0);
    let heading = ">Range</th>";
    assert!(with.text("site/index.html").contains(heading));
    let complete = RESPONSES.lines().filter(|row| !row.starts_with("EST"));
    let complete: Vec<&str> = complete.collect();
    let without = Run::new("scorecards responses.csv -f framework.yaml -o site")
        .file("framework.yaml", FRAMEWORK)
        .file("responses.csv", complete.join("\n"))
        .stderr_has("3 files")
        .code(0);
    let page = without.text("site/index.html");
    assert!(page.contains("<bdi>Norway</bdi>") && !page.contains(heading));
}

#[test]
fn french_writes_a_comma_and_its_own_words() {
    let left = scorecards("--lang fr")
        .stderr_has("4 of them changed")
        .code(0);
    let page = left.text("site/NOR.html");
    for text in [
        "<html lang=\"fr\" dir=\"ltr\">",
        "Maturité des données ouvertes",
        "<p class=\"figure\">90,0</p>",
        "Aucune réponse manquante",
    ] {
        assert!(page.contains(text), "{text}");
    }
}

#[test]
fn french_calls_groups_as_the_framework_does_in_french() {
    let framework = FRAMEWORK.replace(
        "weight-sets:",
        "groups: [{id: north, title: {en: The North, fr: Le Nord}, where: {region: North}}]\nweight-sets:",
    );
    let left = scorecards("--lang fr")
        .file("framework.yaml", framework)
        .stderr_has("4 of them changed")
        .code(0);
    let page = left.text("site/index.html");
    assert!(page.contains("Moyenne, Le Nord (2)"), "{page}");
    assert!(!page.contains("The North"));
}

#[test]
fn only_files_that_change_are_written() {
    let first = scorecards("").stderr_has("4 of them changed").code(0);
    let mut again = scorecards("").stderr_has(", 1 of them changed; open `site/index.html`\n");
    for name in ["index", "NOR", "EST"] {
        let file = format!("site/{name}.html");
        again = again.file(&file, first.text(&file));
    }
    let second = again.file("site/PER.html", "old").code(0);
    assert_eq!(first.text("site/PER.html"), second.text("site/PER.html"));
}

#[test]
fn pages_of_units_that_are_gone_are_taken_away_if_they_are_ours() {
    let first = scorecards("").stderr_has("4 of them changed").code(0);
    let left = scorecards("")
        .file("site/OLD.html", first.text("site/PER.html"))
        .file("site/notes.html", "<!DOCTYPE html><title>Not ours</title>")
        .file("site/CNAME", "example.org")
        .stderr_has("note: `site`: taken away, since their units are gone: `OLD.html`\n")
        .code(0);
    assert_eq!(
        left.files_in("site"),
        [
            "CNAME",
            "EST.html",
            "NOR.html",
            "PER.html",
            "index.html",
            "notes.html"
        ]
    );
}

#[test]
fn a_radar_is_drawn_for_those_who_ask() {
    let framework = FRAMEWORK.replace(
        "{policy: 1, portal: 3}",
        "{policy: 1, people: 1, portal: 3}",
    );
    let framework = framework.replace(
        "  - id: portal\n",
        "  - {id: people, indicators: [{id: peo_1, question: Is there a team?, scale: yes-no}]}\n  - id: portal\n",
    );
    let responses =
        "country,pol_1,pol_2,por_1,peo_1\nNOR,yes,yes,80,yes\nPER,yes,no,50,no\nEST,yes,,90,yes\n";
    let run = |more: &str| {
        scorecards(more)
            .file("framework.yaml", &framework)
            .file("responses.csv", responses)
    };
    let plain = run("").stderr_has("4 files").code(0);
    assert!(!plain.text("site/PER.html").contains("class=\"radar\""));
    let left = run("--radar").stderr_has("4 files").code(0);
    let page = left.text("site/PER.html");
    // Lines, not areas; the index page has none.
    assert!(page.contains("class=\"radar\"") && page.contains("the area means nothing"));
    assert!(!left.text("site/index.html").contains("class=\"radar\""));
}

#[test]
fn a_page_says_when_it_was_made_if_it_is_told() {
    let run = || scorecards("--lang fr").stderr_has("4 files");
    assert!(!run().code(0).text("site/NOR.html").contains("Établi le"));
    let left = run().env("SOURCE_DATE_EPOCH", "1764028800").code(0);
    let page = left.text("site/NOR.html");
    assert!(
        page.contains("<dt>Établi le</dt>") && page.contains("<dd>25 novembre 2025</dd>"),
        "{page}"
    );
    scorecards("")
        .env("SOURCE_DATE_EPOCH", "today")
        .stderr("error: SOURCE_DATE_EPOCH is no number of seconds: `today`\n")
        .code(2);
}

/// Norway's policy rose from one to both answers (+25 points of the index), its portal from 60 to 80 (+10). Peru now
/// answers what it left open: its policy was 100 of what was answered, and is 50.
#[test]
fn a_change_is_shared_among_its_causes_and_actions_say_who_is_there() {
    let framework = FRAMEWORK.replace("unit: country", "unit: country\nperiod: year");
    let responses = "\
country,year,pol_1,pol_2,por_1
NOR,2023,yes,no,60
NOR,2025,yes,yes,80
PER,2023,yes,,50
PER,2025,yes,no,50
";
    let left = scorecards("--draws 50 --seed 3")
        .file("framework.yaml", framework)
        .file("responses.csv", responses)
        .stderr_has("3 files")
        .code(0);
    let norway = left.text("site/NOR.html");
    let cell = |text: &str| format!("<td class=\"number\">{text}</td>");
    for (title, cells) in [
        ("Index", ["55.0", "90.0", "▲ +35.0", "+35.0", "±0.0"]),
        ("Policy", ["50.0", "100.0", "▲ +50.0", "+50.0", "±0.0"]),
    ] {
        let row = format!(
            "<th scope=\"row\">{title}</th>\n{}\n",
            cells.map(cell).join("\n")
        );
        assert!(norway.contains(&row), "{row}\n{norway}");
    }
    let peru = left.text("site/PER.html");
    let cells = ["75.0", "50.0", "▼ −25.0", "±0.0", "−25.0"];
    let row = format!(
        "<th scope=\"row\">Index</th>\n{}\n",
        cells.map(cell).join("\n")
    );
    assert!(peru.contains(&row), "{row}\n{peru}");
    assert!(!peru.contains("From the framework") && !peru.contains("From other units"));
    for text in [
        "Next: yes",
        "+25.00 points",
        "There already: Norway",
        "50 draws in which",
        "seed 3",
    ] {
        assert!(peru.contains(text), "{text}\n{peru}");
    }
    assert!(peru.contains("2 in 90% of the draws"), "{peru}");
}

#[test]
fn what_an_answer_made_of_the_difference_is_what_the_index_moves_by_when_it_changes_alone() {
    let page = |aggregate: &str, range: u8| {
        let framework = format!(
            "{{dgpf: 1, id: pair, unit: u, period: year, range: [0, {range}], index: {{aggregate: {aggregate}}}, \
             indicators: [{{id: a, number: {{valid: [0, 10]}}}}, {{id: b, number: {{valid: [0, 10]}}}}]}}"
        );
        Run::new("scorecards r.csv -f f.yaml -o site")
            .file("f.yaml", framework)
            .file("r.csv", "u,year,a,b\nX,2024,4,8\nX,2025,9,4\n")
            .stderr_has("2 files")
            .code(0)
            .text("site/X.html")
    };
    let points = |text: &str| format!("<span class=\"points\">{text}</span>");
    // 12 → 13: five by `a`, four back by `b`.
    let sum = page("sum", 20);
    assert!(sum.contains(&points("+5.000")), "{sum}");
    assert!(sum.contains(&points("−4.000")), "{sum}");
    // √(9 · 4) = 6; with `a` as it was √(4 · 4) = 4, with `b` as it was √(9 · 8) = 8.485.
    let root = page("{geometric: {zeros: zero}}", 10);
    assert!(root.contains(&points("+2.000")), "{root}");
    assert!(root.contains(&points("−2.485")), "{root}");
}

#[test]
fn the_colour_and_the_logo_can_be_set_and_nothing_else() {
    let left = scorecards("--accent #7A1F5C --logo arms.svg")
        .file("arms.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>")
        .stderr_has("4 files")
        .code(0);
    let page = left.text("site/index.html");
    assert!(page.contains(":root{--own:#7a1f5c}"));
    assert!(page.contains("src=\"data:image/svg+xml;base64,PHN2ZyB4"));
    scorecards("--accent red")
        .stderr_has("expected six hexadecimal digits, for instance `#005a9c`")
        .code(2);
    // Yellow on white: 1.05 ÷ (0.7152 × 0.8550 + 0.2126 + 0.05) = 1.2
    scorecards("--accent #ffee00")
        .stderr_has("it can hardly be told from white paper: their contrast is 1.2, and at least 3 is needed")
        .code(2);
    scorecards("--logo arms.svg")
        .file("arms.svg", format!("<svg>{}</svg>", " ".repeat(300_000)))
        .stderr("error: --logo arms.svg: it has 300 kB and stands on every page: 200 kB at most\n")
        .code(2);
    scorecards("--logo arms.txt")
        .file("arms.txt", "no picture")
        .stderr("error: --logo arms.txt: it is neither SVG nor PNG nor JPEG\n")
        .code(2);
}

#[test]
fn an_unknown_period_is_no_page() {
    scorecards("--period 2020")
        .stderr("error: --period 2020: the responses have no periods\n")
        .code(2);
}

#[test]
fn names_of_units_are_shown_not_obeyed_and_no_file_leaves_the_directory() {
    let responses = "\
country,region,pol_1,pol_2,por_1
<script>,North,yes,yes,80
../up,South,yes,no,50
index,North,yes,,90
INDEX,North,,,
";
    let left = scorecards("")
        .file("responses.csv", responses)
        .stderr_has("5 of them changed")
        .code(0);
    let page = left.text("site/_script_.html");
    assert!(page.contains("<bdi>&lt;script&gt;</bdi>"));
    assert!(!page.contains("<script>"));
    assert!(left.text("site/___up.html").contains("<bdi>../up</bdi>"));
    // Neither takes the place of the index page, nor of each other where case does not count.
    let both = [
        left.text("site/INDEX-2.html"),
        left.text("site/index-3.html"),
    ];
    assert!(both[0].contains("<bdi>INDEX</bdi>") && both[1].contains("<bdi>index</bdi>"));
    assert_eq!(left.files(), ["framework.yaml", "responses.csv", "site"]);
}

#[test]
fn a_unit_that_no_single_answer_gives_a_score_has_its_page() {
    let framework = FRAMEWORK.replace("weight-sets:", "index: {missing: no-score}\nweight-sets:");
    let responses = "country,pol_1,pol_2,por_1\nNOR,yes,yes,80\nPER,,,\n";
    let left = scorecards("")
        .file("framework.yaml", framework)
        .file("responses.csv", responses)
        .stderr_has("3 files")
        .code(0);
    assert!(
        left.text("site/PER.html")
            .contains("No score: too little was answered")
    );
}

#[test]
fn draws_are_of_the_frameworks_own_weights_and_say_so() {
    let left = scorecards("--draws 50 --weights portal-heavy")
        .stderr(
            "error: --draws varies the framework's own weights, not those of --weights: leave one of the two out; \
             `dgpf robustness` tells how far ranks move\n",
        )
        .code(2);
    assert!(!left.files().iter().any(|file| file.contains("site")));
}

#[test]
fn one_unit_without_levels_or_answers_has_whole_pages() {
    let levels = FRAMEWORK.find("levels:").expect("it has levels");
    let after = FRAMEWORK
        .find("weight-sets:")
        .expect("they come before its weight sets");
    let framework = FRAMEWORK[..levels].to_owned() + &FRAMEWORK[after..];
    for (answers, shown) in [
        ("yes,yes,80", "<p class=\"figure\">90.0</p>"),
        (",,", "0 of 3 answered"),
    ] {
        let left = scorecards("")
            .file("framework.yaml", &framework)
            .file(
                "responses.csv",
                format!("country,region,pol_1,pol_2,por_1\nNOR,North,{answers}\n"),
            )
            .stderr_has("2 files")
            .code(0);
        let unit = left.text("site/NOR.html");
        assert!(unit.contains(shown), "{answers}");
        for page in [unit, left.text("site/index.html")] {
            assert!(page.ends_with("</html>\n"));
            for wrong in ["NaN", ">inf", "Leader", "class=\"badge\"></"] {
                assert!(!page.contains(wrong), "{answers}: {wrong}");
            }
        }
    }
}

#[test]
fn two_thousand_units_have_their_pages() {
    use std::fmt::Write as _;
    let mut responses = "country,pol_1,pol_2,por_1\n".to_owned();
    responses.push_str(
        "<script>alert(1)</script>,yes,no,1\n\"=HYPERLINK(\"\"x\"\")\",no,no,2\na|b,,,\n",
    );
    for unit in 3..2_000 {
        let answers = ["yes,no", "no,no", ",yes"][unit % 3];
        let _ = writeln!(responses, "U{unit},{answers},{}", unit % 101); // a string takes everything
    }
    let framework = FRAMEWORK.replace("unit: country", "unit: {key: country, codes: any}");
    let left = scorecards("")
        .file("framework.yaml", framework)
        .file("responses.csv", &responses)
        .stderr_has("2001 files")
        .code(0);
    assert_eq!(left.files_in("site").len(), 2_001);
    let index = left.text("site/index.html");
    assert!(index.len() < 4_000_000, "{}", index.len());
    assert!(!index.contains("<script>alert"));
    assert!(index.contains("U1999") && index.contains("=HYPERLINK"));
}

#[test]
fn a_page_says_what_is_missing_to_each_target() {
    let targets = "targets: {\"2027\": {index: 60, portal: 80}}\nlevels:";
    let site = Run::new("scorecards responses.csv -f framework.yaml -o site")
        .file("framework.yaml", FRAMEWORK.replace("levels:", targets))
        .file(
            "responses.csv",
            RESPONSES.replace("EST,North,yes,,90", "EST,North,yes,yes,"),
        )
        .stderr_has("note: `site`")
        .code(0);
    let rows = |unit: &str| -> Vec<String> {
        let page = site.text(&format!("site/{unit}.html"));
        assert!(
            page.contains("<dd>2027: Index 60.0, Portal 80.0</dd>"),
            "the method tells them"
        );
        let (_, table) = page
            .split_once("<h2 id=\"targets\">Targets</h2>")
            .expect("it is there");
        let (_, table) = table.split_once("<tbody>").expect("a table");
        let (table, _) = table.split_once("</tbody>").expect("a table");
        let rows = table.split("<tr>").skip(1);
        let cells = rows.map(|row| {
            let texts = row
                .split('<')
                .filter_map(|tag| tag.split_once('>'))
                .map(|(_, text)| text.trim());
            texts
                .filter(|text| !text.is_empty())
                .collect::<Vec<_>>()
                .join(" | ")
        });
        cells.collect()
    };
    // 50 of 60 and 50 of 80; 90 and 80.
    assert_eq!(
        rows("PER"),
        [
            "2027 | Index | 60.0 | 50.0 | 10.00",
            "2027 | Portal | 80.0 | 50.0 | 30.00"
        ]
    );
    assert_eq!(
        rows("NOR"),
        [
            "2027 | Index | 60.0 | 90.0 | reached",
            "2027 | Portal | 80.0 | 80.0 | reached"
        ]
    );
    // Nothing was answered about the portal.
    assert_eq!(rows("EST")[1], "2027 | Portal | 80.0 | – | –");
    let without = scorecards("").stderr_has("note: `site`").code(0);
    assert!(!without.text("site/PER.html").contains("Targets"));
}

#[test]
fn a_site_in_a_language_that_nobody_speaks_is_refused() {
    scorecards("--lang xx")
        .stderr(
            "error: --lang xx: there are no texts in that language; there are in `en` and `fr`\n",
        )
        .code(2);
}
