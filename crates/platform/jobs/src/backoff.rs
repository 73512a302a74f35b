/// The first wait after a failure.
const FIRST: i64 = 10_000;
/// No wait is longer than this, jitter apart.
const LONGEST: i64 = 3_600_000;

/// Milliseconds to wait after attempt number `try_no` (from 1) of job `id` has failed: 10 s, doubled each time up to one
/// hour, and up to a quarter more. The extra comes from the id, so that jobs that failed together do not come back together,
/// and the same attempt always waits the same time.
pub fn backoff_millis(id: i64, try_no: i64) -> i64 {
    let doublings = u32::try_from(try_no.saturating_sub(1).clamp(0, 20)).unwrap_or(20);
    let wait = FIRST.saturating_mul(1_i64 << doublings).min(LONGEST);
    wait + scatter(id, try_no).rem_euclid(wait / 4)
}

/// Spreads neighbouring numbers far apart (the finaliser of splitmix64).
fn scatter(id: i64, try_no: i64) -> i64 {
    let mut x = id.cast_unsigned().wrapping_add(try_no.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15));
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (x ^ (x >> 31)).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_an_hour_with_at_most_a_quarter_more() {
        for id in 0..200 {
            let mut shortest = 10_000;
            for try_no in 1..40 {
                let wait = backoff_millis(id, try_no);
                assert!(wait >= shortest && wait < shortest + shortest / 4, "{id} {try_no}: {wait}");
                shortest = (shortest * 2).min(3_600_000);
            }
        }
    }

    #[test]
    fn jobs_that_failed_together_come_back_apart() {
        let waits: std::collections::BTreeSet<i64> = (0..100).map(|id| backoff_millis(id, 5)).collect();
        assert!(waits.len() > 90, "{} different waits", waits.len());
    }
}
