//! Reads what forms and the API send for a command.

use kernel::{Fault, FieldErrors, Id, Money, Timestamp};
use parties::domain::text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::{
    Cause, CloseBy, Command, CommandName, Kind, Outcome, Party, Plan, PlanLine, PlanOption, Priority, Proof, ProofKind,
    WaitReason,
};

/// Longest reason or note, in characters.
const NOTE: usize = 2_000;
/// Most options of a plan, and most lines of an option.
const OPTIONS: usize = 5;
const LINES: usize = 30;
/// The largest amount that a line may have: ten million yuan, in fen.
const MOST: i64 = 1_000_000_000;

/// The fields of all commands; each command reads its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct CommandInput {
    /// accept, assign, wait: id of the person who has it, or who looks again.
    pub owner: Option<String>,
    /// assign: id of the team.
    pub team: Option<String>,
    /// accept: how urgent it is.
    pub priority: Option<String>,
    /// accept: its kind.
    pub kind: Option<String>,
    /// propose: what was found.
    pub findings: Option<String>,
    /// propose: the ways to choose from, at least one.
    pub options: Vec<OptionInput>,
    /// confirm: which option, from 1.
    pub option: Option<i64>,
    /// confirm, close: `counter` or `phone`.
    pub proof: Option<String>,
    /// confirm and close by phone: who called whom, and what was said. wait: what exactly. resolve: what was done.
    pub note: Option<String>,
    /// decline, reject, cancel, close by a manager: why. wait: customer, supplier, parts, appointment or approval.
    pub reason: Option<String>,
    /// wait: when somebody looks again, RFC 3339.
    pub until: Option<String>,
    /// resolve: what came of it.
    pub outcome: Option<String>,
    /// resolve: what lay behind it.
    pub cause: Option<String>,
    /// close: `customer` or `manager`.
    pub by: Option<String>,
    /// reopen: what is still wrong.
    pub wrong: Option<String>,
    /// merge: id of the case in which it goes on.
    pub into: Option<String>,
}

/// One way to choose from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct OptionInput {
    /// What would be done.
    pub text: String,
    /// When it would be done by, RFC 3339.
    pub done_by: Option<String>,
    /// Its costs.
    pub lines: Vec<LineInput>,
}

/// One line of cost.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct LineInput {
    /// What for.
    pub text: String,
    /// How much, in fen.
    pub amount: i64,
    /// customer, store, maker or insurer.
    pub bearer: String,
    /// The law makes that party bear it; what the store bears beyond the law may need approval.
    pub by_law: bool,
}

/// The command `name` with what was sent for it.
///
/// # Errors
/// `invalid` with every field that cannot be taken.
pub fn command(name: CommandName, input: &CommandInput) -> Result<Command, Fault> {
    let mut errors = FieldErrors::default();
    let command = read(&mut errors, name, input);
    errors.check()?;
    // A reader that gives nothing has noted why.
    command.ok_or_else(|| Fault::internal("a field was refused without a note"))
}

fn read(errors: &mut FieldErrors, name: CommandName, input: &CommandInput) -> Option<Command> {
    Some(match name {
        CommandName::Accept => {
            let (owner, priority, kind) = (
                id(errors, "owner", input.owner.as_deref()),
                word(errors, "priority", input.priority.as_deref(), Priority::parse),
                word(errors, "kind", input.kind.as_deref(), Kind::parse),
            );
            Command::Accept { owner: owner?, priority: priority?, kind: kind? }
        }
        CommandName::Assign => {
            let owner = given(input.owner.as_deref()).and_then(|typed| id(errors, "owner", Some(typed)));
            let team = given(input.team.as_deref()).and_then(|typed| id(errors, "team", Some(typed)));
            Command::Assign { owner, team }
        }
        CommandName::Analyse => Command::Analyse,
        CommandName::Propose => Command::Propose(plan(errors, input)),
        CommandName::Confirm => {
            let option = match input.option {
                Some(option) => option.checked_sub(1).and_then(|option| usize::try_from(option).ok()),
                None => Some(0),
            };
            if option.is_none() {
                errors.add("option", "unknown");
            }
            let proof = proof(errors, input);
            Command::Confirm { option: option?, proof: proof? }
        }
        CommandName::Decline => Command::Decline { reason: needed(errors, "reason", input.reason.as_deref()) },
        CommandName::Wait => {
            let (reason, until, owner) = (
                word(errors, "reason", input.reason.as_deref(), WaitReason::parse),
                instant(errors, "until", input.until.as_deref()),
                id(errors, "owner", input.owner.as_deref()),
            );
            let note = text::optional(errors, "note", input.note.as_deref(), NOTE).unwrap_or_default();
            Command::Wait { reason: reason?, until: until?, owner: owner?, note }
        }
        CommandName::Resume => Command::Resume,
        CommandName::Resolve => {
            let (outcome, cause) = (
                word(errors, "outcome", input.outcome.as_deref(), Outcome::parse),
                word(errors, "cause", input.cause.as_deref(), Cause::parse),
            );
            let note = needed(errors, "note", input.note.as_deref());
            Command::Resolve { outcome: outcome?, cause: cause?, note }
        }
        CommandName::Close => match given(input.by.as_deref()) {
            Some("customer") => Command::Close(CloseBy::Customer(proof(errors, input)?)),
            Some("manager") => Command::Close(CloseBy::Manager(needed(errors, "reason", input.reason.as_deref()))),
            _ => {
                errors.add("by", "choose");
                return None;
            }
        },
        CommandName::Reopen => Command::Reopen { wrong: needed(errors, "wrong", input.wrong.as_deref()) },
        CommandName::Reject => Command::Reject { reason: needed(errors, "reason", input.reason.as_deref()) },
        CommandName::Cancel => Command::Cancel { reason: needed(errors, "reason", input.reason.as_deref()) },
        CommandName::Merge => Command::Merge { into: id(errors, "into", input.into.as_deref())? },
    })
}

fn plan(errors: &mut FieldErrors, input: &CommandInput) -> Plan {
    let findings = needed(errors, "findings", input.findings.as_deref());
    if input.options.is_empty() {
        errors.add("options", "required");
    }
    if input.options.len() > OPTIONS {
        errors.add_with("options", "cases-too-many", vec![("max", OPTIONS.to_string())]);
    }
    let options =
        input.options.iter().take(OPTIONS).enumerate().map(|(n, option)| read_option(errors, n, option)).collect();
    Plan { findings, options }
}

fn read_option(errors: &mut FieldErrors, n: usize, option: &OptionInput) -> PlanOption {
    let text = text::required(errors, &format!("options.{n}.text"), &option.text, NOTE);
    let done_by = given(option.done_by.as_deref())
        .and_then(|typed| instant(errors, &format!("options.{n}.done_by"), Some(typed)));
    if option.lines.len() > LINES {
        errors.add_with(&format!("options.{n}.lines"), "cases-too-many", vec![("max", LINES.to_string())]);
    }
    let lines = option.lines.iter().take(LINES).enumerate().filter_map(|(m, line)| {
        let field = |name: &str| format!("options.{n}.lines.{m}.{name}");
        let text = text::required_line(errors, &field("text"), &line.text, 120);
        let bearer = word(errors, &field("bearer"), Some(&line.bearer), Party::parse);
        match line.amount {
            ..0 => errors.add(&field("amount"), "money-negative"),
            0..=MOST => {}
            _ => errors.add(&field("amount"), "money-large"),
        }
        Some(PlanLine { text, amount: Money::from_fen(line.amount), bearer: bearer?, by_law: line.by_law })
    });
    PlanOption { text, done_by, lines: lines.collect() }
}

fn proof(errors: &mut FieldErrors, input: &CommandInput) -> Option<Proof> {
    match word(errors, "proof", input.proof.as_deref(), ProofKind::parse)? {
        ProofKind::Link => Some(Proof::Link),
        ProofKind::Counter => Some(Proof::Counter),
        ProofKind::Phone => Some(Proof::Phone(needed(errors, "note", input.note.as_deref()))),
    }
}

fn given(typed: Option<&str>) -> Option<&str> {
    typed.map(str::trim).filter(|typed| !typed.is_empty())
}

fn needed(errors: &mut FieldErrors, field: &str, typed: Option<&str>) -> String {
    text::required(errors, field, typed.unwrap_or_default(), NOTE)
}

fn word<T>(errors: &mut FieldErrors, field: &str, typed: Option<&str>, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
    match given(typed) {
        None => {
            errors.add(field, "choose");
            None
        }
        Some(typed) => {
            let found = parse(typed);
            if found.is_none() {
                errors.add(field, "unknown");
            }
            found
        }
    }
}

fn id<T>(errors: &mut FieldErrors, field: &str, typed: Option<&str>) -> Option<Id<T>> {
    word(errors, field, typed, |typed| typed.parse().ok())
}

fn instant(errors: &mut FieldErrors, field: &str, typed: Option<&str>) -> Option<Timestamp> {
    let Some(typed) = given(typed) else {
        errors.add(field, "required");
        return None;
    };
    let found = typed.parse().ok();
    if found.is_none() {
        errors.add(field, "moment");
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(name: CommandName, input: &CommandInput) -> Vec<(String, &'static str)> {
        let fault = command(name, input).unwrap_err();
        fault.fields().iter().map(|error| (error.field.clone(), error.code)).collect()
    }

    #[test]
    fn every_command_without_its_input_says_what_is_missing() {
        for name in CommandName::ALL {
            let read = command(*name, &CommandInput::default());
            let free = matches!(name, CommandName::Assign | CommandName::Analyse | CommandName::Resume);
            assert_eq!(read.is_ok(), free, "{name}");
            if let Err(fault) = read {
                assert!(!fault.fields().is_empty(), "{name}");
            }
        }
    }

    #[test]
    fn a_plan_names_the_field_deep_inside() {
        let input = CommandInput {
            findings: Some("relay".into()),
            options: vec![OptionInput {
                text: "new board".into(),
                done_by: Some("tomorrow".into()),
                lines: vec![LineInput { text: String::new(), amount: -1, bearer: "nobody".into(), by_law: false }],
            }],
            ..CommandInput::default()
        };
        let expected = [
            ("options.0.done_by", "moment"),
            ("options.0.lines.0.text", "required"),
            ("options.0.lines.0.bearer", "unknown"),
            ("options.0.lines.0.amount", "money-negative"),
        ];
        assert_eq!(wrong(CommandName::Propose, &input), expected.map(|(field, code)| (field.to_owned(), code)));
    }

    #[test]
    fn a_word_on_the_phone_needs_its_note() {
        let input = CommandInput { proof: Some("phone".into()), ..CommandInput::default() };
        assert_eq!(wrong(CommandName::Confirm, &input), [("note".to_owned(), "required")]);
    }
}
