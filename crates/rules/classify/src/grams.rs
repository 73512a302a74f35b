//! Runs of characters.

use crate::text::{Sign, mix};

/// The longest run in characters.
const LONGEST_RUN: usize = 3;

/// A run of characters by its digest. Two runs share one about once in four thousand million pairs.
pub(crate) type Gram = u32;

/// All runs of `signs` with the places (first, behind the last) at which they stand. A lone blank is none.
pub(crate) fn runs(signs: &[Sign]) -> impl Iterator<Item = (Gram, (usize, usize))> + '_ {
    (1..=LONGEST_RUN).flat_map(move |length| {
        signs.windows(length).enumerate().filter_map(move |(at, run)| {
            let blank = run.iter().all(|sign| sign.read == ' ');
            (!blank).then(|| (digest(run), (at, at + length)))
        })
    })
}

/// How often each run stands in `signs`, in the order of the digests.
pub(crate) fn counted(signs: &[Sign]) -> Vec<(Gram, f32)> {
    let mut all: Vec<Gram> = runs(signs).map(|(gram, _)| gram).collect();
    all.sort_unstable();
    let same = all.chunk_by(|a, b| a == b);
    same.filter_map(|same| Some((*same.first()?, 1.0 + (same.len() as f32).ln()))).collect()
}

pub(crate) fn digest(run: &[Sign]) -> Gram {
    let wide = run.iter().fold(0x9E37_79B9_7F4A_7C15, |digest, sign| mix(digest ^ u64::from(u32::from(sign.read))));
    let [a, b, c, d, ..] = wide.to_le_bytes();
    Gram::from_le_bytes([a, b, c, d])
}
