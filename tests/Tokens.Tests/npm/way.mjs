// From a refusal alone to what was refused (RFC 9728): which server, which scope, which proofs, by unmodified libraries.
import * as oauth from 'oauth4webapi';
import * as client from 'openid-client';
import { check, key, settings } from './person.mjs';

async function refusal(api) {
  const answer = await fetch(api);
  check(answer.status === 401, `${api} takes no guests`);
  return oauth.parseWwwAuthenticateChallenges?.(answer) ?? challenges(answer.headers.get('www-authenticate'));
}

// A challenge begins with a word and a space; its parameters follow, with commas between.
const challenges = (header) => header.split(/, (?=[A-Za-z]+ [a-z_]+=)/).map((text) => ({
  scheme: text.split(' ')[0].toLowerCase(),
  parameters: Object.fromEntries([...text.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, name, value]) => [name, value])),
}));

const api = new URL(`${settings.shop}/api/orders`);
const ways = await refusal(api);
check(ways.map(({ scheme }) => scheme).join() === 'bearer,dpop', 'two schemes are offered');
const { parameters } = ways.find(({ scheme }) => scheme === 'dpop');
check(parameters.algs === 'ES256', 'and which proofs are taken');

const metadata = await oauth.processResourceDiscoveryResponse(api, await oauth.resourceDiscoveryRequest(api));
check(parameters.resource_metadata === `${settings.shop}/.well-known/oauth-protected-resource/api/orders`, 'the refusal names the metadata that the address leads to');
check(metadata.scopes_supported.includes(parameters.scope), 'the scope is among those of the API');

const server = new URL(metadata.authorization_servers[0]);
const config = await client.discovery(server, 'partner', undefined, client.PrivateKeyJwt(await key('partner')), { algorithm: 'oauth2' });
const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));
const { access_token, token_type } = await client.clientCredentialsGrant(config, { scope: parameters.scope, resource: metadata.resource }, { DPoP });
check(token_type === 'dpop', 'the token is bound to a key');
check(JSON.parse(Buffer.from(access_token.split('.')[1], 'base64url')).aud === 'orders', 'and for the API whose metadata named it');

for (const time of ['once', 'twice']) {
  const answer = await client.fetchProtectedResource(config, access_token, api, 'GET', undefined, undefined, { DPoP });
  check(answer.status === 200 && Array.isArray((await answer.json()).items), `the door and the service take it with a proof, ${time}`);
}

const stolen = await fetch(api, { headers: { authorization: `Bearer ${access_token}` } });
check(stolen.status === 401 && stolen.headers.get('www-authenticate').startsWith('DPoP '), 'and not without');
const thief = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));
const refused = await client.fetchProtectedResource(config, access_token, api, 'GET', undefined, undefined, { DPoP: thief }).then((answer) => answer.status, (error) => error.status ?? error.cause?.status ?? error.code);
check(refused === 401 || /challenge/i.test(refused), `nor with another key (${refused})`);
