// A provider of identities: node provider.mjs CLIENT SECRET RETURN < claims of the person
//
// It prints its address, and then signs in whoever comes, without asking. Claims are told at its userinfo alone.

import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

import Provider from "oidc-provider";

const [client, secret, returnsTo] = process.argv.slice(2);
const person = JSON.parse(readFileSync(0, "utf8"));

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = { ...privateKey.export({ format: "jwk" }), kid: "one", use: "sig" };

const server = createServer();
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{ client_id: client, client_secret: secret, redirect_uris: [returnsTo] }],
  jwks: { keys: [key] },
  cookies: { keys: ["for tests"] },
  scopes: ["openid", "profile"],
  claims: { openid: ["sub"], profile: Object.keys(person) },
  features: { devInteractions: { enabled: false } },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...person }) }),
  interactions: { url: (_, interaction) => `/sign-in/${interaction.uid}` },
});

const answers = provider.callback();
server.on("request", async (request, response) => {
  if (!request.url.startsWith("/sign-in/")) return answers(request, response);
  const { params } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId: "person-1", clientId: params.client_id });
  grant.addOIDCScope("openid profile");
  const result = { login: { accountId: "person-1" }, consent: { grantId: await grant.save() } };
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
});

console.log(issuer);
