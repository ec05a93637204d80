//! The same trees by a library of somebody else: roots and proofs must be the same bytes, and each side must accept
//! the other's.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use ct_merkle::{ConsistencyProof, InclusionProof, RootHash};
use sha2::Sha256;

use super::{Chance, Shelf, entry};
use crate::tlog::tree::{check_consistency, check_inclusion, consistency_proof, inclusion_proof};
use crate::tlog::{Hash, tree};

fn hashes(bytes: &[u8]) -> Vec<Hash> {
    bytes
        .chunks(32)
        .map(|it| Hash::from_slice(it).unwrap())
        .collect()
}

fn bytes(proof: &[Hash]) -> Vec<u8> {
    proof.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

#[test]
fn another_library_builds_the_same_trees_and_proofs() {
    let (mut shelf, _) = Shelf::of(900);
    let mut chance = Chance::new(3);
    let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    let mut roots: Vec<RootHash<Sha256>> = vec![theirs.root()];
    for size in 0..900 {
        let root = tree::root(size, &mut shelf).unwrap();
        assert_eq!(hashes(theirs.root().as_bytes()), [root], "{size}");
        for _ in 0..3.min(size) {
            let index = chance.below(size);
            let place = usize::try_from(index).unwrap();
            let proof = inclusion_proof(index, size, &mut shelf).unwrap();
            let other = theirs.prove_inclusion(place);
            assert_eq!(bytes(&proof), other.as_bytes(), "{index} of {size}");
            let record = entry(index);
            let checked = theirs.root().verify_inclusion(
                &record,
                index,
                &InclusionProof::from_bytes(bytes(&proof)),
            );
            assert!(checked.is_ok());
            let leaf = Hash::of_record(&record);
            let checked = check_inclusion(&hashes(other.as_bytes()), index, leaf, size, root);
            assert_eq!(checked, Ok(()));

            let old = 1 + chance.below(size);
            let old_root = &roots[usize::try_from(old).unwrap()];
            let proof = consistency_proof(old, size, &mut shelf).unwrap();
            let other = theirs.prove_consistency(usize::try_from(size - old).unwrap());
            assert_eq!(bytes(&proof), other.as_bytes(), "{old} of {size}");
            let proof = ConsistencyProof::try_from_bytes(bytes(&proof)).unwrap();
            assert!(theirs.root().verify_consistency(old_root, &proof).is_ok());
            let old_root = hashes(old_root.as_bytes())[0];
            let checked = check_consistency(&hashes(other.as_bytes()), old, old_root, size, root);
            assert_eq!(checked, Ok(()));
        }
        theirs.push(entry(size));
        roots.push(theirs.root());
    }
}
