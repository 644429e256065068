// From a signed event to a ranked player and a signed receipt, with independent implementations of the standards.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { compactVerify, createLocalJWKSet, decodeProtectedHeader } from 'jose';
import { Webhook } from 'standardwebhooks';
import { LiveOps, makeDirectory, removeDirectory } from './support/liveops.mjs';
import { asAdmin, asApi, call, eventually, postBatch, postEvent, signedHeaders } from './support/client.mjs';
import { rulesFile } from './support/rules.mjs';

const receiptSecret = 'receipt-secret-of-at-least-thirty-two-bytes';
const webhookSecret = `whsec_${Buffer.from('webhook-secret-of-thirty-two-bytes!!').toString('base64')}`;
const directory = makeDirectory();
let liveops;

before(async () => {
  liveops = await new LiveOps(directory, {
    env: { RULES_FILE: rulesFile(directory), RECEIPT_SECRET: receiptSecret, HMAC_KEYS: `hooks:${webhookSecret}` },
  }).start();
});
after(async () => {
  assert.deepEqual(await liveops.stop(), { code: 0, signal: null });
  removeDirectory(directory);
});

const progressOf = (player) => call(liveops.url('progression'), 'GET', `/players/${player}/progress`, { headers: asApi });
const claim = (player, reward) => call(liveops.url('progression'), 'POST', '/rewards/claim', {
  headers: { ...asApi, 'Content-Type': 'application/json' }, body: JSON.stringify({ player_id: player, reward_id: reward }),
});
const receiptCall = (action, token) => call(liveops.url('progression'), 'POST', `/rewards/receipts/${action}`, {
  headers: { ...asApi, 'Content-Type': 'application/json' }, body: JSON.stringify({ token }),
});

test('a signed event becomes progress and a rank in every window', async () => {
  const answer = await postEvent(liveops, { type: 'progression', player_id: 'ada', payload: { xp: 120, score: 4500 } });
  assert.equal(answer.status, 202);
  assert.equal(answer.json.status, 'accepted');
  assert.match(answer.json.event_id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const progress = await eventually(() => progressOf('ada'), (found) => found.json?.xp === 120);
  assert.equal(progress.json.player_id, 'ada');
  for (const window of ['daily', 'weekly', 'seasonal']) {
    const top = await eventually(() => call(liveops.url('leaderboard'), 'GET', `/leaderboard?board=score&window=${window}`),
      (found) => found.json?.entries?.some((entry) => entry.player_id === 'ada'));
    assert.equal(top.json.window, window);
    assert.equal(top.json.entries[0].score, 4500);
    assert.equal(top.json.entries[0].rank, 1);
  }
});

test('the time of an event is kept to the microsecond', async () => {
  const at = `${new Date(Date.now() - 2000).toISOString().slice(0, 20)}123457Z`;
  await postEvent(liveops, { type: 'progression', player_id: 'micro', occurred_at: at, payload: { xp: 1, score: 7 } });
  const ranks = await eventually(() => call(liveops.url('leaderboard'), 'GET', '/leaderboard/players/micro'), (found) => found.status === 200);
  assert.ok(JSON.stringify(ranks.json).includes(at), ranks.text);
});

test('equal scores rank by who was first, whatever the order of arrival', async () => {
  const at = (seconds) => new Date(Date.now() - 100_000 + seconds * 1000).toISOString();
  const send = (player, seconds) => postEvent(liveops, { type: 'progression', player_id: player, occurred_at: at(seconds), payload: { xp: 0, score: 999_999 } });
  await send('late', 20);
  await send('early', 10);
  const top = await eventually(() => call(liveops.url('leaderboard'), 'GET', '/leaderboard?board=score'), (found) => found.json.entries[1]?.score === 999_999);
  assert.deepEqual(top.json.entries.slice(0, 2).map((entry) => entry.player_id), ['early', 'late']);
});

test('requests signed by the Standard Webhooks library are accepted', async () => {
  const id = `msg_${randomUUID()}`;
  const body = JSON.stringify({ type: 'progression', player_id: 'hook', payload: { xp: 5 } });
  const now = new Date();
  const headers = {
    'Content-Type': 'application/json', 'webhook-id': id, 'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(webhookSecret).sign(id, now, body),
  };
  const answer = await call(liveops.url('gateway'), 'POST', '/events', { headers, body });
  assert.equal(answer.status, 202, answer.text);
  const again = await call(liveops.url('gateway'), 'POST', '/events', { headers, body });
  assert.equal(again.status, 202);
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  assert.equal(again.text, answer.text);
});

test('a reward is claimed once, its receipt verifies with jose, and is redeemed once', async () => {
  const player = 'grace';
  await postEvent(liveops, { type: 'progression', player_id: player, payload: { xp: 100_000 } });
  await eventually(() => progressOf(player), (found) => (found.json?.xp ?? 0) >= 100_000);
  const rewards = await call(liveops.url('progression'), 'GET', `/players/${player}/rewards`, { headers: asApi });
  const earned = rewards.json.rewards.find((reward) => reward.state === 'earned');
  assert.ok(earned, rewards.text);

  const claims = await Promise.all(Array.from({ length: 50 }, () => claim(player, earned.reward_id)));
  assert.deepEqual([...new Set(claims.map((answer) => answer.status))], [200]);
  assert.equal(new Set(claims.map((answer) => answer.json.token)).size, 1, 'one receipt, whoever asks');

  const { token, receipt } = claims[0].json;
  const verified = await compactVerify(token, new TextEncoder().encode(receiptSecret));
  const claimsSet = JSON.parse(new TextDecoder().decode(verified.payload));
  assert.equal(decodeProtectedHeader(token).alg, 'HS256');
  assert.equal(claimsSet.sub, player);
  assert.equal(claimsSet.reward_id, earned.reward_id);
  assert.equal(claimsSet.jti, receipt.receipt_id ?? receipt.jti);

  assert.equal((await receiptCall('verify', token)).json.valid, true);
  const forged = `${token.slice(0, -4)}AAAA`;
  assert.equal((await receiptCall('verify', forged)).json.valid, false);
  assert.equal((await receiptCall('redeem', token)).status, 200);
  assert.equal((await receiptCall('redeem', token)).status, 409);
});

test('a reward that is not earned is refused, an unknown one is not found', async () => {
  await postEvent(liveops, { type: 'progression', player_id: 'novice', payload: { xp: 1 } });
  await eventually(() => progressOf('novice'), (found) => found.status === 200);
  const rewards = await call(liveops.url('progression'), 'GET', '/players/novice/rewards', { headers: asApi });
  const locked = rewards.json.rewards.find((reward) => reward.state === 'locked');
  assert.equal((await claim('novice', locked.reward_id)).status, 409);
  assert.equal((await claim('novice', 'no-such-reward')).status, 404);
});

test('receipts signed with Ed25519 verify with jose against the published JWKS', async () => {
  const own = makeDirectory();
  const { privateKey } = generateKeyPairSync('ed25519');
  const other = await new LiveOps(own, {
    env: { RULES_FILE: rulesFile(own), RECEIPT_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }) },
  }).start();
  try {
    await postEvent(other, { type: 'progression', player_id: 'ed', payload: { xp: 100_000 } });
    await eventually(() => call(other.url('progression'), 'GET', '/players/ed/progress', { headers: asApi }), (found) => found.status === 200);
    const rewards = await call(other.url('progression'), 'GET', '/players/ed/rewards', { headers: asApi });
    const earned = rewards.json.rewards.find((reward) => reward.state === 'earned');
    const answer = await call(other.url('progression'), 'POST', '/rewards/claim', {
      headers: { ...asApi, 'Content-Type': 'application/json' }, body: JSON.stringify({ player_id: 'ed', reward_id: earned.reward_id }),
    });
    const jwks = await call(other.url('progression'), 'GET', '/.well-known/jwks.json');
    const verified = await compactVerify(answer.json.token, createLocalJWKSet(jwks.json));
    assert.equal(verified.protectedHeader.alg, 'EdDSA');
  } finally {
    await other.kill();
    removeDirectory(own);
  }
});

test('a blocked player is refused, leaves the ranks at once, and comes back when unblocked', async () => {
  const player = 'mallory';
  await postEvent(liveops, { type: 'progression', player_id: player, payload: { xp: 10, score: 123_456 } });
  const rank = () => call(liveops.url('leaderboard'), 'GET', `/leaderboard/players/${player}`);
  await eventually(rank, (found) => found.status === 200);
  const order = (action) => call(liveops.url('fairness'), 'POST', `/players/${player}/${action}`, {
    headers: { ...asAdmin, 'Content-Type': 'application/json' }, body: JSON.stringify({ reason: 'end-to-end test' }),
  });
  assert.equal((await order('block')).status, 200);
  const refused = await postEvent(liveops, { type: 'progression', player_id: player, payload: { xp: 10 } });
  assert.equal(refused.status, 403);
  assert.match(refused.json.type, /player-blocked$/);
  await eventually(rank, (found) => found.status === 404);
  assert.equal((await order('unblock')).status, 200);
  await eventually(rank, (found) => found.status === 200);
  assert.equal((await postEvent(liveops, { type: 'progression', player_id: player, payload: { xp: 10 } })).status, 202);
});

test('a batch takes the good items and names the bad ones', async () => {
  const good = (key) => ({ idempotency_key: key, type: 'progression', player_id: 'batcher', payload: { xp: 1 } });
  const items = [good('b-1'), { ...good('b-2'), payload: { xp: -1 } }, good('b-3'), { ...good('b-4'), surprise: 1 }];
  for (const type of ['application/json', 'application/x-ndjson']) {
    const answer = await postBatch(liveops, items, { type });
    assert.equal(answer.status, 202, answer.text);
    assert.deepEqual(answer.json.results.map((result) => result.status), type === 'application/json'
      ? ['accepted', 'rejected', 'accepted', 'rejected'] : ['duplicate', 'rejected', 'duplicate', 'rejected']);
    assert.equal(answer.json.results[1].pointer, '#/1/payload/xp');
  }
});

test('operations routes answer on every service', async () => {
  for (const service of ['gateway', 'fairness', 'progression', 'leaderboard']) {
    for (const path of ['/livez', '/readyz', '/healthz']) {
      assert.equal((await call(liveops.url(service), 'GET', path)).status, 200, `${service} ${path}`);
    }
    const metrics = await call(liveops.url(service), 'GET', '/metrics');
    assert.match(metrics.text, /liveops_build_info\{/);
    assert.match(metrics.text, /liveops_http_requests_total\{/);
  }
});

test('nobody reads or writes player data without a key', async () => {
  const body = JSON.stringify({ type: 'progression', player_id: 'eve', payload: { xp: 1 } });
  const plain = { 'Content-Type': 'application/json', 'Idempotency-Key': 'e-1' };
  assert.equal((await call(liveops.url('gateway'), 'POST', '/events', { headers: plain, body })).status, 401);
  const wrong = signedHeaders('POST', '/events', body, 'e-1', 'another-secret-of-thirty-two-bytes-or-more');
  assert.equal((await call(liveops.url('gateway'), 'POST', '/events', { headers: { ...plain, ...wrong }, body })).status, 401);
  assert.equal((await call(liveops.url('progression'), 'GET', '/players/ada/progress')).status, 401);
  assert.equal((await call(liveops.url('fairness'), 'GET', '/flags', { headers: asApi })).status, 403);
  const captured = signedHeaders('POST', '/events', body, 'e-2');
  const underAnotherKey = { ...plain, ...captured, 'Idempotency-Key': 'e-3' };
  assert.equal((await call(liveops.url('gateway'), 'POST', '/events', { headers: underAnotherKey, body })).status, 401);
});
