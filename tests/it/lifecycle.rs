//! From the won deal to day 30, through the doors that people and programs use.

mod clocks;
mod closed_won;
mod evidence;
mod receive;
mod review;
