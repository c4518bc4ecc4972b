//! The sheets, put together from rows and lists.

use super::{LAST, Maker, Sheets, key_name, shown};
use crate::report::forms::KeyRole;
use crate::report::forms::words::name_of;

impl Maker<'_, '_> {
    pub(super) fn finish(self) -> Sheets {
        let survey_header = [
            vec!["type".to_owned(), "name".to_owned()],
            self.headers("label"),
            self.headers("hint"),
            ["required", "relevant", "constraint"]
                .map(str::to_owned)
                .to_vec(),
            self.headers("constraint_message"),
            ["appearance", "default", "calculation", "trigger"]
                .map(str::to_owned)
                .to_vec(),
        ];
        let nothing = || vec![String::new(); self.speeches.len()];
        let survey = self.survey.iter().map(|row| {
            let required = if row.required { "yes" } else { "" };
            let mut cells = vec![row.kind.clone(), row.name.clone()];
            cells.extend(row.label.clone().unwrap_or_else(nothing));
            cells.extend(row.hint.clone().unwrap_or_else(nothing));
            cells.extend([required, &row.relevant, &row.constraint].map(str::to_owned));
            cells.extend(row.message.clone().unwrap_or_else(nothing));
            cells.extend(
                [row.appearance, &row.default, &row.calculation, &row.trigger].map(str::to_owned),
            );
            cells
        });
        let survey = std::iter::once(survey_header.concat())
            .chain(survey)
            .collect();
        Sheets {
            survey,
            choices: self.choices(),
            settings: self.settings(),
        }
    }

    fn choices(&self) -> Vec<Vec<String>> {
        let fields = self.last.iter().map(|(field, _)| field.clone());
        let header = [
            vec!["list_name".to_owned(), "name".to_owned()],
            self.headers("label"),
            fields.collect(),
        ];
        let mut rows = vec![header.concat()];
        for list in &self.lists {
            for (at, (name, labels)) in list.choices.iter().enumerate() {
                let mut row = vec![list.name.clone(), name.clone()];
                row.extend(labels.clone());
                let of_last = list.name == LAST;
                let values = self.last.iter().filter(|_| of_last);
                row.extend(values.map(|(_, values)| values[at].clone()));
                rows.push(row);
            }
        }
        rows
    }

    fn settings(&self) -> Vec<Vec<String>> {
        let framework = self.form.framework;
        let name = |role: KeyRole| {
            let key = self.form.keys.iter().find(|key| key.role == role);
            key.and_then(|key| key_name(key).ok())
        };
        let names = [name(KeyRole::Unit), name(KeyRole::Period)];
        let names: Vec<String> = names
            .iter()
            .flatten()
            .map(|name| format!("${{{name}}}"))
            .collect();
        let title = self
            .speeches
            .first()
            .map_or("", |speech| speech.text(&framework.title));
        // Forms of one id differ in their version.
        let hash = framework.sha256.get(..8).unwrap_or_default();
        let columns = [
            ("form_title", shown(title)),
            ("form_id", framework.id.to_string()),
            ("version", format!("{}-{hash}", framework.version)),
            (
                "default_language",
                self.form
                    .languages
                    .first()
                    .map_or_else(String::new, |l| language(l)),
            ),
            ("style", "pages".to_owned()),
            (
                "instance_name",
                match names.as_slice() {
                    [only] => only.clone(),
                    names => format!("concat({})", names.join(", ' ', ")),
                },
            ),
        ];
        let columns = columns.into_iter().filter(|(_, text)| !text.is_empty());
        let (header, row): (Vec<&str>, Vec<String>) = columns.unzip();
        vec![header.into_iter().map(str::to_owned).collect(), row]
    }

    /// The columns of a text: one a language.
    fn headers(&self, name: &str) -> Vec<String> {
        let languages = self.form.languages.iter();
        languages
            .map(|of| match language(of).as_str() {
                "" => name.to_owned(),
                shown => format!("{name}::{shown}"),
            })
            .collect()
    }
}

/// A language as `XLSForm` calls it: `Français (fr)`.
fn language(code: &str) -> String {
    if code.is_empty() {
        return String::new();
    }
    format!("{} ({code})", name_of(code))
}
