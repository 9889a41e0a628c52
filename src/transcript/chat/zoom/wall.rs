//! Times that are readings of a clock on the wall, counted from the first of them.

use jiff::civil::Date;

pub(super) const HALF_A_DAY_MS: i64 = 12 * 3_600_000;
const DAY_MS: i64 = 2 * HALF_A_DAY_MS;

/// Counts from the first reading. Where the file gives no day, a reading that is half a day smaller than the one before
/// it is one of the next day.
#[derive(Debug, Default)]
pub(super) struct Wall {
    first: Option<(Option<Date>, i64)>,
    previous: i64,
    days: i64,
}

impl Wall {
    /// Milliseconds since the first reading; `clock` is milliseconds since midnight.
    pub(super) fn since_first(&mut self, day: Option<Date>, clock: i64) -> i64 {
        let (first_day, first) = *self.first.get_or_insert((day, clock));
        if let (Some(day), Some(first_day)) = (day, first_day) {
            let days = day.since(first_day).map_or(0, |span| i64::from(span.get_days()));
            return days * DAY_MS + clock - first;
        }
        if clock < self.previous - HALF_A_DAY_MS {
            self.days += 1;
        }
        self.previous = clock;
        self.days * DAY_MS + clock - first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn midnight_is_passed_with_and_without_a_day() {
        let at = |hour: i64, minute: i64| (hour * 60 + minute) * 60_000;
        let mut wall = Wall::default();
        let found = [at(23, 58), at(23, 57), at(0, 1), at(0, 3)].map(|clock| wall.since_first(None, clock));
        assert_eq!(found, [0, -60_000, 180_000, 300_000]);
        let mut wall = Wall::default();
        let day = |day| Some(Date::constant(2026, 3, day));
        assert_eq!(wall.since_first(day(3), at(23, 58)), 0);
        assert_eq!(wall.since_first(day(4), at(0, 1)), 180_000);
    }
}
