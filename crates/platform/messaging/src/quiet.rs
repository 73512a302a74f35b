use kernel::{Timestamp, Zone};

/// The hours of the night in which nobody's telephone rings for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuietHours {
    /// They begin: hour and minute of the store's wall clock.
    pub from: (i8, i8),
    /// They end.
    pub until: (i8, i8),
}

impl Default for QuietHours {
    /// 21:00 to 08:00.
    fn default() -> Self {
        Self { from: (21, 0), until: (8, 0) }
    }
}

impl QuietHours {
    /// `now`, or the end of the quiet hours that `now` falls in. Equal ends mean no quiet hours.
    pub fn not_before(&self, now: Timestamp, zone: &Zone) -> Timestamp {
        let day = now.day(zone);
        let at = |day: kernel::Day, (hour, minute)| day.at(hour, minute, zone);
        let (from, until) = (at(day, self.from), at(day, self.until));
        if from <= until {
            if from <= now && now < until { until } else { now }
        } else if now < until {
            until
        } else if from <= now {
            at(day.plus(1), self.until)
        } else {
            now
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn china(text: &str) -> Timestamp {
        format!("{text}:00+08:00").parse().unwrap()
    }

    #[test]
    fn the_night_waits_for_the_morning() {
        let quiet = QuietHours::default();
        for (now, then) in [
            ("2026-11-22T20:59", "2026-11-22T20:59"),
            ("2026-11-22T21:00", "2026-11-23T08:00"),
            ("2026-11-22T23:59", "2026-11-23T08:00"),
            ("2026-11-23T00:00", "2026-11-23T08:00"),
            ("2026-11-23T07:59", "2026-11-23T08:00"),
            ("2026-11-23T08:00", "2026-11-23T08:00"),
            ("2026-11-23T14:32", "2026-11-23T14:32"),
        ] {
            assert_eq!(quiet.not_before(china(now), &Zone::china()), china(then), "{now}");
        }
    }

    #[test]
    fn hours_within_a_day_and_no_hours() {
        let noon = QuietHours { from: (12, 0), until: (14, 0) };
        assert_eq!(noon.not_before(china("2026-11-22T13:00"), &Zone::china()), china("2026-11-22T14:00"));
        assert_eq!(noon.not_before(china("2026-11-22T23:00"), &Zone::china()), china("2026-11-22T23:00"));
        let none = QuietHours { from: (0, 0), until: (0, 0) };
        assert_eq!(none.not_before(china("2026-11-22T00:00"), &Zone::china()), china("2026-11-22T00:00"));
    }
}
