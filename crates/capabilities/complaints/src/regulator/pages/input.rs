use cases::app::files::NewFiles;
use kernel::{Fault, Money};
use web::{Form, Lang};

use crate::regulator::app::Notice;
use crate::regulator::domain::{Act, Mediation, Nature, Platform, RegulatorAct, RegulatorOutcome, ReplyWay};

/// Longest line, and longest text, in characters.
const LINE: usize = 120;
const TEXT: usize = 4_000;

/// A notice as a page or a program sent it.
///
/// # Errors
/// `invalid` with every field.
pub(crate) fn read_notice(form: &mut Form, lang: &Lang, files: NewFiles) -> Result<Notice, Fault> {
    let about = form.id("store");
    let platform = form.choice("platform", Platform::parse);
    let nature = form.choice("nature", Nature::parse);
    let authority = form.text("authority", LINE);
    let number = form.text("number", 60);
    let officer = form.text_or_none("officer", LINE);
    let officer_phone = form.text_or_none("officer_phone", 40);
    let notice_day = form.day("notice_day");
    let received_at = form.moment("received_at", &lang.zone);
    let due_at = form.moment("due_at", &lang.zone);
    let claimant_name = form.text_or_none("claimant_name", 60);
    let claimant_phone = form.phone_or_none("claimant_phone");
    let subject = form.text("subject", LINE);
    let claim = form.text("claim", TEXT);
    let amount = form.money_or_none("amount").unwrap_or(Money::ZERO);
    if amount < Money::ZERO {
        form.reject("amount", "money-negative");
    }
    let product = form.text_or_none("product", LINE);
    let serial = form.text_or_none("serial", 60);
    form.check()?;
    Ok(Notice {
        about: form.need(about)?,
        platform: form.need(platform)?,
        authority,
        number,
        officer,
        officer_phone,
        nature: form.need(nature)?,
        notice_day: form.need(notice_day)?,
        received_at: form.need(received_at)?,
        due_at: form.need(due_at)?,
        claimant_name,
        claimant_phone,
        subject,
        claim,
        amount,
        product,
        serial,
        files,
    })
}

/// What was sent for the act `name`.
///
/// # Errors
/// `invalid` with every field.
pub(crate) fn read_act(name: RegulatorAct, form: &mut Form, lang: &Lang) -> Result<Act, Fault> {
    let act = match name {
        RegulatorAct::Mediate => {
            let mediation = form.choice("mediation", Mediation::parse);
            let note = form.text("note", TEXT);
            form.check()?;
            Act::Mediate { mediation: form.need(mediation)?, note }
        }
        RegulatorAct::Reply => {
            let way = form.choice("way", ReplyWay::parse);
            let note = form.text("note", TEXT);
            form.check()?;
            Act::Reply { way: form.need(way)?, note }
        }
        RegulatorAct::End => {
            let outcome = form.choice("outcome", RegulatorOutcome::parse);
            let note = form.text("note", TEXT);
            let paid = form.money_or_none("paid").unwrap_or(Money::ZERO);
            if paid < Money::ZERO {
                form.reject("paid", "money-negative");
            }
            form.check()?;
            Act::End { outcome: form.need(outcome)?, note, paid }
        }
        RegulatorAct::Extend => {
            let due_at = form.moment("due_at", &lang.zone);
            let note = form.text("note", TEXT);
            form.check()?;
            Act::Extend { due_at: form.need(due_at)?, note }
        }
    };
    Ok(act)
}
