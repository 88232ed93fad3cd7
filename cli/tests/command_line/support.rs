//! What the tests of the command line share: running it, and looking at what comes back.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// What a run of `regatta` gave.
#[derive(Debug)]
pub(crate) struct Ran {
    /// The exit code.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

/// `regatta` with these words.
pub(crate) fn regatta<W: AsRef<std::ffi::OsStr>>(words: &[W]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_regatta"))
        .args(words)
        .current_dir(fixtures())
        .stdin(Stdio::null())
        .output()
        .expect("the binary was built for this test");
    ran(&output)
}

/// `regatta` with the words of one line, in a folder, with something to read.
pub(crate) fn run_with(folder: &Path, line: &str, input: &str) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_regatta"))
        .args(line.split_whitespace())
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary was built for this test");
    let mut stdin = child.stdin.take().expect("it was asked for");
    let _ = stdin.write_all(input.as_bytes()); // whoever leaves early reads no more
    drop(stdin);
    ran(&child.wait_with_output().expect("it ends"))
}

fn ran(output: &Output) -> Ran {
    Ran {
        code: output.status.code().expect("it exits, whatever happens"),
        out: String::from_utf8(output.stdout.clone()).expect("output is text"),
        err: String::from_utf8(output.stderr.clone()).expect("errors are text"),
    }
}

/// `regatta` with the words of one line.
pub(crate) fn run(line: &str) -> Ran {
    regatta(&line.split_whitespace().collect::<Vec<_>>())
}

/// The names of all engines.
pub(crate) fn engines() -> Vec<String> {
    let listed = run("engines --json").json();
    let names = listed.as_array().expect("a list").iter().map(|engine| engine["name"].as_str().expect("a name"));
    names.map(str::to_string).collect()
}

/// Where the programs of these tests lie.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

impl Ran {
    /// The same, after making sure of the exit code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Ran {
        assert_eq!(self.code, code, "{self:#?}");
        assert!(!self.err.contains("panicked"), "{self:#?}");
        self
    }

    /// The same, after making sure that standard error says this.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Ran {
        assert!(self.err.contains(text), "{text:?} is not said in {self:#?}");
        self
    }

    /// The same, after making sure that this and only this is printed.
    #[track_caller]
    pub(crate) fn prints(self, text: &str) -> Ran {
        assert_eq!(self.out, text, "{self:#?}");
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}
