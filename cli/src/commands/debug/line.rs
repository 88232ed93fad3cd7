//! The commands: their names, what they take, and what `help` says of them.

use regatta_vm::debug::nearest;

/// What a line asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Order {
    Help,
    Run,
    Step,
    Next,
    Out,
    Line,
    Until,
    Break,
    TemporaryBreak,
    Watch,
    Delete,
    Info,
    Registers,
    Print,
    Frames,
    Up,
    Down,
    List,
    Fuel,
    Heap,
    Quit,
}

/// A row of the table of commands.
pub(super) struct Row {
    pub(super) order: Order,
    /// All names; the first is the one to learn.
    pub(super) names: &'static [&'static str],
    /// What comes behind the name.
    takes: &'static str,
    does: &'static str,
    /// More about it, for `help NAME`.
    more: &'static str,
}

const fn row(
    order: Order,
    names: &'static [&'static str],
    takes: &'static str,
    does: &'static str,
    more: &'static str,
) -> Row {
    Row { order, names, takes, does, more }
}

/// Every command, in the order `help` lists them.
pub(super) const ROWS: &[Row] = &[
    row(Order::Run, &["run", "r", "continue", "c"], "", "go on until something stops the program", ""),
    row(Order::Step, &["step", "s"], "[N]", "do one instruction, or N", "A call leads into the function."),
    row(Order::Next, &["next", "n"], "[N]", "do one instruction, over calls, or N", ""),
    row(Order::Out, &["out", "o", "finish"], "", "go on until this frame has returned", ""),
    row(
        Order::Line,
        &["line", "l"],
        "",
        "go on to the next source line, over calls",
        "Lines are those that `.line` gives instructions; nothing else has any.",
    ),
    row(Order::Until, &["until", "u"], "WORD", "go on to a word of this function, or out of it", ""),
    row(
        Order::Break,
        &["break", "b"],
        "PLACE",
        "stop at a place",
        "A place is a function (`%fib`, `fib`), an instruction (`fib:3`, `:3` in this function), every instruction of an\n\
         op (`op call`, `op i32_add`) or a source line (`line 12`, `12`).",
    ),
    row(Order::TemporaryBreak, &["tmpbreak", "tb"], "PLACE", "stop at a place, once", ""),
    row(
        Order::Watch,
        &["watch", "w"],
        "PATH",
        "stop when a value is another one",
        "A path is a register (`n`, `r3`) of the frame chosen or a global (`@count`), and what leads on into objects:\n\
         `point.x`, `list[2]`, `ages[\"Ann\"]`. A register is watched as long as its frame is there. An object is found\n\
         through its register, so a watch of what is inside ends when nobody needs the register any more.",
    ),
    row(Order::Delete, &["delete", "d"], "N", "remove a breakpoint or a watch, `all` for every one", ""),
    row(Order::Info, &["info", "i"], "[break]", "list breakpoints and watches", ""),
    row(
        Order::Registers,
        &["regs", "g"],
        "[all]",
        "show the registers of the frame that have a value, or all",
        "A register has no value where it need not have been written, or when it held an object that nobody needs\n\
         any more and there has been a collection.",
    ),
    row(
        Order::Print,
        &["print", "p"],
        "PATH",
        "show a value, objects with what is inside",
        "Paths are those of `watch`.",
    ),
    row(Order::Frames, &["frames", "bt"], "[N]", "show the innermost frames, 20 or N", ""),
    row(Order::Up, &["up"], "[N]", "choose the frame that called this one", ""),
    row(Order::Down, &["down"], "[N]", "choose the frame that this one called", ""),
    row(
        Order::List,
        &["list", "ls"],
        "[N|FUNC]",
        "show N instructions around this one, or a whole function",
        "`=>` is before the instruction that is next, `*` before one with a breakpoint.",
    ),
    row(Order::Fuel, &["fuel", "f"], "[N]", "show the fuel used, or give N units more", ""),
    row(Order::Heap, &["heap", "h"], "", "show what the heap holds and did", ""),
    row(Order::Help, &["help", "?"], "[COMMAND]", "show this list, or more about a command", ""),
    row(Order::Quit, &["quit", "q", "exit"], "", "leave", ""),
];

/// The row of a command, by any of its names; else what to say.
pub(super) fn find(name: &str) -> Result<&'static Row, String> {
    if let Some(row) = ROWS.iter().find(|row| row.names.contains(&name)) {
        return Ok(row);
    }
    let near = nearest(name, ROWS.iter().flat_map(|row| row.names.iter().copied()).filter(|name| name.len() > 1));
    let near = near.map_or(String::new(), |near| format!("; there is `{near}`"));
    Err(format!("there is no command `{name}`{near} (`help` lists them)"))
}

/// What `help` says, of everything or of one command.
pub(super) fn help(name: &str) -> Result<String, String> {
    if name.is_empty() {
        let mut text = String::new();
        for row in ROWS {
            let usage = format!("{} {}", row.names.join(", "), row.takes);
            text += &format!("{usage:<32} {}\n", row.does);
        }
        text += "An empty line does the last step, or lists on, again.\n";
        return Ok(text);
    }
    let row = find(name)?;
    let usage = format!("{} {}", row.names[0], row.takes);
    let mut text = format!("{}: {}\n", usage.trim(), row.does);
    if row.names.len() > 1 {
        text += &format!("also: {}\n", row.names[1..].join(", "));
    }
    if !row.more.is_empty() {
        text += &format!("{}\n", row.more);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_near_ones_are_found() {
        let mut names: Vec<_> = ROWS.iter().flat_map(|row| row.names).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(find("brek").is_err_and(|text| text.contains("`break`")));
        assert!(find("contiune").is_err_and(|text| text.contains("`continue`")));
        assert!(find("xyzzy").is_err_and(|text| !text.contains("there is `")));
    }
}
