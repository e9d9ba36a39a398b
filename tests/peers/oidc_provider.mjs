/* A certified OpenID provider (npm oidc-provider) with invented people, for tests on this machine.
   node tests/peers/oidc_provider.mjs PORT REDIRECT_URI AFTER_LOGOUT_URI SECRET: prints "ready" when it answers. */

import { createServer } from "node:http";
import Provider from "oidc-provider";

const [port, redirect, leave, secret] = process.argv.slice(2);
const issuer = `http://localhost:${port}`;
const people = {
  lan: { name: "Phạm Thị Lan", birthdate: "1990-03-08", personal_id: "031190012345", level: 2 },
  bay: { name: "Nguyễn Văn Bảy", birthdate: "1949-07-07", personal_id: "031049000777", level: 1 },
};
const claims = { openid: ["sub"], profile: ["name", "birthdate", "personal_id"] };

const provider = new Provider(issuer, {
  clients: [{
    client_id: "motcua", client_secret: secret, redirect_uris: [redirect], post_logout_redirect_uris: [leave],
    response_types: ["code"], grant_types: ["authorization_code"], token_endpoint_auth_method: "client_secret_post",
  }],
  claims,
  acrValues: ["urn:motcua:loa:1", "urn:motcua:loa:2"],
  pkce: { required: () => true },
  cookies: { keys: [secret] },
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
  interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_context, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
  async loadExistingGrant(context) {
    const { client, session, provider: own } = context.oidc;
    const grant = new own.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope("openid profile");
    grant.addOIDCClaims(claims.profile);
    await grant.save();
    return grant;
  },
});

const answer = provider.callback();
createServer(async (request, response) => {
  const [path, query] = request.url.split("?");
  if (!path.startsWith("/interaction/")) return answer(request, response);
  if (!query) {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    const links = Object.keys(people).map((id) => `<li><a href="${path}?${id}">${people[id].name}</a></li>`);
    return response.end(`<!doctype html><title>oidc-provider</title><ul>${links.join("")}</ul>`);
  }
  const acr = `urn:motcua:loa:${people[query].level}`;
  return provider.interactionFinished(request, response, { login: { accountId: query, acr } });
}).listen(Number(port), "127.0.0.1", () => console.log("ready"));
