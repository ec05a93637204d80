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

/** A verifier key: its name, id and 32 public bytes. */
async function readKey(line) {
  const [name, id, ...rest] = line.trim().split("+");
  const key = bytesOf(rest.join("+"));
  if (key[0] !== 1 || key.length !== 1 + HASH) throw new Open();
  const hash = await sha256(text.encode(`${name}\n`), key);
  const own = [...hash.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (own !== id) throw new Wrong();
  return { name, id: hash.subarray(0, 4), bytes: key.subarray(1) };
}

/** The size and root that a checkpoint tells, once it is known that the key has signed it. */
async function openCheckpoint(note, key) {
  const split = note.indexOf("\n\n");
  if (split < 0) throw new Wrong();
  const signed = note.slice(0, split + 1);
  const [origin, size, root] = signed.split("\n");
  if (origin !== key.name || !/^(0|[1-9][0-9]{0,15})$/.test(size)) throw new Wrong();
  const imported = await crypto.subtle.importKey("raw", key.bytes, "Ed25519", false, ["verify"]).catch(() => {
    throw new Open();
  });
  for (const line of note.slice(split + 2).split("\n")) {
    const [, name, base64] = /^— (\S+) (\S+)$/.exec(line) ?? [];
    if (name !== key.name) continue;
    const signature = bytesOf(base64);
    if (!same(signature.subarray(0, 4), key.id)) continue;
    if (!await crypto.subtle.verify("Ed25519", imported, signature.subarray(4), text.encode(signed))) throw new Wrong();
    return { size: Number(size), root: bytesOf(root) };
  }
  throw new Wrong();
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
  const key = await readKey(await textFile(`${place.record}/vkey`));
  // Until witnesses have signed for the first time there is none.
  const served = await textFile(`${place.record}/checkpoint`).catch(() => null);
  const witnessed = served === null ? { size: 0 } : await openCheckpoint(served, key);
  if (witnessed.size > place.index) return witnessed;
  const newest = await openCheckpoint(await textFile(`${place.record}/checkpoint/unwitnessed`), key);
  if (newest.size <= place.index) throw new Wrong();
  return newest;
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
    mark(name, "good");
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
  const checkpoint = await step("signature", () => checkSignature(place));
  const tree = new Tree(place.record, checkpoint.size);
  const hash = await step("leaf", () => checkLeaf(place, tree));
  await step("root", async () => {
    if (!same(await tree.rootFrom(place.index, hash), checkpoint.root)) throw new Wrong();
  });
  const { opening } = JSON.parse(await textFile(section.dataset.json));
  const closed = (error) => {
    if (!(error instanceof Open)) throw error;
  };
  await step("commitment", () => checkCommitment(place, opening)).catch(closed);
  await step("parts", () => checkParts(opening)).catch(closed);
}

async function run() {
  button.disabled = true;
  for (const name of steps.keys()) mark(name, "");
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
