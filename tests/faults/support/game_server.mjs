// Single requests as a game server makes them.
import { randomUUID } from 'node:crypto';
import { apiToken } from '../../e2e/support/liveops.mjs';
import { signedHeaders } from '../../e2e/support/signing.mjs';
import { asJson, request } from './http.mjs';

const asApi = { Authorization: `Bearer ${apiToken}` };

/** The status of the answer. */
export async function sendEvent(gateway, event, key = randomUUID()) {
  const body = JSON.stringify(event);
  return (await request(gateway, 'POST', '/events', { body, headers: { ...asJson, ...signedHeaders('POST', '/events', body, key) } })).status;
}

export function readProgress(progression, player, options = {}) {
  return request(progression, 'GET', `/players/${player}/progress`, { headers: asApi, ...options });
}

export function readInventory(progression, player, options = {}) {
  return request(progression, 'GET', `/players/${player}/inventory`, { headers: asApi, ...options });
}

/** Of up to 100 players. */
export function readRanks(leaderboard, { board, window, players }, options = {}) {
  const body = JSON.stringify({ board, window, player_ids: players });
  return request(leaderboard, 'POST', '/leaderboard/ranks', { body, headers: asJson, ...options });
}
