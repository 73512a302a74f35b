//! Self-assessments from the record to the proved bundle, and certificates, on both engines.
#![cfg(test)]

mod certificates;
mod snapshots;
