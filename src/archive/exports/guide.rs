//! How to check an export without the program that made it: a page that lies in it.

use maud::{DOCTYPE, PreEscaped, html};

/// Rules for how the pages of an export look: nothing is loaded from anywhere.
pub(super) const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}\
code,pre{background:#f2f2f2;padding:.1rem .3rem;overflow-wrap:anywhere;white-space:pre-wrap}\
article{border-top:1px solid #767676;padding:1rem 0}img{max-width:100%}.when{color:#595959}h1{line-height:1.2}";

/// Forbids a browser to load anything but the pictures that lie beside.
pub(super) const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' file: data:";

pub(super) struct About<'a> {
    pub(super) agency: &'a str,
    pub(super) record: &'a str,
    pub(super) origin: &'a str,
    pub(super) size: u64,
    pub(super) vkeys: &'a [String],
    pub(super) whole: bool,
    pub(super) licence: &'a str,
}

pub(super) fn page(about: &About<'_>) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width";
                title { "How to check this record" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { "How to check this record" }
                p {
                    "This is a copy of " @if about.whole { "the public record" } @else { "a part of the public record" }
                    " of " (about.agency) ", " code { (about.record) } ", as it was with " (about.size)
                    " entries. It can be checked with programs that others wrote, and without asking the agency."
                }
                h2 { "1. Nothing of the copy was changed since it was made" }
                pre { "sha256sum -c manifest-sha256.txt tagmanifest-sha256.txt" }
                p { "or any program for BagIt 1.0 (RFC 8493), such as " code { "bagit.py --validate ." } "." }
                h2 { "2. The log is the one that was signed" }
                p {
                    code { "data/log/" } " is a transparency log in the formats of c2sp.org (tlog-tiles, tlog-checkpoint, signed-note). "
                    "Its origin is " code { (about.origin) } ". The checkpoint must verify with one of these keys, which should be compared "
                    "with what the agency publishes elsewhere and with what witnesses and others have seen:"
                }
                @for vkey in about.vkeys { pre { (vkey) } }
                @if about.whole {
                    p {
                        "Every leaf in " code { "data/records/" } " is a leaf of the tree: the hash of an entry is SHA-256 of a zero byte and "
                        "the bytes of " code { "leaf" } " (RFC 6962), and the tree of all of them has the root that the checkpoint names."
                    }
                } @else {
                    p {
                        "For each entry " code { "data/proofs/" } " has a file in the format c2sp.org/tlog-proof: it proves that the leaf of that "
                        "index, whose bytes stand in " code { "data/records/" } ", is in the tree that the checkpoint names."
                    }
                }
                h2 { "3. A leaf is about what is said here" }
                p {
                    "A line of " code { "data/records/" } " with a " code { "manifest" } " opens its leaf. SHA-256 of the text "
                    code { "actapub-record/v1" } " and a newline, the 32 bytes of " code { "salt" } " (base64url), and the manifest is "
                    code { "c" } " in the leaf (base64url). A line of the manifest names a part, its media type, its size in bytes and its digest: "
                    "SHA-256 of " code { "actapub-part/v1" } " and a newline, the part's own salt, and its bytes, which are " code { "text" } " (UTF-8), "
                    code { "base64" } ", or a file in " code { "data/media/" } "."
                }
                p {
                    "A line without a manifest is an entry whose content is not for everybody, or was erased: that it exists, when it came and of "
                    "what kind it is can still be proven, and nothing else."
                }
                h2 { "What is proven, and what is not" }
                p {
                    "It is proven that the agency's log holds these entries in this order, and that nobody has changed them since the checkpoint was "
                    "signed. It is not proven that what an agency or a citizen says is true, nor that something was never said at all outside of the record."
                }
                h2 { "What else is here" }
                ul {
                    li { code { "data/threads/" } ": the conversations, to be read." }
                    li { code { "data/metadata.csv" } ": a list of all files and records." }
                    li { code { "data/premis.xml" } ": what happened, in PREMIS 3." }
                }
                p { "The agency's words and the log may be used under " code { (about.licence) } ". What citizens said stays theirs." }
            }
        }
    };
    page.into_string()
}
