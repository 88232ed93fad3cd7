//! Adapters: the files that say how other virtual machines are asked to run a program.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What an adapter file says. In commands, `{program}` is the source file, `{name}` its name, `{size}` the size of the
/// run, `{harness}` the folder of the harnesses, `{tools}` that of what `scripts/install-peers` builds, and `{out}` one for
/// what `prepare` builds.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Adapter {
    /// As tables call it.
    pub(crate) name: String,
    /// What it is, in one line.
    pub(crate) about: String,
    /// What the files of its programs end in; of several the first that there is.
    pub(crate) program: Endings,
    /// Workloads that it does not run, though there is a program.
    #[serde(default)]
    pub(crate) except: Vec<String>,
    /// Prints the version; the first line counts.
    pub(crate) version: Vec<String>,
    /// What else must be installed.
    #[serde(default)]
    pub(crate) needs: Vec<String>,
    /// What to ask `scripts/install-peers` for.
    pub(crate) install: Option<String>,
    /// Makes a program ready.
    #[serde(default)]
    pub(crate) prepare: Vec<String>,
    /// Runs it.
    pub(crate) run: Vec<String>,
    /// Programs of other names, by workload.
    #[serde(default)]
    pub(crate) instead: BTreeMap<String, String>,
}

/// One ending or several.
#[derive(Clone, Deserialize)]
#[serde(untagged, expecting = "expected the ending of a file's name, or a list of endings")]
pub(crate) enum Endings {
    One(String),
    Several(Vec<String>),
}

impl Adapter {
    /// The adapters of a folder of peers, in the order of their files' names.
    pub(crate) fn all(peers: &Path) -> Result<Vec<Adapter>, String> {
        let folder = peers.join("adapters");
        let listed = fs::read_dir(&folder).map_err(|error| {
            format!("no peers in {}: {error}; `--peers-from` names another folder", folder.display())
        })?;
        let mut files: Vec<PathBuf> = listed.filter_map(|entry| Some(entry.ok()?.path())).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
        files.sort();
        let read = |file: &PathBuf| {
            let text = fs::read_to_string(file).map_err(|error| error.to_string());
            text.and_then(|text| toml::from_str(&text).map_err(|error| error.to_string()))
                .map_err(|error| format!("{}: {error}", file.display()))
        };
        files.iter().map(read).collect()
    }

    /// The program for an algorithm, in a folder of peers, and its name without ending.
    pub(crate) fn program<'a>(&'a self, peers: &Path, algorithm: &'a str) -> Option<(PathBuf, &'a str)> {
        if self.except.iter().any(|name| name == algorithm) {
            return None;
        }
        let name = self.instead.get(algorithm).map_or(algorithm, String::as_str);
        let endings = match &self.program {
            Endings::One(ending) => std::slice::from_ref(ending),
            Endings::Several(endings) => endings,
        };
        let file = |ending: &String| peers.join("programs").join(format!("{name}.{ending}"));
        Some((endings.iter().map(file).find(|file| file.exists())?, name))
    }

    /// How to get what is missing.
    pub(crate) fn remedy(&self) -> String {
        self.install.as_ref().map_or(String::new(), |what| format!(" (scripts/install-peers {what})"))
    }
}
