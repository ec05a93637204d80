//! The fuzz targets' entry functions, fed with mutants of good samples: the same ones in every run, so that something of
//! it runs in every run.

use actapub::tlog::cosignature::cosign;
use actapub::tlog::key::KeyKind;
use actapub::tlog::tree::{consistency_proof, inclusion_proof, root};
use actapub::tlog::witness::AddCheckpoint;
use actapub::tlog::{Hash, Note, Receipt, SigningKey, bundle};

use super::entries;
use super::log::{Chance, Log};

/// Mutants of every sample.
const ROUNDS: u64 = 4000;

/// A log of `size` entries, and its checkpoint with a cosignature.
fn log(size: u64) -> (Log, Note) {
    let log = Log::of(size);
    let witness = SigningKey::from_seed("witness.example", KeyKind::Cosignature, &[2; 32]).unwrap();
    let mut note = log.checkpoint();
    note.add(cosign(&note.text, &witness, 1_679_315_147).unwrap());
    (log, note)
}

fn mutate(sample: &[u8], chance: &mut Chance) -> Vec<u8> {
    const TOKENS: [&str; 14] = [
        "\n",
        "\n\n",
        "+",
        " ",
        "0",
        "18446744073709551616",
        ".p/",
        "x000/",
        "\u{2014} ",
        "=",
        "old ",
        "\t",
        "none",
        "\0",
    ];
    let mut mutant = sample.to_vec();
    for _ in 0..=chance.below(3) {
        let at = chance.place(mutant.len() + 1);
        match chance.below(6) {
            0 if at < mutant.len() => mutant[at] ^= 1 << chance.place(8),
            1 if at < mutant.len() => mutant[at] = u8::try_from(chance.below(256)).unwrap(),
            2 => mutant.truncate(at),
            3 => {
                let end = at + chance.place(mutant.len() - at + 1);
                mutant.drain(at..end);
            }
            4 => {
                let end = at + chance.place(mutant.len() - at + 1);
                let copy = mutant[at..end].to_vec();
                mutant.splice(at..at, copy);
            }
            _ => {
                let token = TOKENS[chance.place(TOKENS.len())];
                mutant.splice(at..at, token.bytes());
            }
        }
    }
    mutant
}

fn survives(target: fn(&[u8]), samples: &[Vec<u8>]) {
    let mut chance = Chance(4);
    for sample in samples {
        target(sample);
        for _ in 0..ROUNDS {
            target(&mutate(sample, &mut chance));
        }
    }
    target(&[]);
}

#[test]
fn tiles() {
    let paths = [
        "tile/0/x001/234.p/5",
        "tile/63/x018/x446/x744/x073/x709/x551/615",
        "tile/entries/000.p/255",
    ];
    let paths = paths.map(|it| it.as_bytes().to_vec());
    survives(entries::tile_path, &paths);
    let bundle = bundle::encode([&b"one"[..], b"", b"three"]).unwrap();
    survives(entries::bundle, &[bundle, vec![0; 512], vec![0; 514]]);
}

#[test]
fn notes() {
    let key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    let private = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    survives(entries::key, &[key.into(), private.into()]);
    let (_, note) = log(7);
    survives(entries::note, &[note.to_string().into_bytes()]);
    survives(entries::checkpoint, &[note.text.into_bytes()]);
}

#[test]
fn proofs() {
    let (mut log, note) = log(300);
    let proof = inclusion_proof(270, 300, &mut log).unwrap();
    let receipt = Receipt {
        extra: Some(b"extra".to_vec()),
        index: 270,
        proof: proof.clone(),
        note: note.clone(),
    };
    survives(entries::receipt, &[receipt.to_string().into_bytes()]);
    let consistency = consistency_proof(270, 300, &mut log).unwrap();
    let request = AddCheckpoint::new(270, consistency.clone(), note).unwrap();
    survives(entries::request, &[request.to_string().into_bytes()]);
    let roots = [root(270, &mut log).unwrap(), log.edge.root()];
    let numbers = [270_u64.to_be_bytes(), 300_u64.to_be_bytes()].concat();
    let raw = |proof: &[Hash]| {
        let hashes = roots.iter().chain(proof).flat_map(|hash| *hash.as_bytes());
        numbers.iter().copied().chain(hashes).collect()
    };
    survives(
        entries::proof,
        &[raw(&proof), raw(&consistency), vec![0xff; 200]],
    );
}

#[test]
fn policies() {
    let key = |seed| {
        let name = format!("witness.example/{seed}");
        SigningKey::from_seed(&name, KeyKind::Cosignature, &[seed; 32]).unwrap()
    };
    let policy = format!(
        "# ours\nwitness a {}\nwitness b {} https://b.example\ngroup g 2 a b\nquorum g\n",
        key(1).verifier(),
        key(2).verifier()
    );
    survives(
        entries::policy,
        &[policy.into_bytes(), b"quorum none\n".to_vec()],
    );
}
