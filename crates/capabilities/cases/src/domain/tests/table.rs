//! The whole flow on one page, kept as a snapshot so that a change to it is seen and meant.

use std::fmt::Write as _;

use super::samples::*;
use crate::domain::*;

fn table(kind: Kind) -> String {
    let mut page = String::new();
    for state in states() {
        for side in Side::ALL {
            writeln!(page, "{} / {side}", named(&state)).unwrap();
            for command in commands(*side) {
                let outcome = match decide(&facts(state, kind), &command, *side, noon()) {
                    Ok(decision) => format!("→ {} ({})", named(&decision.next), decision.verb),
                    Err(refusal) => format!("✗ {}", refusal.code),
                };
                writeln!(page, "    {:<9} {outcome}", command.name()).unwrap();
            }
        }
    }
    page
}

#[test]
fn every_state_command_and_side() {
    insta::assert_snapshot!("table_repair", table(Kind::Repair));
}

/// Kinds without confirmation differ in few places only; the snapshot holds just those.
#[test]
fn kinds_without_confirmation_differ_only_here() {
    let (with, without) = (table(Kind::Repair), table(Kind::Inquiry));
    let mut place = "";
    let mut differences = String::new();
    for (with, without) in with.lines().zip(without.lines()) {
        if !with.starts_with(' ') {
            place = with;
        } else if with != without {
            writeln!(differences, "{place}: {} (instead of {})", without.trim(), with.trim()).unwrap();
        }
    }
    insta::assert_snapshot!("table_without_confirmation", differences);
}

#[test]
fn every_state_has_its_step_and_category() {
    let page = states().iter().fold(String::new(), |mut page, state| {
        let step = state.step().map_or("kept".to_owned(), |step| step.number().to_string());
        writeln!(page, "{:<36} step {step:<5} {}", named(state), state.category()).unwrap();
        page
    });
    insta::assert_snapshot!("steps", page);
}

#[test]
fn every_refusal_is_in_the_catalogue() {
    for state in states() {
        for side in Side::ALL {
            for command in commands(*side) {
                if let Err(refusal) = decide(&facts(state, Kind::Repair), &command, *side, noon()) {
                    assert!(Refusal::CODES.contains(&refusal.code), "{}", refusal.code);
                }
            }
        }
    }
}

#[test]
fn words_are_read_back() {
    for kind in Kind::ALL {
        assert_eq!(Kind::parse(kind.as_str()), Some(*kind));
        assert_eq!(serde_json::to_string(kind).unwrap(), format!("\"{kind}\""));
    }
    assert_eq!(StateName::parse("NEW"), None);
    for state in states() {
        assert_eq!(State::from_name(state.name(), state.wait()), Some(state));
    }
    assert_eq!(State::from_name(StateName::Waiting, None), None);
}
