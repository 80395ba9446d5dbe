// What a refusal was for, in words. A reason that is not here is shown as it is.
const REASONS = {
  wrong_password: 'wrong password', unknown_account: 'no such account', locked_out: 'locked out', throttled: 'too many attempts',
  no_credential: 'no credential', missing_scope: 'scope missing', missing_role: 'role missing', not_internal: 'for services only', no_rule: 'allowed by no rule', other: 'other',
  token_signature: 'forged signature', token_lifetime: 'token expired', token_issuer: 'foreign issuer', token_audience: 'token for another API', token_type: 'not an access token',
  token_algorithm: 'forbidden algorithm', token_key: 'unknown signing key', token_shape: 'not a token at all', token_other: 'token refused',
  not_owner: 'belongs to another', input: 'input refused', limit_address: 'limit of the address', limit_principal: 'limit of the principal', origin: 'foreign origin',
  host: 'unknown host name', plain_http: 'plain http', request_shape: 'malformed request', client_authentication: 'client not proven', grant: 'grant refused', grant_reused: 'grant used twice', authorization: 'authorization refused', success: 'succeeded',
};

// The colour of a usual reason is fixed, so that a chart looks the same tomorrow; the others take what is free.
const SLOTS = 12;
const slots = new Map(Object.entries({ no_credential: 0, token_signature: 1, token_lifetime: 2, not_owner: 3, limit_address: 4, missing_scope: 5, wrong_password: 6, plain_http: 7, locked_out: 8, input: 9, limit_principal: 10, unknown_account: 11, success: 7 }));
let next = 0;

export const wordsOf = reason => Object.hasOwn(REASONS, reason ?? '') ? REASONS[reason] : reason;

/** What an event was, in words: its reason where it refused, else its name taken apart. */
export function eventWords(log) {
  const reason = log.attributes?.Reason;
  if (reason) return wordsOf(reason);
  return (log.eventName ?? '').replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase() || log.message;
}

export function colourOfReason(reason) {
  if (!slots.has(reason)) slots.set(reason, (next++ * 5 + 8) % SLOTS);
  return `colour-${slots.get(reason)}`;
}
