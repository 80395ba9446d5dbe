// A person at a browser without scripts, who agrees to what is asked.
export class Person {
  constructor(settings) {
    this.settings = settings;
    this.cookies = new Map(Object.entries(settings.cookies));
  }

  // The issuer's address is the public one; the service under test listens elsewhere.
  async open(address, init = {}) {
    const response = await fetch(new URL(address, this.settings.issuer).href.replace(this.settings.issuer, this.settings.address), {
      ...init,
      redirect: 'manual',
      headers: { ...init.headers, accept: 'text/html', cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const line of response.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0].split(/=(.*)/s);
      if (value) this.cookies.set(name, value);
      else this.cookies.delete(name);
    }

    return { status: response.status, location: response.headers.get('location'), body: await response.text() };
  }

  // Posts the form of a page with its hidden fields and those given.
  async submit(address, fields) {
    const page = await this.open(address);
    if (page.status !== 200) throw new Error(`${address} is no page: ${page.status} ${page.location}`);
    const form = new URLSearchParams();
    for (const [tag] of page.body.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) form.set(/name="([^"]*)"/.exec(tag)[1], unescape(/value="([^"]*)"/.exec(tag)?.[1] ?? ''));
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    return await this.open(address, { method: 'POST', body: form });
  }

  // From the client's request to the client's address.
  async answer(address) {
    for (let hops = 0; hops < 10; hops++) {
      const answer = new URL(address, this.settings.issuer).pathname === '/account/consent' ? await this.submit(address, { answer: 'allow' }) : await this.open(address);
      if (!answer.location) throw new Error(`${address} leads nowhere: ${answer.status} ${answer.body}`);
      if (!answer.location.startsWith('/') && !answer.location.startsWith(this.settings.issuer)) return new URL(answer.location);
      address = answer.location;
    }

    throw new Error('It goes round in circles.');
  }
}

const unescape = (text) => text.replaceAll('&#x2B;', '+').replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

export const settings = JSON.parse(process.env.SETTINGS);

export const key = (name) =>
  crypto.subtle.importKey('pkcs8', Buffer.from(settings.keys[name], 'base64'), { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);

// The public address is the one that clients know, and that proofs are made for.
export const toService = (address, options) => fetch(String(address).replace(settings.issuer, settings.address), options);

export function check(holds, what) {
  if (!holds) throw new Error(`Not so: ${what}`);
  console.log(`ok ${what}`);
}

export async function refuses(error, what, attempt) {
  try {
    await attempt();
  } catch (refusal) {
    check(refusal.error === error || refusal.cause?.error === error, `${what} (${refusal.error ?? refusal})`);
    return;
  }

  check(false, what);
}
