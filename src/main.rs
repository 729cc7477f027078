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
    match cli::dispatch(&invocation) {
        Ok(done) => ExitCode::from(done as u8),
        Err(cli::Failure::Pipe(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(cli::Failure::Pipe(error)) => fail(
            &Diagnostic::error(aftercode::text!(
                "画面への書き出しに失敗しました: {error}",
                "Writing to the terminal failed: {error}"
            )),
            lang,
        ),
        Err(cli::Failure::Said(diagnostic, chosen)) => fail(&diagnostic, chosen.unwrap_or(lang)),
    }
}

fn fail(diagnostic: &Diagnostic, lang: aftercode::diagnostic::Lang) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "{}", diagnostic.render(lang));
    ExitCode::from(2)
}
