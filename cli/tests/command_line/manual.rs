//! The tables of `docs/benchmarks.md` are those of the races kept in `benches/results/`.
//!
//! A table stands between `<!-- race NAME TABLES OPTIONS -->`, for what `regatta race --from benches/results/NAME.json
//! --markdown=TABLES OPTIONS` prints, and `<!-- end -->`. `BLESS=1` writes them anew; `scripts/race-for-the-manual` races anew.

use crate::support::regatta;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/benchmarks.md");
const RESULTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../benches/results");
const BEGIN: &str = "<!-- race ";
const END: &str = "<!-- end -->";

/// The page with every table written anew, and how many there are.
fn renewed(page: &str) -> (String, usize) {
    let (mut out, mut rest, mut tables) = (String::new(), page, 0);
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (words, after) = after.split_once(" -->\n").expect("a marker ends on its line");
        let (_, after) = after.split_once(END).unwrap_or_else(|| panic!("`{words}` has no {END}"));
        out += &format!("{before}{BEGIN}{words} -->\n\n{}\n{END}", table(words));
        (rest, tables) = (after, tables + 1);
    }
    (out + rest, tables)
}

fn table(words: &str) -> String {
    let mut words = words.split(' ');
    let mut next = || words.next().expect("a marker names a race and tables");
    let (file, tables) = (format!("{RESULTS}/{}.json", next()), format!("--markdown={}", next()));
    let line = ["race", "--from", &file, &tables].into_iter().chain(words);
    let ran = regatta(&line.collect::<Vec<_>>());
    assert!(!ran.out.is_empty(), "{ran:#?}");
    ran.out
}

#[test]
fn the_page_shows_the_races_that_are_kept() {
    let page = std::fs::read_to_string(PAGE).unwrap();
    let (renewed, tables) = renewed(&page);
    assert!(tables >= 4, "only {tables} tables of races are in {PAGE}");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(PAGE, renewed).unwrap();
        return;
    }
    let first = page.lines().zip(renewed.lines()).find(|(is, must_be)| is != must_be);
    assert!(
        page == renewed,
        "docs/benchmarks.md is not what benches/results say: {first:#?}\nBLESS=1 cargo test -p regatta-cli manual writes it"
    );
}

#[test]
fn races_that_are_kept_are_good() {
    for entry in std::fs::read_dir(RESULTS).unwrap() {
        let path = entry.unwrap().path();
        let race: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(race["wrong"], serde_json::json!([]), "{}", path.display());
        assert_eq!(race["versions"]["build"], "release", "{}", path.display());
    }
}
