// What must outlive a restart, and how the process ends.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { spawnSync } from 'node:child_process';
import { writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LiveOps, binary, makeDirectory, removeDirectory, secret } from './support/liveops.mjs';
import { asApi, call, eventually, postEvent } from './support/client.mjs';
import { rulesFile } from './support/rules.mjs';

const directory = makeDirectory();
let liveops;
before(async () => { liveops = await new LiveOps(directory, { env: { RULES_FILE: rulesFile(directory) } }).start(); });
after(async () => { await liveops.kill(); removeDirectory(directory); });

const event = (player, payload) => ({ type: 'progression', player_id: player, occurred_at: new Date().toISOString(), payload });

test('an accepted key is replayed after SIGKILL, and refused with another body', async () => {
  const first = event('k', { xp: 1 });
  const accepted = await postEvent(liveops, first, { key: 'same' });
  assert.equal(accepted.status, 202);
  await liveops.kill();
  await liveops.start();
  const replayed = await postEvent(liveops, first, { key: 'same' });
  assert.equal(replayed.status, 202);
  assert.equal(replayed.headers.get('idempotent-replayed'), 'true');
  assert.equal(replayed.text, accepted.text);
  assert.equal((await postEvent(liveops, event('k', { xp: 2 }), { key: 'same' })).status, 422);
});

test('ranks are right on the first request after a restart', async () => {
  for (let n = 0; n < 30; ++n) await postEvent(liveops, event(`r${n}`, { xp: 1, score: 1000 + n }));
  const top = () => call(liveops.url('leaderboard'), 'GET', '/leaderboard?board=score&limit=30');
  const before = await eventually(top, (found) => found.json.entries.length === 30);
  await liveops.kill();
  await liveops.start();
  assert.deepEqual((await top()).json.entries, before.json.entries);
});

test('SIGTERM ends it with exit code 0, and a second start goes on where it was', async () => {
  assert.deepEqual(await liveops.stop(), { code: 0, signal: null });
  await liveops.start();
  assert.equal((await call(liveops.url('progression'), 'GET', '/players/k/progress', { headers: asApi })).json.xp, 1);
});

function run(args, env = {}) {
  return spawnSync(binary, args, { cwd: directory, encoding: 'utf8', timeout: 60_000, env: { PATH: process.env.PATH, HOME: directory, ...env } });
}

test('a second process on the same data directory is refused with one line', () => {
  const result = run(['serve'], { DATA_DIR: join(directory, 'data'), HMAC_SECRET: secret, GATEWAY_LISTEN: '127.0.0.1:0', FAIRNESS_LISTEN: '127.0.0.1:0', PROGRESSION_LISTEN: '127.0.0.1:0', LEADERBOARD_LISTEN: '127.0.0.1:0' });
  assert.equal(result.status, 1, result.stderr);
});

test('a port in use ends the start with exit code 1 and one line that names it', async () => {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  const other = makeDirectory();
  const result = await new Promise((resolve) => {
    const env = { DATA_DIR: join(other, 'data'), HMAC_SECRET: secret, GATEWAY_LISTEN: `127.0.0.1:${port}`, FAIRNESS_LISTEN: '127.0.0.1:0', PROGRESSION_LISTEN: '127.0.0.1:0', LEADERBOARD_LISTEN: '127.0.0.1:0' };
    resolve(run(['serve'], env));
  });
  server.close();
  removeDirectory(other);
  assert.equal(result.status, 1, result.stderr);
  assert.match(result.stderr, new RegExp(`${port}`));
});

test('bad configuration is one line with file, line, key and reason, and exit code 2', () => {
  const file = join(directory, 'bad.toml');
  writeFileSync(file, readFileSync(rulesFile(directory), 'utf8').replace(/time_zone = .*/, 'time_zone = "Mars/Olympus"'));
  const result = run(['serve'], { RULES_FILE: file, DATA_DIR: join(directory, 'unused') });
  assert.equal(result.status, 2, result.stderr);
  assert.equal(result.stderr.trim().split('\n').length, 1, result.stderr);
  assert.match(result.stderr, /bad\.toml:\d+/);
  assert.match(result.stderr, /Mars\/Olympus/);
});

test('a short secret is refused without showing it', () => {
  const result = run(['serve'], { HMAC_SECRET: 'shortsecret', DATA_DIR: join(directory, 'unused') });
  assert.equal(result.status, 2, result.stderr);
  assert.ok(!result.stderr.includes('shortsecret'));
  assert.match(result.stderr, /32/);
});

test('the single services refuse a bus that lives in one process', () => {
  for (const kind of ['inmem', 'local']) {
    for (const service of ['gateway', 'fairness', 'progression', 'leaderboard']) {
      const result = spawnSync(join(binary, '..', service), [], { encoding: 'utf8', timeout: 60_000, env: { PATH: process.env.PATH, BUS_KIND: kind, HMAC_SECRET: secret } });
      assert.equal(result.status, 2, `${service}: ${result.stderr}`);
      assert.match(result.stderr, /liveops serve/);
    }
  }
});
