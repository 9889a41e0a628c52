//! Notes about persons (politics, relationship) are read by those who may see them and by nobody else. The audit log has other
//! readers, and keeps what it is told for ever: of such a note it is told that it changed and by whom, not its words.

use serde_json::{Value, json};

use crate::audit::Change;
use crate::domain::field::Field;
use crate::domain::item::Edit;

/// Whether this is how a note about persons stood, as an item's history keeps it.
fn is_note(standing: &Value) -> bool {
    let field = standing["finding"]["field"].as_str().and_then(|word| word.parse().ok());
    field.is_some_and(Field::is_sensitive)
}

/// A change of an item, for the log.
pub(crate) fn for_the_log(change: Change<'_>) -> Change<'_> {
    let wordless = |standing: Value| {
        if is_note(&standing) {
            json!({"finding": {"field": standing["finding"]["field"]}, "state": standing["state"]})
        } else {
            standing
        }
    };
    let is_note = [&change.before, &change.after].into_iter().flatten().any(is_note);
    Change {
        before: change.before.map(wordless),
        after: change.after.map(wordless),
        reason: change.reason.filter(|_| !is_note),
        ..change
    }
}

/// An entry of an item's history for somebody who may not see notes about persons: an item that is none now may have been one.
#[must_use]
pub fn without_notes(edit: Edit) -> Edit {
    let was_note = [&edit.before, &edit.after].into_iter().flatten().any(is_note);
    let words = |standing: Option<Value>| standing.filter(|standing| !is_note(standing));
    Edit { before: words(edit.before), after: words(edit.after), reason: edit.reason.filter(|_| !was_note), ..edit }
}
