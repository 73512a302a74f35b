//! Rows of audits, samples, access and findings; the only SQL of this crate.

mod audits;
mod draws;
mod findings;

pub use audits::{
    Access, Audit, AuditId, Filter, Line, LineId, access_of_user, accesses, add_line, by_number, get, give, insert,
    led, line, lines, list, next_draw, next_finding, next_number, of_user, remove_line, save, set_units, units,
    withdraw,
};
pub use draws::{
    Draw, DrawId, Drawable, Drawn, SampledCase, SampledStore, draw, draws, insert_draw, items_between, latest, sampled,
    sampled_cases, sampled_of, sampled_stores,
};
pub use findings::{
    Finding, FindingFilter, FindingId, find, finding, findings_of, insert_finding, list_findings, overdue,
    save_finding, told,
};
