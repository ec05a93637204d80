// Checks an entry of a record in the reader's own browser, from the record's own files (c2sp.org/tlog-tiles, signed-note).
// It takes nothing from elsewhere and keeps nothing. What it says stands in the page.

const TILE = 256;
const HASH = 32;

const section = document.getElementById("verify");
const button = section.querySelector("button");
const verdict = section.querySelector("[data-verdict]");
const steps = new Map([...section.querySelectorAll("[data-step]")].map((li) => [li.dataset.step, li]));

const text = new TextEncoder();

/** Something that does not hold. */
class Wrong extends Error {}
/** Something that cannot be looked at here. */
class Open extends Error {}

function mark(step, state, more = "") {
  const li = steps.get(step);
  li.dataset.state = state;
  li.querySelector("[data-result]").textContent = [li.dataset[state], more].filter(Boolean).join(" ");
}

function joined(...arrays) {
  const whole = new Uint8Array(arrays.reduce((size, it) => size + it.length, 0));
  let at = 0;
  for (const it of arrays) {
    whole.set(it, at);
    at += it.length;
  }
  return whole;
}

const same = (a, b) => a.length === b.length && a.every((byte, n) => byte === b[n]);

function bytesOf(base64) {
  const standard = base64.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(standard), (c) => c.charCodeAt(0));
}

async function sha256(...arrays) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...arrays)));
}

const leafHash = (leaf) => sha256([0], leaf);
const nodeHash = (left, right) => sha256([1], left, right);

async function file(url) {
  const response = await fetch(url, { cache: "no-cache", credentials: "omit", referrerPolicy: "no-referrer" });
  if (!response.ok) throw new Error(`${response.status}: ${url}`);
  return new Uint8Array(await response.arrayBuffer());
}

const textFile = async (url) => new TextDecoder().decode(await file(url));

/** What a verifier key is for: signing a checkpoint, or cosigning it (c2sp.org/signed-note). */
const LOG = 1;
const WITNESS = 4;

/** A verifier key of a kind: its name, id and 32 public bytes. */
async function readKey(line, kind) {
  const [name, id, ...rest] = line.trim().split("+");
  const key = bytesOf(rest.join("+"));
  if (key[0] !== kind || key.length !== 1 + HASH) throw new Open();
  const hash = await sha256(text.encode(`${name}\n`), key);
  const own = [...hash.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (own !== id) throw new Wrong();
  return { name, id: hash.subarray(0, 4), bytes: key.subarray(1) };
}

/** The text of a note, and the signatures below it that bear a key's name and id. */
function readNote(note, key) {
  const split = note.indexOf("\n\n");
  if (split < 0) throw new Wrong();
  const signatures = [];
  for (const line of note.slice(split + 2).split("\n")) {
    const [, name, base64] = /^— (\S+) (\S+)$/.exec(line) ?? [];
    if (name !== key.name) continue;
    const signature = bytesOf(base64);
    if (same(signature.subarray(0, 4), key.id)) signatures.push(signature.subarray(4));
  }
  return { signed: note.slice(0, split + 1), signatures };
}

async function verifies(key, signature, message) {
  const imported = await crypto.subtle.importKey("raw", key.bytes, "Ed25519", false, ["verify"]).catch(() => {
    throw new Open();
  });
  return crypto.subtle.verify("Ed25519", imported, signature, text.encode(message));
}

/** The size and root that a checkpoint tells, once it is known that the key has signed it. */
async function openCheckpoint(note, key) {
  const { signed, signatures } = readNote(note, key);
  const [origin, size, root] = signed.split("\n");
  if (origin !== key.name || !/^(0|[1-9][0-9]{0,15})$/.test(size)) throw new Wrong();
  if (!signatures.length || !await verifies(key, signatures[0], signed)) throw new Wrong();
  return { size: Number(size), root: bytesOf(root), note };
}

/** When a witness says that it saw this tree, in seconds since 1970: the latest time that it has signed for; 0 if none. */
async function cosignedAt(note, key) {
  const { signed, signatures } = readNote(note, key);
  let latest = 0;
  for (const signature of signatures) {
    // Eight bytes of time before the signature itself (c2sp.org/tlog-cosignature).
    if (signature.length !== 8 + 64) throw new Wrong();
    const time = Number(new DataView(signature.buffer, signature.byteOffset, 8).getBigUint64(0));
    const message = `cosignature/v1\ntime ${time}\n${signed}`;
    if (!await verifies(key, signature.subarray(8), message)) throw new Wrong();
    latest = Math.max(latest, time);
  }
  return latest;
}

/** The tiles of a tree of that many leaves. */
class Tree {
  constructor(record, size) {
    this.record = record;
    this.size = size;
    this.tiles = new Map();
  }

  /** Where the n-th of something stands: `x001/x234/067`. */
  static number(index) {
    const groups = [];
    for (let rest = index; ; rest = Math.floor(rest / 1000)) {
      groups.unshift(String(rest % 1000).padStart(3, "0"));
      if (rest < 1000) break;
    }
    return groups.map((group, n) => (n < groups.length - 1 ? `x${group}` : group)).join("/");
  }

  tile(level, index) {
    const hashes = Math.floor(this.size / TILE ** level);
    const width = Math.min(TILE, hashes - index * TILE);
    const path = `tile/${level}/${Tree.number(index)}${width < TILE ? `.p/${width}` : ""}`;
    if (!this.tiles.has(path)) this.tiles.set(path, file(`${this.record}/${path}`));
    return this.tiles.get(path);
  }

  /** The root of the full subtree of 2^level leaves, the index-th from the left. */
  async node(level, index) {
    const inside = level % 8;
    const tile = await this.tile(Math.floor(level / 8), Math.floor(index / 2 ** (8 - inside)));
    const first = (index * 2 ** inside) % TILE;
    let hashes = [];
    for (let n = first; n < first + 2 ** inside; n++) hashes.push(tile.slice(n * HASH, (n + 1) * HASH));
    if (hashes.some((hash) => hash.length !== HASH)) throw new Wrong();
    while (hashes.length > 1) {
      const pairs = [];
      for (let n = 0; n < hashes.length; n += 2) pairs.push(nodeHash(hashes[n], hashes[n + 1]));
      hashes = await Promise.all(pairs);
    }
    return hashes[0];
  }

  /** The root over the leaves from `low` up to but not including `high`. */
  async range(low, high) {
    let level = 0;
    while (2 ** (level + 1) <= high - low) level++;
    const width = 2 ** level;
    const left = await this.node(level, low / width);
    return low + width === high ? left : nodeHash(left, await this.range(low + width, high));
  }

  /** The root, computed from one leaf and what stands beside its way up. */
  async rootFrom(index, leaf, low = 0, high = this.size) {
    if (high - low === 1) return leaf;
    let middle = 1;
    while (middle * 2 < high - low) middle *= 2;
    middle += low;
    return index < middle
      ? nodeHash(await this.rootFrom(index, leaf, low, middle), await this.range(middle, high))
      : nodeHash(await this.range(low, middle), await this.rootFrom(index, leaf, middle, high));
  }
}

/** The index-th of the bundle's entries, each behind its length. */
function entryOf(bundle, index) {
  let at = 0;
  for (let n = 0; ; n++) {
    const length = bundle[at] * 256 + bundle[at + 1];
    const entry = bundle.subarray(at + 2, at + 2 + length);
    if (entry.length !== length) throw new Wrong();
    if (n === index) return entry;
    at += 2 + length;
  }
}

async function checkSignature(place) {
  const key = await readKey(await textFile(`${place.record}/vkey`), LOG);
  // Until witnesses have signed for the first time there is none.
  const served = await textFile(`${place.record}/checkpoint`).catch(() => null);
  const witnessed = served === null ? { size: 0 } : await openCheckpoint(served, key);
  if (witnessed.size > place.index) return witnessed;
  const newest = await openCheckpoint(await textFile(`${place.record}/checkpoint/unwitnessed`), key);
  if (newest.size <= place.index) throw new Wrong();
  return newest;
}

/** Which of the witnesses on the page have signed the checkpoint; what is found of each stands beside its key. */
async function checkWitnesses({ note }) {
  const list = section.querySelector("[data-witnesses]");
  const rows = [...(list?.querySelectorAll("[data-vkey]") ?? [])];
  const found = await Promise.all(rows.map(async (row) => {
    let state = "open";
    let time = 0;
    try {
      time = await cosignedAt(note, await readKey(row.dataset.vkey, WITNESS));
      if (time > 0) state = "good";
    } catch (error) {
      state = error instanceof Open ? "failed" : "bad";
    }
    const when = time > 0 ? new Date(time * 1000).toISOString().replace("T", " ").slice(0, 16) + " UTC" : "";
    row.dataset.state = state;
    row.querySelector("[data-result]").textContent = [list.dataset[state], when].filter(Boolean).join(" ");
    return { state, name: row.querySelector("bdi").textContent };
  }));
  const names = (state) => found.filter((it) => it.state === state).map((it) => it.name).join(", ");
  if (names("bad")) throw new Wrong(names("bad"));
  if (!names("good")) throw new Open();
  return names("good");
}

/** The line on the page is the one in the record's entries, and its hash is in the tiles. */
async function checkLeaf(place, tree) {
  const leaf = text.encode(place.leaf);
  const bundle = Math.floor(place.index / TILE);
  const width = Math.min(TILE, tree.size - bundle * TILE);
  const path = `tile/entries/${Tree.number(bundle)}${width < TILE ? `.p/${width}` : ""}`;
  const served = entryOf(await file(`${place.record}/${path}`), place.index % TILE);
  const hash = await leafHash(leaf);
  if (!same(leaf, served) || !same(hash, await tree.node(0, place.index))) throw new Wrong();
  return hash;
}

async function checkCommitment(place, opening) {
  if (!opening?.salt) throw new Open();
  const digest = await sha256(text.encode("actapub-record/v1\n"), bytesOf(opening.salt), text.encode(opening.manifest));
  if (!same(digest, bytesOf(JSON.parse(place.leaf).c))) throw new Wrong();
}

async function checkParts(opening) {
  if (!opening?.parts?.length) throw new Open();
  // What the manifest says counts, and not what was told about it.
  const listed = opening.manifest.split("\n").slice(1, -1).map((line) => line.split(" "));
  for (const [n, [name, , size, digest]] of listed.entries()) {
    const { salt, url } = opening.parts[n];
    if (!salt) continue;
    const bytes = await file(new URL(url).pathname + new URL(url).search);
    const own = await sha256(text.encode("actapub-part/v1\n"), bytesOf(salt), bytes);
    if (bytes.length !== Number(size) || !same(own, bytesOf(digest))) throw new Wrong(name);
  }
}

/** Does one step and says what came of it; the steps that need its result are left out if it fails. */
async function step(name, work) {
  mark(name, "busy");
  try {
    const result = await work();
    mark(name, "good", typeof result === "string" ? result : "");
    return result;
  } catch (error) {
    const state = error instanceof Wrong ? "bad" : error instanceof Open ? "open" : "failed";
    mark(name, state, state === "open" ? "" : error.message);
    throw error;
  }
}

async function check() {
  const place = {
    record: section.dataset.record,
    index: Number(section.dataset.index),
    leaf: document.getElementById("leaf").textContent,
  };
  const closed = (error) => {
    if (!(error instanceof Open)) throw error;
  };
  const checkpoint = await step("signature", () => checkSignature(place));
  // What is wrong with a witness is told, and the rest is looked at all the same.
  const witnessed = step("witnesses", () => checkWitnesses(checkpoint)).catch(closed);
  witnessed.catch(() => {});
  const tree = new Tree(place.record, checkpoint.size);
  const hash = await step("leaf", () => checkLeaf(place, tree));
  await step("root", async () => {
    if (!same(await tree.rootFrom(place.index, hash), checkpoint.root)) throw new Wrong();
  });
  const { opening } = JSON.parse(await textFile(section.dataset.json));
  await step("commitment", () => checkCommitment(place, opening)).catch(closed);
  await step("parts", () => checkParts(opening)).catch(closed);
  await witnessed;
}

async function run() {
  button.disabled = true;
  for (const name of steps.keys()) mark(name, "");
  for (const row of section.querySelectorAll("[data-vkey]")) {
    row.dataset.state = "";
    row.querySelector("[data-result]").textContent = "";
  }
  verdict.dataset.state = "busy";
  verdict.textContent = verdict.dataset.busy;
  let state = "good";
  try {
    if (!globalThis.crypto?.subtle) {
      mark("signature", "open");
      throw new Open();
    }
    await check();
  } catch (error) {
    state = error instanceof Wrong ? "bad" : "failed";
  }
  verdict.dataset.state = state;
  verdict.textContent = verdict.dataset[state];
  button.disabled = false;
}

button.addEventListener("click", run);
button.parentElement.hidden = false;
