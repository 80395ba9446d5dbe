// The protocol step by step, by the unmodified library oauth4webapi.
import * as oauth from 'oauth4webapi';
import { Person, check, key, refuses, settings, toService } from './person.mjs';

const options = { [oauth.customFetch]: toService };

async function discover(algorithm) {
  const issuer = new URL(settings.issuer);
  return await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm, ...options }));
}

// A client that is asked for the server's nonce asks once more.
async function withNonce(request) {
  try {
    return await request();
  } catch (refusal) {
    if (!oauth.isDPoPNonceError(refusal)) throw refusal;
    return await request();
  }
}

async function webShop(server, person) {
  const client = { client_id: 'storefront' };
  const authentication = oauth.PrivateKeyJwt(await key('storefront'));
  const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
  const verifier = oauth.generateRandomCodeVerifier();
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
  const pushed = await withNonce(async () => await oauth.processPushedAuthorizationResponse(server, client, await oauth.pushedAuthorizationRequest(
    server, client, authentication,
    {
      response_type: 'code', redirect_uri: settings.storefrontRedirect, scope: 'openid offline_access orders.read', state, nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
    },
    { DPoP, ...options })));
  check(pushed.expires_in < 600, 'a pushed request ends soon (FAPI 2.0)');

  const address = new URL(server.authorization_endpoint);
  address.searchParams.set('client_id', client.client_id);
  address.searchParams.set('request_uri', pushed.request_uri);
  const answer = oauth.validateAuthResponse(server, client, await person.answer(address), state);
  const tokens = await withNonce(async () => await oauth.processAuthorizationCodeResponse(server, client, await oauth.authorizationCodeGrantRequest(
    server, client, authentication, answer, settings.storefrontRedirect, verifier, { DPoP, ...options }), { expectedNonce: nonce, requireIdToken: true }));
  check(tokens.token_type === 'dpop', 'the token is bound to the key');

  const subject = oauth.getValidatedIdTokenClaims(tokens).sub;
  await withNonce(async () => await oauth.processUserInfoResponse(server, client, subject, await oauth.userInfoRequest(server, client, tokens.access_token, { DPoP, ...options })));
  check(true, 'userinfo takes it with its proof');
  try {
    await oauth.processUserInfoResponse(server, client, subject, await oauth.userInfoRequest(server, client, tokens.access_token, options));
    check(false, 'and not without');
  } catch (refusal) {
    check(refusal instanceof oauth.WWWAuthenticateChallengeError, 'and not without');
  }

  const refresh = () => withNonce(async () => await oauth.processRefreshTokenResponse(server, client, await oauth.refreshTokenGrantRequest(
    server, client, authentication, tokens.refresh_token, { DPoP, ...options })));
  check((await refresh()).access_token !== (await refresh()).access_token, 'the refresh token stays good');

  const api = { client_id: 'orders' };
  const told = async () => await oauth.processIntrospectionResponse(server, api, await oauth.introspectionRequest(
    server, api, oauth.PrivateKeyJwt(await key('orders')), tokens.access_token, options));
  check((await told()).active, 'introspection knows the token');
  await oauth.processRevocationResponse(await oauth.revocationRequest(server, client, authentication, tokens.refresh_token, options));
  check(!(await told()).active, 'revocation ends it');
  await refuses('invalid_grant', 'and its refresh token', refresh);
}

async function device(server, person) {
  const client = { client_id: 'cli' };
  const asked = await oauth.processDeviceAuthorizationResponse(server, client, await oauth.deviceAuthorizationRequest(
    server, client, oauth.None(), { scope: 'openid catalog.read' }, options));
  const poll = async () => await oauth.processDeviceCodeResponse(server, client, await oauth.deviceCodeGrantRequest(server, client, oauth.None(), asked.device_code, options));
  await refuses('authorization_pending', 'a device waits', poll);
  await person.submit(asked.verification_uri_complete, { answer: 'allow' });
  check((await poll()).access_token, 'until it is approved');
}

async function service(server) {
  const client = { client_id: 'orders-service' };
  const tokens = await oauth.processClientCredentialsResponse(server, client, await oauth.clientCredentialsGrantRequest(
    server, client, oauth.PrivateKeyJwt(await key('orders')), { scope: 'catalog.reserve' }, options));
  check(tokens.token_type === 'bearer', 'a service gets its own token');
}

const [server, plain] = [await discover('oidc'), await discover('oauth2')];
check(JSON.stringify(server) === JSON.stringify(plain), 'both names of the metadata lead to the same');
const person = new Person(settings);
await webShop(server, person);
await device(server, person);
await service(plain);
