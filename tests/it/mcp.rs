//! The record for assistants: what the tools tell of a sample deal, over both transports, to whom, and what hostile words can
//! do in it.

mod bridge;
mod door;
mod hostile;
mod rights;
mod sample;
