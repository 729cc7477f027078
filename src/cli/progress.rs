//! A progress bar on a terminal; nothing elsewhere.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A spinner for work of unknown length.
pub fn spinner(message: &str, quiet: bool) -> ProgressBar {
    let bar = hidden_unless_seen(ProgressBar::new_spinner(), quiet);
    bar.set_message(message.to_owned());
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// A bar for `length` steps.
pub fn bar(length: u64, message: &str, quiet: bool) -> ProgressBar {
    let bar = hidden_unless_seen(ProgressBar::new(length), quiet);
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}") {
        bar.set_style(style);
    }
    bar.set_message(message.to_owned());
    bar
}

fn hidden_unless_seen(bar: ProgressBar, quiet: bool) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    bar
}
