//! The command line of aftercode.
fn main() {}
