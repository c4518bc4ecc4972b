//! What each code means, from `docs/problems.md`: one text for the page and for the program.

const PAGE: &str = include_str!("../../docs/problems.md");

/// What a code means in one kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The code.
    pub code: &'static str,
    /// In which files it can be found: `In responses`.
    pub place: &'static str,
    /// A few sentences, with the line breaks of the page.
    pub text: &'static str,
}

/// All codes, in the order of the page. The same code may be there for several kinds of files.
pub fn explanations() -> impl Iterator<Item = Explanation> {
    PAGE.split("\n## ").skip(1).flat_map(|chapter| {
        let (place, sections) = chapter.split_once('\n').unwrap_or((chapter, ""));
        sections.split("\n### ").skip(1).map(move |section| {
            let (code, text) = section.split_once('\n').unwrap_or((section, ""));
            Explanation {
                code: code.trim(),
                place: place.trim(),
                text: text.trim(),
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes in a table of the source, which an enum cannot be asked for.
    fn codes(source: &str) -> Vec<&str> {
        let table = source
            .split("pub fn code(")
            .nth(1)
            .expect("there is a table");
        let table = table.split("pub fn ").next().unwrap_or_default();
        let arms = table.lines().filter_map(|line| line.split_once("=> \""));
        arms.filter_map(|(_, rest)| rest.split('"').next())
            .collect()
    }

    #[test]
    fn every_code_is_explained_and_nothing_else() {
        for (place, source) in [
            ("In framework files", include_str!("framework.rs")),
            ("In advice on frameworks", include_str!("advice.rs")),
            ("In responses", include_str!("responses.rs")),
            ("In rules for scores", include_str!("gate.rs")),
        ] {
            let known = codes(source);
            assert!(known.len() > 10, "only {} codes were found", known.len());
            let explained: Vec<&str> = explanations()
                .filter(|found| found.place == place)
                .map(|found| found.code)
                .collect();
            for code in &known {
                assert!(
                    explained.contains(code),
                    "docs/problems.md lacks `{code}`: {place}"
                );
            }
            for code in &explained {
                assert!(
                    known.contains(code),
                    "docs/problems.md explains `{code}`: {place}"
                );
            }
        }
        assert!(explanations().all(|found| found.text.len() > 20));
    }
}
