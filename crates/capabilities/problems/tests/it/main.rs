//! Problems from a hard case to the way out, on both engines.
#![cfg(test)]

mod flow;
