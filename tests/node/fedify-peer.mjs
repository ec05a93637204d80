// A citizens' server on Fedify: other people's signatures, JSON-LD and delivery, for our server to prove itself against.
//
// It takes one order a line on its standard input, as JSON, and answers each with one line. What arrives in its inbox,
// after Fedify has verified and parsed it, is told in lines of its own, as are all requests.

import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import {
  createFederation,
  generateCryptoKeyPair,
  MemoryKvStore,
  verifyObject,
} from "@fedify/fedify";
import {
  Accept,
  Activity,
  Announce,
  Create,
  Delete,
  Endpoints,
  Follow,
  Hashtag,
  isActor,
  LanguageString,
  Like,
  Mention,
  Note,
  Person,
  PUBLIC_COLLECTION,
  Question,
  Tombstone,
  Undo,
  Update,
} from "@fedify/vocab";
import { Temporal } from "@js-temporal/polyfill";

const { values: options } = parseArgs({
  options: {
    // How Fedify signs at first: rfc9421 or draft-cavage-http-signatures-12.
    "first-knock": { type: "string", default: "rfc9421" },
    // Turns away what is not signed as RFC 9421 says, as a server may that has left the draft behind.
    "rfc9421-only": { type: "boolean", default: false },
  },
});

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

// Fedify asks WebFinger about a handle by https only. On loopback there is no TLS; everything else is as it comes.
const ask = globalThis.fetch;
globalThis.fetch = (resource, init) => {
  const url = new URL(resource instanceof Request ? resource.url : resource);
  const isOnLoopback = url.protocol === "https:" && url.hostname === "127.0.0.1";
  return isOnLoopback
    ? ask(String(url).replace(/^https:/, "http:"), init)
    : ask(resource, init);
};

const NAME = "sami";
const server = createServer(answer);
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const origin = `http://127.0.0.1:${server.address().port}`;

const federation = createFederation({
  kv: new MemoryKvStore(),
  origin,
  allowPrivateAddress: true,
  firstKnock: options["first-knock"],
});
const keys = [
  await generateCryptoKeyPair("RSASSA-PKCS1-v1_5"),
  await generateCryptoKeyPair("Ed25519"),
];
const notes = new Map();

federation
  .setActorDispatcher("/users/{identifier}", async (ctx, identifier) => {
    if (identifier !== NAME) return null;
    const pairs = await ctx.getActorKeyPairs(identifier);
    return new Person({
      id: ctx.getActorUri(identifier),
      preferredUsername: NAME,
      name: "Sámi Näkkäläjärvi",
      url: ctx.getActorUri(identifier),
      inbox: ctx.getInboxUri(identifier),
      endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }),
      followers: ctx.getFollowersUri(identifier),
      publicKey: pairs[0].cryptographicKey,
      assertionMethods: pairs.map((pair) => pair.multikey),
    });
  })
  .setKeyPairsDispatcher((_, identifier) => identifier === NAME ? keys : []);
federation.setFollowersDispatcher("/users/{identifier}/followers", () => ({ items: [] }));
federation.setObjectDispatcher(Note, "/users/{identifier}/notes/{number}", (_, { number }) =>
  notes.get(number) ?? null
);
federation
  .setInboxListeners("/users/{identifier}/inbox", "/inbox")
  .on(Activity, async (_, activity) => say({ event: nameOf(activity), ...await described(activity) }))
  .onError((_, error) => say({ event: "error", error: String(error) }));

const contextOf = () => federation.createContext(new URL(origin));

const nameOf = (object) => object.constructor.name;

/** What Fedify understood of an activity. */
async function described(activity) {
  const id = activity.objectId?.href;
  // What is accepted is our own Follow, which Fedify would ask us for.
  const object = activity instanceof Accept ? null : await activity.getObject();
  const told = { id: activity.id.href, actor: activity.actorId?.href, object: { type: object && nameOf(object), id } };
  return object instanceof Note ? { ...told, object: { ...told.object, ...await note(object) } } : told;
}

/** What Fedify understood of a post. */
async function note(object) {
  const tags = await all(object.getTags());
  const attachments = await all(object.getAttachments());
  const tagged = (kind) =>
    tags.filter((tag) => tag instanceof kind).map((tag) => ({ name: String(tag.name), href: tag.href?.href }));
  return {
    content: String(object.content),
    languages: object.contents.filter((it) => it instanceof LanguageString).map((it) => String(it.locale ?? it.language)),
    summary: object.summary === null ? null : String(object.summary),
    author: object.attributionId?.href,
    url: object.url?.href,
    isPublic: [...object.toIds, ...object.ccIds].some((id) => id.href === PUBLIC_COLLECTION.href),
    published: object.published?.toString(),
    updated: object.updated?.toString(),
    hashtags: tagged(Hashtag),
    mentions: tagged(Mention),
    attachments: attachments.map((it) => ({ alt: String(it.name), type: it.mediaType, url: it.url?.href, width: it.width })),
    replies: object.repliesId?.href,
  };
}

/** What Fedify understood of a poll. */
async function question(object) {
  const options = async (things) => {
    const offered = [];
    for await (const option of things) {
      offered.push({ name: String(option.name), votes: (await option.getReplies())?.totalItems });
    }
    return offered;
  };
  return {
    content: String(object.content),
    one: await options(object.getExclusiveOptions()),
    any: await options(object.getInclusiveOptions()),
    voters: object.voters,
    ends: object.endTime?.toString(),
    closed: object.closed === null ? null : String(object.closed),
  };
}

const all = async (things) => {
  const gathered = [];
  for await (const thing of things) gathered.push(thing);
  return gathered;
};

/** An activity of ours, addressed in public. */
const addressed = (ctx, agency) => ({
  actor: ctx.getActorUri(NAME),
  to: PUBLIC_COLLECTION,
  ccs: [ctx.getFollowersUri(NAME), agency.id],
});

let counted = 0;
const fresh = (ctx, kind) => new URL(`#${kind}-${++counted}`, ctx.getActorUri(NAME));

async function agencyOf(ctx, object) {
  const agency = await object.getAttribution(ctx);
  if (!isActor(agency)) throw new Error(`${object.id} has no author`);
  return agency;
}

const found = async (ctx, what) => {
  const object = await ctx.lookupObject(what);
  if (object === null) throw new Error(`Fedify does not find ${what}`);
  return object;
};

/** Sends one activity now: an answer that is not 2xx is an error. */
const send = (ctx, to, activity) => ctx.sendActivity({ identifier: NAME }, to, activity, { immediate: true });

function written(ctx, { number, to, agency, html, language, updated }) {
  return new Note({
    id: ctx.getObjectUri(Note, { identifier: NAME, number }),
    attribution: ctx.getActorUri(NAME),
    replyTarget: to,
    contents: [html, new LanguageString(html, language)],
    url: ctx.getObjectUri(Note, { identifier: NAME, number }),
    to: PUBLIC_COLLECTION,
    ccs: [ctx.getFollowersUri(NAME), agency.id],
    published: Temporal.Now.instant(),
    updated,
    tags: [new Mention({ href: agency.id, name: `@${agency.preferredUsername}` })],
  });
}

const replies = new Map();
const done = new Map();

const orders = {
  async webfinger(ctx, { resource }) {
    return await ctx.lookupWebFinger(resource) ?? {};
  },
  async lookup(ctx, { what }) {
    const object = await found(ctx, what);
    return {
      type: nameOf(object),
      id: object.id.href,
      name: object.name === null ? null : String(object.name),
      url: object.url?.href,
      keys: isActor(object) ? (await all(object.getAssertionMethods())).length : 0,
      ...object instanceof Note ? await note(object) : {},
      ...object instanceof Question ? await question(object) : {},
    };
  },
  async follow(ctx, { whom }) {
    const agency = await found(ctx, whom);
    const follow = new Follow({ id: fresh(ctx, "follow"), actor: ctx.getActorUri(NAME), object: agency.id, to: agency.id });
    await send(ctx, agency, follow);
    done.set(follow.id.href, { activity: follow, agency });
    return { id: follow.id.href, agency: agency.id.href };
  },
  /** To something said by the agency, or in its thread, which then is named by an announcement of its. */
  async reply(ctx, { to, thread = to, html, language }) {
    const agency = await agencyOf(ctx, await found(ctx, thread));
    const [number, answered] = [String(++counted), new URL(to)];
    const reply = written(ctx, { number, to: answered, agency, html, language });
    notes.set(number, reply);
    replies.set(reply.id.href, { number, to: answered, agency, language });
    await send(ctx, agency, new Create({ id: fresh(ctx, "create"), ...addressed(ctx, agency), object: reply }));
    return { id: reply.id.href };
  },
  async edit(ctx, { id, html }) {
    const { agency, ...reply } = replies.get(id);
    const edited = written(ctx, { ...reply, agency, html, updated: Temporal.Now.instant() });
    notes.set(reply.number, edited);
    await send(ctx, agency, new Update({ id: fresh(ctx, "update"), ...addressed(ctx, agency), object: edited }));
    return {};
  },
  async delete(ctx, { id }) {
    const { agency, number } = replies.get(id);
    notes.delete(number);
    const tombstone = new Tombstone({ id: new URL(id) });
    await send(ctx, agency, new Delete({ id: fresh(ctx, "delete"), ...addressed(ctx, agency), object: tombstone }));
    return {};
  },
  like: (ctx, { what }) => react(ctx, Like, what),
  boost: (ctx, { what }) => react(ctx, Announce, what),
  async undo(ctx, { id }) {
    const { activity, agency } = done.get(id);
    await send(ctx, agency, new Undo({ id: fresh(ctx, "undo"), actor: ctx.getActorUri(NAME), object: activity, to: agency.id }));
    return {};
  },
};

async function react(ctx, Kind, what) {
  const announcement = await found(ctx, what);
  const agency = await agencyOf(ctx, announcement);
  const activity = new Kind({ id: fresh(ctx, "reaction"), ...addressed(ctx, agency), object: announcement.id });
  await send(ctx, agency, activity);
  done.set(activity.id.href, { activity, agency });
  return { id: activity.id.href };
}

/** Between Node's HTTP server and Fedify. */
async function answer(incoming, outgoing) {
  const chunks = await all(incoming);
  const body = Buffer.concat(chunks);
  const dialect = incoming.headers["signature-input"] ? "rfc9421" : incoming.headers.signature ? "cavage" : "none";
  const answered = await respond(incoming, body, dialect);
  say({
    event: "request",
    method: incoming.method,
    path: incoming.url,
    dialect,
    key: /keyid="[^"]+#([^"]+)"/i.exec(incoming.headers["signature-input"] ?? incoming.headers.signature ?? "")?.[1],
    ...incoming.method === "POST" ? { type: JSON.parse(body).type, proof: await proofOf(body) } : {},
    status: answered.status,
  });
  outgoing.writeHead(answered.status, Object.fromEntries(answered.headers));
  outgoing.end(Buffer.from(await answered.arrayBuffer()));
}

async function respond(incoming, body, dialect) {
  if (options["rfc9421-only"] && incoming.method === "POST" && dialect !== "rfc9421") {
    return new Response("RFC 9421 only", { status: 401 });
  }
  const request = new Request(new URL(incoming.url, origin), {
    method: incoming.method,
    headers: Object.entries(incoming.headers).flatMap(([name, value]) => [value].flat().map((it) => [name, it])),
    body: incoming.method === "POST" ? body : undefined,
  });
  return await federation.fetch(request, { contextData: undefined });
}

/** Whether Fedify finds the activity's own proof (FEP-8b32) right. */
async function proofOf(body) {
  const activity = JSON.parse(body);
  if (!activity.proof) return "none";
  const ctx = contextOf();
  return await verifyObject(Activity, activity, ctx) === null ? "wrong" : "right";
}

say({ event: "ready", origin, actor: contextOf().getActorUri(NAME).href, handle: `${NAME}@${new URL(origin).host}` });

for await (const line of createInterface({ input: process.stdin })) {
  const { order, ...asked } = JSON.parse(line);
  try {
    say({ answer: order, ...await orders[order](contextOf(), asked) });
  } catch (error) {
    say({ answer: order, error: String(error) });
  }
}
process.exit(0);
