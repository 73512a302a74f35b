use capability::Event;

/// A field of a record and how it is read for the journal.
pub(super) type Field<T> = (&'static str, fn(&T) -> Option<String>);

/// Adds every field of `after` that differs from `before`.
pub(super) fn changes<T>(mut event: Event, fields: &[Field<T>], before: Option<&T>, after: &T) -> Event {
    for (field, read) in fields {
        event = event.change(field, before.and_then(read), read(after));
    }
    event
}

/// Cuts a list that was read one row too long; says whether there is more.
pub(super) fn cut<T>(rows: &mut Vec<T>, limit: i64) -> bool {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    more
}
