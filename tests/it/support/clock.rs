//! A clock that the test sets.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use baton::clock::{Clock, SystemClock};
use jiff::Timestamp;

/// Stands still until it is set forward.
#[derive(Debug)]
pub(crate) struct TestClock(AtomicI64);

impl TestClock {
    /// Begins at the present moment: who verifies a signature compares its time with the machine's.
    pub(crate) fn at_present() -> Self {
        Self(AtomicI64::new(SystemClock.now().as_millisecond()))
    }

    /// Begins at this moment, such as `2026-03-02T10:00:00Z`.
    pub(crate) fn at(moment: &str) -> Self {
        Self(AtomicI64::new(moment.parse::<Timestamp>().unwrap().as_millisecond()))
    }

    /// Sets it forward.
    pub(crate) fn forward(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::SeqCst)).unwrap()
    }
}
