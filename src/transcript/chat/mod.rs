//! Chats: what people typed, with who and when.

pub(super) mod slack;
pub(super) mod zoom;
