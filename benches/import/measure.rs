//! Time and memory of reading one file, and the limits of both.

use std::alloc::System;
use std::time::{Duration, Instant};

use baton::domain::transcript::Transcript;
use baton::transcript::{ParseError, parse};
use peakmem_alloc::{INSTRUMENTED_SYSTEM, PeakMemAlloc, PeakMemAllocTrait as _};
use rustix::time::{ClockId, clock_gettime};

/// Counts every byte that this process asks for. A block that grows is one block: the system moves its pages, not its bytes.
#[global_allocator]
static MEMORY: &PeakMemAlloc<System> = &INSTRUMENTED_SYSTEM;

pub(crate) const MB: f64 = 1e6;
/// A megabyte takes no longer.
pub(crate) const MS_PER_MB: f64 = 1_000.0;
/// No file takes more memory than this many times its size, and this.
const TIMES_THE_INPUT: f64 = 20.0;
const FREE_BYTES: f64 = 50.0 * MB;

/// What some work took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) ms: f64,
    /// The same on the processor, of all threads together: what else the machine does is not in it.
    pub(crate) cpu_ms: f64,
    /// Bytes at the height of it, above what was there before.
    pub(crate) bytes: f64,
}

impl Cost {
    /// The memory as a share of what is allowed for a file of this size.
    pub(crate) fn memory_share(&self, size: usize) -> f64 {
        self.bytes / (TIMES_THE_INPUT * size as f64 + FREE_BYTES)
    }
}

/// Does the work, and tells what it took and gave.
pub(crate) fn cost<T>(work: impl FnOnce() -> T) -> (Cost, T) {
    MEMORY.reset_peak_memory();
    let (started, cpu_before) = (Instant::now(), cpu_ms());
    let result = work();
    let (time, cpu_ms) = (started.elapsed(), cpu_ms() - cpu_before);
    let bytes = MEMORY.get_peak_memory() as f64;
    (Cost { ms: ms(time), cpu_ms, bytes }, result)
}

/// The cost of reading a file once.
pub(crate) fn reading(name: &str, bytes: &[u8]) -> (Cost, Result<Transcript, ParseError>) {
    cost(|| parse(name, bytes))
}

fn cpu_ms() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e3 + time.tv_nsec as f64 / 1e6
}

pub(crate) fn ms(time: Duration) -> f64 {
    1000.0 * time.as_secs_f64()
}

/// What is in the middle.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
