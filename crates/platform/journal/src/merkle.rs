//! Merkle trees over entry digests, shaped as in RFC 6962 §2.1: leaves and inner nodes are digested with different first
//! bytes, and an uneven tree has its full left part first. A proof for one leaf is a list of at most log₂(n) digests.

use sha2::{Digest as _, Sha256};

use crate::digest::Digest;

fn leaf(content: &Digest) -> Digest {
    Sha256::new().chain_update([0]).chain_update(content).finalize().into()
}

fn node(left: &Digest, right: &Digest) -> Digest {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// Computes a root while leaves come by one at a time, in memory of log₂(n) digests.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    /// Roots of full subtrees with their heights, highest first.
    stack: Vec<(u32, Digest)>,
    leaves: u64,
}

impl Tree {
    /// Adds the next leaf.
    pub(crate) fn push(&mut self, content: &Digest) {
        let (mut height, mut root) = (0, leaf(content));
        while let Some((_, left)) = self.stack.pop_if(|(top, _)| *top == height) {
            root = node(&left, &root);
            height += 1;
        }
        self.stack.push((height, root));
        self.leaves += 1;
    }
    /// How many leaves came by.
    pub(crate) const fn leaves(&self) -> u64 {
        self.leaves
    }
    /// The root; `None` without leaves.
    pub(crate) fn root(&self) -> Option<Digest> {
        self.stack.iter().rev().map(|(_, root)| *root).reduce(|right, left| node(&left, &right))
    }
}

/// The digests beside the way from leaf `index` up to the root, lowest first; `None` when there is no such leaf.
pub(crate) fn proof(contents: &[Digest], index: usize) -> Option<Vec<Digest>> {
    if index >= contents.len() {
        return None;
    }
    let mut path = Vec::new();
    let (mut part, mut index) = (contents, index);
    while part.len() > 1 {
        let (left, right) = part.split_at(split(part.len()));
        let beside = if index < left.len() {
            part = left;
            right
        } else {
            index -= left.len();
            part = right;
            left
        };
        path.push(root_of(beside)?);
    }
    path.reverse();
    Some(path)
}

/// The root that leaf `index` of `leaves` leaves leads to by `path`; `None` when the path cannot belong to such a tree.
pub(crate) fn root_from(content: &Digest, index: u64, leaves: u64, path: &[Digest]) -> Option<Digest> {
    if index >= leaves {
        return None;
    }
    // From the root down: on which side the leaf's part lies at each split.
    let (mut size, mut index, mut sides) = (leaves, index, Vec::new());
    while size > 1 {
        let left = 1_u64 << (u64::BITS - 1 - (size - 1).leading_zeros());
        if index < left {
            sides.push(true);
            size = left;
        } else {
            sides.push(false);
            index -= left;
            size -= left;
        }
    }
    if sides.len() != path.len() {
        return None;
    }
    Some(sides.iter().rev().zip(path).fold(leaf(content), |root, (on_the_left, beside)| {
        if *on_the_left { node(&root, beside) } else { node(beside, &root) }
    }))
}

/// The largest power of two below `size` (size > 1).
fn split(size: usize) -> usize {
    1 << (usize::BITS - 1 - (size - 1).leading_zeros())
}

fn root_of(contents: &[Digest]) -> Option<Digest> {
    let mut tree = Tree::default();
    contents.iter().for_each(|content| tree.push(content));
    tree.root()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn contents(n: usize) -> Vec<Digest> {
        (0..n).map(|n| Sha256::digest(n.to_be_bytes()).into()).collect()
    }

    #[test]
    fn the_shape_is_that_of_rfc_6962() {
        let c = contents(3);
        let expected = node(&node(&leaf(&c[0]), &leaf(&c[1])), &leaf(&c[2]));
        assert_eq!(root_of(&c), Some(expected));
        assert_eq!(root_of(&[]), None);
        assert_eq!(root_of(&c[..1]), Some(leaf(&c[0])));
    }

    proptest! {
        #[test]
        fn every_leaf_proves_itself_and_nothing_else(n in 1_usize..70, at in 0_usize..70, other in 0_usize..70) {
            let c = contents(n);
            let (at, other) = (at % n, other % n);
            let path = proof(&c, at).unwrap();
            let root = root_of(&c).unwrap();
            let (at64, n64) = (u64::try_from(at).unwrap(), u64::try_from(n).unwrap());
            prop_assert_eq!(root_from(&c[at], at64, n64, &path), Some(root));
            if other != at {
                prop_assert_ne!(root_from(&c[other], at64, n64, &path), Some(root));
                prop_assert_ne!(root_from(&c[at], u64::try_from(other).unwrap(), n64, &path), Some(root));
            }
            prop_assert_eq!(proof(&c, n), None);
            prop_assert_eq!(root_from(&c[at], n64, n64, &path), None);
        }
    }
}
