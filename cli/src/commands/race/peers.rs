//! Peers: other people's virtual machines on the same algorithms.
//!
//! Each is a file in `benches/peers/adapters`. It says how to ask the peer for its version, how to prepare a program and
//! how to run one; the programs lie beside. A program prints its result and the seconds it took, start-up excluded, and the
//! result must be ours. What is not installed is left out, and named.

mod adapter;

use super::command::{NoOutput, is_installed, output};
use adapter::Adapter;
use regatta_benches::{RunLine, Workload};
use regatta_vm::Scalar;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// A virtual machine that is installed here.
#[derive(Clone)]
pub(crate) struct Peer {
    adapter: Adapter,
    folder: PathBuf,
    /// Where programs are built, until nobody races any more.
    out: Arc<TempDir>,
    /// Its version, in its own words.
    pub(crate) version: String,
}

/// Those that can race, and a line about each that can't.
#[derive(Default)]
pub(crate) struct Peers {
    pub(crate) here: Vec<Peer>,
    pub(crate) absent: Vec<String>,
}

impl Peers {
    /// Those of the adapters in `folder` that are asked for, or all.
    pub(crate) fn find(folder: &Path, asked: &[String]) -> Result<Peers, String> {
        let mut adapters = Adapter::all(folder)?;
        if let Some(unknown) = asked.iter().find(|name| !adapters.iter().any(|adapter| adapter.name == **name)) {
            let known: Vec<_> = adapters.iter().map(|adapter| &*adapter.name).collect();
            return Err(format!("there is no peer `{unknown}`; there are {}", known.join(", ")));
        }
        adapters.retain(|adapter| asked.is_empty() || asked.contains(&adapter.name));
        let out = Arc::new(TempDir::new().map_err(|error| format!("no folder to build in: {error}"))?);
        let mut peers = Peers::default();
        for adapter in adapters {
            let name = adapter.name.clone();
            match Peer::found(adapter, folder, out.clone()) {
                Ok(peer) => peers.here.push(peer),
                Err(reason) => peers.absent.push(format!("`{name}` is left out: {reason}")),
            }
        }
        Ok(peers)
    }
}

/// A program, ready to run.
pub(crate) struct Course {
    run: Vec<String>,
}

impl Peer {
    /// As tables call it.
    pub(crate) fn name(&self) -> &str {
        &self.adapter.name
    }

    /// What it is.
    pub(crate) fn about(&self) -> &str {
        &self.adapter.about
    }

    /// The peer of an adapter, if it and all that it needs are installed.
    fn found(adapter: Adapter, folder: &Path, out: Arc<TempDir>) -> Result<Peer, String> {
        let missing = adapter.needs.iter().find(|program| !is_installed(program));
        if let Some(program) = missing {
            return Err(format!("`{program}` is not installed{}", adapter.remedy()));
        }
        let mut peer = Peer { adapter, folder: folder.to_path_buf(), out, version: String::new() };
        let printed = output(&peer.filled(&peer.adapter.version)).map_err(|reason| match reason {
            NoOutput::NotInstalled(_) => String::from(reason) + &peer.adapter.remedy(),
            NoOutput::Failed(reason) => reason,
        })?;
        // Some print their version to standard error.
        let mut lines = printed.out.lines().chain(printed.err.lines());
        peer.version = lines.find(|line| !line.trim().is_empty()).unwrap_or("?").trim().to_string();
        Ok(peer)
    }

    /// Makes the twin of a workload ready; nothing if there is none in the peer's language.
    pub(crate) fn prepare(&self, workload: &Workload) -> Option<Result<Course, String>> {
        let algorithm = workload.name.strip_prefix("dyn-").unwrap_or(&workload.name);
        let (program, name) = self.adapter.program(&self.folder, algorithm)?;
        let program = program.display().to_string();
        let fill = |words: &[String]| -> Vec<String> {
            self.filled(words).iter().map(|word| word.replace("{program}", &program).replace("{name}", name)).collect()
        };
        let prepare = fill(&self.adapter.prepare);
        let prepared = if prepare.is_empty() { Ok(()) } else { output(&prepare).map(drop) };
        Some(prepared.map(|()| Course { run: fill(&self.adapter.run) }).map_err(String::from))
    }

    /// A command with the folders written out.
    fn filled(&self, words: &[String]) -> Vec<String> {
        let folders = [
            ("{harness}", self.folder.join("harness")),
            ("{tools}", self.folder.join("tools")),
            ("{out}", self.out.path().to_path_buf()),
        ];
        let fill = |word: &String| {
            let replace =
                |word: String, (name, folder): &(&str, PathBuf)| word.replace(name, &folder.display().to_string());
            folders.iter().fold(word.clone(), replace)
        };
        words.iter().map(fill).collect()
    }
}

impl Course {
    /// Runs the program once; gives the time it says it took, and its result, which is right.
    pub(crate) fn lap(&self, line: &RunLine) -> Result<(Duration, String), String> {
        let size = match &line.args[..] {
            [size] => size.to_string(),
            _ => return Err(format!("{line} is no call with one argument, as peers have it")),
        };
        let command: Vec<String> = self.run.iter().map(|word| word.replace("{size}", &size)).collect();
        let text = output(&command)?.out;
        let figures: Vec<f64> = text.split_whitespace().map_while(|word| word.parse().ok()).collect();
        let [result, seconds] = figures[..] else {
            return Err(format!("it printed `{}`, expected are a result and seconds", text.trim()));
        };
        let right = line.expected.as_deref().and_then(number).ok_or_else(|| format!("{line} gives no number"))?;
        if (result - right).abs() > 1e-6 * right.abs().max(1.0) {
            return Err(format!("{line} gave {result}, right is {right}"));
        }
        let time = Duration::try_from_secs_f64(seconds).map_err(|_| format!("{seconds} seconds are no time"))?;
        Ok((time, result.to_string()))
    }
}

/// A result as peers print it.
fn number(results: &[Scalar]) -> Option<f64> {
    match results {
        [Scalar::I32(n)] => Some((*n).into()),
        [Scalar::I64(n)] => Some(*n as f64),
        [Scalar::F32(x)] => Some((*x).into()),
        [Scalar::F64(x)] => Some(*x),
        _ => None,
    }
}
