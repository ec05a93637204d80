//! Checking proofs against roots, as RFC 9162 (sections 2.1.3.2 and 2.1.4.2) writes the algorithms down.

use super::Hash;

/// The most hashes that a proof in a tree of at most 2^64 leaves can need.
pub const LONGEST_PROOF: usize = 64;

/// Why a proof proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    #[error("the proof is about a place beyond the end of the tree")]
    OutOfRange,
    #[error("the proof has not the number of hashes that trees of these sizes need")]
    Length,
    #[error("the proof leads to another root")]
    Root,
    #[error("the proof leads to another root of the older tree")]
    OldRoot,
}

/// Checks that the leaf is number `index` in the tree of `size` leaves that has this root.
///
/// ```
/// use actapub::tlog::{Hash, tree};
/// let (first, second) = (Hash::of_record(b"first"), Hash::of_record(b"second"));
/// let root = Hash::of_node(first, second);
/// assert!(tree::check_inclusion(&[first], 1, second, 2, root).is_ok());
/// assert!(tree::check_inclusion(&[first], 0, second, 2, root).is_err());
/// ```
pub fn check_inclusion(
    proof: &[Hash],
    index: u64,
    leaf: Hash,
    size: u64,
    root: Hash,
) -> Result<(), Invalid> {
    if index >= size {
        return Err(Invalid::OutOfRange);
    }
    let mut path = Path::new(index, size - 1);
    let mut hash = leaf;
    for sibling in proof {
        hash = match path.climb()? {
            Side::Left => Hash::of_node(*sibling, hash),
            Side::Right => Hash::of_node(hash, *sibling),
        };
    }
    path.is_at_the_root()?;
    if hash == root {
        Ok(())
    } else {
        Err(Invalid::Root)
    }
}

/// Checks that the tree of `size` leaves with this root begins with the tree of `old` leaves with that root.
///
/// Every tree begins with the empty one, and with itself: both need an empty proof. The empty tree's root must be
/// [`Hash::EMPTY_TREE`].
pub fn check_consistency(
    proof: &[Hash],
    old: u64,
    old_root: Hash,
    size: u64,
    root: Hash,
) -> Result<(), Invalid> {
    if old > size {
        return Err(Invalid::OutOfRange);
    }
    if size == 0 && root != Hash::EMPTY_TREE {
        return Err(Invalid::Root);
    }
    if old == 0 || old == size {
        return check_trivial(proof, old, old_root, root);
    }
    let mut path = Path::new(old - 1, size - 1);
    path.skip(u64::trailing_ones(old - 1));
    // A full old tree is a node of the new one, and its root is known: the proof begins above it.
    let (start, rest) = if old.is_power_of_two() {
        (old_root, proof)
    } else {
        let (first, rest) = proof.split_first().ok_or(Invalid::Length)?;
        (*first, rest)
    };
    let (mut was, mut is) = (start, start);
    for hash in rest {
        match path.climb()? {
            Side::Left => {
                was = Hash::of_node(*hash, was);
                is = Hash::of_node(*hash, is);
            }
            Side::Right => is = Hash::of_node(is, *hash),
        }
    }
    path.is_at_the_root()?;
    if was != old_root {
        return Err(Invalid::OldRoot);
    }
    if is == root {
        Ok(())
    } else {
        Err(Invalid::Root)
    }
}

fn check_trivial(proof: &[Hash], old: u64, old_root: Hash, root: Hash) -> Result<(), Invalid> {
    let expected = if old == 0 { Hash::EMPTY_TREE } else { root };
    if !proof.is_empty() {
        Err(Invalid::Length)
    } else if old_root != expected {
        Err(Invalid::OldRoot)
    } else {
        Ok(())
    }
}

/// Where the next hash of a proof stands.
enum Side {
    Left,
    Right,
}

/// The way from a node up to the root, next to the right edge of the tree.
struct Path {
    /// The node's place in its level.
    node: u64,
    /// The place of the last node of that level.
    last: u64,
}

impl Path {
    const fn new(node: u64, last: u64) -> Self {
        Self { node, last }
    }

    const fn skip(&mut self, levels: u32) {
        // Both shift to nothing at 64 levels, which only the leaf before 2^64 has.
        self.node = if levels > 63 { 0 } else { self.node >> levels };
        self.last = if levels > 63 { 0 } else { self.last >> levels };
    }

    /// One hash of the proof up; at the right edge, levels where the node has no sibling are passed.
    fn climb(&mut self) -> Result<Side, Invalid> {
        if self.last == 0 {
            return Err(Invalid::Length);
        }
        if self.node.is_multiple_of(2) && self.node < self.last {
            self.skip(1);
            return Ok(Side::Right);
        }
        self.skip(self.node.trailing_zeros());
        self.skip(1);
        Ok(Side::Left)
    }

    const fn is_at_the_root(&self) -> Result<(), Invalid> {
        if self.last == 0 {
            Ok(())
        } else {
            Err(Invalid::Length)
        }
    }
}
