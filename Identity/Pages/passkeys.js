// Passkeys. A form that has data-passkey asks its server what to ask the browser for (data-options), hands the browser's answer to the
// server in two hidden fields, and is sent like any other form. Without passkeys in the browser, the form stays hidden.
const failed = 'That did not work. Try again, or use another way.';

async function optionsOf(form) {
  const answer = await fetch(form.dataset.options, {
    method: 'POST',
    headers: { RequestVerificationToken: form.elements.__RequestVerificationToken.value },
  });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

function send(form, state, credential) {
  form.elements.State.value = state;
  form.elements.Credential.value = JSON.stringify(credential);
  form.submit();
}

function say(form, text) {
  const place = form.querySelector('[role=status]');
  place.textContent = text;
  place.hidden = text === '';
}

// One request at a time: a browser refuses a second one while the fields of the page still offer passkeys.
let waiting;

async function ask(form) {
  waiting?.abort();
  waiting = new AbortController();
  const { state, options } = await optionsOf(form);
  const credential = form.dataset.passkey === 'create'
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options), signal: waiting.signal })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options), signal: waiting.signal });
  send(form, state, credential);
}

// Offers passkeys where the e-mail address is typed. The challenge is made anew before it gets too old.
async function offer(form) {
  for (;;) {
    const own = waiting = new AbortController();
    const timer = setTimeout(() => own.abort('old'), 4 * 60 * 1000);
    try {
      const { state, options } = await optionsOf(form);
      const credential = await navigator.credentials.get({
        publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options), mediation: 'conditional', signal: own.signal,
      });
      return send(form, state, credential);
    } catch {
      if (own.signal.reason !== 'old') return;
    } finally {
      clearTimeout(timer);
    }
  }
}

for (const form of document.querySelectorAll('form[data-passkey]')) {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) break;
  form.hidden = false;
  form.addEventListener('submit', event => {
    event.preventDefault();
    say(form, '');
    ask(form).catch(error => say(form, error.name === 'NotAllowedError' ? 'Nothing was chosen.' : failed));
  });
  if (form.dataset.passkey === 'offer')
    PublicKeyCredential.isConditionalMediationAvailable?.().then(can => { if (can) offer(form); });
}
