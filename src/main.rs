//! The command line of aftercode: parse, dispatch, print, exit.

mod cli;

use std::io::{ErrorKind, Write as _};
use std::process::ExitCode;

use aftercode::diagnostic::Diagnostic;

fn main() -> ExitCode {
    let invocation = match cli::parse(std::env::args_os()) {
        Ok(invocation) => invocation,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let lang = invocation.lang;
    // What is still held back is written now: on exit nobody would see it fail.
    let ended = cli::dispatch(&invocation).and_then(|done| Ok(std::io::stdout().flush().map(|()| done)?));
    match ended {
        Ok(done) => ExitCode::from(done as u8),
        Err(cli::Failure::Pipe(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(cli::Failure::Pipe(error)) => fail(&not_printed(&error), lang),
        Err(cli::Failure::Said(diagnostic, chosen)) => fail(&diagnostic, chosen.unwrap_or(lang)),
    }
}

fn fail(diagnostic: &Diagnostic, lang: aftercode::diagnostic::Lang) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "{}", diagnostic.render(lang));
    ExitCode::from(2)
}

/// What is wrong with standard output.
fn not_printed(error: &std::io::Error) -> Box<Diagnostic> {
    let full = aftercode::text!(
        "標準出力に書き出せません。ディスクの空きがありません。",
        "Standard output cannot be written: the disk is full."
    );
    let hint =
        aftercode::text!("空きを作るか、別の場所に書き出してください。", "Free some space, or write somewhere else.");
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            Diagnostic::error(full).hint(hint)
        }
        _ => Diagnostic::error(aftercode::text!(
            "標準出力への書き出しに失敗しました: {error}",
            "Writing to standard output failed: {error}"
        )),
    }
}
