//! What `unsafe` leans on: every block says so, and what it names exists.

use crate::source::{File, complain, files};

/// Lines above an `unsafe` block in which its comment must begin.
const NEAR: usize = 8;

#[test]
fn every_unsafe_block_says_what_it_leans_on() {
    let mut complaints = Vec::new();
    for file in files().iter().filter(|file| file.is_rust()) {
        let lines: Vec<&str> = file.text.lines().collect();
        for (n, line) in lines.iter().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if begins_unsafe_block(code) && !explained(&lines, n) {
                complaints.push(format!("{}:{}: no SAFETY comment", file.path, n + 1));
            }
        }
    }
    complain(complaints);
}

fn begins_unsafe_block(code: &str) -> bool {
    ["unsafe {", "unsafe impl "].into_iter().any(|block| code.contains(block)) && !code.contains("\"unsafe")
}

fn explained(lines: &[&str], n: usize) -> bool {
    let above = lines[n.saturating_sub(NEAR)..=n].iter().rev();
    above.take_while(|line| !line.is_empty()).any(|line| line.contains("SAFETY:"))
}

#[test]
fn every_tag_cited_exists() {
    let files = files();
    let page = files.iter().find(|file| file.path == "docs/invariants.md").expect("the promises are written down");
    let mut complaints = Vec::new();
    for file in files.iter().filter(|file| file.is_rust()) {
        for (line, tag) in cited(file) {
            if !listed(&page.text, &tag) {
                complaints.push(format!("{}:{line}: {tag} is not in docs/invariants.md", file.path));
            }
        }
    }
    complain(complaints);
}

fn listed(page: &str, tag: &str) -> bool {
    let row = format!("| {tag} |");
    let heading = format!("### {tag}");
    page.lines().any(|line| line.starts_with(&row) || line.trim_end() == heading)
}

/// Tags in comments, as `[V-REG]`, and those that code names when it finds them broken.
fn cited(file: &File) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in (1..).zip(file.text.lines()) {
        let places = match line.find("//") {
            Some(at) => line[at..].split('[').skip(1).collect::<Vec<_>>(),
            None if line.contains("promise") => line.split('"').skip(1).collect(),
            None => continue,
        };
        let end = |place: &str| place.find([']', '"']).unwrap_or(0);
        let tags = places.into_iter().map(|place| &place[..end(place)]).filter(|tag| is_tag(tag));
        found.extend(tags.map(|tag| (number, tag.to_string())));
    }
    found
}

fn is_tag(text: &str) -> bool {
    let mut letters = text.bytes();
    let first = letters.next().is_some_and(|byte| byte.is_ascii_uppercase());
    first && letters.next() == Some(b'-') && letters.len() > 0 && letters.all(|byte| byte.is_ascii_uppercase())
}
