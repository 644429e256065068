// Sends requests and holds every response against the OpenAPI file.
import { randomUUID } from 'node:crypto';
import { apiToken, adminToken } from './liveops.mjs';
import { checkResponse } from './openapi.mjs';
import { signedHeaders } from './signing.mjs';

export { signature, signedHeaders } from './signing.mjs';

/** One request; the answer is held against the OpenAPI file unless `check` is false. */
export async function call(base, method, target, { headers = {}, body, check = true } = {}) {
  const response = await fetch(base + target, { method, headers, body });
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  const answer = { status: response.status, headers: response.headers, text, json: type.includes('json') ? JSON.parse(text) : null };
  if (check) checkResponse(method, target.split('?')[0], answer);
  return answer;
}

export const asApi = { Authorization: `Bearer ${apiToken}` };
export const asAdmin = { Authorization: `Bearer ${adminToken}` };

export function postEvent(liveops, event, { key = randomUUID(), headers = {}, check = true } = {}) {
  const body = typeof event === 'string' ? event : JSON.stringify(event);
  return call(liveops.url('gateway'), 'POST', '/events', {
    headers: { 'Content-Type': 'application/json', ...signedHeaders('POST', '/events', body, key), ...headers }, body, check,
  });
}

export function postBatch(liveops, items, { type = 'application/json', check = true } = {}) {
  const body = type === 'application/json' ? JSON.stringify(items) : items.map((item) => JSON.stringify(item)).join('\n');
  return call(liveops.url('gateway'), 'POST', '/events/batch', {
    headers: { 'Content-Type': type, ...signedHeaders('POST', '/events/batch', body) }, body, check,
  });
}

/** Asks until `done(answer)`; fails after the time limit with the last answer. */
export async function eventually(ask, done, seconds = 30) {
  const until = Date.now() + seconds * 1000 * Number(process.env.LIVEOPS_TEST_TIMEOUT_FACTOR ?? 1);
  for (;;) {
    const answer = await ask();
    if (done(answer)) return answer;
    if (Date.now() > until) throw new Error(`not within ${seconds} s: ${JSON.stringify(answer?.json ?? answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
