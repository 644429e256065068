// The command-line tools against a running server in dev mode.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { LiveOps, binary, makeDirectory, removeDirectory } from './support/liveops.mjs';
import { rulesFile } from './support/rules.mjs';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const directory = makeDirectory();
const data = join(directory, 'data');
let liveops;
let rules;

before(async () => {
  rules = rulesFile(directory);
  liveops = await new LiveOps(directory, { env: { HMAC_SECRET: '', API_TOKEN: '', ADMIN_TOKEN: '', RULES_FILE: rules } }).start();
});
after(async () => {
  assert.deepEqual(await liveops.stop(), { code: 0, signal: null });
  removeDirectory(directory);
});

function run(...args) {
  return new Promise((resolve) => {
    const child = spawn(binary, args, { cwd: repository, env: { PATH: process.env.PATH, HOME: directory, ASAN_OPTIONS: process.env.ASAN_OPTIONS ?? '', TSAN_OPTIONS: process.env.TSAN_OPTIONS ?? '' } });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => { out += chunk; });
    child.stderr.on('data', (chunk) => { err += chunk; });
    child.on('exit', (code) => resolve({ code, out, err }));
  });
}

test('dev mode keeps its secrets in a file that only its owner reads', () => {
  const file = join(data, 'secrets.env');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const text = readFileSync(file, 'utf8');
  const secret = /HMAC_SECRET=(\w+)/.exec(text)[1];
  assert.ok(secret.length >= 32);
  assert.ok(!liveops.log.join('\n').includes(secret), 'a secret reached the log');
});

test('send prints what came back, and fails for a refused event', async () => {
  const good = await run('send', '--url', liveops.url('gateway'), '--data-dir', data, 'sample_events/01-progression.json', 'sample_events/batch.ndjson');
  assert.equal(good.code, 0, good.err);
  assert.match(good.out, /202 accepted/);
  const bad = await run('send', '--url', liveops.url('gateway'), '--data-dir', data, 'sample_events/broken/many-faults.json');
  assert.equal(bad.code, 1);
  assert.match(bad.out, /#\/payload\/quantity/);
});

test('simulate balances the books, in singles and in batches', async () => {
  const urls = ['--gateway', liveops.url('gateway'), '--fairness', liveops.url('fairness'), '--leaderboard', liveops.url('leaderboard'), '--progression', liveops.url('progression')];
  for (const batch of ['1', '100']) {
    const result = await run('simulate', ...urls, '--data-dir', data, '--rules', rules, '--players', '50', '--events', '2000', '--duration', '60', '--batch', batch, '--seed', '3');
    assert.equal(result.code, 0, result.out + result.err);
    assert.match(result.out, /books\s+balance/);
    assert.match(result.out, /latency p99/);
  }
});

test('simulate writes a labelled file that backtest measures', async () => {
  const file = (name) => join(directory, name);
  const made = ['simulate', '--out', file('events.ndjson.gz'), '--labels', file('labels.csv'), '--players', '60', '--days', '0.5', '--cheaters', '0.1', '--seed', '4'];
  const simulated = await run(...made);
  assert.equal(simulated.code, 0, simulated.err);
  const labels = readFileSync(file('labels.csv'), 'utf8').trimEnd().split('\n');
  assert.equal(labels.shift(), 'player_id,is_cheater,kind,onset');
  assert.equal(labels.length, 60);
  assert.equal(labels.filter((line) => line.split(',')[1] === '1').length, 6);

  const first = await run('backtest', '--events', file('events.ndjson.gz'), '--labels', file('labels.csv'), '--decisions', file('decisions.ndjson'), '--json');
  assert.equal(first.code, 0, first.err);
  const result = JSON.parse(first.out).policy;
  assert.ok(result.events > 1000);
  assert.ok(result.honest_player_days > 0);
  const decisions = readFileSync(file('decisions.ndjson'), 'utf8');
  for (const line of decisions.trimEnd().split('\n').filter(Boolean)) {
    assert.deepEqual(Object.keys(JSON.parse(line)), ['occurred_at', 'player_id', 'event_id', 'action', 'rule', 'evidence']);
  }
  const again = await run('backtest', '--events', file('events.ndjson.gz'), '--labels', file('labels.csv'), '--decisions', file('again.ndjson'), '--compare', rules);
  assert.equal(again.code, 0, again.err);
  assert.match(again.out, /treated differently/);
  assert.equal(readFileSync(file('again.ndjson'), 'utf8'), decisions);
});

test('backtest reads the ledger of what was sent', async () => {
  const result = await run('backtest', '--from', '2020-01-01T00:00:00Z', '--to', '2100-01-01T00:00:00Z', '--data-dir', data, '--json');
  assert.equal(result.code, 0, result.err);
  assert.ok(JSON.parse(result.out).policy.events > 1000, result.out);
});

test('backtest names the line that it cannot take', async () => {
  const event = (second) => `{"type":"progression","player_id":"p","occurred_at":"2026-01-05T00:00:0${second}Z","payload":{"xp":1}}\n`;
  const cases = { 'late.ndjson': [event(2) + event(1), /line 2: #\/occurred_at: .*time order/], 'broken.ndjson': [event(1) + '{"type":', /line 2: #: is not valid JSON/] };
  for (const [name, [text, complaint]] of Object.entries(cases)) {
    writeFileSync(join(directory, name), text);
    const result = await run('backtest', '--events', join(directory, name));
    assert.equal(result.code, 2);
    assert.match(result.err, complaint);
  }
  assert.equal((await run('backtest')).code, 2);
});

test('dlq list says that there is nothing, redrive wants to know what', async () => {
  const listed = await run('dlq', 'list', '--data-dir', data);
  assert.equal(listed.code, 0, listed.err);
  assert.match(listed.err, /0 dead letters/);
  assert.equal((await run('dlq', 'redrive', '--data-dir', data)).code, 2);
  assert.equal((await run('dlq', 'show', 'nothing', '--data-dir', data)).code, 1);
});

test('rebuild has the ranks rebuilt', async () => {
  const result = await run('rebuild', '--url', liveops.url('leaderboard'), '--data-dir', data);
  assert.equal(result.code, 0, result.out + result.err);
});

test('receipt verify refuses what is no receipt', async () => {
  const result = await run('receipt', 'verify', 'a.b.c', '--data-dir', data);
  assert.equal(result.code, 1);
});

test('version, help and wrong usage have their exit codes', async () => {
  assert.match((await run('version')).out, /^liveops \d+\.\d+\.\d+ \(/);
  for (const args of [['--help'], ['serve', '--help'], ['send', '--help'], ['simulate', '--help'], ['backtest', '--help'], ['dlq', '--help'], ['receipt', 'verify', '--help']]) {
    const result = await run(...args);
    assert.equal(result.code, 0, args.join(' '));
    assert.ok(result.out.length > 50);
  }
  assert.equal((await run()).code, 2);
  assert.equal((await run('nonsense')).code, 2);
  assert.equal((await run('send')).code, 2);
});
