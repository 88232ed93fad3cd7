//! A session: lines in, answers out.

use super::line::{Order, find, help};
use super::words;
use crate::entry::plural;
use regatta_vm::debug::{Debugger, Point, Stop};

/// Instructions that `list` shows around the one that is next.
const AROUND: usize = 11;
/// Frames that `frames` shows.
const FRAMES: usize = 20;

/// See the module documentation.
pub(super) struct Session<'a> {
    debugger: Debugger<'a>,
    /// The frame chosen, counted from the innermost.
    frame: usize,
    /// What an empty line does.
    again: Option<String>,
}

impl<'a> Session<'a> {
    pub(super) fn new(debugger: Debugger<'a>) -> Session<'a> {
        Session { debugger, frame: 0, again: None }
    }

    pub(super) fn debugger(&mut self) -> &mut Debugger<'a> {
        &mut self.debugger
    }

    /// What is said first.
    pub(super) fn greeting(&mut self) -> String {
        let stop = self.debugger.end().unwrap_or(Stop::Reached);
        words::stop(&mut self.debugger, &stop).trim_end().to_string()
    }

    /// Carries out a line; `None` when it asks to leave.
    pub(super) fn answer(&mut self, line: &str) -> Option<String> {
        let line = match (line, &self.again) {
            ("", Some(again)) => again.clone(),
            _ => line.to_string(),
        };
        let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((&line, ""));
        if name.is_empty() || name.starts_with('#') {
            return Some(String::new());
        }
        let row = match find(name) {
            Ok(row) if row.order == Order::Quit => return None,
            Ok(row) => row,
            Err(error) => return Some(format!("{error}\n")),
        };
        let repeats = matches!(
            row.order,
            Order::Run | Order::Step | Order::Next | Order::Out | Order::Line | Order::Up | Order::Down | Order::List
        );
        self.again = repeats.then(|| line.clone());
        Some(self.carry_out(row.order, rest.trim()).unwrap_or_else(|error| format!("{error}\n")))
    }

    fn carry_out(&mut self, order: Order, rest: &str) -> Result<String, String> {
        match order {
            Order::Help => help(rest),
            Order::Run => self.go(rest, |debugger| Ok(debugger.run())),
            Order::Step => self.steps(rest, Debugger::step),
            Order::Next => self.steps(rest, Debugger::over),
            Order::Out => self.go(rest, |debugger| Ok(debugger.out())),
            Order::Line => self.go(rest, Debugger::line),
            Order::Until => {
                let word = number(rest)?.ok_or("until which word?")?;
                self.go("", |debugger| debugger.until(word))
            }
            Order::Break | Order::TemporaryBreak => self.add_break(rest, order == Order::TemporaryBreak),
            Order::Watch => self.add_watch(rest),
            Order::Delete => self.delete(rest),
            Order::Info => self.info(rest),
            Order::Registers => self.registers(rest),
            Order::Print => {
                let path = wanted(rest, "print what?")?;
                Ok(format!("{path} = {}\n", self.debugger.value(path, self.frame)?))
            }
            Order::Frames => self.frames(rest),
            Order::Up => self.choose(number(rest)?.unwrap_or(1) as isize),
            Order::Down => self.choose(-(number(rest)?.unwrap_or(1) as isize)),
            Order::List => self.list(rest),
            Order::Fuel => self.fuel(rest),
            Order::Heap => Ok(self.heap()),
            Order::Quit => Ok(String::new()), // `answer` has seen to it
        }
    }

    /// Lets the program go on.
    fn go(&mut self, rest: &str, go: impl FnOnce(&mut Debugger<'a>) -> Result<Stop, String>) -> Result<String, String> {
        if !rest.is_empty() {
            return Err(format!("nothing comes behind this command, `{rest}` did"));
        }
        if let Some(end) = self.debugger.end() {
            return Ok(format!("the program can't go on\n{}", words::stop(&mut self.debugger, &end)));
        }
        self.frame = 0;
        let stop = go(&mut self.debugger)?;
        Ok(words::stop(&mut self.debugger, &stop))
    }

    /// So many steps, until one of them stops for another reason.
    fn steps(&mut self, rest: &str, step: fn(&mut Debugger<'a>) -> Stop) -> Result<String, String> {
        let count = number(rest)?.unwrap_or(1).max(1);
        self.go("", |debugger| {
            let mut stop = Stop::Reached;
            for _ in 0..count {
                stop = step(debugger);
                if stop != Stop::Reached {
                    break;
                }
            }
            Ok(stop)
        })
    }

    fn add_break(&mut self, rest: &str, is_temporary: bool) -> Result<String, String> {
        let place = self.debugger.place(wanted(rest, "break where?")?, self.frame)?;
        let number = self.debugger.add_break(place, is_temporary);
        let once = if is_temporary { ", once" } else { "" };
        Ok(format!("{number}: break at {}{once}\n", place.in_words(self.debugger.program())))
    }

    fn add_watch(&mut self, rest: &str) -> Result<String, String> {
        let number = self.debugger.add_watch(wanted(rest, "watch what?")?, self.frame)?;
        let points = self.debugger.points();
        let point = points.iter().find(|point| point.number == number);
        Ok(point.map_or(String::new(), |point| self.point(point)))
    }

    /// A line of `info`.
    fn point(&self, point: &Point) -> String {
        let Point { number, hits, is_temporary, .. } = point;
        let once = if *is_temporary { ", once" } else { "" };
        let value = self.debugger.watched(point).map_or(String::new(), |value| format!(", now {value}"));
        let hits = if *hits == 0 { String::new() } else { format!(", hit {}", plural(*hits as usize, "time")) };
        format!("{number}: {}{once}{value}{hits}\n", point.in_words(self.debugger.program()))
    }

    fn delete(&mut self, rest: &str) -> Result<String, String> {
        if rest == "all" {
            let numbers: Vec<u32> = self.debugger.points().iter().map(|point| point.number).collect();
            numbers.iter().for_each(|&number| assert!(self.debugger.delete(number), "it was listed"));
            return Ok(format!("{} removed\n", plural(numbers.len(), "point")));
        }
        let number = number(rest)?.ok_or("delete which? (`info` lists them)")?;
        match self.debugger.delete(number) {
            true => Ok(String::new()),
            false => Err(format!("there is no breakpoint or watch {number} (`info` lists them)")),
        }
    }

    fn info(&self, rest: &str) -> Result<String, String> {
        if !["", "break", "b", "watch", "w"].contains(&rest) {
            return Err(format!(
                "`info` is about breakpoints and watches; `{rest}` is none (`help` lists what else there is)"
            ));
        }
        let points = self.debugger.points();
        match points.is_empty() {
            true => Ok("no breakpoints and no watches\n".to_string()),
            false => Ok(points.iter().map(|point| self.point(point)).collect()),
        }
    }

    fn registers(&self, rest: &str) -> Result<String, String> {
        if !["", "all"].contains(&rest) {
            return Err(format!("`regs` or `regs all`; `print {rest}` shows one"));
        }
        let registers = self.debugger.registers(self.frame)?;
        let shown = registers.iter().filter(|one| one.value.is_some() || rest == "all");
        let text: String = shown.map(words::register_line).collect();
        Ok(if text.is_empty() { "no register has a value here\n".to_string() } else { text })
    }

    fn frames(&self, rest: &str) -> Result<String, String> {
        let most = number(rest)?.map_or(FRAMES, |most| most as usize);
        let frames = self.debugger.frames(0, most);
        let mut text: String =
            frames.iter().enumerate().map(|(n, frame)| words::frame(n, frame, n == self.frame)).collect();
        let more = self.debugger.depth() - frames.len();
        if more > 0 {
            text += &format!(" and {} more\n", plural(more, "frame"));
        }
        Ok(if text.is_empty() { "the program has returned: there are no frames\n".to_string() } else { text })
    }

    fn choose(&mut self, by: isize) -> Result<String, String> {
        let frame = self.frame.checked_add_signed(by).ok_or("this is the innermost frame")?;
        let line = self.debugger.frames(frame, 1).pop().ok_or("no frame called this one")?;
        self.frame = frame;
        Ok(words::frame(frame, &line, true))
    }

    fn list(&self, rest: &str) -> Result<String, String> {
        let frame = self.debugger.frames(self.frame, 1).pop();
        let count = rest.parse::<usize>().ok();
        let func = match (rest, count, &frame) {
            ("", ..) | (_, Some(_), _) => frame.as_ref().ok_or("the program has returned: there are no frames")?.func,
            _ => self.debugger.function(rest)?,
        };
        let at = frame.filter(|frame| frame.func == func).map(|frame| frame.word);
        let mut lines = self.debugger.listing(func);
        if let (true, Some(at)) = (rest.is_empty() || count.is_some(), at) {
            let count = count.unwrap_or(AROUND).max(1);
            let middle = lines.iter().position(|line| line.word == at).unwrap_or(0);
            let start = middle.saturating_sub(count / 2).min(lines.len().saturating_sub(count));
            lines = lines.into_iter().skip(start).take(count).collect();
        }
        let places: Vec<_> = self.debugger.points().iter().filter_map(Point::place).collect();
        let name = self.debugger.program().function_name(func);
        Ok(format!("%{name}\n{}", words::listing(&lines, func, at, &places)))
    }

    fn fuel(&mut self, rest: &str) -> Result<String, String> {
        let units: Option<u64> = match rest {
            "" => None,
            _ => Some(rest.parse().map_err(|_| format!("`{rest}` is no number of units"))?),
        };
        let is_limited = self.debugger.fuel().1.is_some();
        if let Some(units) = units {
            if !is_limited {
                return Err("there is no limit (`--fuel N` sets one)".to_string());
            }
            self.debugger.refuel(units);
        }
        let (used, left) = self.debugger.fuel();
        let left = left.map_or("no limit".to_string(), |left| format!("{left} left"));
        Ok(format!("{} used, {left}\n", plural(used as usize, "unit")))
    }

    fn heap(&self) -> String {
        let stats = self.debugger.process().heap.stats();
        let pages = self.debugger.process().memory.pages();
        format!(
            "{} in use, {} allocated in all\n{} copying, {} minor and {} full collections\n{} of linear memory\n",
            plural(stats.used_bytes, "byte"),
            stats.allocated_bytes,
            stats.copies,
            stats.minor,
            stats.full,
            plural(pages as usize, "page")
        )
    }
}

/// A number, if there is anything.
fn number(text: &str) -> Result<Option<u32>, String> {
    match text {
        "" => Ok(None),
        _ => text.parse().map(Some).map_err(|_| format!("`{text}` is no number")),
    }
}

fn wanted<'t>(text: &'t str, question: &str) -> Result<&'t str, String> {
    if text.is_empty() { Err(question.to_string()) } else { Ok(text) }
}
