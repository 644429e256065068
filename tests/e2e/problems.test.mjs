// What bad input gets: every row of sample_events/README.md, and idempotency to the letter, against the OpenAPI file.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { LiveOps, makeDirectory, removeDirectory } from './support/liveops.mjs';
import { asAdmin, asApi, call, eventually, postEvent, signedHeaders } from './support/client.mjs';
import { rulesFile } from './support/rules.mjs';

const samples = new URL('../../sample_events/', import.meta.url);
const directory = makeDirectory();
let liveops;
before(async () => { liveops = await new LiveOps(directory, { env: { RULES_FILE: rulesFile(directory, { fairness: true }) } }).start(); });
after(async () => {
  assert.deepEqual(await liveops.stop(), { code: 0, signal: null });
  removeDirectory(directory);
});

const rows = readFileSync(new URL('README.md', samples), 'utf8').split('\n').filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')).slice(1));

async function send(file) {
  const body = readFileSync(new URL(file, samples));
  const batch = file.includes('batch');
  const target = batch ? '/events/batch' : '/events';
  const type = file.endsWith('.ndjson') ? 'application/x-ndjson' : 'application/json';
  const key = batch ? '' : randomUUID();
  return call(liveops.url('gateway'), 'POST', target, { headers: { 'Content-Type': type, ...signedHeaders('POST', target, body, key) }, body });
}

for (const [file, status, problem, pointer] of rows.filter((row) => row[0].startsWith('broken/'))) {
  test(`${file} gets ${status} ${problem}`, async () => {
    const answer = await send(file);
    assert.equal(answer.status, Number(status), answer.text);
    if (answer.status === 202) {
      const bad = answer.json.results.find((result) => result.status === 'rejected');
      assert.equal(bad.code, problem);
      if (pointer) assert.equal(bad.pointer, pointer);
      return;
    }
    assert.match(answer.headers.get('content-type'), /^application\/problem\+json/);
    assert.ok(answer.json.type.endsWith(problem), answer.json.type);
    assert.equal(answer.json.status, answer.status);
    if (pointer) assert.ok(answer.json.errors.some((fault) => fault.pointer === pointer), answer.text);
  });
}

for (const [file] of rows.filter((row) => !row[0].startsWith('broken/'))) {
  test(`${file} is accepted`, async () => {
    const answer = await send(file);
    assert.equal(answer.status, 202, answer.text);
    assert.equal(answer.json.rejected ?? 0, 0, answer.text);
  });
}

test('idempotency: 400 without a key, replay of the same, 422 for another body', async () => {
  const event = { type: 'progression', player_id: 'idem', occurred_at: new Date().toISOString(), payload: { xp: 1 } };
  const body = JSON.stringify(event);
  const without = await call(liveops.url('gateway'), 'POST', '/events', { headers: { 'Content-Type': 'application/json', ...signedHeaders('POST', '/events', body) }, body });
  assert.equal(without.status, 400);
  const first = await postEvent(liveops, event, { key: 'idem-1' });
  assert.equal(first.status, 202);
  assert.equal(first.headers.has('idempotent-replayed'), false);
  const quoted = await call(liveops.url('gateway'), 'POST', '/events', {
    headers: { 'Content-Type': 'application/json', ...signedHeaders('POST', '/events', body, '"idem-1"') }, body });
  assert.equal(quoted.headers.get('idempotent-replayed'), 'true');
  assert.equal(quoted.text, first.text);
  assert.equal((await postEvent(liveops, { ...event, payload: { xp: 2 } }, { key: 'idem-1' })).status, 422);
  await eventually(() => call(liveops.url('progression'), 'GET', '/players/idem/progress', { headers: asApi }), (found) => found.json?.xp === 1);
});

test('a refused request frees its key', async () => {
  const bad = await postEvent(liveops, { type: 'progression', player_id: 'free', payload: { xp: -1 } }, { key: 'free-1' });
  assert.equal(bad.status, 400);
  assert.equal((await postEvent(liveops, { type: 'progression', player_id: 'free', payload: { xp: 1 } }, { key: 'free-1' })).status, 202);
});

test('limits answer with the RateLimit headers', async () => {
  const answer = await postEvent(liveops, { type: 'progression', player_id: 'limits', payload: { xp: 1 } });
  assert.match(answer.headers.get('ratelimit-policy'), /;q=\d+/);
  assert.match(answer.headers.get('ratelimit'), /;r=\d+/);
});

test('a gzip batch is unpacked, a bomb is refused', async () => {
  const post = (body) => call(liveops.url('gateway'), 'POST', '/events/batch', {
    headers: { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip', ...signedHeaders('POST', '/events/batch', body) }, body });
  const good = await post(gzipSync(JSON.stringify([{ idempotency_key: 'gz-1', type: 'progression', player_id: 'gz', payload: { xp: 1 } }])));
  assert.equal(good.status, 202, good.text);
  assert.equal(good.json.accepted, 1);
  assert.equal((await post(gzipSync(Buffer.alloc(64 * 1024 * 1024, ' ')))).status, 413);
  assert.equal((await post(Buffer.from('no gzip'))).status, 400);
});

test('another media type is 415, an unknown path 404, a wrong method 405', async () => {
  const body = '{}';
  const typed = await call(liveops.url('gateway'), 'POST', '/events', { headers: { 'Content-Type': 'text/plain', ...signedHeaders('POST', '/events', body, 'x') }, body });
  assert.equal(typed.status, 415);
  assert.equal((await call(liveops.url('gateway'), 'GET', '/nothing', { check: false })).status, 404);
  const wrong = await call(liveops.url('gateway'), 'DELETE', '/events', { check: false });
  assert.equal(wrong.status, 405);
  assert.match(wrong.headers.get('allow'), /POST/);
});

test('unknown boards, windows, periods and players are 404 with what exists', async () => {
  for (const query of ['board=nope', 'window=hourly', 'window=daily&period=2026-99-99']) {
    const answer = await call(liveops.url('leaderboard'), 'GET', `/leaderboard?${query}`);
    assert.ok([400, 404].includes(answer.status), `${query}: ${answer.text}`);
  }
  const unknown = await call(liveops.url('leaderboard'), 'GET', '/leaderboard?board=nope');
  assert.equal(unknown.status, 404);
  assert.match(unknown.text, /dragon-speed/);
  assert.equal((await call(liveops.url('leaderboard'), 'GET', '/leaderboard/players/nobody')).status, 404);
  assert.equal((await call(liveops.url('leaderboard'), 'GET', '/leaderboard/around?player_id=nobody')).status, 404);
  assert.equal((await call(liveops.url('progression'), 'GET', '/players/nobody/progress', { headers: asApi })).status, 404);
  assert.equal((await call(liveops.url('fairness'), 'GET', '/players/nobody', { headers: asAdmin })).status, 404);
  assert.equal((await call(liveops.url('fairness'), 'GET', '/decisions/nothing', { headers: asAdmin })).status, 404);
  assert.equal((await call(liveops.url('leaderboard'), 'GET', '/leaderboard/snapshots/nothing')).status, 404);
});

test('a player who floods is throttled with 429 and when to come back, and the flag is explained', async () => {
  let refused = null;
  for (let n = 0; n < 400 && !refused; ++n) {
    const answer = await postEvent(liveops, { type: 'progression', player_id: 'flooder', payload: { xp: 1 } });
    if (answer.status === 429) refused = answer;
  }
  assert.ok(refused, 'never refused');
  assert.match(refused.json.type, /abnormal-usage-detected$/);
  assert.ok(Number(refused.headers.get('retry-after')) >= 1);
  const flags = await eventually(() => call(liveops.url('fairness'), 'GET', '/flags', { headers: asAdmin }),
    (found) => found.json.players.some((flag) => flag.player_id === 'flooder'));
  assert.equal(flags.status, 200);
  const explained = await call(liveops.url('fairness'), 'GET', '/players/flooder', { headers: asAdmin });
  assert.ok(explained.json.decisions[0].explanation.length > 10);
  const metrics = await call(liveops.url('fairness'), 'GET', '/metrics');
  assert.match(metrics.text, /dropped_events_total\{[^}]*reason=/);
  assert.match(metrics.text, /anomaly_flags_total\{[^}]*detector=/);
});

test('bytes that are no HTTP get an answer or are cut off, and the server goes on', async () => {
  for (const bytes of ['\r\n\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n', 'POST /events HTTP/1.1\r\nContent-Length: -1\r\n\r\n', '\x16\x03\x01\x02\x00', `GET /${'a'.repeat(100_000)} HTTP/1.1\r\n\r\n`]) {
    await new Promise((resolve) => {
      const socket = connect(Number(new URL(liveops.url('gateway')).port), '127.0.0.1', () => socket.end(bytes));
      socket.on('data', () => {});
      socket.on('error', resolve);
      socket.on('close', resolve);
    });
  }
  assert.equal((await call(liveops.url('gateway'), 'GET', '/livez')).status, 200);
});
