//! SVG by hand: shapes with classes, so that the page's style colours them in light, dark and print; texts are escaped.

mod robustness;
mod strip;

use std::fmt::Write as _;

pub use robustness::{RobustnessChart, robustness};
pub use strip::{Mark, Scale, Strip, bar, dots, spark, strip};

use crate::report::site::escaped;

/// The style of a picture that stands alone.
pub const STYLE: &str = include_str!("chart.css");

/// A picture as it grows.
#[derive(Debug)]
pub struct Svg {
    body: String,
    width: f64,
    height: f64,
}

impl Svg {
    /// An empty picture of this size.
    pub fn new(width: f64, height: f64) -> Self {
        Self {
            body: String::new(),
            width,
            height,
        }
    }

    /// A rectangle.
    pub fn rect(&mut self, class: &str, [x, y, width, height]: [f64; 4]) -> &mut Self {
        self.shape(
            "rect",
            class,
            &[("x", x), ("y", y), ("width", width), ("height", height)],
        )
    }

    /// A circle.
    pub fn circle(&mut self, class: &str, [x, y]: [f64; 2], radius: f64) -> &mut Self {
        self.shape("circle", class, &[("cx", x), ("cy", y), ("r", radius)])
    }

    /// A line.
    pub fn line(&mut self, class: &str, [x, y]: [f64; 2], [to_x, to_y]: [f64; 2]) -> &mut Self {
        let ends = [("x1", x), ("y1", y), ("x2", to_x), ("y2", to_y)];
        self.shape("line", class, &ends)
    }

    /// Points joined by lines.
    pub fn path(&mut self, class: &str, points: &[[f64; 2]], closed: bool) -> &mut Self {
        let mut way = String::new();
        for (position, [x, y]) in points.iter().enumerate() {
            way.push_str(if position == 0 { "M" } else { "L" });
            let _ = write!(way, "{} {}", short(*x), short(*y)); // a string takes everything
        }
        way.push_str(if closed { "Z" } else { "" });
        let _ = write!(
            self.body,
            "<path class=\"{}\" d=\"{way}\"/>",
            escaped(class)
        );
        self
    }

    /// Another picture, its upper left corner here.
    pub fn put(&mut self, other: &Self, [x, y]: [f64; 2]) -> &mut Self {
        let _ = write!(
            self.body,
            "<g transform=\"translate({} {})\">{}</g>",
            short(x),
            short(y),
            other.body
        );
        self
    }

    /// A text; `anchor` is `start`, `middle` or `end`.
    pub fn text(&mut self, class: &str, [x, y]: [f64; 2], anchor: &str, text: &str) -> &mut Self {
        let _ = write!(
            self.body,
            "<text class=\"{}\" x=\"{}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
            escaped(class),
            short(x),
            short(y),
            escaped(text)
        );
        self
    }

    fn shape(&mut self, tag: &str, class: &str, numbers: &[(&str, f64)]) -> &mut Self {
        let _ = write!(self.body, "<{tag} class=\"{}\"", escaped(class));
        for (name, value) in numbers {
            let _ = write!(self.body, " {name}=\"{}\"", short(*value));
        }
        self.body.push_str("/>");
        self
    }

    /// Part of a page, which says in words what it shows; hidden from readers of the screen where those words stand
    /// beside it already (`label` is empty).
    pub fn inline(self, class: &str, label: &str) -> String {
        let what = if label.is_empty() {
            "aria-hidden=\"true\"".to_owned()
        } else {
            format!("role=\"img\" aria-label=\"{}\"", escaped(label))
        };
        format!(
            "<svg class=\"{class}\" viewBox=\"0 0 {} {}\" {what} focusable=\"false\">{}</svg>",
            short(self.width),
            short(self.height),
            self.body
        )
    }

    /// A file of its own, with its style.
    pub fn file(self, title: &str) -> String {
        let (width, height) = (short(self.width), short(self.height));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" role=\"img\"><title>{}</title><style>{STYLE}</style>{}</svg>\n",
            escaped(title),
            self.body
        )
    }
}

/// A coordinate: two decimals at most, none that say nothing.
fn short(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if matches!(text, "-0" | "") { "0" } else { text }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short_and_labels_are_escaped() {
        let mut svg = Svg::new(100.0, 20.5);
        svg.rect("track", [0.0, -0.001, 1.0 / 3.0, 4.10])
            .text("label", [1.0, 2.0], "end", "<b>");
        assert_eq!(
            svg.inline("strip", "a \"b\""),
            "<svg class=\"strip\" viewBox=\"0 0 100 20.5\" role=\"img\" aria-label=\"a &quot;b&quot;\" \
             focusable=\"false\"><rect class=\"track\" x=\"0\" y=\"0\" width=\"0.33\" height=\"4.1\"/>\
             <text class=\"label\" x=\"1\" y=\"2\" text-anchor=\"end\">&lt;b&gt;</text></svg>"
        );
    }
}
