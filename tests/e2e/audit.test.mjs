// `liveops audit` beside a running server: the books balance, until a row is changed behind everybody's back.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { LiveOps, adminToken, binary, makeDirectory, removeDirectory } from './support/liveops.mjs';
import { asAdmin, call, eventually, postBatch, postEvent } from './support/client.mjs';
import { Random } from './support/random.mjs';
import { rulesFile } from './support/rules.mjs';

const directory = makeDirectory();
const data = join(directory, 'data');
let liveops;
let rules;

before(async () => {
  rules = rulesFile(directory);
  liveops = await new LiveOps(directory, { env: { RULES_FILE: rules, PUBLIC_LEADERBOARD: 'false' } }).start();
});
after(async () => {
  assert.deepEqual(await liveops.stop(), { code: 0, signal: null });
  removeDirectory(directory);
});

/** The environment's token opens a leaderboard that is not public. */
function run(args, { token = adminToken } = {}) {
  return new Promise((resolve) => {
    const env = {
      PATH: process.env.PATH, HOME: directory, DATA_DIR: data, RULES_FILE: rules, ADMIN_TOKEN: token,
      ASAN_OPTIONS: process.env.ASAN_OPTIONS ?? '', TSAN_OPTIONS: process.env.TSAN_OPTIONS ?? '',
    };
    const child = spawn(binary, ['audit', ...args], { cwd: directory, env });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => { out += chunk; });
    child.stderr.on('data', (chunk) => { err += chunk; });
    child.on('exit', (code) => resolve({ code, out, err }));
  });
}

const audit = (...args) => run(['--leaderboard', liveops.url('leaderboard'), ...args]);

function change(file, sql) {
  const result = spawnSync('sqlite3', ['-cmd', '.timeout 10000', join(data, file), sql], { encoding: 'utf8' });
  assert.equal(result.status, 0, result.stderr);
}

/** How often the leaderboard was asked for its windows: an audit does that once it has read the stores. */
async function timesCompared() {
  const metrics = await (await fetch(`${liveops.url('leaderboard')}/metrics`)).text();
  const lines = metrics.split('\n').filter((line) => line.startsWith('liveops_http_requests_total') && line.includes('"/leaderboard/windows"'));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** What 40 players might do. */
function events(count) {
  const random = new Random(7);
  return Array.from({ length: count }, (_, n) => {
    const event = { idempotency_key: `e${n}`, player_id: `p${random.below(40)}`, occurred_at: new Date().toISOString() };
    if (n % 5 === 0) return { ...event, type: 'drop_claimed', payload: { drop_id: `d${n}`, item_id: 'gem', quantity: 1 + random.below(5) } };
    if (n % 5 === 1) return { ...event, type: 'boss_kill', payload: { boss_id: 'dragon', duration_ms: 1000 + random.below(50) } };
    return { ...event, type: 'progression', payload: { xp: random.below(200), score: random.below(300) } };
  });
}

test('the books balance, once the consumers have caught up', async () => {
  const sent = events(1000);
  for (const first of [0, 500]) {
    const answer = await postBatch(liveops, sent.slice(first, first + 500));
    assert.equal(answer.json.accepted, 500, answer.text);
  }
  await postEvent(liveops, { type: 'drop_claimed', player_id: 'p-late', payload: { drop_id: 'd0', item_id: 'gem', quantity: 1 } });
  const result = await audit('--settle', '30', '--json');
  assert.equal(result.code, 0, result.out + result.err);
  const report = JSON.parse(result.out);
  assert.equal(report.balanced, true);
  assert.equal(report.events, 1001);
  assert.equal(report.players, 41);
  assert.equal(report.drops_granted, 200);
  assert.equal(report.open_tables, 9);
  assert.equal(report.places, report.standings);
  assert.deepEqual(report.not_compared, []);
});

test('blocked players keep their standings, and are not shown', async () => {
  const blocked = await call(liveops.url('fairness'), 'POST', '/players/p1/block', {
    headers: { ...asAdmin, 'Content-Type': 'application/json' }, body: JSON.stringify({ reason: 'a test' }),
  });
  assert.equal(blocked.status, 200, blocked.text);
  // Until the leaderboard has heard of it, nobody is hidden, and the books balance as well.
  const result = await eventually(() => audit('--settle', '30'), ({ code, out }) => code !== 0 || out.includes('of blocked players'));
  assert.equal(result.code, 0, result.out + result.err);
  assert.match(result.out, /of blocked players +9 /);
  assert.match(result.out, /books +balance/);
});

test('--offline leaves the ranks out, and says so', async () => {
  const result = await run(['--offline']);
  assert.equal(result.code, 0, result.out + result.err);
  assert.match(result.out, /not compared: the ranks as shown \(--offline\)/);
});

test('a row that was changed is named, with its player', async () => {
  change('progression.db', "UPDATE player SET xp = xp + 1 WHERE player_id = 'p7'");
  const result = await audit();
  assert.equal(result.code, 1, result.out + result.err);
  assert.match(result.out, /^xp: player p7: expected \d+, found \d+$/m);
  assert.match(result.out, /books +1 difference$/m);
  change('progression.db', "UPDATE player SET xp = xp - 1 WHERE player_id = 'p7'");
  assert.equal((await audit()).code, 0);
});

test('a standing that was changed differs from the ledger and from the rank shown', async () => {
  const set = (by) => change('leaderboard.db', `UPDATE standings SET score = score + ${by} WHERE player = (SELECT id FROM players WHERE name = 'p9') `
    + "AND table_id = (SELECT id FROM standings_tables WHERE board = 'xp' AND time_window = 0)");
  set(5);
  const result = await audit('--json');
  assert.equal(result.code, 1, result.out + result.err);
  const report = JSON.parse(result.out);
  assert.equal(report.differences, 2);
  assert.deepEqual(report.first_differences.map(({ what, player_id: player }) => [what, player]), [['standing', 'p9'], ['rank', 'p9']]);
  assert.match(report.first_differences[0].where, /^xp\/daily\//);
  const short = await audit('--max-differences', '1');
  assert.match(short.out, /and 1 more/);
  set(-5);
  assert.equal((await audit()).code, 0);
});

test('with --settle it compares again until the books balance', async () => {
  change('progression.db', "UPDATE player SET xp = xp + 1 WHERE player_id = 'p7'");
  const before = await timesCompared();
  const waiting = audit('--settle', '60');
  await eventually(timesCompared, (times) => times > before);
  change('progression.db', "UPDATE player SET xp = xp - 1 WHERE player_id = 'p7'");
  const result = await waiting;
  assert.equal(result.code, 0, result.out + result.err);
});

test('what cannot be compared ends with 1 and one line that says what to do, wrong usage with 2', async () => {
  const cases = [
    [await run(['--offline', '--data-dir', join(directory, 'nowhere')]), 1, /nowhere\/progression\.db is not there: .*--data-dir/],
    [await run(['--leaderboard', liveops.url('progression')]), 1, /is not a leaderboard: .*--leaderboard/],
    [await run(['--leaderboard', 'http://127.0.0.1:1']), 1, /cannot connect.*--offline/],
    [await run(['--leaderboard', liveops.url('leaderboard')], { token: 'not-the-token-at-all' }), 1, /answered 401/],
    [await run(['--leaderboard', 'ftp://x']), 2, /.+/],
    [await run(['--settle', '-1']), 2, /.+/],
    [await run(['--offline', '--leaderboard', 'http://127.0.0.1:1']), 2, /.+/],
    [await run(['--db-url', 'nonsense://x']), 2, /DB_URL/],
  ];
  for (const [result, code, message] of cases) {
    assert.equal(result.code, code, result.out + result.err);
    assert.match(result.err, message);
    if (code === 1) assert.equal(result.err.trim().split('\n').length, 1, result.err);
  }
});
