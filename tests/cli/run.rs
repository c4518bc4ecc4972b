//! [`Run`]: one call of the program in a directory of its own.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

/// A call of the program and what is expected of it. Nothing is expected on stderr unless it is said.
pub(crate) struct Run {
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    directory: tempfile::TempDir,
    stdin: Vec<u8>,
    stdout: Option<Expected>,
    stderr: Expected,
}

enum Expected {
    Exactly(String),
    Containing(Vec<String>),
}

/// What a call left behind.
pub(crate) struct Left {
    directory: tempfile::TempDir,
    pub(crate) stdout: String,
}

impl Run {
    /// The program with these arguments, parted by spaces.
    pub(crate) fn new(arguments: &str) -> Self {
        Self {
            arguments: arguments.split_whitespace().map(str::to_owned).collect(),
            environment: Vec::new(),
            directory: tempfile::tempdir().expect("a temporary directory"),
            stdin: Vec::new(),
            stdout: None,
            stderr: Expected::Exactly(String::new()),
        }
    }

    /// A file in the directory.
    pub(crate) fn file(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).expect("a directory in a temporary one");
        }
        fs::write(path, text).expect("a file in a temporary directory");
        self
    }

    /// Another argument, which may hold spaces.
    pub(crate) fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// A variable of the environment.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// What stands on stdin.
    pub(crate) fn stdin(mut self, text: &str) -> Self {
        self.stdin = text.as_bytes().to_vec();
        self
    }

    /// All of stdout.
    pub(crate) fn stdout(mut self, text: &str) -> Self {
        self.stdout = Some(Expected::Exactly(text.to_owned()));
        self
    }

    /// Something on stdout.
    pub(crate) fn stdout_has(mut self, text: &str) -> Self {
        match &mut self.stdout {
            Some(Expected::Containing(texts)) => texts.push(text.to_owned()),
            _ => self.stdout = Some(Expected::Containing(vec![text.to_owned()])),
        }
        self
    }

    /// All of stderr.
    pub(crate) fn stderr(mut self, text: &str) -> Self {
        self.stderr = Expected::Exactly(text.to_owned());
        self
    }

    /// Something on stderr.
    pub(crate) fn stderr_has(mut self, text: &str) -> Self {
        match &mut self.stderr {
            Expected::Containing(texts) => texts.push(text.to_owned()),
            Expected::Exactly(_) => self.stderr = Expected::Containing(vec![text.to_owned()]),
        }
        self
    }

    /// A path in the directory.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Runs it and compares.
    #[track_caller]
    pub(crate) fn code(self, code: i32) -> Left {
        let output = self.run();
        let stdout = String::from_utf8(output.stdout).expect("stdout is UTF-8");
        let stderr = String::from_utf8(output.stderr).expect("stderr is UTF-8");
        self.stderr.compare("stderr", &stderr);
        if let Some(expected) = &self.stdout {
            expected.compare("stdout", &stdout);
        }
        assert_eq!(
            output.status.code(),
            Some(code),
            "exit code; stderr:\n{stderr}"
        );
        Left {
            directory: self.directory,
            stdout,
        }
    }

    /// Runs it, however it ends, and gives what stands on stderr.
    #[track_caller]
    pub(crate) fn any_code(self) -> (Left, String) {
        let output = self.run();
        assert!(output.status.code().is_some(), "it was ended by a signal");
        let left = Left {
            directory: self.directory,
            stdout: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
        };
        let stderr = String::from_utf8(output.stderr).expect("stderr is UTF-8");
        (left, stderr)
    }

    fn run(&self) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dgpf"));
        command
            .args(&self.arguments)
            .current_dir(self.directory.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for variable in ["NO_COLOR", "COLUMNS", "TERM", "SOURCE_DATE_EPOCH"] {
            command.env_remove(variable);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        let mut child = command
            .spawn()
            .expect("the program was built for this test");
        let mut stdin = child.stdin.take().expect("it was asked to be piped");
        // A program that does not read its input may be gone by now.
        let _ = stdin.write_all(&self.stdin);
        drop(stdin);
        child.wait_with_output().expect("a child that was started")
    }
}

impl Expected {
    #[track_caller]
    fn compare(&self, stream: &str, found: &str) {
        match self {
            Self::Exactly(text) => assert!(
                text == found,
                "{stream} is\n{found}\n-- expected\n{text}\n--"
            ),
            Self::Containing(texts) => {
                for text in texts {
                    assert!(
                        found.contains(text.as_str()),
                        "{stream} is\n{found}\n-- expected to contain\n{text}\n--"
                    );
                }
            }
        }
    }
}

impl Left {
    /// A file that the call wrote.
    #[track_caller]
    pub(crate) fn text(&self, name: &str) -> String {
        let path = self.directory.path().join(name);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// A file that the call wrote and that is no text.
    #[track_caller]
    pub(crate) fn bytes(&self, name: &str) -> Vec<u8> {
        let path = self.directory.path().join(name);
        fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Whether a directory has this name.
    pub(crate) fn is_directory(&self, name: &str) -> bool {
        self.directory.path().join(name).is_dir()
    }

    /// The names of the files in the directory.
    pub(crate) fn files(&self) -> Vec<String> {
        self.files_in("")
    }

    /// The names of the files in a directory below.
    pub(crate) fn files_in(&self, directory: &str) -> Vec<String> {
        let listed = fs::read_dir(self.directory.path().join(directory)).expect("it is there");
        let mut names: Vec<String> = listed
            .map(|entry| {
                entry
                    .expect("a listed file")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }
}

/// Three indicators in two dimensions, scores from 0 to 100, three levels.
pub(crate) const FRAMEWORK: &str = r#"dgpf: 1
id: open-data
title: {en: Open data maturity, fr: Maturité des données ouvertes}
version: 1.0.0
unit: country
range: [0, 100]
rounding: {digits: 1}
attributes: {region: text}
scales:
  yes-no: {"no": 0, "yes": 1}
levels:
  - {id: beginner, title: Beginner, from: 0}
  - {id: follower, title: Follower, from: 40}
  - {id: leader, title: Leader, from: 80}
weight-sets:
  portal-heavy: {weights: {policy: 1, portal: 3}}
dimensions:
  - id: policy
    title: {en: Policy, fr: Politique}
    indicators:
      - {id: pol_1, question: Is there an open data policy?, scale: yes-no}
      - {id: pol_2, question: Is it reviewed every year?, scale: yes-no}
  - id: portal
    title: {en: Portal, fr: Portail}
    indicators:
      - {id: por_1, question: Share of data sets with a licence (%), number: {from: 0, to: 100}}
"#;

/// Three countries; the last one left a gap.
pub(crate) const RESPONSES: &str = "\
country,region,pol_1,pol_2,por_1
NOR,North,yes,yes,80
PER,South,yes,no,50
EST,North,yes,,90
";
