//! Commands that a race runs beside itself: peers, and the tool that counts instructions.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long a command may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// What a command printed.
pub(crate) struct Printed {
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Why a command gave nothing.
#[derive(Debug)]
pub(crate) enum NoOutput {
    /// Its program is not installed.
    NotInstalled(String),
    /// It ended badly, or did not end.
    Failed(String),
}

impl From<NoOutput> for String {
    fn from(reason: NoOutput) -> String {
        match reason {
            NoOutput::NotInstalled(program) => format!("`{}` is not installed", base_name(&program)),
            NoOutput::Failed(reason) => reason,
        }
    }
}

/// What a command prints, if it ends well and in time.
pub(crate) fn output(command: &[String]) -> Result<Printed, NoOutput> {
    let [program, args @ ..] = command else { return Err(NoOutput::Failed("the command is empty".into())) };
    let failed = |error: std::io::Error| NoOutput::Failed(format!("`{program}`: {error}"));
    let spawned =
        Command::new(program).args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => NoOutput::NotInstalled(program.clone()),
        _ => failed(error),
    })?;
    let began = Instant::now();
    while child.try_wait().map_err(failed)?.is_none() {
        if began.elapsed() > PATIENCE {
            let _ = child.kill();
            let _ = child.wait();
            return Err(NoOutput::Failed(format!(
                "`{}` took more than {} seconds",
                command.join(" "),
                PATIENCE.as_secs()
            )));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().map_err(failed)?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let printed = Printed { out: text(&output.stdout), err: text(&output.stderr) };
    if !output.status.success() {
        let last = printed.err.lines().next_back().unwrap_or("nothing on standard error");
        return Err(NoOutput::Failed(format!("`{}` ended with {}: {last}", command.join(" "), output.status)));
    }
    Ok(printed)
}

/// Is there a program of this name, as a path or where programs are looked for?
pub(crate) fn is_installed(program: &str) -> bool {
    if program.contains('/') {
        return Path::new(program).exists();
    }
    let name = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(&name).is_file())
}

fn base_name(program: &str) -> &str {
    program.rsplit('/').next().unwrap_or(program)
}
