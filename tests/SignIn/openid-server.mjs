// A real OpenID Connect server for the tests: node openid-server.mjs CLIENT_ID SECRET. It says its address on the first line, reads the
// addresses it may send browsers back to from its input, one a line, and ends when its input does. Who signs in is said by
// ?as=TAXCODE on the page that asks.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';

const [clientId, secret] = process.argv.slice(2);
const redirectUris = [];
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: secret, redirect_uris: ['http://127.0.0.1/replaced'], grant_types: ['authorization_code'], response_types: ['code'] }],
    claims: { openid: ['sub'], profile: ['fiscal_number'] },
    cookies: { keys: ['for tests only'] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, fiscal_number: `TINIT-${id}` }) }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    pkce: { required: () => true },
  });
  provider.Client.prototype.redirectUriAllowed = (uri) => redirectUris.includes(uri);
  const answer = provider.callback();
  server.on('request', async (request, response) => {
    const url = new URL(request.url, issuer);
    if (!url.pathname.startsWith('/interaction/')) return answer(request, response);
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    if (prompt.name === 'login') {
      if (!url.searchParams.has('as')) return response.end('Who are you?');
      return provider.interactionFinished(request, response, { login: { accountId: url.searchParams.get('as') } });
    }
    const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    grant.addOIDCScope(params.scope);
    return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
  });
  createInterface({ input: process.stdin }).on('line', (line) => { redirectUris.push(line); console.log('taken'); }).on('close', () => process.exit());
  console.log(issuer);
});
