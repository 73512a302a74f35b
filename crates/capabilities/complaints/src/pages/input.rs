use kernel::{Fault, Money};
use web::{Form, Lang};

use crate::domain::{Cause, Command, CommandName, Line, Party, Reason, Remedy, Severity, Source, Topic};

/// Most lines of an offer.
pub(crate) const LINES: usize = 6;
/// Longest text of a field, in characters.
const TEXT: usize = 4_000;
/// Longest line of an offer, and note of how it was carried out.
const SHORT: usize = 200;

/// What was sent for the command `name`, by a page or a program; errors are in the form.
///
/// # Errors
/// `invalid` with every field.
pub(crate) fn read(name: CommandName, form: &mut Form, lang: &Lang) -> Result<Command, Fault> {
    let command = match name {
        CommandName::Screen => {
            let severity = form.choice("severity", Severity::parse);
            let source = form.choice_or_none("source", Source::parse).unwrap_or(Source::Customer);
            let harm = form.flag("harm");
            Command::Screen { severity: form.need(severity)?, source, harm }
        }
        CommandName::Accept => {
            let severity = form.choice("severity", Severity::parse);
            let topic = form.choice("topic", Topic::parse);
            let handler = form.id_or_none("handler");
            if handler.is_none() {
                form.reject("handler", "required");
            }
            let interested: Vec<_> = form.all("interested").filter_map(|id| id.parse().ok()).collect();
            form.check()?;
            Command::Accept {
                severity: form.need(severity)?,
                topic: form.need(topic)?,
                handler: form.need(handler)?,
                interested,
            }
        }
        CommandName::NotAccept => {
            let reason = form.choice("reason", Reason::parse);
            let notice = form.text("notice", TEXT);
            Command::NotAccept { reason: form.need(reason)?, notice }
        }
        CommandName::Duplicate => {
            let of = form.id_or_none("of");
            if of.is_none() {
                form.reject("of", "required");
            }
            Command::Duplicate { of: form.need(of)? }
        }
        CommandName::Transfer => Command::Transfer { notice: form.text("notice", TEXT) },
        CommandName::Withdraw => Command::Withdraw { note: form.text("note", TEXT) },
        CommandName::Investigate => Command::Investigate,
        CommandName::Conclude => {
            let facts = form.text("facts", TEXT);
            let evidence = form.text("evidence", TEXT);
            let party = form.choice("party", Party::parse);
            let cause = form.choice("cause", Cause::parse);
            let (unit, user) = (form.id_or_none("unit"), form.id_or_none("user"));
            // Whoever answers for it among us is named; what others answer for names nobody.
            if party.is_some_and(Party::is_ours) && unit.is_none() {
                form.reject("unit", "required");
            }
            form.check()?;
            Command::Conclude { facts, evidence, party: form.need(party)?, cause: form.need(cause)?, unit, user }
        }
        CommandName::Draft => Command::Draft { lines: lines(form) },
        CommandName::Submit => {
            let wording = form.text("wording", TEXT);
            let valid_until = form.moment_or_none("valid_until", &lang.zone);
            if valid_until.is_none() {
                form.reject("valid_until", "required");
            }
            form.check()?;
            Command::Submit { wording, valid_until: form.need(valid_until)? }
        }
        CommandName::Begin => Command::Begin,
        CommandName::Execute => {
            let line = form.number("line", 1..=20);
            let note = form.text("note", SHORT);
            form.check()?;
            Command::Execute { line: form.need(line)?, note }
        }
        CommandName::Finish => Command::Finish { answer: form.text("answer", TEXT) },
        CommandName::CallBack => {
            let holds = form.choice("holds", |word| match word {
                "yes" | "true" => Some(true),
                "no" | "false" => Some(false),
                _ => None,
            });
            let note = form.text("note", TEXT);
            let satisfaction = form.number_or_none("satisfaction", 1..=5);
            form.check()?;
            Command::CallBack { holds: form.need(holds)?, note, satisfaction }
        }
        CommandName::Appeal => Command::Appeal { why: form.text("why", TEXT) },
        CommandName::TakeAppeal => {
            let handler = form.id_or_none("handler");
            if handler.is_none() {
                form.reject("handler", "required");
            }
            Command::TakeAppeal { handler: form.need(handler)? }
        }
        CommandName::Archive => Command::Archive,
    };
    form.check()?;
    Ok(command)
}

/// The lines of an offer: `kind1`, `text1`, `amount1`, `by_law1` and so on; rows without a kind are left out.
fn lines(form: &mut Form) -> Vec<Line> {
    let mut lines = Vec::new();
    for n in 1..=LINES {
        let kind = form.choice_or_none(&format!("kind{n}"), Remedy::parse);
        let Some(kind) = kind else { continue };
        let text = form.text(&format!("text{n}"), SHORT);
        let amount = form.money_or_none(&format!("amount{n}")).unwrap_or(Money::ZERO);
        if amount < Money::ZERO {
            form.reject(&format!("amount{n}"), "money");
        }
        lines.push(Line { kind, text, amount, by_law: form.flag(&format!("by_law{n}")) });
    }
    if lines.is_empty() && form.errors().is_empty() {
        form.reject("kind1", "required");
    }
    lines
}
