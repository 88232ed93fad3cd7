//! Who races on what: names from the command line, looked up.

use super::Race;
use super::files;
use super::peers::Peers;
use crate::status::Failure;
use regatta_benches::{Workload, workloads};
use regatta_vm::backends;

/// The engine that checks everything again: too slow for full races unless somebody asks for it.
const SLOW: &str = "reference";

impl Race {
    /// The engines, and a line about each that is left out.
    pub(super) fn chosen_engines(&self) -> Result<(Vec<&'static str>, Vec<String>), Failure> {
        let known: Vec<&'static str> = backends().iter().map(|engine| engine.name()).collect();
        if !self.engines.is_empty() {
            let asked = self.engines.iter().map(|name| one(name, &known, "engine", |name| name));
            return Ok((once(asked.collect::<Result<_, _>>()?, |name| name), vec![]));
        }
        let (racing, left_out): (Vec<_>, Vec<_>) = known.into_iter().partition(|name| self.quick || *name != SLOW);
        let why = |name| format!("`{name}` is left out of full races, because it is far slower: --engines {name}");
        Ok((racing, left_out.into_iter().map(why).collect()))
    }

    /// Is it for short runs only, unless somebody names it?
    pub(super) fn is_too_slow(&self, engine: &str) -> bool {
        engine == SLOW && self.engines.is_empty()
    }

    /// Those of other people.
    pub(super) fn chosen_peers(&self) -> Result<Peers, Failure> {
        match &self.peers {
            Some(asked) => Peers::find(&self.peers_from, asked).map_err(Failure::Usage),
            None => Ok(Peers::default()),
        }
    }

    /// Is whom the others are compared with in the race?
    pub(super) fn check_base(&self, engines: &[&str], peers: &Peers) -> Result<(), Failure> {
        let Some(base) = &self.base else { return Ok(()) };
        let racing: Vec<&str> = engines.iter().copied().chain(peers.here.iter().map(|peer| peer.name())).collect();
        if racing.contains(&&**base) {
            return Ok(());
        }
        Err(Failure::Usage(format!("`{base}` is not in the race; there are {}", racing.join(", "))))
    }

    /// The workloads, each with the word that names it.
    pub(super) fn chosen_workloads(&self) -> Result<Vec<(String, Workload)>, Failure> {
        let known: Vec<_> = workloads().into_iter().map(|workload| (workload.name.clone(), workload)).collect();
        let files = self.workloads.iter().filter(|word| files::is_file(word)).count();
        if files != 1
            && let Some(option) = self.call.is_of_a_file()
        {
            let given = if files == 0 { "none is given".to_string() } else { format!("{files} are given") };
            return Err(Failure::Usage(format!("{option} is about one file to race on, and {given}")));
        }
        if self.workloads.is_empty() {
            return Ok(known);
        }
        let mut chosen = Vec::new();
        for word in &self.workloads {
            if files::is_file(word) {
                chosen.push((word.clone(), files::workload(word, &self.call)?));
                continue;
            }
            let family = known.iter().filter(|(name, _)| is_of_family(name, word));
            let before = chosen.len();
            chosen.extend(family.cloned());
            if chosen.len() == before {
                chosen.push(one(word, &known, "workload", |(name, _)| name)?);
            }
        }
        Ok(once(chosen, |(name, _)| name))
    }
}

/// Is it a name like `dyn-fib`, of the family `dyn`?
fn is_of_family(name: &str, family: &str) -> bool {
    name.strip_prefix(family).is_some_and(|rest| rest.starts_with('-'))
}

/// The one that has this name.
fn one<T: Clone>(word: &str, known: &[T], what: &str, name: impl Fn(&T) -> &str) -> Result<T, Failure> {
    let found = known.iter().find(|one| name(one) == word);
    found.cloned().ok_or_else(|| {
        let known: Vec<_> = known.iter().map(&name).collect();
        let file = if what == "workload" { "; a file ends in .rga or .rgm" } else { "" };
        Failure::Usage(format!("there is no {what} `{word}`; there are {}{file}", known.join(", ")))
    })
}

/// Each once, in the order of asking.
fn once<T>(asked: Vec<T>, name: impl Fn(&T) -> &str) -> Vec<T> {
    let mut chosen: Vec<T> = Vec::new();
    for one in asked {
        if !chosen.iter().any(|other| name(other) == name(&one)) {
            chosen.push(one);
        }
    }
    chosen
}
