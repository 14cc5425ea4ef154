//! `weiting worker`: the process that looks into one file. The server starts it behind walls (docs/operations.md); it has no settings.

use std::io::{self, BufWriter};
use std::process::ExitCode;

/// `weiting typeset`: lays out the one document that standard input holds. Without the typesetter there is nobody to do it.
#[cfg(feature = "print")]
pub(crate) fn typeset() -> ExitCode {
    let mut output = BufWriter::new(io::stdout().lock());
    match hearing::typeset_here(&mut io::stdin().lock(), &mut output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

#[cfg(not(feature = "print"))]
pub(crate) fn typeset() -> ExitCode {
    ExitCode::FAILURE
}

/// Does what standard input says and answers on standard output.
pub(crate) fn work() -> ExitCode {
    let mut output = BufWriter::new(io::stdout().lock());
    match papers::work::serve(&mut io::stdin().lock(), &mut output) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever started this process sees that it did not answer, and takes no word of it.
        Err(_) => ExitCode::FAILURE,
    }
}
