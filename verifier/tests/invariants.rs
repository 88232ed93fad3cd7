//! The page of promises says what the table of promises says.

use regatta_verifier::Tag;

#[test]
fn the_page_lists_every_promise_in_order() {
    let page = include_str!("../../docs/invariants.md");
    let listed: Vec<(&str, &str)> = page
        .lines()
        .filter(|line| line.starts_with("| V-"))
        .map(|line| {
            let mut cells = line.split(" | ");
            let tag = cells.next().expect("a row has cells").trim_start_matches("| ");
            (tag, cells.next().expect("a row says what is promised"))
        })
        .collect();
    let promised: Vec<_> = Tag::ALL.iter().map(|tag| (tag.name(), tag.promise())).collect();
    assert_eq!(listed, promised);
}
