//! The pages in a real Chromium, driven as people drive them: by clicks and keys, waiting for what appears.
//!
//! It takes `chromium`, `chromedriver` and axe-core (`BATON_AXE` names its file). Where one of them is missing, the tests say
//! so and pass, unless `BATON_REQUIRE_BROWSER=1`. With `BATON_PICTURES=1`, pictures of the pages are left in
//! `target/browser`, to be looked at.
#![expect(
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a test says what it found, and why it cannot go on"
)]

mod ask;
mod chrome;
mod dna;
mod every_page;
mod handover;
mod inspect;
mod long_call;
mod review;
mod rights;
mod settings;
mod sign_in;
mod stage;
mod upload;
mod window;
