// An OpenID provider with a few accounts, whose groups a test changes.
//
// It takes one order a line on its standard input, as JSON, and answers each with one line.

import { createServer } from "node:http";
import { createInterface } from "node:readline";
import Provider from "oidc-provider";

/** Its clock is the test's. */
const machine = Date.now;
let ahead = 0;
Date.now = () => machine() + ahead;

const accounts = new Map();
const server = createServer();
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const issuer = `http://127.0.0.1:${server.address().port}`;

const configuration = ({ id, secret, callback }) => ({
  clients: [{
    client_id: id, client_secret: secret, redirect_uris: [callback],
    grant_types: ["authorization_code"], response_types: ["code"],
  }],
  claims: { openid: ["sub"], profile: ["name", "locale"], email: ["email", "email_verified"], groups: ["groups"] },
  scopes: ["openid", "profile", "email", "groups"],
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  cookies: { keys: ["only for tests"] },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => accounts.has(id) && { accountId: id, claims: () => ({ sub: id, ...accounts.get(id) }) },
  // Whoever may sign in at all has agreed.
  async loadExistingGrant({ oidc }) {
    const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope("openid profile email groups");
    await grant.save();
    return grant;
  },
});

let provider;
let handle;
server.on("request", async (request, response) => {
  if (!request.url.startsWith("/interaction/")) return handle(request, response);
  // Who signs in stands in a header of the test's browser, in place of a form and a password.
  const accountId = request.headers["x-account"];
  const result = accountId ? { login: { accountId } } : { error: "access_denied" };
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
});

const orders = {
  /** Makes the provider, which knows one client. */
  client(asked) {
    provider = new Provider(issuer, configuration(asked));
    provider.on("server_error", (_, error) => console.error(error));
    handle = provider.callback();
    return {};
  },
  time({ seconds }) {
    ahead = seconds * 1000 - machine();
    return {};
  },
  /** Sets who somebody is; groups count from now on. */
  account({ sub, ...claims }) {
    accounts.set(sub, claims);
    return {};
  },
};

process.stdout.write(`${JSON.stringify({ event: "ready", issuer })}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const { order, ...asked } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify({ answer: order, ...orders[order](asked) })}\n`);
}
process.exit();
