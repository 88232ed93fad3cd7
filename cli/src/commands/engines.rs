//! `regatta engines`: which engines there are.

use crate::output;
use crate::status::{Outcome, Status};
use clap::Args;
use regatta_vm::{backends, default_backend};
use serde::Serialize;

/// List the engines: each runs every program, in its own way
#[derive(Args)]
pub(crate) struct Engines {
    /// Print an array of {name, summary, default}
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Row {
    name: &'static str,
    summary: &'static str,
    default: bool,
}

impl Engines {
    pub(crate) fn execute(self) -> Outcome {
        let row = |name, summary| Row { name, summary, default: name == default_backend() };
        let rows: Vec<Row> = backends().iter().map(|engine| row(engine.name(), engine.summary())).collect();
        if self.json {
            output::json(&rows)?;
            return Ok(Status::Done);
        }
        let width = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
        for Row { name, summary, default } in rows {
            let mark = if default { " (default)" } else { "" };
            output::line(format_args!("{name:width$}  {summary}{mark}"))?;
        }
        Ok(Status::Done)
    }
}
