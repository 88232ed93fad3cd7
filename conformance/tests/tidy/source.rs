//! Files of the repository, and what may not stand in them.

use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold no sources.
const SKIPPED: &[&str] =
    &[".git", "target", "fuzz/target", "fuzz/corpus", "fuzz/artifacts", "fuzz/coverage", "benches/peers/tools"];

/// Lines in a file of code; tables may be longer.
const MAX_LINES: usize = 600;
const LONG_TABLES: &[&str] = &["ir/src/ops.rs"];

/// A text file of the repository.
pub(crate) struct File {
    /// From the root of the repository, with forward slashes.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    pub(crate) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in the workspace").to_path_buf()
}

/// All text files.
pub(crate) fn files() -> Vec<File> {
    let mut files = Vec::new();
    collect(&root(), &root(), &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(files.iter().any(|file| file.path == "ir/src/ops.rs"), "the sources are where they should be");
    files
}

fn collect(folder: &Path, root: &Path, files: &mut Vec<File>) {
    for entry in fs::read_dir(folder).expect("the repository can be read") {
        let path = entry.expect("the repository can be read").path();
        let name = path.strip_prefix(root).expect("it lies in the root").to_string_lossy().replace('\\', "/");
        if SKIPPED.contains(&&*name) {
            continue;
        }
        if path.is_dir() {
            collect(&path, root, files);
        } else if let Ok(text) = fs::read_to_string(&path) {
            files.push(File { path: name, text });
        }
    }
}

/// Fails with all complaints at once.
#[track_caller]
pub(crate) fn complain(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "\n{}", complaints.join("\n"));
}

#[test]
fn nothing_unfinished_and_no_machine_is_mentioned() {
    // In two halves, so that this file may say what it looks for.
    let halves =
        [("TO", "DO"), ("FIX", "ME"), ("todo", "!("), ("#[ig", "nore"), ("/ro", "ot/"), ("/ho", "me/"), ("/wo", "rk/")];
    let words: Vec<String> = halves.iter().map(|(first, second)| format!("{first}{second}")).collect();
    let mut complaints = Vec::new();
    for file in files() {
        for (number, line) in (1..).zip(file.text.lines()) {
            for word in words.iter().filter(|word| line.contains(*word)) {
                complaints.push(format!("{}:{number}: `{word}`", file.path));
            }
        }
    }
    complain(complaints);
}

#[test]
fn everything_foreign_comes_from_a_registry() {
    // Not from somebody's repository or folder, where it could change under us.
    let locks = files().into_iter().filter(|file| file.path.ends_with("Cargo.lock"));
    let lines = locks.flat_map(|file| file.text.lines().map(str::to_string).collect::<Vec<_>>());
    complain(lines.filter(|line| line.starts_with("source = ") && !line.starts_with("source = \"registry+")).collect());
}

#[test]
fn files_are_short() {
    let long = |file: &File| file.text.lines().count() > MAX_LINES;
    let files = files().into_iter().filter(|file| file.is_rust() && long(file));
    let files = files.filter(|file| !LONG_TABLES.contains(&&*file.path));
    complain(files.map(|file| format!("{} has more than {MAX_LINES} lines", file.path)).collect());
}

#[test]
fn one_file_gives_out_dynamic_ids() {
    let number = format!("0x8000_{}", "0000");
    let files = files().into_iter().filter(|file| file.is_rust() && file.path.contains("/src/"));
    let files = files.filter(|file| file.path != "ir/src/index.rs" && file.text.contains(&number));
    complain(
        files.map(|file| format!("{} writes {number}, which is the business of ir/src/index.rs", file.path)).collect(),
    );
}
