//! HTML as text: tags are opened and closed in pairs, and every text of the data passes through [`escaped`].

use crate::report::terminal;

/// A page or a part of one, as it grows.
#[derive(Debug, Default)]
pub(super) struct Html {
    out: String,
    open: Vec<&'static str>,
}

impl Html {
    /// Opens an element. Attribute values are escaped.
    pub(super) fn open(&mut self, tag: &'static str, attributes: &[(&str, &str)]) -> &mut Self {
        self.start(tag, attributes);
        self.open.push(tag);
        self
    }

    /// Closes the innermost open element.
    pub(super) fn close(&mut self) -> &mut Self {
        if let Some(tag) = self.open.pop() {
            self.out.push_str("</");
            self.out.push_str(tag);
            self.out.push('>');
            if !matches!(tag, "span" | "a" | "b" | "bdi" | "small" | "strong") {
                self.out.push('\n');
            }
        }
        self
    }

    /// Text of the data, or words of the interface.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.out.push_str(&escaped(text));
        self
    }

    /// An element with nothing but a text in it.
    pub(super) fn leaf(
        &mut self,
        tag: &'static str,
        attributes: &[(&str, &str)],
        text: &str,
    ) -> &mut Self {
        self.open(tag, attributes).text(text).close()
    }

    /// Opens a box that scrolls sideways where its table is too wide; the keyboard can reach it.
    pub(super) fn scroll(&mut self, label: &str) -> &mut Self {
        let attributes = [
            ("class", "scroll"),
            ("tabindex", "0"),
            ("role", "group"),
            ("aria-label", label),
        ];
        self.open("div", &attributes)
    }

    /// A number in a table, with the head of its column for places where heads are not shown.
    pub(super) fn number(&mut self, head: &str, text: &str) -> &mut Self {
        self.leaf("td", &[("class", "number"), ("data-head", head)], text)
    }

    /// An element that holds nothing, such as `meta`.
    pub(super) fn void(&mut self, tag: &'static str, attributes: &[(&str, &str)]) -> &mut Self {
        self.start(tag, attributes);
        self.out.push('\n');
        self
    }

    /// Markup made by this program: charts, style, scripts.
    pub(super) fn markup(&mut self, markup: &str) -> &mut Self {
        self.out.push_str(markup);
        self
    }

    fn start(&mut self, tag: &str, attributes: &[(&str, &str)]) {
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attributes {
            self.out.push(' ');
            self.out.push_str(name);
            // An attribute without a value is a switch.
            if !value.is_empty() || matches!(*name, "value" | "alt") {
                self.out.push_str("=\"");
                self.out.push_str(&escaped(value));
                self.out.push('"');
            }
        }
        self.out.push('>');
    }

    /// All of it, with everything closed.
    pub(super) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out
    }
}

/// The one way by which a text gets into a page: markup is shown, not obeyed, and marks that would turn the reading
/// direction of what follows are written out.
pub(in crate::report) fn escaped(text: &str) -> String {
    let plain = text.replace(['\n', '\r', '\t'], " ");
    let mut shown = String::with_capacity(plain.len());
    for letter in terminal::escaped(&plain).chars() {
        match letter {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\'' => shown.push_str("&#39;"),
            _ => shown.push(letter),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_data_is_shown_not_obeyed() {
        let mut html = Html::default();
        html.open("p", &[("title", "\"><script>")])
            .text("<script>alert('&')</script>\u{202e}\n")
            .open("b", &[]);
        assert_eq!(
            html.finish(),
            "<p title=\"&quot;&gt;&lt;script&gt;\">&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;\\u{202e} \
             <b></b></p>\n"
        );
    }
}
