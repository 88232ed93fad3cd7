//! `regatta race --peers`: other virtual machines, here played by the shell.

use crate::support::run;

/// A folder with peers: shell commands that print what is asked of them.
fn peers(adapters: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["adapters", "programs", "harness"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
    }
    std::fs::write(folder.path().join("programs/fib.txt"), "46368").unwrap();
    for (name, rest) in adapters {
        let text = format!("name = \"{name}\"\nabout = \"for a test\"\nprogram = \"txt\"\n{rest}\n");
        std::fs::write(folder.path().join(format!("adapters/{name}.toml")), text).unwrap();
    }
    folder
}

#[test]
fn peers_are_raced_checked_and_missed() {
    let folder = peers(&[
        (
            "good",
            "version = [\"echo\", \"good 1.2\"]\nprepare = [\"cp\", \"{program}\", \"{out}/{name}\"]\nrun = [\"sh\", \"-c\", \"echo $(cat {out}/{name}) 0.000123\"]",
        ),
        ("liar", "version = [\"echo\", \"1\"]\nrun = [\"echo\", \"46369\", \"0.1\"]"),
        ("mute", "version = [\"echo\", \"1\"]\nrun = [\"echo\"]"),
        ("gone", "version = [\"regatta-no-such-command\"]\nrun = [\"echo\"]"),
    ]);
    let from = folder.path().to_str().unwrap();
    let ran =
        run(&format!("race fib loop --quick --reps 2 --engines match --peers --peers-from {from} --json")).exits(1);
    let race = ran.json();
    let rows: Vec<(&str, &str)> = race["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["workload"].as_str().unwrap(), row["engine"].as_str().unwrap()))
        .collect();
    assert_eq!(rows, [("fib", "match"), ("fib", "good"), ("loop", "match")]);
    assert_eq!((&race["rows"][1]["ns_min"], &race["rows"][1]["fuel"]), (&123_000.into(), &serde_json::Value::Null));
    assert_eq!(race["versions"]["peers"][0]["version"], "good 1.2");
    assert!(
        race["skipped"][0].as_str().unwrap().contains("`gone` is left out: `regatta-no-such-command` is not installed")
    );
    ran.says("fib on liar: %run(24) gave 46369, right is 46368").says("fib on mute: it printed ``");

    let ran = run(&format!("race fib --quick --engines match --peers=good --base good --peers-from {from}")).exits(0);
    assert!(ran.out.contains("/ good") && ran.out.contains("0.123 ms"), "{ran:#?}");
    run(&format!("race --peers=goad --peers-from {from}"))
        .exits(2)
        .says("there is no peer `goad`; there are gone, good, liar, mute");
    run("race --peers --peers-from nowhere").exits(2).says("no peers in nowhere");
    run("race fib --base good").exits(2).says("`good` is not in the race; there are match");
}

#[test]
fn adapters_with_mistakes_are_named() {
    let folder = peers(&[("odd", "version = [\"echo\"]\nrun = [\"echo\"]\nspeed = 3")]);
    let from = folder.path().to_str().unwrap();
    run(&format!("race fib --peers --peers-from {from}")).exits(2).says("odd.toml").says("speed");
}

#[test]
fn what_a_peer_lacks_is_named_with_the_way_to_get_it() {
    let folder = peers(&[
        ("alien", "install = \"alien\"\nversion = [\"{tools}/alien-runner\", \"version\"]\nrun = [\"echo\"]"),
        ("needy", "needs = [\"sh\", \"regatta-no-such-tool\"]\nversion = [\"echo\", \"1\"]\nrun = [\"echo\"]"),
        ("sick", "install = \"sick\"\nversion = [\"sh\", \"-c\", \"echo it hurts >&2; exit 3\"]\nrun = [\"echo\"]"),
    ]);
    let from = folder.path().to_str().unwrap();
    let race = run(&format!("race fib --quick --reps 1 --engines match --peers --peers-from {from} --json")).exits(0);
    let skipped = &race.json()["skipped"];
    assert_eq!(skipped[0], "`alien` is left out: `alien-runner` is not installed (scripts/install-peers alien)");
    assert_eq!(skipped[1], "`needy` is left out: `regatta-no-such-tool` is not installed");
    let sick = skipped[2].as_str().unwrap();
    assert!(sick.starts_with("`sick` is left out:") && sick.ends_with("exit status: 3: it hurts"), "{sick}");
}

#[test]
fn programs_may_be_in_several_languages() {
    // `fib` is there in both, `loop` in the second, `sieve` in both but not for this one.
    let folder = peers(&[(
        "tools",
        "version = [\"cat\", \"{tools}/version\"]\nexcept = [\"sieve\"]\nrun = [\"sh\", \"-c\", \"echo $(cat {program}) 0.001\"]",
    )]);
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    std::fs::create_dir(folder.path().join("tools")).unwrap();
    write("tools/version", "\ntools of 1999\n");
    let adapter = folder.path().join("adapters/tools.toml");
    let text = std::fs::read_to_string(&adapter).unwrap().replace("\"txt\"", "[\"txt\", \"text\"]");
    std::fs::write(&adapter, text).unwrap();
    write("programs/fib.text", "0, which is wrong");
    write("programs/loop.text", "485811");
    write("programs/sieve.txt", "0, which is wrong");
    let from = folder.path().to_str().unwrap();
    let race = run(&format!("race fib loop sieve --quick --reps 1 --engines match --peers --peers-from {from} --json"));
    let race = race.exits(0).json();
    let ran = race["rows"].as_array().unwrap().iter().filter(|row| row["engine"] == "tools");
    assert_eq!(ran.map(|row| row["workload"].as_str().unwrap()).collect::<Vec<_>>(), ["fib", "loop"]);
    assert_eq!(race["versions"]["peers"][0]["version"], "tools of 1999");

    std::fs::write(&adapter, text_with_number()).unwrap();
    run(&format!("race fib --peers --peers-from {from}"))
        .exits(2)
        .says("tools.toml")
        .says("expected the ending of a file's name, or a list of endings");
}

fn text_with_number() -> &'static str {
    "name = \"tools\"\nabout = \"\"\nprogram = 3\nversion = [\"echo\"]\nrun = [\"echo\"]\n"
}

/// Every adapter of ours is one, and names what `scripts/install-peers` knows.
#[test]
fn our_adapters_say_how_to_get_their_peers() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let script = std::fs::read_to_string(format!("{root}/scripts/install-peers")).unwrap();
    let known = |list: &str| -> Vec<String> {
        let (_, rest) = script.split_once(&format!("\n{list}=(")).unwrap();
        rest.split_once(')').unwrap().0.split_whitespace().map(String::from).collect()
    };
    let known = [known("debian"), known("built")].concat();
    let mut adapters = 0;
    for entry in std::fs::read_dir(format!("{root}/benches/peers/adapters")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix("install = "));
        let named = line.unwrap_or_else(|| panic!("{text} names nothing to install")).trim_matches('"');
        assert!(known.iter().any(|name| name == named), "{named} is not in scripts/install-peers: {known:?}");
        adapters += 1;
    }
    assert!(adapters >= 13, "{adapters}");
}
