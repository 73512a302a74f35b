use kernel::{Timestamp, Zone};

/// Reads a point in time as people and platforms write it: `2026-11-20 14:32`, `2026/11/20 14:32:05`, `2026年11月20日`, RFC 3339. A day
/// alone is its noon, so that it is that day in every zone of the country.
pub fn moment(text: &str, zone: &Zone) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let plain: String =
        text.chars().map(|letter| if matches!(letter, '/' | '.' | '年' | '月') { '-' } else { letter }).collect();
    let plain = plain.replace('日', " ");
    let (day, time) = plain.trim().split_once([' ', 'T']).unwrap_or((plain.trim(), ""));
    let mut parts = day.split('-').map(str::parse::<i16>);
    let (Some(Ok(year)), Some(Ok(month)), Some(Ok(date)), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let day = kernel::Day::new(year, i8::try_from(month).ok()?, i8::try_from(date).ok()?).ok()?;
    let time = time.trim();
    if time.is_empty() {
        return Some(day.at(12, 0, zone));
    }
    let mut parts = time.split(':').map(str::parse::<i8>);
    let (Some(Ok(hour)), Some(Ok(minute))) = (parts.next(), parts.next()) else { return None };
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then(|| day.at(hour, minute, zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_they_are_written() {
        let zone = Zone::china();
        let at = |text| moment(text, &zone).map(|at| at.to_string());
        let noon = at("2026-11-20T14:32:00+08:00");
        assert!(noon.is_some());
        for same in ["2026-11-20 14:32", "2026/11/20 14:32:05", "2026年11月20日 14:32", " 2026.11.20 14:32 "] {
            assert_eq!(at(same), noon, "{same}");
        }
        assert_eq!(at("2026-11-20"), at("2026-11-20 12:00"));
        for wrong in ["", "昨天", "2026-13-01", "2026-11-20 25:00", "20-11", "1-2-3-4"] {
            assert_eq!(at(wrong), None, "{wrong}");
        }
    }
}
