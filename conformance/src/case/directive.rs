//! Directives: what the comments of a case file ask for.
//!
//! A comment that begins with a word and a colon is a directive. There is no other way to write one, and no word but
//! those known here, so that a misspelt directive is a mistake and not a remark.

/// What a directive is, with the text after its colon.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Directive<'s> {
    /// Run something, and expect something of it.
    Run(&'s str),
    /// What the run before writes.
    Output(&'s str),
    /// A mistake the verifier or the parser finds on this line.
    Error(&'s str),
}

/// A directive and where it stands; lines count from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Found<'s> {
    pub(super) directive: Directive<'s>,
    /// The line it stands on.
    pub(super) line: u32,
    /// The line it speaks of: its own, or the last one above it with more than a comment.
    pub(super) about: u32,
}

/// A mistake in a case file: line and what is true there.
pub(super) type Mistake = (u32, String);

/// All directives of a source, in order.
pub(super) fn scan(source: &str) -> Result<Vec<Found<'_>>, Mistake> {
    let mut found = Vec::new();
    let mut about = 0;
    for (line, text) in (1..).zip(source.lines()) {
        let (code, comment) = split(text);
        if !code.trim().is_empty() {
            about = line;
        }
        let Some(comment) = comment else { continue };
        let Some(directive) = directive(comment).map_err(|what| (line, what))? else { continue };
        if matches!(directive, Directive::Run(_) | Directive::Output(_)) && !code.trim().is_empty() {
            return Err((line, "this directive does not stand on a line of its own".to_string()));
        }
        found.push(Found { directive, line, about: about.max(1) });
    }
    Ok(found)
}

/// A line's code, and its comment without the semicolon. A semicolon in quotes begins none.
fn split(line: &str) -> (&str, Option<&str>) {
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b';' if !quoted => return (&line[..at], Some(line[at + 1..].trim())),
            _ => {}
        }
    }
    (line, None)
}

fn directive(comment: &str) -> Result<Option<Directive<'_>>, String> {
    if let Some(hidden) = ["; run:", "; output:", "; error:"].into_iter().find(|&word| comment.contains(word)) {
        return Err(format!("`{}` stands inside a comment, where nobody sees it", &hidden[2..]));
    }
    let Some((word, rest)) = comment.split_once(':') else { return Ok(None) };
    if word.is_empty() || !word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return Ok(None);
    }
    match word {
        "run" => Ok(Some(Directive::Run(rest.trim()))),
        "output" => Ok(Some(Directive::Output(rest.trim()))),
        "error" => Ok(Some(Directive::Error(rest.trim()))),
        // What `benches` asks of its programs: nothing to check here.
        "race" => Ok(None),
        _ => Err(format!("`{word}:` is not a directive; there are run, output and error")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_begin_outside_quotes() {
        assert_eq!(split(r#"data 0 "a;b\";" ; c"#), (r#"data 0 "a;b\";" "#, Some("c")));
        assert_eq!(split("ret"), ("ret", None));
        assert_eq!(split(r#"call w, %"\\" ;x"#), (r#"call w, %"\\" "#, Some("x")));
    }

    #[test]
    fn directives_speak_of_lines() {
        let found =
            scan("ret ; error: [V-X] a\n; a remark, which: is none\n; error: b\n; run: %f() returns\n").unwrap();
        assert_eq!(found.iter().map(|f| (f.line, f.about)).collect::<Vec<_>>(), [(1, 1), (3, 1), (4, 1)]);
        assert_eq!(found[0].directive, Directive::Error("[V-X] a"));
    }

    #[test]
    fn nothing_is_overlooked() {
        assert_eq!(scan("ret\n; rnu: %f()").unwrap_err().0, 2);
        assert_eq!(scan("ret ; run: %f()").unwrap_err().0, 1);
        assert_eq!(scan("ret ; why ; error: [V-X]").unwrap_err().0, 1);
    }
}
