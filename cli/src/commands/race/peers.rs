//! Peers: other people's virtual machines on the same algorithms.
//!
//! Each is a file in `benches/peers/adapters`. It says how to ask the peer for its version, how to prepare a program and
//! how to run one; the programs lie beside. A program prints its result and the seconds it took, start-up excluded, and the
//! result must be ours. What is not installed is left out, and named.

use regatta_benches::{RunLine, Workload};
use regatta_vm::Scalar;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long a peer may take for one lap, and for everything else that it is asked to do.
const PATIENCE: Duration = Duration::from_secs(300);

/// What an adapter file says. In commands, `{program}` is the source file, `{name}` its name, `{size}` the size of the
/// run, `{harness}` the folder of the harnesses and `{out}` one for what is built.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Adapter {
    /// As tables call it.
    name: String,
    /// What it is, in one line.
    about: String,
    /// What the files of its programs end in.
    program: String,
    /// Prints the version; the first line counts.
    version: Vec<String>,
    /// Makes a program ready.
    #[serde(default)]
    prepare: Vec<String>,
    /// Runs it.
    run: Vec<String>,
    /// Programs of other names, by workload.
    #[serde(default)]
    instead: BTreeMap<String, String>,
}

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
        let mut adapters = adapters(folder)?;
        if let Some(unknown) = asked.iter().find(|name| !adapters.iter().any(|adapter| adapter.name == **name)) {
            let known: Vec<_> = adapters.iter().map(|adapter| &*adapter.name).collect();
            return Err(format!("there is no peer `{unknown}`; there are {}", known.join(", ")));
        }
        adapters.retain(|adapter| asked.is_empty() || asked.contains(&adapter.name));
        let out = Arc::new(TempDir::new().map_err(|error| format!("no folder to build in: {error}"))?);
        let mut peers = Peers::default();
        for adapter in adapters {
            match output(&adapter.version) {
                Ok(text) => {
                    let version = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("?").trim().to_string();
                    peers.here.push(Peer { adapter, folder: folder.to_path_buf(), out: out.clone(), version });
                }
                Err(error) => peers.absent.push(format!("`{}` is left out: {error}", adapter.name)),
            }
        }
        Ok(peers)
    }
}

/// The adapters in a folder, in the order of their files' names.
fn adapters(folder: &Path) -> Result<Vec<Adapter>, String> {
    let folder = folder.join("adapters");
    let listed = fs::read_dir(&folder)
        .map_err(|error| format!("no peers in {}: {error}; `--peers-from` names another folder", folder.display()))?;
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

    /// Makes the twin of a workload ready; nothing if there is none in the peer's language.
    pub(crate) fn prepare(&self, workload: &Workload) -> Option<Result<Course, String>> {
        let algorithm = workload.name.strip_prefix("dyn-").unwrap_or(workload.name);
        let name = self.adapter.instead.get(algorithm).map_or(algorithm, String::as_str);
        let program = self.folder.join("programs").join(format!("{name}.{}", self.adapter.program));
        if !program.exists() {
            return None;
        }
        let fill = |words: &[String]| -> Vec<String> {
            let harness = self.folder.join("harness");
            let [program, harness, out] = [&program, &harness, self.out.path()].map(|path| path.display().to_string());
            let fill = |word: &String| {
                let word = word.replace("{program}", &program).replace("{harness}", &harness);
                word.replace("{out}", &out).replace("{name}", name)
            };
            words.iter().map(fill).collect()
        };
        let prepare = fill(&self.adapter.prepare);
        let prepared = if prepare.is_empty() { Ok(String::new()) } else { output(&prepare) };
        Some(prepared.map(|_| Course { run: fill(&self.adapter.run) }))
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
        let text = output(&command)?;
        let figures: Vec<f64> = text.split_whitespace().map_while(|word| word.parse().ok()).collect();
        let [result, seconds] = figures[..] else {
            return Err(format!("it printed `{}`, expected are a result and seconds", text.trim()));
        };
        let right = number(&line.expected).ok_or_else(|| format!("{line} gives no number"))?;
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

/// What a command prints, if it ends well and in time.
fn output(command: &[String]) -> Result<String, String> {
    let [program, args @ ..] = command else { return Err("the adapter has an empty command".into()) };
    let spawned =
        Command::new(program).args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => format!("`{program}` is not installed (scripts/install-peers)"),
        _ => format!("`{program}`: {error}"),
    })?;
    let began = Instant::now();
    while child.try_wait().map_err(|error| format!("`{program}`: {error}"))?.is_none() {
        if began.elapsed() > PATIENCE {
            let _ = child.kill();
            let _ = child.wait();
            return Err(format!("`{}` took more than {} seconds", command.join(" "), PATIENCE.as_secs()));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().map_err(|error| format!("`{program}`: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if !output.status.success() {
        let complaint = text(&output.stderr);
        let last = complaint.lines().next_back().unwrap_or("nothing on standard error");
        return Err(format!("`{}` ended with {}: {last}", command.join(" "), output.status));
    }
    // Some print their version to standard error.
    Ok(text(if output.stdout.is_empty() { &output.stderr } else { &output.stdout }))
}
