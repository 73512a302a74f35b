//! The record of a case (记录): what happened and what was said, newest first.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use capability::{Ctx, Taken, Upload, UploadRules};
use files::FileRow;
use journal::RecordedChange;
use kernel::{Cursor, Fault, FaultKind, Id, Timestamp, of};
use web::{Failure, Lang, Markup, Page, View};

use super::detail;
use crate::app::files::NewFiles;
use crate::app::{self, Became, Catalogue, Item, MessageId, NewReply};
use crate::domain::{Direction, Stage, Visibility, Way};

/// Entries per page.
const ENTRIES: usize = 20;
/// Entries that are read to fill one page of a narrow tab.
const READ: u16 = 200;
/// Later than this after it happened, an entry says when it was typed in: ten minutes, in milliseconds.
const LATE: i64 = 600_000;
/// What the program does by itself when somebody else does something.
const BY_ITSELF: [&str; 2] = ["survey.invited", "survey.low_rating"];
/// Longest message, in characters.
const BODY: usize = 20_000;

/// Which entries are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Shown {
    /// All of them.
    #[default]
    All,
    /// What the customer and we said to each other.
    Customer,
    /// What staff said among themselves.
    Internal,
    /// What happened, without words.
    System,
}

impl Shown {
    pub(super) const ALL: [Self; 4] = [Self::All, Self::Customer, Self::Internal, Self::System];
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Customer => "customer",
            Self::Internal => "internal",
            Self::System => "system",
        }
    }
    pub(super) fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|one| one.as_str() == text).unwrap_or_default()
    }
    fn takes(self, item: &Item) -> bool {
        let visibility = item.message.as_ref().map(|message| message.visibility);
        match self {
            Self::All => true,
            Self::Customer => visibility == Some(Visibility::Public),
            Self::Internal => visibility == Some(Visibility::Internal),
            Self::System => visibility.is_none(),
        }
    }
}

/// One page of the record.
pub(super) struct Record {
    pub entries: Vec<Markup>,
    /// The number before which older entries stand.
    pub next: Option<i64>,
}

/// The entries of `shown`, from before number `before`.
pub(super) async fn read(
    ctx: &Ctx,
    lang: &Lang,
    id: Id<of::Case>,
    shown: Shown,
    before: Option<i64>,
    copies: Option<Id<of::Case>>,
) -> Result<Record, Fault> {
    let after = before.map(|seq| Cursor { key: 0, id: seq });
    let limit = if shown == Shown::All { u16::try_from(ENTRIES).unwrap_or(READ) } else { READ };
    let timeline = app::timeline(ctx, id, after, limit).await?;
    let (files, _) = app::files::files_of(ctx, id).await?;
    let catalogue = app::symptoms(&ctx.house).await?;
    let wanted: Vec<&Item> = timeline.items.iter().filter(|item| shown.takes(item)).collect();
    let replies = app::replies(ctx, id).await?;
    let entries = wanted.iter().take(ENTRIES).map(|item| {
        let went = went(lang, id, item, &replies, copies.is_some());
        entry(lang, &catalogue, id, item, &files, copies, went)
    });
    let entries = entries.collect();
    let more = wanted.len() > ENTRIES;
    let next = match wanted.get(ENTRIES.saturating_sub(1)) {
        Some(last) if more => Some(last.seq),
        _ => timeline.next.map(|cursor| cursor.id),
    };
    Ok(Record { entries, next })
}

/// `POST /cases/{id}/messages`: to the customer, or among staff.
pub(crate) async fn post(page: Page, ctx: Ctx, Path(id): Path<i64>, upload: Upload) -> Result<Response, Failure> {
    let id = Id::new(id);
    app::files::may_add(&ctx, id).await?;
    let taken = upload.take(&ctx, UploadRules::STAFF).await?;
    let files = NewFiles::of(&taken, "photo")?;
    let Taken { ctx, mut form, .. } = taken;
    let visibility = form.choice("visibility", Visibility::parse);
    let body = form.text("body", BODY);
    let way = form.choice_or_none("way", Way::parse);
    let posted = match (form.check(), visibility) {
        (Ok(()), Some(visibility)) => app::post_reply(&ctx, id, NewReply { visibility, body, files, way }).await,
        (Ok(()), None) => Err(Fault::field("visibility", "choose")),
        (Err(fault), _) => Err(fault),
    };
    match posted {
        Ok(posted) if posted.held => Ok(Redirect::to(&format!("/cases/{id}?done=held#held")).into_response()),
        Ok(_) => Ok(Redirect::to(&format!("/cases/{id}?done=message#records")).into_response()),
        Err(fault) if fault.kind() == FaultKind::Invalid => {
            let page = detail::render(page, &ctx, id, None, form.into_filled_with(&fault)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, View(page)).into_response())
        }
        Err(fault) => Err(fault.into()),
    }
}

/// One entry of the record of the case `id`; `copies` is the case whose texts the reader may copy.
pub(super) fn entry(
    lang: &Lang,
    catalogue: &Catalogue,
    id: Id<of::Case>,
    item: &Item,
    files: &[FileRow],
    copies: Option<Id<of::Case>>,
    went: Option<Markup>,
) -> Markup {
    let (_, what) = item.verb.split_once('.').unwrap_or(("", &item.verb));
    let who = match item.actor_kind.as_str() {
        "system" => lang.t("cases-page-system"),
        _ if BY_ITSELF.contains(&item.verb.as_str()) => lang.t("cases-page-system"),
        _ if item.actor_name.is_empty() => lang.t("cases-page-customer"),
        _ => item.actor_name.clone(),
    };
    let mut entry = web::entry(who, verb(lang, item, what), lang.at(item.happened_at));
    if item.entered_at.since(item.happened_at) > LATE {
        let by = lang.span(item.entered_at.since(item.happened_at));
        entry = entry.entered_late(lang.t2("cases-page-entered-late", "at", lang.at(item.entered_at), "by", by));
    }
    if let Some(message) = &item.message {
        entry = entry.says(if message.body.is_empty() { lang.t("cases-page-erased") } else { message.body.clone() });
        entry = match (message.visibility, message.direction) {
            (Visibility::Internal, _) => entry.internal(),
            (Visibility::Public, Direction::In) => entry.customer(),
            (Visibility::Public, Direction::Out) => entry,
        };
    } else {
        entry = entry.icon(icon_of(what));
    }
    let came = came_with(item, files);
    let changes: Vec<String> = item.changes.iter().filter_map(|change| said(lang, catalogue, change)).collect();
    let deadline = deadline(lang, id, item);
    let mut more = String::new();
    if !came.is_empty() {
        more.push_str(super::files::strip(lang, &came).as_str());
    }
    if let Some(deadline) = deadline {
        more.push_str(&format!("<div class=\"xs t3\">{deadline}</div>"));
    }
    if !changes.is_empty() {
        let changes = Markup::text(&changes.join(&lang.t("cases-page-change-gap")));
        more.push_str(&format!("<div class=\"xs t3\">{changes}</div>"));
    }
    let public = item.message.as_ref().filter(|told| {
        !told.body.is_empty() && told.visibility == Visibility::Public && told.direction == Direction::Out
    });
    if let (Some(told), Some(id)) = (public, copies) {
        let words: String = told.body.chars().take(2_000).collect();
        let fields = [("text", "reply"), ("words", words.as_str())];
        more.push_str(&web::copy_text(lang, &format!("/cases/{id}/wechat"), &fields).to_string());
    }
    if let Some(went) = went {
        more.insert_str(0, went.as_str());
    }
    if !more.is_empty() {
        entry = entry.more(&Markup::ready(more));
    }
    Markup::of(&entry)
}

/// By which way a reply went and what became of it; who works on the case can print its letter.
fn went(lang: &Lang, id: Id<of::Case>, item: &Item, replies: &Replies, may_work: bool) -> Option<Markup> {
    let message = item.message.as_ref()?.id?;
    let (way, became) = replies.get(&message)?;
    let word = became.as_str();
    let (tone, icon) = match word {
        "delivered" | "sent" | "called" | "printed" => ("ok", "circle-check"),
        "failed" => ("late", "alert-triangle"),
        "unknown" => ("late", "alert-circle"),
        "queued" | "to-call" | "to-print" => ("soon", "hourglass"),
        _ => ("", "eye"),
    };
    let text = lang.t2(
        "cases-reply-went",
        "way",
        lang.word("cases-way", way.as_str()),
        "state",
        lang.word("cases-reply", word),
    );
    let mut shown = format!("<div class=\"row-f wrap g4 mt1\">{}", web::chip(tone, icon, text));
    match became {
        Became::Sent(row) => {
            let why = row.error.as_ref().filter(|_| word != "sent" && word != "delivered");
            if let Some(why) = why.and_then(|code| lang.find(&format!("messaging-error-{}", code.replace('_', "-")))) {
                shown.push_str(&format!("<span class=\"xs t2\">{}</span>", Markup::text(&why)));
            }
            if word == "failed" || word == "unknown" {
                let open = Markup::text(&lang.t("cases-reply-open"));
                shown.push_str(&format!("<a class=\"sm\" href=\"/outbox/{}\">{open}</a>", row.id));
            }
        }
        Became::Call(task, _) => {
            let open = Markup::text(&lang.t("cases-reply-task"));
            shown.push_str(&format!("<a class=\"sm\" href=\"/tasks/{task}\">{open}</a>"));
        }
        Became::Letter(_) if may_work => {
            let print = Markup::text(&lang.t("cases-reply-print"));
            shown.push_str(&format!(
                "<form method=\"post\" action=\"/cases/{id}/replies/{message}/print\"><button class=\"btn btn-s\" type=\"submit\">{}{print}</button></form>",
                web::icon("printer")
            ));
        }
        Became::Letter(_) | Became::Page => {}
    }
    shown.push_str("</div>");
    Some(Markup::ready(shown))
}

type Replies = BTreeMap<Id<MessageId>, (Way, Became)>;

/// The files that this entry added and that are still there.
fn came_with<'f>(item: &Item, files: &'f [FileRow]) -> Vec<&'f FileRow> {
    if !matches!(item.verb.as_str(), "case.files_added" | "case.signed") {
        return Vec::new();
    }
    let digests =
        item.changes.iter().find(|change| change.field == "sha256").and_then(|change| change.after.as_deref());
    let digests: Vec<&str> = digests.unwrap_or_default().split(' ').collect();
    let at_once = |file: &&FileRow| file.created_at <= item.entered_at;
    files.iter().filter(|file| digests.contains(&file.digest.as_str())).filter(at_once).collect()
}

/// What happened, in words: of cases by `cases-verb-…`, of other capabilities by `<capability>-verb-…`.
fn verb(lang: &Lang, item: &Item, what: &str) -> String {
    if let Some(message) = &item.message {
        let key = match (message.visibility, message.direction) {
            (Visibility::Internal, _) => "cases-page-said-internal",
            (Visibility::Public, Direction::In) => "cases-page-said-customer",
            (Visibility::Public, Direction::Out) => "cases-page-said-public",
        };
        return lang.t(key);
    }
    let capability = match item.verb.split_once('.') {
        Some(("survey", _)) => "surveys",
        Some(("feedback", _)) => "feedback",
        Some(("complaints", _)) => "complaints",
        Some(("collection", _)) => "collection",
        Some(("emotion", _)) => "emotion",
        Some(("problems", _)) => "problems",
        Some(("returns", _)) => "returns",
        _ => "cases",
    };
    let word = what.replace('_', "-");
    let verb = lang.find(&format!("{capability}-verb-{word}")).unwrap_or_else(|| item.verb.clone());
    match after(item, "stage").and_then(Stage::parse) {
        Some(stage) => lang.t2("cases-page-verb-of", "verb", verb, "stage", lang.word("cases-stage", stage.as_str())),
        None => verb,
    }
}

/// What an entry says about a field afterwards.
fn after<'i>(item: &'i Item, field: &str) -> Option<&'i str> {
    item.changes.iter().find(|change| change.field == field)?.after.as_deref()
}

/// Of an entry about a deadline: when it was due and by which rule, with the way to how that was counted.
fn deadline(lang: &Lang, id: Id<of::Case>, item: &Item) -> Option<Markup> {
    after(item, "stage")?;
    let due: Timestamp = after(item, "due")?.parse().ok()?;
    let rule = after(item, "allowed").and_then(|allowed| {
        let (unit, amount) = allowed.split_once(' ')?;
        let amount: i64 = amount.parse().ok()?;
        match unit {
            "working" => Some(lang.t1("calendar-rule-working", "length", lang.span(amount))),
            "natural" => Some(lang.t1("calendar-rule-natural", "length", lang.span(amount))),
            "working-days" => Some(lang.t1("calendar-rule-working-days", "n", amount)),
            "calendar-days" => Some(lang.t1("calendar-rule-calendar-days", "n", amount)),
            _ => None,
        }
    });
    let version = after(item, "policy_version").and_then(|version| version.parse::<i64>().ok());
    let said = match (rule, version) {
        (Some(rule), Some(version)) => {
            lang.t3("cases-page-due-by-rule", "due", lang.at(due), "rule", rule, "n", version)
        }
        _ => lang.t1("cases-page-due-at", "due", lang.at(due)),
    };
    let said = Markup::text(&said);
    Some(match after(item, "clock").and_then(|clock| clock.parse::<i64>().ok()) {
        Some(clock) => Markup::ready(format!("<a href=\"/cases/{id}/clocks/{clock}\">{said}</a>")),
        None => said,
    })
}

fn icon_of(what: &str) -> &'static str {
    match what {
        "taken_in" => "inbox",
        "accepted" | "assigned" => "user-check",
        "analysed" => "stethoscope",
        "plan_proposed" => "file-text",
        "confirmed" | "resolved" | "closed" => "circle-check",
        "declined" => "arrow-back-up",
        "waited" | "waiting" => "player-pause",
        "resumed" => "player-play",
        "reopened" => "refresh",
        "rejected" | "cancelled" => "circle-x",
        "merged" => "git-merge",
        "erased" => "trash",
        "files_added" | "file_restored" => "photo",
        "file_removed" => "trash",
        "signed" => "edit",
        "task_given" | "task_accepted" | "task_handed_over" | "task_done" => "checklist",
        "task_returned" | "task_withdrawn" | "taken_back" => "arrow-back-up",
        "checked" => "clipboard-check",
        "followed_up" => "arrow-right",
        "linked" | "unlinked" => "link",
        "mentioned" => "bell",
        "task_late" | "deadline_raised" => "alert-triangle",
        "link_issued" | "links_revoked" => "link",
        "invited" | "answered" => "mood-smile",
        "low_rating" => "mood-sad",
        "labelled" => "tag",
        "deadline_near" => "hourglass",
        "deadline_missed" | "escalated" => "alert-triangle",
        "recovered" => "heart-handshake",
        _ => "history",
    }
}

/// One change in words; nothing for what only programs need.
fn said(lang: &Lang, catalogue: &Catalogue, change: &RecordedChange) -> Option<String> {
    let field = lang.find(&format!("cases-page-field-{}", change.field.replace('_', "-")))?;
    let value = |stored: &Option<String>| match stored {
        None if change.erased => lang.t("cases-page-erased"),
        None => lang.t("cases-page-nothing"),
        Some(code) if change.field == "cause" => catalogue.cause_name(code, lang.locale.as_str()),
        // Goods at intake; later, what feedback is about.
        Some(code) if change.field == "category" => catalogue
            .category(code)
            .map_or_else(|| value(lang, "category", code), |goods| goods.name_in(lang.locale.as_str()).to_owned()),
        Some(text) => value(lang, &change.field, text),
    };
    Some(match &change.before {
        None if !change.erased => lang.t2("cases-page-change-to", "field", field, "after", value(&change.after)),
        _ => {
            lang.t3("cases-page-change", "field", field, "before", value(&change.before), "after", value(&change.after))
        }
    })
}

fn value(lang: &Lang, field: &str, stored: &str) -> String {
    let prefix = match field {
        "state" => "cases-state",
        "kind" => "cases-kind",
        "channel" => "cases-channel",
        "priority" => "cases-priority",
        "wait_reason" => "cases-wait",
        "wish" => "cases-wish",
        "outcome" => "cases-outcome",
        "proof" => "cases-proof",
        "upset" | "urgent" | "spam" => "cases-page-bool",
        // The company's own categories are shown as they were written.
        "category" | "suggested" => {
            return lang.find(&format!("feedback-category-{stored}")).unwrap_or_else(|| stored.to_owned());
        }
        "sentiment" => "feedback-sentiment",
        "level" => "emotion-level",
        "emotion_source" => "emotion-source",
        "source" => "complaints-source",
        "purpose" => "cases-page-purpose",
        "file_visibility" => "files-visibility",
        "sha256" => return stored.split(' ').map(|one| one.get(..12).unwrap_or(one)).collect::<Vec<_>>().join(" "),
        "check_result" => "cases-check-result",
        "command" => "cases-command",
        "link" => "cases-link-kind",
        "call_at" | "wait_until" => {
            return stored.parse::<Timestamp>().map_or_else(|_| stored.to_owned(), |at| lang.at(at));
        }
        _ => return stored.to_owned(),
    };
    lang.word(prefix, stored)
}
