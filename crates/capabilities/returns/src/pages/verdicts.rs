//! The page that finds a verdict question by question, and what of it the customer sees.

use std::sync::Arc;

use askama::Template;
use axum::extract::RawQuery;
use capability::Ctx;
use remedies::{
    Because, FactName, Facts, Happened, Layer, Open, Outcome, Question, Remedy, Rulebook, Sum, Verdict, allowed_words,
};
use web::{Chip, Failure, Form, Lang, Page, View};

use super::layers::{self, Beyond};
use crate::asked::Asked;
use parties::verdict::{Judged, Layers, rulebook, words};

const HERE: &str = "/verdicts";
const CUSTOMER: &str = "/verdicts/customer";

#[derive(Template)]
#[template(path = "returns_verdict.html")]
struct VerdictPage {
    page: Page,
    question: Option<Asking>,
    /// What cannot be, in words.
    wrong: Option<String>,
    known: Vec<Known>,
    /// What is taken as usual.
    taken: Vec<Known>,
    /// Questions that could be answered next instead.
    others: Vec<Link>,
    /// Takes everything else as usual.
    usual: Option<String>,
    shown: Option<Shown>,
    customer: String,
}

#[derive(Template)]
#[template(path = "returns_customer.html")]
struct CustomerPage {
    page: Page,
    said: Option<String>,
    bring: Vec<String>,
    back: String,
}

struct Link {
    text: String,
    href: String,
}

struct Known {
    label: String,
    value: String,
    /// Asks it again.
    change: String,
}

/// One question.
struct Asking {
    fact: &'static str,
    text: String,
    kind: Kind,
    choices: Vec<Answer>,
    hidden: Vec<(&'static str, String)>,
    skip: String,
    /// What ranges of numbers would lead to.
    leads: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// One of several links.
    Choice,
    /// A list that is too long for links.
    List,
    Day,
    Number,
    Money,
}

struct Answer {
    text: String,
    value: String,
    href: String,
    /// What it would lead to.
    then: Option<String>,
}

/// A verdict in words.
struct Shown {
    staff: String,
    customer: String,
    rules: String,
    person: Vec<String>,
    law: Vec<Card>,
    /// What terms above the law give.
    beyond: Vec<Beyond>,
    /// Terms that are void.
    void: Vec<String>,
    possible: Vec<Card>,
    sums: Vec<Calculated>,
    extras: Vec<(String, String)>,
    clocks: Vec<(String, String, String)>,
    evidence: Vec<String>,
    burden: Option<String>,
    /// Rule, clauses, and what does not hold.
    why_not: Vec<(String, String, String)>,
    beyond_calendar: bool,
}

struct Card {
    title: String,
    about: String,
    until: Option<String>,
    cite: String,
    pays: String,
    needs: String,
    chip: Option<Chip>,
}

struct Calculated {
    title: String,
    steps: Vec<(String, String)>,
    total: Option<(String, String)>,
    missing: String,
}

/// `GET /verdicts?…`: every answer is a link or a small form that carries the others on.
pub(crate) async fn show(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<View<impl Template>, Failure> {
    let book = rulebook()?;
    let lang = page.lang.clone();
    let mut form = Form::from_query(&query.unwrap_or_default());
    let asked = Asked::read(&mut form, page.now.day(&page.zone));
    let layers = layers_of(&ctx, &asked).await?;
    let mut wrong = asked
        .wrong
        .as_ref()
        .map(|bad| lang.t2("returns-verdict-wrong", "fact", fact_name(&lang, bad.fact), "value", bad.value.clone()));
    let mut shown = None;
    let mut question = None;
    let mut others = Vec::new();
    match book.verdict(&asked.facts, layers.terms()) {
        Err(why) => {
            wrong = Some(lang.t2(
                "returns-verdict-contradicts",
                "fact",
                fact_name(&lang, why.fact),
                "other",
                fact_name(&lang, why.other),
            ));
        }
        Ok(verdict) => {
            let questions = book.questions(&asked.facts, layers.terms(), &verdict).unwrap_or_default();
            let again = asked.wrong.as_ref().map(|bad| bad.fact).or(asked.wanted);
            let next =
                again.or_else(|| questions.iter().map(|one| one.fact).find(|fact| !asked.skipped.contains(fact)));
            question =
                next.map(|fact| asking(&lang, book, &asked, fact, questions.iter().find(|one| one.fact == fact)));
            others = questions
                .iter()
                .filter(|one| Some(one.fact) != next)
                .map(|one| Link {
                    text: fact_name(&lang, one.fact),
                    href: Asked::href(HERE, asked.without(Some(one.fact)), &[("ask", one.fact.as_str())]),
                })
                .collect();
            if asked.facts.category.is_some() {
                let judged = Judged {
                    facts: asked.facts.clone(),
                    layers: Arc::clone(&layers),
                    unit: asked.unit,
                    supposed: false,
                };
                let beyond = layers::beyond(&lang, &judged, &verdict);
                let void = verdict.void.iter().map(|void| words::void(&lang, &layers, void)).collect();
                shown = Some(Shown { beyond, void, ..shows(&lang, book, &asked.facts, &verdict) });
            }
        }
    }
    let usual = (!asked.usual && asked.facts.category.is_some() && asked.facts.fault.is_some() && question.is_some())
        .then(|| Asked::href(HERE, asked.without(None), &[("usual", "yes")]));
    let mut known: Vec<Known> = asked
        .told
        .iter()
        .map(|(fact, word)| Known {
            label: fact_name(&lang, *fact),
            value: words::value(&lang, book, *fact, word),
            change: Asked::href(HERE, asked.without(Some(*fact)), &[("ask", fact.as_str())]),
        })
        .collect();
    if !asked.told.iter().any(|(fact, _)| *fact == FactName::ClaimDate) {
        known.push(Known {
            label: fact_name(&lang, FactName::ClaimDate),
            value: words::day(asked.facts.claim_date),
            change: Asked::href(HERE, asked.without(None), &[("ask", "claim_date")]),
        });
    }
    let mut taken = Vec::new();
    for fact in asked.taken_as_usual().filter(|_| asked.facts.category.is_some()) {
        if fact == FactName::CarEvent && asked.facts.category.as_deref() != Some("family_car") {
            continue;
        }
        taken.push(Known {
            label: fact_name(&lang, fact),
            value: words::value(&lang, book, fact, usual_word(&asked.facts, fact)),
            change: Asked::href(HERE, asked.without(None), &[("ask", fact.as_str())]),
        });
    }
    Ok(View(VerdictPage {
        customer: Asked::href(CUSTOMER, asked.without(None), &[]),
        page: page.named("returns-verdict-title"),
        question,
        wrong,
        known,
        taken,
        others,
        usual,
        shown,
    }))
}

/// `GET /verdicts/customer?…`: the same answers, with conditions only. It may be turned to the customer.
pub(crate) async fn customer(page: Page, ctx: Ctx, RawQuery(query): RawQuery) -> Result<View<impl Template>, Failure> {
    let book = rulebook()?;
    let lang = page.lang.clone();
    let mut form = Form::from_query(&query.unwrap_or_default());
    let asked = Asked::read(&mut form, page.now.day(&page.zone));
    let layers = layers_of(&ctx, &asked).await?;
    let verdict = book.verdict(&asked.facts, layers.terms()).ok().filter(|_| asked.facts.category.is_some());
    Ok(View(CustomerPage {
        said: verdict.as_ref().map(|verdict| words::for_customer(&lang, &verdict.for_customer)),
        bring: verdict.as_ref().map(|verdict| evidence(&lang, verdict)).unwrap_or_default(),
        back: Asked::href(HERE, asked.without(None), &[]),
        page: page.named("returns-customer-title"),
    }))
}

/// The terms stored for the unit that it is about.
async fn layers_of(ctx: &Ctx, asked: &Asked) -> Result<Arc<Layers>, kernel::Fault> {
    match asked.unit {
        Some(unit) => parties::app::layers_of_unit(ctx, unit).await,
        None => Ok(Arc::default()),
    }
}

fn fact_name(lang: &Lang, fact: FactName) -> String {
    lang.word("remedies-fact", fact.as_str())
}

fn usual_word(facts: &Facts, fact: FactName) -> &'static str {
    match fact {
        FactName::Component => "whole",
        FactName::CarEvent => "ordinary",
        FactName::RepairsDone | FactName::OpenRepairDays | FactName::PartsWaitDays | FactName::DaysInRepair => "0",
        FactName::Installed if matches!(facts.installed, Happened::On(_)) => "",
        _ => "none",
    }
}

fn asking(lang: &Lang, book: &Rulebook, asked: &Asked, fact: FactName, question: Option<&Question>) -> Asking {
    let rest = asked.without(Some(fact));
    let then = |word: &str| {
        let answers = question.map(|one| one.answers.as_slice()).unwrap_or_default();
        let answer = answers.iter().find(|answer| answer.values.iter().any(|value| value == word))?;
        let open: Vec<Remedy> = answer.open.iter().copied().filter(|one| *one != Remedy::None).collect();
        match (open.is_empty(), answer.possible.is_empty()) {
            (false, _) => Some(words::remedies(lang, &open)),
            (true, false) => Some(lang.t1("returns-verdict-may", "remedies", words::remedies(lang, &answer.possible))),
            (true, true) => Some(lang.t("returns-verdict-nothing")),
        }
    };
    let choice = |word: String| Answer {
        text: words::value(lang, book, fact, &word),
        href: Asked::href(HERE, rest.clone(), &[(fact.as_str(), &word)]),
        then: then(&word),
        value: word,
    };
    let mut choices: Vec<Answer> = allowed_words(fact).iter().map(|word| choice((*word).to_owned())).collect();
    let kind = match fact {
        FactName::Category => {
            choices = book
                .categories()
                .iter()
                .map(|one| choice(one.id.clone()))
                .chain([choice("other".to_owned())])
                .collect();
            Kind::List
        }
        FactName::Component => {
            let category = asked.facts.category.as_deref().and_then(|id| book.category(id));
            let parts = category.into_iter().flat_map(|one| one.parts()).map(|part| part.name.clone());
            choices = ["whole".to_owned()].into_iter().chain(parts).map(choice).collect();
            Kind::Choice
        }
        FactName::ClaimDate | FactName::Bought | FactName::FactoryDate => Kind::Day,
        FactName::Received => {
            choices.extend(
                asked
                    .facts
                    .bought
                    .map(|bought| Answer { text: lang.t("returns-verdict-same-day"), ..choice(bought.to_string()) }),
            );
            Kind::Day
        }
        FactName::Installed | FactName::ExchangedOn | FactName::PartReplacedOn => {
            choices.push(choice("none".to_owned()));
            Kind::Day
        }
        FactName::PriceFen => Kind::Money,
        FactName::RepairsDone
        | FactName::DaysInRepair
        | FactName::OpenRepairDays
        | FactName::PartsWaitDays
        | FactName::Km
        | FactName::NPer100k => Kind::Number,
        _ => Kind::Choice,
    };
    let leads = match (kind, question) {
        (Kind::Number, Some(question)) => question
            .answers
            .iter()
            .filter_map(|answer| {
                let (first, last) = (answer.values.first()?, answer.values.last()?);
                let range = if first == last { first.clone() } else { format!("{first}–{last}") };
                Some(lang.t2("returns-verdict-leads", "range", range, "then", then(first)?))
            })
            .collect(),
        _ => Vec::new(),
    };
    Asking {
        fact: if kind == Kind::Money { "price" } else { fact.as_str() },
        text: lang.word("remedies-ask", fact.as_str()),
        kind,
        choices,
        skip: Asked::href(HERE, rest.clone(), &[("skip", fact.as_str())]),
        hidden: rest,
        leads,
    }
}

fn shows(lang: &Lang, book: &Rulebook, facts: &Facts, verdict: &Verdict<'_>) -> Shown {
    let mut sums: Vec<Calculated> = Vec::new();
    for open in verdict.by_law() {
        if let Some(fee) = &open.fee
            && sums.is_empty()
        {
            sums.push(calculated(lang, fee, Some(facts)));
        }
    }
    sums.extend(verdict.compensation.as_ref().map(|sum| calculated(lang, sum, None)));
    let clocks = verdict
        .clocks
        .iter()
        .map(|clock| {
            let stands = match (clock.so_far, clock.limit, clock.due) {
                (Some(now), Some(limit), _) => {
                    lang.t2("remedies-clock-so-far", "now", i64::from(now), "limit", i64::from(limit))
                }
                (_, _, Some(due)) => lang.t1("remedies-clock-due", "day", words::day(due)),
                (_, Some(limit), None) => lang.t1("remedies-days", "n", i64::from(limit)),
                _ => String::new(),
            };
            let cites = clock.cite.iter().map(String::as_str);
            (lang.word("remedies-clock", clock.clock), stands, words::clauses(lang, cites))
        })
        .collect();
    let why_not = verdict
        .steps
        .iter()
        .filter(|step| !step.ground.starts_with("terms_"))
        .filter_map(|step| {
            let free = |one: &Remedy| !matches!(one, Remedy::PaidRepair | Remedy::Inspection | Remedy::LegalReview);
            if !step.gives.iter().any(free) {
                return None;
            }
            let why = match &step.outcome {
                Outcome::Fails(Because::Over { last_day: Some(last), by_km: false, .. }) => {
                    lang.t1("remedies-because-over", "day", words::day(*last))
                }
                Outcome::Fails(Because::Over { by_km: true, .. }) => lang.t("remedies-because-km"),
                Outcome::Fails(Because::Fact(fact)) => lang.t1("remedies-because-fact", "fact", fact_name(lang, *fact)),
                Outcome::EndedBy(rule) => {
                    let by = verdict.steps.iter().find(|other| other.rule == *rule);
                    let by = by.map(|by| lang.word("remedies-ground", by.ground)).unwrap_or_default();
                    lang.t1("remedies-because-ended", "rule", by)
                }
                _ => return None,
            };
            let cites = words::clauses(lang, step.cite.iter().map(String::as_str));
            Some((lang.word("remedies-ground", step.ground), cites, why))
        })
        .collect();
    let mut person: Vec<String> = Vec::new();
    for doubt in &verdict.person {
        let text = lang.word("remedies-doubt", doubt.reason);
        if !person.contains(&text) {
            person.push(text);
        }
    }
    let burden = match verdict.burden {
        remedies::Burden::Seller => Some(lang.t("remedies-burden-seller")),
        remedies::Burden::Customer => Some(lang.t("remedies-burden-customer")),
        _ => None,
    };
    Shown {
        staff: words::for_staff(lang, &verdict.for_staff),
        customer: words::for_customer(lang, &verdict.for_customer),
        rules: lang.t2(
            "returns-verdict-rules",
            "version",
            verdict.rules.to_owned(),
            "day",
            words::day(facts.claim_date),
        ),
        person,
        law: verdict.by_law().filter(|open| open.remedy != Remedy::None).map(|open| card(lang, open)).collect(),
        beyond: Vec::new(),
        void: Vec::new(),
        possible: verdict
            .possible
            .iter()
            .filter(|open| open.remedy != Remedy::PaidRepair && open.layer == Layer::Law)
            .map(|open| card(lang, open))
            .collect(),
        sums,
        extras: verdict
            .extras
            .iter()
            .map(|owed| {
                let cites = owed.cite.iter().map(String::as_str);
                (lang.word("remedies-extra", &owed.extra.as_str().to_lowercase()), words::clauses(lang, cites))
            })
            .collect(),
        clocks,
        evidence: evidence(lang, verdict),
        burden,
        why_not,
        beyond_calendar: verdict.beyond_calendar && book.version() == verdict.rules,
    }
}

fn card(lang: &Lang, open: &Open<'_>) -> Card {
    let mut grounds: Vec<String> = Vec::new();
    for ground in &open.grounds {
        let text = lang.word("remedies-ground", ground.ground);
        if !grounds.contains(&text) {
            grounds.push(text);
        }
    }
    let cites = open.grounds.iter().flat_map(|ground| ground.cite).map(String::as_str);
    let chip = open.fee.as_ref().map(|fee| match fee.fen {
        Some(0) | None => web::chip("line", "", sum_title(lang, fee)),
        Some(fen) => web::chip("soon", "", lang.t1("remedies-less", "sum", words::money(lang, fen))),
    });
    Card {
        title: words::remedy(lang, open.remedy),
        about: grounds.join(&lang.t("remedies-comma")),
        until: open.last_day.map(|last| {
            let key = if open.at_least { "remedies-until-at-least" } else { "remedies-until" };
            lang.t1(key, "day", words::day(last))
        }),
        cite: words::clauses(lang, cites),
        pays: lang.word("remedies-payer", open.payer),
        needs: open
            .missing
            .iter()
            .map(|fact| fact_name(lang, fact))
            .collect::<Vec<_>>()
            .join(&lang.t("remedies-comma")),
        chip,
    }
}

fn sum_title(lang: &Lang, sum: &Sum) -> String {
    let kind = serde_json::to_value(sum.kind).ok();
    lang.word("remedies-sum", kind.as_ref().and_then(|kind| kind.as_str()).unwrap_or_default())
}

fn calculated(lang: &Lang, sum: &Sum, kept_back_from: Option<&Facts>) -> Calculated {
    let total = match (sum.fen, kept_back_from.and_then(|facts| facts.price_fen)) {
        (Some(fee), Some(price)) => Some((lang.t("remedies-left"), words::money(lang, price - fee))),
        (Some(fen), None) => Some((sum_title(lang, sum), words::money(lang, fen))),
        (None, _) => None,
    };
    Calculated {
        title: if kept_back_from.is_some() { lang.t("returns-verdict-how") } else { sum_title(lang, sum) },
        steps: sum.steps.iter().map(|step| words::step(lang, step)).collect(),
        total,
        missing: sum
            .missing
            .iter()
            .map(|fact| fact_name(lang, fact))
            .collect::<Vec<_>>()
            .join(&lang.t("remedies-comma")),
    }
}

fn evidence(lang: &Lang, verdict: &Verdict<'_>) -> Vec<String> {
    let mut needed: Vec<String> = Vec::new();
    for paper in verdict.by_law().flat_map(|open| &open.grounds).flat_map(|ground| ground.evidence) {
        let text = lang.word("remedies-evidence", paper);
        if !needed.contains(&text) {
            needed.push(text);
        }
    }
    needed
}
