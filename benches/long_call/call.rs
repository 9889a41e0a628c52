//! A long call, for tests too.

use std::fmt::Write as _;

/// Turns in an hour.
pub(crate) const HOURLY: u32 = 900;

/// What people say when they say nothing in particular.
const TALK: [&str; 12] = [
    "Right, and the second thing on the list was the loading bays at the north end of the yard.",
    "Okay.",
    "I would have to look at the numbers again, but it is roughly what we saw in the spring.",
    "Could you scroll down a little, the column on the right is cut off for me.",
    "Yes, that one.",
    "We talked about the scheduler with the people from the night shift as well, and they liked it.",
    "Sorry, go on.",
    "There is a field for the dock number, and below it the one for the carrier.",
    "Mm-hm.",
    "It used to take somebody half a morning to find out which trailer was meant.",
    "Let me write that down.",
    "So if a driver is late the slot moves, and everybody after him moves with it?",
];

/// Hours of it, with a promise in every half of one.
pub(crate) fn of_hours(hours: u32) -> String {
    let clock = |second: u32| format!("{:02}:{:02}:{:02}.000", second / 3600, second / 60 % 60, second % 60);
    let mut vtt = "WEBVTT\n\n".to_owned();
    for turn in 0..hours * HOURLY {
        let who = if turn % 2 == 0 { "Dana Ruiz" } else { "Omar Haddad" };
        let talk = match turn % 450 {
            40 => format!("We will have the dock scheduler live at site {} by June 14.", turn / 450 + 1),
            _ => TALK[(turn * 7 + turn / 12) as usize % TALK.len()].to_owned(),
        };
        let (from, to) = (clock(turn * 4), clock(turn * 4 + 4));
        // Writing to a string does not fail.
        let _ = write!(vtt, "{}\n{from} --> {to}\n<v {who}>{talk}</v>\n\n", turn + 1);
    }
    vtt
}
