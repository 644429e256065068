// tools/stack.sh, as ./dev up and ./dev down run it: on both buses events come through, and nothing of it stays behind.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { assignments, read, run, services, top, until } from './support/tree.mjs';

const bin = join(resolve(process.env.LIVEOPS_BUILD_DIR ?? join(top, 'build/dev')), 'bin');
const directory = mkdtempSync(join(tmpdir(), 'liveops-stack-'));
chmodSync(directory, 0o711);  // PostgreSQL's account must be able to pass
const stack = join(directory, 'stack');
const names = ['postgres', 'redis', 'nats', ...services];

// Started by node, not by a terminal: what it starts must outlive it all the same.
const tool = (command, ...args) => run(join(top, 'tools/stack.sh'), [command, '--dir', stack, ...args], { status: null });
const up = (...args) => tool('up', '--bin', bin, ...args);
const settings = () => assignments(readFileSync(join(stack, 'env'), 'utf8'));

function done(result) {
  assert.equal(result.status, 0, result.stdout + result.stderr);
  return result;
}

/** Of every process of the stack its id and when it was started. */
const processes = () => Object.fromEntries(readdirSync(join(stack, 'run')).map((file) => [file.replace('.pid', ''), readFileSync(join(stack, 'run', file), 'utf8')]));

function runs(line) {
  const [pid, started] = line.split(' ');
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
    return !['Z', 'X'].includes(fields[0]) && fields[19] === started;
  } catch {
    return false;
  }
}

after(() => {
  tool('down', '--wipe');
  rmSync(directory, { recursive: true, force: true });
});

async function send(player) {
  const file = join(directory, `${player}.ndjson`);
  writeFileSync(file, [1, 2, 3].map((n) => `${JSON.stringify({
    idempotency_key: `${player}-${n}`, type: 'progression', player_id: player, payload: { xp: 10, score: 1000 + n },
  })}\n`).join(''));
  const env = { ...process.env, ...settings() };
  const { stdout } = done(run(join(bin, 'liveops'), ['send', '--url', settings().GATEWAY_URL, file], { status: null, env, cwd: directory }));
  assert.match(stdout, /accepted 3/);
}

async function hasArrived(player) {
  const { LEADERBOARD_URL, PROGRESSION_URL, API_TOKEN } = settings();
  const headers = { Authorization: `Bearer ${API_TOKEN}` };
  // A connection kept from before a restart may break once.
  const get = async (url) => fetch(url, { headers }).then((answer) => answer.json(), (error) => ({ error: String(error.cause ?? error) }));
  await until(() => get(`${PROGRESSION_URL}/players/${player}/progress`), (answer) => answer.xp === 30, 'progress');
  await until(() => get(`${LEADERBOARD_URL}/leaderboard?board=score&window=daily`),
    (answer) => answer.entries?.some((entry) => entry.player_id === player && entry.score === 1003), 'rank');
}

function stopsWhole() {
  const before = processes();
  done(tool('down'));
  for (const [name, line] of Object.entries(before)) assert.ok(!runs(line), `${name} still runs: ${line}`);
  assert.deepEqual(processes(), {});
}

test('ItCarriesEventsOnRedis', async () => {
  const { stdout } = done(up());
  for (const name of names) assert.match(stdout, new RegExp(`${name} +(http://)?127\\.0\\.0\\.1:\\d+`));
  assert.equal(settings().BUS_KIND, 'redis');
  await send('rita');
  await hasArrived('rita');
});

/** Starts a service in the directory, on a free port, waits until it is ready, and ends it; gives its exit code. */
async function runOnce(name, cwd) {
  const env = { PATH: process.env.PATH, [`${name.toUpperCase()}_LISTEN`]: '127.0.0.1:0' };
  const service = spawn(join(bin, name), [], { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise((done_) => service.once('exit', done_));
  let log = '';
  service.stderr.on('data', (chunk) => { log += chunk; });
  try {
    const url = () => /"url":"([^"]+)"/.exec(log)?.[1];
    await until(async () => (service.exitCode === null ? url() : log), (it) => it?.startsWith('http:'), `${name} listens`);
    await until(async () => (await fetch(`${url()}/readyz`)).status, (status) => status === 200, `${name} is ready`);
  } finally {
    service.kill('SIGTERM');
  }
  return ended;
}

test('TheLinesOfTheDocumentationAreEnoughForEachService', async () => {
  const lines = /reads `\.env`.*?```sh\n(.*?)```/s.exec(read('docs/deploy.md'))[1];
  assert.match(lines, /^DB_URL=postgresql:.*^REDIS_URL=redis:.*^FAIRNESS_URL=http:/ms);
  const cwd = mkdtempSync(join(directory, 'env-'));
  writeFileSync(join(cwd, '.env'), lines.replace(/^((?:DB|REDIS|FAIRNESS)_URL)=.*$/gm, (line, name) => `${name}=${settings()[name]}`));
  for (const name of services) assert.equal(await runOnce(name, cwd), 0, name);
});

test('ItsFilesAreForTheirOwnerOnly', () => {
  for (const file of ['env', 'secrets', 'redis/redis.conf', 'nats/nats.conf', 'log/gateway.log']) {
    assert.equal(statSync(join(stack, file)).mode & 0o777, 0o600, file);
  }
});

test('UpAgainChangesNothing', () => {
  const before = processes();
  assert.deepEqual(Object.keys(before).sort(), [...names].sort());
  assert.match(done(up()).stderr, /runs already; nothing was changed/);
  assert.deepEqual(processes(), before);
  const other = up('--bus', 'nats');
  assert.equal(other.status, 1);
  assert.match(other.stderr, /it runs on the bus 'redis': \.\/dev down first/);
});

test('UpStartsAgainWhatWasKilled', async () => {
  const before = processes();
  process.kill(Number(before.leaderboard.split(' ')[0]), 'SIGKILL');
  await until(() => runs(before.leaderboard), (it) => !it, 'it is gone');
  assert.equal(tool('status').status, 1);
  assert.match(done(up()).stderr, /not running: leaderboard/);
  const now = processes();
  assert.deepEqual({ ...now, leaderboard: '' }, { ...before, leaderboard: '' });
  await hasArrived('rita');
  done(tool('status'));
});

test('ItCarriesEventsOnNatsAndKeepsTheData', async () => {
  const before = settings();
  stopsWhole();
  done(up('--bus', 'nats'));
  assert.equal(settings().BUS_KIND, 'nats');
  assert.equal(settings().DB_URL, before.DB_URL);
  await send('nora');
  await hasArrived('nora');
  await hasArrived('rita');
});

test('DownStopsAllOfIt', () => stopsWhole());

test('DownLeavesOthersAlone', async () => {
  const other = spawn('sleep', ['600'], { stdio: 'ignore' });
  try {
    // As after a crash: the file names a process id that somebody else has got since.
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    writeFileSync(join(stack, 'run/gateway.pid'), `${other.pid} 1 ${boot}\n`);
    done(tool('down'));
    assert.equal(other.exitCode ?? other.signalCode, null);
    assert.ok(!existsSync(join(stack, 'run/gateway.pid')));
  } finally {
    const gone = new Promise((resolve_) => other.once('exit', resolve_));
    other.kill();
    await gone;
  }
});

test('WipeRemovesTheDirectory', () => {
  done(tool('down', '--wipe'));
  assert.ok(!existsSync(stack));
  assert.match(done(tool('down')).stderr, /there is no stack/);
});

test('AForeignDirectoryIsNotTouched', () => {
  const foreign = mkdtempSync(join(directory, 'foreign-'));
  writeFileSync(join(foreign, 'letter'), 'dear diary');
  assert.equal(run(join(top, 'tools/stack.sh'), ['up', '--dir', foreign, '--bin', bin], { status: null }).status, 1);
  run(join(top, 'tools/stack.sh'), ['down', '--wipe', '--dir', foreign], { status: null });
  assert.deepEqual(readdirSync(foreign), ['letter']);
});
