// Everything that is asked of the server goes through here, so that a lost session is noticed in one place.

/** What the server answered when it did not do what was asked. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export const sessionLost = new EventTarget();

async function problemOf(response) {
  try {
    const problem = await response.json();
    return problem.detail ?? problem.title;
  } catch {
    return undefined; // Not a problem document: the status has to do.
  }
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, { credentials: 'same-origin', redirect: 'error', ...options });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError(0, 'The dashboard does not answer. Is AppHost still running?');
  }
  if (response.ok) return response;
  if (response.status === 401) sessionLost.dispatchEvent(new Event('lost'));
  throw new ApiError(response.status, (await problemOf(response)) ?? `The dashboard answered ${response.status}.`);
}

/** Parameters without the empty ones. */
export function queryOf(parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '' && one !== false) query.append(name, String(one));
    }
  }
  const text = query.toString();
  return text ? `?${text}` : '';
}

export async function get(path, parameters, signal) {
  const response = await ask(path + queryOf(parameters), { signal, headers: { accept: 'application/json' } });
  return await response.json();
}

export const post = path => ask(path, { method: 'POST' });
