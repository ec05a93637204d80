// Pages in a browser: what axe has to say about them, what they ask for, and whether they fit.
//
// It takes one order a line on its standard input, as JSON, and answers each with one line.

import { createInterface } from "node:readline";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";

const { source: axe } = createRequire(import.meta.url)("axe-core");
const { values: options } = parseArgs({
  options: { browser: { type: "string" }, pictures: { type: "string" }, origin: { type: "string", default: "" } },
});

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const LOOKS = ["light", "dark"].flatMap((colorScheme) =>
  [1280, 390].map((width) => ({ colorScheme, width }))
);

const browser = await chromium.launch({
  executablePath: options.browser,
  // In a container its own sandbox has no rights to set itself up; it sees pages of ours only.
  args: ["--no-sandbox"],
});
await mkdir(options.pictures, { recursive: true });
const views = await Promise.all(LOOKS.map(async ({ colorScheme, width }) => {
  const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
  return { look: `${colorScheme}-${width}`, page: await context.newPage() };
}));
const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();

/** Follows a step: an address, or a form that is filled in and sent. */
async function goTo(page, { url, fill, send }) {
  let response = await page.goto(url, { waitUntil: "load" });
  if (send) {
    for (const [field, text] of Object.entries(fill)) await page.fill(field, text);
    [response] = await Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.click(send)]);
  }
  return response.status();
}

/** Some are loaded only when they come into view. */
async function loadPictures() {
  for (const picture of document.images) {
    picture.scrollIntoView();
    await picture.decode().catch(() => {});
  }
  scrollTo(0, 0);
}

const brokenPictures = () => [...document.images].filter((it) => it.naturalWidth === 0).map((it) => it.src);

async function look({ look, page }, step) {
  const complaints = [];
  const note = (message) => complaints.push(message);
  const origin = new URL(step.url).origin;
  const listeners = {
    // That a page is not there is what some of them are about.
    console: (message) => ["error", "warning"].includes(message.type())
      && !/status of 4\d\d/.test(message.text()) && note(`console: ${message.text()}`),
    pageerror: (error) => note(`script: ${error}`),
    request: (request) => new URL(request.url()).origin !== origin && note(`asks for ${request.url()}`),
    response: (response) => response.status() >= 400 && response.url() !== page.url() && !response.request().isNavigationRequest()
      && note(`${response.status()} for ${response.url()}`),
    requestfailed: (request) => note(`no answer for ${request.url()}: ${request.failure()?.errorText}`),
  };
  for (const [event, listener] of Object.entries(listeners)) page.on(event, listener);
  const status = await goTo(page, step);
  await page.evaluate(loadPictures);
  for (const broken of await page.evaluate(brokenPictures)) note(`shows no picture for ${broken}`);
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(
    (values) => globalThis.axe.run(document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] }),
    RULES,
  );
  for (const { id, help, nodes } of violations) {
    for (const node of nodes) note(`${id}: ${help}: ${node.html.slice(0, 300)} ${node.failureSummary}`);
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (wide > 0) note(`is ${wide} pixels wider than the window`);
  for (const [event, listener] of Object.entries(listeners)) page.off(event, listener);
  await page.screenshot({ path: `${options.pictures}/${step.name}-${look}.png`, fullPage: true });
  return { status, checks: passes.length, complaints: complaints.map((complaint) => `${look}: ${complaint}`) };
}

/** Presses the button that checks an entry of the record, and reads what came of it. */
async function check({ page, look }, { url, name }) {
  const complaints = [];
  const note = (message) => complaints.push(`${look}: ${message}`);
  const listeners = {
    pageerror: (error) => note(`script: ${error}`),
    console: (message) => message.type() === "error" && note(`console: ${message.text()}`),
    request: (request) => new URL(request.url()).origin !== new URL(url).origin && note(`asks for ${request.url()}`),
  };
  for (const [event, listener] of Object.entries(listeners)) page.on(event, listener);
  await page.goto(url, { waitUntil: "load" });
  await page.click("#verify button");
  await page.waitForFunction(() => ["good", "bad", "failed"].includes(document.querySelector("[data-verdict]").dataset.state));
  const read = () => ({
    verdict: document.querySelector("[data-verdict]").dataset.state,
    steps: Object.fromEntries([...document.querySelectorAll("[data-step]")].map((it) => [it.dataset.step, it.dataset.state])),
    witnesses: [...document.querySelectorAll("#verify [data-vkey]")].map((it) => it.dataset.state),
    text: document.querySelector("#verify").innerText,
  });
  const result = await page.evaluate(read);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (values) => globalThis.axe.run(document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] }),
    RULES,
  );
  for (const { id, help, nodes } of violations) note(`${id}: ${help}: ${nodes[0].html.slice(0, 300)}`);
  for (const [event, listener] of Object.entries(listeners)) page.off(event, listener);
  await page.screenshot({ path: `${options.pictures}/${name}-${look}.png`, fullPage: true });
  return { ...result, complaints };
}

/** One person's browser, which keeps what it was given: for pages behind a door, and for what a form leads to. */
const own = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "en" })).newPage();
const noted = [];
own.on("console", (message) => ["error", "warning"].includes(message.type())
  && !/status of 4\d\d/.test(message.text()) && noted.push(`console: ${message.text()}`));
own.on("pageerror", (error) => noted.push(`script: ${error}`));
own.on("request", (request) => !request.url().startsWith(options.origin) && noted.push(`asks for ${request.url()}`));

/** The page on which it is now, by every look; it is not asked for again. */
async function inspect(name) {
  const complaints = noted.splice(0);
  let checks = Infinity;
  await own.evaluate(axe);
  for (const { colorScheme, width } of LOOKS) {
    await own.emulateMedia({ colorScheme });
    await own.setViewportSize({ width, height: 900 });
    const note = (message) => complaints.push(`${colorScheme}-${width}: ${message}`);
    const { violations, passes } = await own.evaluate(
      (values) => globalThis.axe.run(document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] }),
      RULES,
    );
    checks = Math.min(checks, passes.length);
    for (const { id, help, nodes } of violations) {
      for (const node of nodes) note(`${id}: ${help}: ${node.html.slice(0, 300)} ${node.failureSummary}`);
    }
    const wide = await own.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) note(`is ${wide} pixels wider than the window`);
    await own.screenshot({ path: `${options.pictures}/${name}-${colorScheme}-${width}.png`, fullPage: true });
  }
  return { checks, complaints };
}

const orders = {
  /** Opens an address. */
  async open({ url }) {
    const response = await own.goto(url, { waitUntil: "load" });
    return { status: response.status(), url: own.url(), text: await own.locator("body").innerText() };
  },
  /** Fills fields in, ticks boxes and presses a button that leads to another page. */
  async act({ fill = {}, tick = [], press }) {
    for (const [field, text] of Object.entries(fill)) await own.fill(field, text);
    for (const box of tick) await own.check(box);
    const [response] = await Promise.all([own.waitForNavigation({ waitUntil: "load" }), own.click(press)]);
    return { status: response.status(), url: own.url(), text: await own.locator("body").innerText() };
  },
  /** Plugs a device with passkeys in, which always knows its owner. */
  async authenticator() {
    const session = await own.context().newCDPSession(own);
    await session.send("WebAuthn.enable");
    await session.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true,
        isUserVerified: true, automaticPresenceSimulation: true,
      },
    });
    return {};
  },
  async read({ what }) {
    return { text: (await own.locator(what).first().innerText()).trim() };
  },
  async attribute({ what, name }) {
    return { text: await own.locator(what).first().getAttribute(name) };
  },
  /** Chooses a language in the foot of the page, be it one that is not offered. */
  async speak({ language }) {
    await own.evaluate((tag) => {
      const choice = document.querySelector("#spoken");
      choice.append(new Option(tag, tag));
      choice.value = tag;
    }, language);
    await Promise.all([own.waitForNavigation({ waitUntil: "load" }), own.click("footer form button")]);
    return { text: await own.locator("html").getAttribute("dir") };
  },
  /** Goes on by the tabulator until what has the focus is called so; tells what had it on the way, and where that could not be seen. */
  async tab({ to, atMost = 100 }) {
    const way = [], unseen = [];
    for (let step = 0; step < atMost; step += 1) {
      await own.keyboard.press("Tab");
      const focus = own.locator(":focus");
      if (!(await focus.count())) continue;
      const [called] = (await focus.ariaSnapshot()).split("\n");
      way.push(called);
      const isSeen = await focus.evaluate((it) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(it);
        return (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
      });
      if (!isSeen) unseen.push(called);
      if (called.includes(to)) return { way, unseen };
    }
    throw new Error(`nothing is called ${to}: ${way.join(" ")}`);
  },
  /** Writes where the focus is. */
  async type({ text }) {
    await own.keyboard.type(text);
    return {};
  },
  /** Presses a key that leads to another page. */
  async press({ key }) {
    const [response] = await Promise.all([own.waitForNavigation({ waitUntil: "load" }), own.keyboard.press(key)]);
    return { status: response.status(), url: own.url(), text: await own.locator("body").innerText() };
  },
  /** What a screen reader is told of the page: roles, names and states. */
  async hear() {
    return { text: await own.locator("body").ariaSnapshot() };
  },
  async inspect({ name }) {
    return { ...(await inspect(name)), text: await own.locator("body").innerText() };
  },
  async check(asked) {
    const seen = await Promise.all(views.map((view) => check(view, asked)));
    return { ...seen[0], alike: seen.every((it) => it.verdict === seen[0].verdict), complaints: seen.flatMap((it) => it.complaints) };
  },
  async visit(step) {
    const seen = await Promise.all(views.map((view) => look(view, step)));
    const text = await views[0].page.locator("body").innerText();
    await goTo(plain, step);
    const without = await plain.locator("body").innerText();
    const complaints = seen.flatMap((it) => it.complaints);
    // A page that a script has more to show on says so.
    if (!step.scripted && without !== text) complaints.push(`reads differently without script: ${without}`);
    return { status: seen[0].status, checks: Math.min(...seen.map((it) => it.checks)), text, complaints };
  },
};

process.stdout.write(`${JSON.stringify({ event: "ready", browser: browser.version() })}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const { order, ...asked } = JSON.parse(line);
  const answer = await orders[order](asked).catch((error) => ({ error: String(error) }));
  process.stdout.write(`${JSON.stringify({ answer: order, ...answer })}\n`);
}
await browser.close();
