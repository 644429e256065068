// Orders about players, end to end: a season that ends while the test runs is sealed, revised and given back; receipts; the
// review queue; and an audit that shows who touched it.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LiveOps, adminToken, binary, makeDirectory, removeDirectory, secret, timeFactor } from './support/liveops.mjs';
import { asApi, call, eventually, postEvent } from './support/client.mjs';
import { rulesFile } from './support/rules.mjs';

const directory = makeDirectory();
const data = join(directory, 'data');
const seasonEnds = new Date(Date.now() + 30_000 * timeFactor);
const anHourAgo = new Date(Date.now() - 3_600_000).toISOString();
let liveops;
let rules;

/** The hard bounds on, so that a made-up event opens a case; a season that ends in some seconds. */
function writeRules() {
  rules = rulesFile(directory, { fairness: true });
  const seasons = `[[seasons.list]]\nid = "short"\nstarts_at = ${anHourAgo}\nends_at = ${seasonEnds.toISOString()}\n`;
  const text = readFileSync(rules, 'utf8')
    .replace(/\[seasons\]\n(?:[a-z_]+ = .*\n)+/, seasons)
    .replace(/grace_s = \d+/, 'grace_s = 5');
  assert.match(text, /id = "short"/);
  writeFileSync(rules, text);
}

const start = (ports = null) => new LiveOps(directory, { env: { RULES_FILE: rules }, ports }).start();

before(async () => {
  writeRules();
  liveops = await start();
});
after(async () => {
  assert.deepEqual(await liveops.stop(), { code: 0, signal: null });
  removeDirectory(directory);
});

function run(...args) {
  return new Promise((resolve) => {
    const env = {
      PATH: process.env.PATH, HOME: directory, DATA_DIR: data, HMAC_SECRET: secret, ADMIN_TOKEN: adminToken, FAIRNESS_URL: liveops.url('fairness'),
      ASAN_OPTIONS: process.env.ASAN_OPTIONS ?? '', TSAN_OPTIONS: process.env.TSAN_OPTIONS ?? '',
    };
    const child = spawn(binary, args, { cwd: directory, env });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => { out += chunk; });
    child.stderr.on('data', (chunk) => { err += chunk; });
    child.on('exit', (code) => resolve({ code, out, err }));
  });
}

const season = 'board=score&window=seasonal&period=short';
const table = (query) => call(liveops.url('leaderboard'), 'GET', `/leaderboard?${query}`);
const names = (answer) => (answer.json?.entries ?? []).map((entry) => entry.player_id);
const revisions = () => call(liveops.url('leaderboard'), 'GET', `/leaderboard/revisions?${season}`);
const reached = (number) => eventually(revisions, (answer) => answer.json?.revisions?.[0]?.revision === number, 90);
const receipt = (action, token) => call(liveops.url('progression'), 'POST', `/rewards/receipts/${action}`, {
  headers: { ...asApi, 'Content-Type': 'application/json' }, body: JSON.stringify({ token }),
});

let original;
let token;

test('a disqualified player leaves open windows at once, and receipts are revoked', async () => {
  for (const [player, score] of [['ann', 300], ['eve', 900], ['bob', 500]]) {
    const answer = await postEvent(liveops, { type: 'progression', player_id: player, payload: { xp: 400, score } });
    assert.equal(answer.status, 202, answer.text);
  }
  await eventually(() => table('board=score'), (answer) => names(answer).length === 3);
  const rewards = await eventually(() => call(liveops.url('progression'), 'GET', '/players/eve/rewards', { headers: asApi }),
    (answer) => answer.json?.rewards?.some((reward) => reward.state === 'earned'));
  const { reward_id } = rewards.json.rewards.find((reward) => reward.state === 'earned');
  const claimed = await call(liveops.url('progression'), 'POST', '/rewards/claim', {
    headers: { ...asApi, 'Content-Type': 'application/json' }, body: JSON.stringify({ player_id: 'eve', reward_id }),
  });
  token = claimed.json.token;
  const order = await run('player', 'disqualify', 'eve', '--reason', 'a bot', '--since', anHourAgo);
  assert.equal(order.code, 0, order.err);
  assert.equal(JSON.parse(order.out).disqualified.reason, 'a bot');
  await eventually(() => table('board=score'), (answer) => names(answer).join() === 'bob,ann');
  const verified = await eventually(() => receipt('verify', token), (answer) => answer.json?.valid === false);
  assert.match(verified.json.reason, /revoked/);
  const refused = await receipt('redeem', token);
  assert.equal(refused.status, 409);
  assert.match(refused.json.type, /receipt-revoked$/);
});

test('reinstated, the player is back with all that was there, and the receipt is good again', async () => {
  assert.equal((await run('player', 'reinstate', 'eve', '--reason', 'it was the brother')).code, 0);
  await eventually(() => table('board=score'), (answer) => names(answer).join() === 'eve,bob,ann');
  await eventually(() => receipt('verify', token), (answer) => answer.json?.valid === true);
  assert.equal((await receipt('redeem', token)).status, 200);
  assert.equal((await run('player', 'reinstate', 'eve', '--reason', 'again')).code, 1, 'not disqualified');
});

test('a sealed season is revised, over a kill -9 too, and comes back with its original hash', async () => {
  const first = await reached(1);
  original = first.json.revisions[0];
  const rows = await call(liveops.url('leaderboard'), 'GET', `/leaderboard/snapshots/${original.id}`);
  const text = ['score,seasonal,short,1', ...rows.json.entries.map((row) => [row.rank, row.player_id, row.score, row.achieved_at].join())];
  assert.equal(createHash('sha256').update(text.map((line) => `${line}\n`).join('')).digest('hex'), original.sha256);

  assert.equal((await run('player', 'disqualify', 'eve', '--reason', 'a bot', '--since', anHourAgo)).code, 0);
  await liveops.kill();
  liveops = await start(liveops.ports);
  const second = (await reached(2)).json.revisions[0];
  assert.notEqual(second.sha256, original.sha256);
  assert.deepEqual(names(await table(season)), ['bob', 'ann']);
  const changes = await call(liveops.url('leaderboard'), 'GET', `/leaderboard/snapshots/${second.id}/changes`, { headers: asApi });
  assert.deepEqual(changes.json.removed.map((one) => [one.player_id, one.previous_rank, one.reason]), [['eve', 1, 'a bot']]);
  assert.deepEqual(changes.json.promoted.map((one) => [one.player_id, one.previous_rank, one.rank]), [['bob', 2, 1], ['ann', 3, 2]]);

  assert.equal((await run('player', 'reinstate', 'eve', '--reason', 'it was the brother')).code, 0);
  const third = (await reached(3)).json.revisions[0];
  assert.equal(third.sha256, original.sha256);
  assert.deepEqual(names(await table(season)), ['eve', 'bob', 'ann']);
  assert.equal((await call(liveops.url('leaderboard'), 'GET', `/leaderboard/snapshots/${second.id}`)).json.total, 2, 'still there');
});

test('a block of the engine opens a case, which one worker decides; overturning lets the player play', async () => {
  const impossible = { type: 'boss_kill', player_id: 'max', payload: { boss_id: 'dragon', xp: 9_000_000_000_000 } };
  assert.equal((await postEvent(liveops, impossible)).status, 403);
  const listed = await eventually(async () => run('reviews', 'list'), (result) => result.out.includes('"max"'));
  const { case_id: id } = JSON.parse(listed.out).cases.find((one) => one.player_id === 'max');
  assert.equal((await run('reviews', 'claim', String(id), '--worker', 'ann')).code, 0);
  assert.equal((await run('reviews', 'claim', String(id), '--worker', 'bob')).code, 1);
  const decided = await run('reviews', 'decide', String(id), 'overturn', '--worker', 'ann', '--reason', 'a test');
  assert.equal(decided.code, 0, decided.err);
  assert.equal(JSON.parse(decided.out).carried_out, true);
  const answer = await postEvent(liveops, { type: 'progression', player_id: 'max', payload: { xp: 1 } });
  assert.equal(answer.status, 202, answer.text);
  const summary = JSON.parse((await run('reviews', 'summary')).out);
  assert.ok(summary.rules.some((rule) => rule.overturned === 1 && rule.precision === 0), JSON.stringify(summary));
});

test('the audit is whole, until somebody edits it behind the service', async () => {
  const whole = await run('audit', 'verify');
  assert.equal(whole.code, 0, whole.out + whole.err);
  const head = whole.out.match(/head (\d+:[0-9a-f]{64})/)[1];
  assert.equal((await run('audit', 'verify', '--head', head)).code, 0);
  const change = (sql) => {
    const result = spawnSync('sqlite3', ['-cmd', '.timeout 10000', join(data, 'fairness.db'), sql], { encoding: 'utf8' });
    assert.equal(result.status, 0, result.stderr);
  };
  change("DROP TRIGGER audit_is_never_changed; UPDATE audit SET reason = 'nothing' WHERE position = 2");
  const edited = await run('audit', 'verify', '--json');
  assert.equal(edited.code, 1);
  assert.deepEqual(JSON.parse(edited.out).findings.map((finding) => finding.line), [2]);
});
