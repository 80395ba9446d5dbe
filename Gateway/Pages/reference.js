// Signs in by authorization code and PKCE, as any app would, and hands Scalar the documents with the token in place. The token stays
// in memory: a page that is loaded anew has none. By a redirect and not in a window of its own: Identity's pages cut the tie to
// whoever opened them.
const page = location.origin + location.pathname;
const button = document.querySelector('#sign-in');
const issuer = button.dataset.issuer;
const client = { client_id: 'reference', redirect_uri: page };
const scope = 'catalog.read orders.read orders.write';
const kept = 'reference-sign-in';

document.documentElement.lang = 'en';
const say = text => { document.querySelector('#signed-in').textContent = text; };
const base64url = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

button.addEventListener('click', async () => {
  const [state, verifier] = [random(), random()];
  sessionStorage.setItem(kept, JSON.stringify({ state, verifier }));
  const challenge = base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)));
  location.assign(`${issuer}/connect/authorize?` + new URLSearchParams({
    ...client, response_type: 'code', scope, state, code_challenge: challenge, code_challenge_method: 'S256',
  }));
});

async function signedIn() {
  const answer = new URLSearchParams(location.search);
  const { state, verifier } = JSON.parse(sessionStorage.getItem(kept) ?? '{}');
  sessionStorage.removeItem(kept);
  if (!answer.has('state'))
    return;

  // A code in the history or in a copied link would be there for others. An answer that was not asked for here (a sign-in that someone
  // slips us), or of another issuer (mix-up), is none.
  history.replaceState(null, '', page);
  if (answer.get('state') !== state || answer.get('iss')?.replace(/\/$/, '') !== issuer || !answer.has('code'))
    return say('Not signed in. Please try again.');

  const form = new URLSearchParams({ ...client, grant_type: 'authorization_code', code: answer.get('code'), code_verifier: verifier });
  const response = await fetch(`${issuer}/connect/token`, { method: 'POST', body: form, credentials: 'omit', redirect: 'error' }).catch(() => null);
  if (!response?.ok)
    return say('The sign-in did not work. Please try again.');
  const tokens = await response.json();
  say(`Signed in for ${Math.round(tokens.expires_in / 60)} minutes.`);
  button.textContent = 'Sign in again';
  return tokens.access_token;
}

const token = await signedIn();

async function source(api, index) {
  const response = await fetch(`/docs/${api}.json`);
  const title = api[0].toUpperCase() + api.slice(1);
  if (!response.ok) {
    const { detail } = await response.json();
    return { title, slug: api, default: index === 0, content: { openapi: '3.1.1', info: { title, version: '', description: detail }, paths: {} } };
  }

  // Scalar signs in by a window, which Identity does not let it watch: it gets what the sign-in above ends in.
  const content = await response.json();
  content.components.securitySchemes.oauth2 = { type: 'http', scheme: 'bearer', description: 'The access token. "Sign in", at the top of the page, gets one.' };
  return { title, slug: api, default: index === 0, content };
}

export default {
  sources: await Promise.all(button.dataset.apis.split(' ').map(source)),
  authentication: { preferredSecurityScheme: 'oauth2', securitySchemes: { oauth2: { token: token ?? '' } } },
};
