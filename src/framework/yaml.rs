//! The file as written: texts, lists and maps, each with its place. The only module that knows the YAML parser.
//!
//! The parser's events are read instead of a typed struct, so that one run reports every mistake, a number keeps its
//! text (`010`, `no`, `2/3`), and a duplicate key can show both of its places. What a file may cost is bounded here: its
//! size, its depth, and what aliases expand to.

use std::collections::BTreeMap;

use serde_yaml::granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Span};

use super::findings::{Findings, Source, Spot};
use crate::problem::{FrameworkKind, Kind, Severity};

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tree {
    pub(crate) spot: Spot,
    pub(crate) value: Value,
}

/// What can be written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// Nothing, `~` or `null`.
    Null,
    /// A scalar, whatever it looks like.
    Text(String),
    /// A sequence.
    List(Vec<Tree>),
    /// A mapping, in the file's order, without duplicate keys.
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) at: Spot,
    pub(crate) value: Tree,
}

impl Tree {
    /// The scalar's text.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::Null | Value::List(_) | Value::Map(_) => None,
        }
    }

    /// The list's items; none if it is no list.
    pub(crate) fn items(&self) -> &[Tree] {
        match &self.value {
            Value::List(items) => items,
            Value::Null | Value::Text(_) | Value::Map(_) => &[],
        }
    }

    /// The map's entries; none if it is no map.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            Value::Null | Value::Text(_) | Value::List(_) => &[],
        }
    }

    /// The entry with this key.
    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The value of this key.
    pub(crate) fn get(&self, key: &str) -> Option<&Tree> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// What kind of value it is, for messages.
    pub(crate) fn shape(&self) -> &'static str {
        match &self.value {
            Value::Null => "empty",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}

/// Deepest nesting of lists and maps.
const DEEPEST: usize = 64;
/// Most values in a file, those that aliases repeat included.
const MOST_VALUES: usize = 200_000;

/// The tree in a file; `None` if it cannot be read at all.
pub(crate) fn read(source: &Source, findings: &mut Findings) -> Option<Tree> {
    let file = findings.open(source);
    let whole = Spot {
        file,
        ..Spot::default()
    };
    if source.text.len() > Source::LARGEST {
        let bytes = source.text.len();
        findings.error(whole, FrameworkKind::FileTooLarge { bytes });
        return None;
    }
    let text = source.text.trim_start_matches('\u{feff}');
    let mut builder = Builder {
        file,
        findings,
        open: Vec::new(),
        anchors: BTreeMap::new(),
        root: None,
        values: 0,
    };
    for next in Parser::new_from_str(text) {
        let step = match next {
            Ok((event, span)) => builder.take(event, &span),
            Err(error) => {
                builder.syntax(&error, text);
                Err(Stop)
            }
        };
        if step.is_err() {
            return None;
        }
    }
    let root = builder.root.take();
    if root.is_none() {
        findings.add(Severity::Error, &[whole], Kind::EmptyFile);
    }
    root
}

/// A scalar as it is written.
pub(crate) struct Scalar {
    pub(crate) text: String,
    pub(crate) form: ScalarForm,
    /// Lines from 1.
    pub(crate) first_line: usize,
    pub(crate) last_line: usize,
    /// In characters, from 0.
    pub(crate) column: usize,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScalarForm {
    /// Without quotes.
    Plain,
    /// Between quotes.
    Quoted,
    /// As a block of lines after `|` or `>`.
    Block,
}

/// Every scalar of a text, in its order; `None` if it is no YAML.
pub(crate) fn scalars(text: &str) -> Option<Vec<Scalar>> {
    let mut scalars = Vec::new();
    for next in Parser::new_from_str(text) {
        let (event, span) = next.ok()?;
        if let Event::Scalar(text, style, ..) = event {
            scalars.push(Scalar {
                text: text.into_owned(),
                form: match style {
                    ScalarStyle::Plain => ScalarForm::Plain,
                    ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => ScalarForm::Quoted,
                    ScalarStyle::Literal | ScalarStyle::Folded => ScalarForm::Block,
                },
                first_line: span.start.line(),
                // A block ends where the next line begins.
                last_line: span.end.line() - usize::from(span.end.col() == 0),
                column: span.start.col(),
            });
        }
    }
    Some(scalars)
}

/// The file cannot be read further; the reason has been noted.
struct Stop;

struct Builder<'a> {
    file: usize,
    findings: &'a mut Findings,
    /// Lists and maps not yet closed, the outermost first.
    open: Vec<Open>,
    /// Finished values by anchor, with their size.
    anchors: BTreeMap<usize, (Tree, usize)>,
    root: Option<Tree>,
    values: usize,
}

struct Open {
    spot: Spot,
    anchor: usize,
    /// Count of values before it.
    values_before: usize,
    body: OpenBody,
}

enum OpenBody {
    List(Vec<Tree>),
    Map(OpenMap),
}

#[derive(Default)]
struct OpenMap {
    entries: Vec<Entry>,
    /// Where each key stands.
    seen: BTreeMap<String, Spot>,
    /// What `<<` names; its entries come last, where the map does not say them itself.
    merged: Vec<(Tree, Spot)>,
    /// The key whose value comes next.
    key: Option<Key>,
}

enum Key {
    Plain(String, Spot),
    /// `<<`: the entries of the value are taken over.
    Merge(Spot),
    /// No text; noted, and its value is dropped.
    Broken,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: &Span) -> Result<(), Stop> {
        let spot = self.spot(span);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                if tag.is_some() {
                    self.findings.error(spot, FrameworkKind::Tag);
                }
                self.scalar(&text, style, anchor, spot)
            }
            Event::SequenceStart(_, anchor, tag) => {
                if tag.is_some() {
                    self.findings.error(spot, FrameworkKind::Tag);
                }
                self.begin(spot, anchor, OpenBody::List(Vec::new()))
            }
            Event::MappingStart(_, anchor, tag) => {
                if tag.is_some() {
                    self.findings.error(spot, FrameworkKind::Tag);
                }
                self.begin(spot, anchor, OpenBody::Map(OpenMap::default()))
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => self.alias(anchor, spot),
            Event::DocumentStart(..) if self.root.is_some() => {
                self.findings.error(spot, FrameworkKind::SecondDocument);
                Err(Stop)
            }
            _ => Ok(()),
        }
    }

    fn spot(&self, span: &Span) -> Spot {
        let length = if span.start.line() == span.end.line() {
            span.end.col().saturating_sub(span.start.col())
        } else {
            1
        };
        Spot {
            file: self.file,
            line: span.start.line(),
            column: span.start.col() + 1,
            length: length.max(1),
        }
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        spot: Spot,
    ) -> Result<(), Stop> {
        self.count(spot, 1)?;
        let nothing =
            style == ScalarStyle::Plain && matches!(text, "" | "~" | "null" | "Null" | "NULL");
        if let Some(key) = self.key_expected() {
            *key = Some(if text == "<<" && style == ScalarStyle::Plain {
                Key::Merge(spot)
            } else {
                Key::Plain(text.to_owned(), spot)
            });
            return Ok(());
        }
        let value = if nothing {
            Value::Null
        } else {
            Value::Text(text.to_owned())
        };
        self.finish(Tree { spot, value }, anchor, 1);
        Ok(())
    }

    fn begin(&mut self, spot: Spot, anchor: usize, body: OpenBody) -> Result<(), Stop> {
        if self.open.len() >= DEEPEST {
            self.findings
                .error(spot, FrameworkKind::TooDeep { most: DEEPEST });
            return Err(Stop);
        }
        let values_before = self.values;
        self.count(spot, 1)?;
        self.open.push(Open {
            spot,
            anchor,
            values_before,
            body,
        });
        Ok(())
    }

    fn end(&mut self) -> Result<(), Stop> {
        let Some(open) = self.open.pop() else {
            return Err(Stop);
        };
        let value = match open.body {
            OpenBody::List(items) => Value::List(items),
            OpenBody::Map(map) => Value::Map(map.close(self.findings)),
        };
        let size = self.values - open.values_before;
        let tree = Tree {
            spot: open.spot,
            value,
        };
        self.finish(tree, open.anchor, size);
        Ok(())
    }

    fn alias(&mut self, anchor: usize, spot: Spot) -> Result<(), Stop> {
        let Some((tree, size)) = self.anchors.get(&anchor) else {
            self.findings.error(spot, FrameworkKind::AliasInsideItself);
            return Err(Stop);
        };
        let (tree, size) = (
            Tree {
                spot,
                value: tree.value.clone(),
            },
            *size,
        );
        self.count(spot, size)?;
        if let Some(key) = self.key_expected() {
            if let Value::Text(text) = tree.value {
                *key = Some(Key::Plain(text, spot));
            } else {
                *key = Some(Key::Broken);
                self.findings.error(spot, FrameworkKind::KeyIsNoText);
            }
            return Ok(());
        }
        self.finish(tree, 0, size);
        Ok(())
    }

    /// Puts a finished value where it belongs.
    fn finish(&mut self, tree: Tree, anchor: usize, size: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, (tree.clone(), size));
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(tree);
            return;
        };
        match &mut open.body {
            OpenBody::List(items) => items.push(tree),
            OpenBody::Map(map) => map.put(tree, self.findings),
        }
    }

    /// Where the next scalar goes if it is a key.
    fn key_expected(&mut self) -> Option<&mut Option<Key>> {
        match self.open.last_mut() {
            Some(Open {
                body: OpenBody::Map(map),
                ..
            }) if map.key.is_none() => Some(&mut map.key),
            _ => None,
        }
    }

    fn count(&mut self, spot: Spot, more: usize) -> Result<(), Stop> {
        self.values += more;
        if self.values <= MOST_VALUES {
            return Ok(());
        }
        self.findings
            .error(spot, FrameworkKind::TooManyValues { most: MOST_VALUES });
        Err(Stop)
    }

    fn syntax(&mut self, error: &ScanError, text: &str) {
        let spot = Spot {
            file: self.file,
            line: error.marker().line(),
            column: error.marker().col() + 1,
            length: 1,
        };
        let line = text
            .lines()
            .nth(spot.line.saturating_sub(1))
            .unwrap_or_default();
        let kind = match error.kind() {
            ErrorKind::RecursionLimitExceeded => FrameworkKind::TooDeep { most: DEEPEST },
            ErrorKind::UnknownAnchor => FrameworkKind::UnknownAnchor,
            ErrorKind::TabNotAllowed
            | ErrorKind::TabInBlockIndentation
            | ErrorKind::TabAtBlockScalarStart
            | ErrorKind::TabInIndentation
            | ErrorKind::TabInPlainScalar => FrameworkKind::Tab,
            _ if line.trim_start_matches(' ').starts_with('\t') => FrameworkKind::Tab,
            other => not_yaml(other),
        };
        let spot = match kind {
            FrameworkKind::Tab => first_tab(text, spot),
            _ => spot,
        };
        self.findings.error(spot, kind);
    }
}

/// Where the tab stands that indents a line. Readers of YAML meet it while they look for the end of what stands before.
fn first_tab(text: &str, met: Spot) -> Spot {
    let lines = text.lines().enumerate().skip(met.line.saturating_sub(1));
    let mut indented = lines.filter_map(|(at, line)| {
        let spaces = line.len() - line.trim_start_matches(' ').len();
        let tab = line[spaces..].starts_with('\t') && !line.trim().is_empty();
        tab.then_some((at + 1, spaces + 1))
    });
    indented.next().map_or(met, |(line, column)| Spot {
        line,
        column,
        ..met
    })
}

impl OpenMap {
    fn put(&mut self, tree: Tree, findings: &mut Findings) {
        match self.key.take() {
            None => {
                findings.error(tree.spot, FrameworkKind::KeyIsNoText);
                self.key = Some(Key::Broken);
            }
            Some(Key::Broken) => {}
            Some(Key::Merge(at)) => self.merged.push((tree, at)),
            Some(Key::Plain(key, at)) => match self.seen.get(&key) {
                Some(before) => {
                    findings.error_with(at, *before, FrameworkKind::DuplicateKey { key });
                }
                None => self.add(Entry {
                    key,
                    at,
                    value: tree,
                }),
            },
        }
    }

    fn add(&mut self, entry: Entry) {
        self.seen.insert(entry.key.clone(), entry.at);
        self.entries.push(entry);
    }

    fn close(mut self, findings: &mut Findings) -> Vec<Entry> {
        for (tree, at) in std::mem::take(&mut self.merged) {
            self.merge(tree, at, findings);
        }
        self.entries
    }

    /// Takes over what a merged map holds and this one does not say itself.
    fn merge(&mut self, tree: Tree, at: Spot, findings: &mut Findings) {
        match tree.value {
            Value::Map(merged) => {
                for entry in merged {
                    if !self.seen.contains_key(&entry.key) {
                        self.add(entry);
                    }
                }
            }
            Value::List(maps) => {
                for map in maps {
                    self.merge(map, at, findings);
                }
            }
            Value::Null | Value::Text(_) => findings.error(at, FrameworkKind::MergeOfNoMap),
        }
    }
}

/// What the parser stumbled over, in the words of somebody who writes YAML by hand.
fn not_yaml(kind: &ErrorKind) -> FrameworkKind {
    let (found, remedy) = match kind {
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => (
            "a colon starts a value where none can stand",
            "quote a text that contains `: `, and indent keys of one map alike",
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::ExpectedBlockMappingKey => (
            "a key with a colon is missing",
            "write `key: value`, and indent keys of one map alike",
        ),
        ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping => {
            ("a bracket is not closed", "close it with `]` or `}`")
        }
        ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator => (
            "a comma or a closing bracket is missing",
            "separate entries with `,`, and quote a text that contains brackets or commas",
        ),
        ErrorKind::MismatchedFlowCollectionEnd { .. } | ErrorKind::MisplacedFlowCollectionEnd => (
            "a closing bracket does not match",
            "close `[` with `]` and `{` with `}`, and quote a text that contains brackets",
        ),
        ErrorKind::UnclosedQuotedScalar => {
            ("a quote is not closed", "close the text with its quote")
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar
        | ErrorKind::InvalidTrailingDoubleQuotedScalar => (
            "there is more after a quoted text",
            "put the whole text into quotes, and double a single quote inside them",
        ),
        ErrorKind::UnknownQuotedScalarEscape => (
            "a backslash escapes nothing",
            "write `\\\\`, or use single quotes",
        ),
        ErrorKind::UnexpectedCharacter { .. } => {
            ("a text cannot start with this character", "quote the text")
        }
        ErrorKind::InvalidIndentation
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::InvalidFlowScalarIndent
        | ErrorKind::InvalidBlockScalarIndent => (
            "the indentation does not fit",
            "indent what belongs together alike, with spaces",
        ),
        ErrorKind::BlockSequenceEntryNotAllowed | ErrorKind::ExpectedBlockSequenceEntry => (
            "a list item stands where none can",
            "put `- ` on a line of its own, indented like the others",
        ),
        other => {
            return FrameworkKind::Syntax {
                found: other.to_string().to_lowercase(),
                remedy: "check indentation, quotes, brackets and the space after a colon",
            };
        }
    };
    FrameworkKind::Syntax {
        found: found.to_owned(),
        remedy,
    }
}
