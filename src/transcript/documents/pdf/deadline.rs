//! A PDF is drawn on a thread of its own, with a deadline: a small file can describe drawings without end, and a library of
//! this size may panic on a file nobody has tried.
//!
//! After the deadline the thread ends by itself the next time something is drawn; while it still looks for the objects of a
//! broken file it goes on to their end. A panic ends the thread, not Baton.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread::Builder;
use std::time::Duration;

use hayro_interpret::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};

use super::super::super::error::ParseError;
use super::glyphs::{self, Page};
use super::{texts, unreadable};

/// Time for any file, and for each of its megabytes.
const PATIENCE: Duration = Duration::from_secs(5);
const PER_MEGABYTE: Duration = Duration::from_secs(1);
/// Forms inside of forms are drawn by recursion, up to a depth that this is enough for.
const STACK_BYTES: usize = 16 << 20;
const AGAIN: &str = "print it to a PDF again, or copy its text into a text file, and upload that";

/// Asks a drawing to end.
pub(super) type Stop = Arc<AtomicBool>;

/// The lines of all pages.
pub(super) fn pages(bytes: &[u8], limit: usize) -> Result<Vec<Page>, ParseError> {
    let stop = Stop::default();
    let (sender, receiver) = sync_channel(1);
    let (data, asked) = (bytes.to_vec(), Arc::clone(&stop));
    let work = move || {
        let found = catch_unwind(AssertUnwindSafe(|| draw(data, limit, &asked)));
        // Nobody listens any more after the deadline.
        let _ = sender.send(found.unwrap_or_else(|_| Err(unreadable("it is damaged", AGAIN))));
    };
    let megabytes = u32::try_from(bytes.len() >> 20).unwrap_or(u32::MAX);
    if Builder::new().name("pdf".to_owned()).stack_size(STACK_BYTES).spawn(work).is_err() {
        return Err(unreadable("there is no thread left to read it on", "try again later"));
    }
    receiver.recv_timeout(PATIENCE.saturating_add(PER_MEGABYTE.saturating_mul(megabytes))).unwrap_or_else(|error| {
        stop.store(true, Ordering::Relaxed);
        let reason = match error {
            RecvTimeoutError::Timeout => "it takes too long to draw",
            RecvTimeoutError::Disconnected => "it is damaged",
        };
        Err(unreadable(reason, AGAIN))
    })
}

fn draw(data: Vec<u8>, limit: usize, stop: &Stop) -> Result<Vec<Page>, ParseError> {
    // With the empty password, which is what an encrypted file that everybody may open has.
    let pdf = Pdf::new(data).map_err(refusal)?;
    ParseError::at_most("pages", pdf.pages().len() as u64, limit as u64)?;
    texts::check(&pdf)?;
    glyphs::pages(&pdf, stop)
}

fn refusal(error: LoadPdfError) -> ParseError {
    match error {
        LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
            unreadable("it is protected by a password", "save a copy without one and upload that")
        }
        LoadPdfError::Decryption(_) => {
            unreadable("it is encrypted in a way that is not known", "save a copy without encryption and upload that")
        }
        LoadPdfError::Invalid => unreadable("it is damaged or cut off", "download it again"),
    }
}
