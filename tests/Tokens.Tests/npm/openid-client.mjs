// Everything that a client needs, by the unmodified library openid-client.
import * as client from 'openid-client';
import { Person, check, key, refuses, settings, toService } from './person.mjs';

const discover = (id, authentication, algorithm = 'oidc') =>
  client.discovery(new URL(settings.issuer), id, undefined, authentication, { algorithm, [client.customFetch]: toService });

async function codeRequest(redirect_uri) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier();
  const [state, nonce] = [client.randomState(), client.randomNonce()];
  return {
    parameters: {
      redirect_uri, state, nonce,
      scope: 'openid profile offline_access catalog.read orders.read',
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
    },
    checks: { pkceCodeVerifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true },
  };
}

async function webShop(person) {
  const config = await discover('storefront', client.PrivateKeyJwt(await key('storefront')));
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'));
  const { parameters, checks } = await codeRequest(settings.storefrontRedirect);
  const pushed = await client.buildAuthorizationUrlWithPAR(config, parameters, { DPoP });
  check(pushed.searchParams.has('request_uri'), 'the request is pushed, with a proof and the server\'s nonce');
  const tokens = await client.authorizationCodeGrant(config, await person.answer(pushed), checks, undefined, { DPoP });
  check(tokens.token_type === 'dpop' && tokens.claims().nonce === parameters.nonce, 'code, PKCE, issuer and ID token are right');

  const user = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, { DPoP });
  check(user.name === 'Test Person', 'userinfo takes the bound token');
  for (const time of ['once', 'twice']) {
    const renewed = await client.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
    check(renewed.token_type === 'dpop', `the bound refresh token works ${time}`);
  }

  const api = await discover('orders', client.PrivateKeyJwt(await key('orders')), 'oauth2');
  const told = await client.tokenIntrospection(api, tokens.access_token);
  check(told.active && told.sub === user.sub, 'an API is told that the token holds');
  await client.tokenRevocation(config, tokens.refresh_token);
  await refuses('invalid_grant', 'what was revoked is dead', () => client.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP }));
  check(!(await client.tokenIntrospection(api, tokens.access_token)).active, 'and its access token with it');
  return { config, idToken: tokens.id_token };
}

async function app(person) {
  const config = await discover('mobile', client.None());
  const { parameters, checks } = await codeRequest('http://127.0.0.1:51004/callback');
  const tokens = await client.authorizationCodeGrant(config, await person.answer(client.buildAuthorizationUrl(config, parameters)), checks);
  check(tokens.token_type === 'bearer', 'an app gets its code at a loopback port');
  const renewed = await client.refreshTokenGrant(config, tokens.refresh_token);
  check(renewed.refresh_token !== tokens.refresh_token, 'an unbound refresh token rotates');
  await refuses('invalid_grant', 'and works once', () => client.refreshTokenGrant(config, tokens.refresh_token));
  await refuses('invalid_grant', 'its successor ends with it', () => client.refreshTokenGrant(config, renewed.refresh_token));
}

async function device(person) {
  const config = await discover('cli', client.None());
  const asked = await client.initiateDeviceAuthorization(config, { scope: 'openid offline_access catalog.read' });
  await person.submit(asked.verification_uri_complete, { answer: 'allow' });
  const tokens = await client.pollDeviceAuthorizationGrant(config, { ...asked, interval: 1 });
  check(tokens.access_token && tokens.refresh_token, 'a device gets its tokens after approval');
}

async function services() {
  for (const typ of [undefined, 'JWT', 'client-authentication+jwt']) {
    const authentication = client.PrivateKeyJwt(await key('orders'), { [client.modifyAssertion]: (header) => (typ ? (header.typ = typ) : delete header.typ) });
    const tokens = await client.clientCredentialsGrant(await discover('orders-service', authentication), { scope: 'catalog.reserve' });
    check(tokens.expires_in <= 300, `a service proves itself by its key, typ ${typ ?? 'absent'}`);
  }

  for (const authentication of [client.ClientSecretBasic(settings.demoSecret), client.ClientSecretPost(settings.demoSecret)]) {
    const tokens = await client.clientCredentialsGrant(await discover('demo', authentication), { scope: 'catalog.read' });
    check(tokens.scope === undefined || tokens.scope === 'catalog.read', 'or by its secret');
  }

  const partner = await discover('partner', client.PrivateKeyJwt(await key('partner')));
  const DPoP = client.getDPoPHandle(partner, await client.randomDPoPKeyPair('ES256'));
  check((await client.clientCredentialsGrant(partner, { scope: 'catalog.read' }, { DPoP })).token_type === 'dpop', 'and gets a bound token');
}

async function signOut(person, { config, idToken }) {
  const state = client.randomState();
  const wish = client.buildEndSessionUrl(config, { post_logout_redirect_uri: settings.storefrontSignedOut, id_token_hint: idToken, state });
  const page = await person.open(wish);
  const back = new URL((await person.submit(page.location, {})).location);
  check(back.href.startsWith(settings.storefrontSignedOut) && back.searchParams.get('state') === state, 'sign-out leads back to the client');
}

const person = new Person(settings);
const session = await webShop(person);
await app(person);
await device(person);
await services();
await signOut(person, session);
