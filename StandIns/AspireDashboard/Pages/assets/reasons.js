// What a refusal was for, in words. A reason that is not here is shown as it is.
const REASONS = {
  wrong_password: 'wrong password', unknown_account: 'no such account', locked_out: 'locked out', throttled: 'too many attempts',
  no_credential: 'no credential', missing_scope: 'scope missing', missing_role: 'role missing', not_internal: 'for services only',
  token_signature: 'forged signature', token_lifetime: 'token expired', token_issuer: 'foreign issuer', token_audience: 'token for another API', token_type: 'not an access token',
  token_algorithm: 'forbidden algorithm', token_key: 'unknown signing key', token_shape: 'not a token at all', token_other: 'token refused',
  not_owner: 'belongs to another', input: 'input refused', limit_address: 'limit of the address', limit_principal: 'limit of the principal', origin: 'foreign origin',
  host: 'unknown host name', plain_http: 'plain http', request_shape: 'malformed request', client_authentication: 'client not proven', grant: 'grant refused',
};

// The colour of a reason is fixed, so that a chart looks the same tomorrow.
const ORDER = Object.keys(REASONS);

export const wordsOf = reason => Object.hasOwn(REASONS, reason ?? '') ? REASONS[reason] : reason;

/** What an event was, in words: its reason where it refused, else its name taken apart. */
export function eventWords(log) {
  const reason = log.attributes?.Reason;
  if (reason) return wordsOf(reason);
  return (log.eventName ?? '').replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase() || log.message;
}

export function colourOfReason(reason) {
  const at = ORDER.indexOf(reason);
  return `colour-${(at < 0 ? reason.length : at) % 8}`;
}
