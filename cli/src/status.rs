//! How a command ends: the table of exit codes, and what is said on the way out.

use crate::diagnostics::{Drawing, draw};
use crate::output;
use crate::problem::Rejection;
use std::io;
use std::process::ExitCode;

/// How a command ended; the number is the exit code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Status {
    /// All is well.
    Done = 0,
    /// A check failed: a case, a comparison, a wrong result, a file that can't be written.
    Failed = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// A file was rejected.
    Rejected = 3,
    /// The program trapped, or threw something that nobody caught.
    Trapped = 4,
    /// The program used up its fuel.
    OutOfFuel = 5,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> ExitCode {
        ExitCode::from(status as u8)
    }
}

/// What a command gives: a status when it has said all there is to say.
pub(crate) type Outcome = Result<Status, Failure>;

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What is wrong with the command line.
    Usage(String),
    /// What is wrong with a file.
    Rejected(Box<Rejection>),
    /// A file that can't be written, and why.
    Unwritable(String, io::Error),
    /// Standard output is gone.
    Output(io::Error),
}

impl Failure {
    /// Says it on standard error.
    pub(crate) fn report(self) -> Status {
        match self {
            Failure::Usage(message) => complain(Status::Usage, message),
            Failure::Rejected(rejection) => {
                output::error_text(&rejection.draw());
                Status::Rejected
            }
            Failure::Unwritable(path, error) => complain(Status::Failed, format!("`{path}` can't be written: {error}")),
            // Who closes a pipe has seen enough.
            Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Status::Done,
            Failure::Output(error) => complain(Status::Failed, format!("the output can't be written: {error}")),
        }
    }
}

fn complain(status: Status, message: String) -> Status {
    output::error_text(&draw(&[Drawing::error(message)]));
    status
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Output(error)
    }
}

impl From<Rejection> for Failure {
    fn from(rejection: Rejection) -> Failure {
        Failure::Rejected(Box::new(rejection))
    }
}
