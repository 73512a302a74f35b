//! Everything about the feelings of one customer in one case.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use capability::Ctx;
use cases::domain::Visibility;
use cases::store::Case;
use kernel::{Fault, Id, Timestamp, of};

use super::ACT;
use crate::domain::{Lexicon, Source};
use crate::store::{self, Call, Flag, HandOver, Rules};

/// Messages among which those that raised flags are looked for.
const MESSAGES: i64 = 500;

/// What the customer said, with the words that show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// When.
    pub at: Timestamp,
    /// What was said, in pieces of which those that are true are the words.
    pub pieces: Vec<(String, bool)>,
}

/// Flags, hand-overs and call-backs of one case.
#[derive(Debug, Clone)]
pub struct Detail {
    /// The case.
    pub case: Case,
    /// All flags, newest first.
    pub flags: Vec<Flag>,
    /// Of each flag that was raised by words the text that it was raised by.
    pub heard: BTreeMap<i64, Heard>,
    /// Hand-overs, newest first.
    pub hand_overs: Vec<HandOver>,
    /// Call-backs, newest first.
    pub calls: Vec<Call>,
    /// The rules in force.
    pub rules: Rules,
    /// The reader may do something about it.
    pub may_act: bool,
}

impl Detail {
    /// The flag that stands.
    pub fn standing(&self) -> Option<&Flag> {
        self.flags.iter().find(|flag| flag.ended.is_none())
    }
    /// Who is asked to take the case over.
    pub fn asked(&self) -> Option<&HandOver> {
        self.hand_overs.iter().find(|one| one.accepted_at.is_none() && one.dropped_at.is_none())
    }
    /// The call-back that is planned.
    pub fn planned(&self) -> Option<&Call> {
        self.calls.iter().find(|call| call.done_at.is_none())
    }
}

/// The feelings of the customer of `case`.
///
/// # Errors
/// `not-found`.
pub async fn detail(ctx: &Ctx, case: Id<of::Case>) -> Result<Detail, Fault> {
    ctx.read((case, ctx.clone()), |tx, (id, ctx)| {
        Box::pin(async move {
            let case = cases::store::get(tx, *id).await?.ok_or_else(Fault::not_found)?;
            ctx.require(cases::app::VIEW, &case)?;
            let flags = store::flags(tx, *id).await?;
            let messages = cases::store::messages_of(tx, *id, Some(Visibility::Public), None, MESSAGES).await?;
            let mut lexicons: BTreeMap<i64, Lexicon> = BTreeMap::new();
            let mut heard = BTreeMap::new();
            for flag in flags.iter().filter(|flag| flag.source == Source::Words && !flag.words.is_empty()) {
                let Some(version) = flag.rules_version else { continue };
                let lexicon = match lexicons.entry(version) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(new) => {
                        let rules = store::rules(tx, Some(version)).await?;
                        new.insert(rules.map(|rules| rules.lexicon).unwrap_or_default())
                    }
                };
                let text = match flag.message {
                    None => words_of(&case.subject, &case.body),
                    Some(id) => {
                        let said = messages.iter().find(|message| message.id.get() == id);
                        said.map(|message| message.body.clone()).unwrap_or_default()
                    }
                };
                let pieces = crate::domain::marked(&text, lexicon, &flag.words);
                heard.insert(flag.id.get(), Heard { at: flag.raised_at, pieces });
            }
            Ok(Detail {
                heard,
                flags,
                hand_overs: store::hand_overs(tx, *id).await?,
                calls: store::calls(tx, *id).await?,
                rules: store::rules(tx, None).await?.ok_or_else(|| Fault::internal("no rules of emotion"))?,
                may_act: ctx.actor.may(ACT, &case),
                case,
            })
        })
    })
    .await
}

/// What a case says, as one text: the subject is often only the beginning of the body.
pub(crate) fn words_of(subject: &str, body: &str) -> String {
    let beginning = subject.trim_end_matches(['…', '.']);
    match (subject.is_empty(), body.is_empty()) {
        (_, true) => subject.to_owned(),
        (true, false) => body.to_owned(),
        (false, false) if body.starts_with(beginning) => body.to_owned(),
        (false, false) => format!("{subject}\n{body}"),
    }
}
