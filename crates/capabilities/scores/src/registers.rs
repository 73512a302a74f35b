//! Registers (台账): what operations do not produce by themselves, by group, and what each of them must hold.

use scoring::RecordKind;

/// A kind of record that no scheme asks for but a register keeps.
pub fn own_kind(_code: &str) -> Option<&'static RecordKind> {
    None
}
