// The tests of a bus in a cloud, on its stand-in: the four executables with PostgreSQL and Redis, and `liveops serve`.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import net from 'node:net';
import { dirname, join } from 'node:path';
import { readProgress, sendEvent } from '../../faults/support/game_server.mjs';
import { compare } from '../../faults/support/judge.mjs';
import { Load } from '../../faults/support/load.mjs';
import { Promises } from '../../faults/support/promises.mjs';
import { commonEnv } from '../../faults/support/replica.mjs';
import { Stack } from '../../faults/support/stack.mjs';
import { Traffic } from '../../faults/support/traffic.mjs';
import { now, until } from '../../faults/support/wait.mjs';
import { freePort } from '../../support/free_port.mjs';
import { LiveOps, binary, makeDirectory, removeDirectory, timeFactor } from './liveops.mjs';
import { rulesFile } from './rules.mjs';

const events = Number(process.env.LIVEOPS_E2E_EVENTS ?? (timeFactor > 1 ? 5000 : 20_000));
const perSecond = 4000;  // more than it takes, so that it is never idle
const shutdownMs = 2000;

/** Runs a service's own executable to its end. */
function runService(service, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(join(dirname(binary), service), [], { env: { PATH: process.env.PATH, ...commonEnv, ...env }, stdio: ['ignore', 'ignore', 'pipe'] });
    let output = '';
    child.stderr.on('data', (chunk) => { output += chunk; });
    child.once('error', reject);
    child.once('exit', (code) => resolve({ code, lines: output.trim().split('\n') }));
  });
}

/** Hands on what comes to `port` to another one, once it is opened. */
class Relay {
  constructor(port, to) {
    this.port = port;
    this.sockets = [];
    this.server = net.createServer((incoming) => {
      const outgoing = net.connect({ host: '127.0.0.1', port: to });
      incoming.pipe(outgoing).pipe(incoming);
      for (const [socket, other] of [[incoming, outgoing], [outgoing, incoming]]) socket.on('error', () => other.destroy());
      this.sockets.push(incoming, outgoing);
    });
  }

  open() { return new Promise((resolve) => { this.server.listen(this.port, '127.0.0.1', resolve); }); }

  close() {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((resolve) => { this.server.close(resolve); });
  }
}

/** queueOf: what a group's queue or subscription is called by `liveops queues describe`. */
export function testCloudBus(kind, { queueOf }) {
  const stack = new Stack(kind);
  before(() => stack.start(), { timeout: 120_000 * timeFactor });
  after(() => stack.stop());

  test(`${events} events through the four processes: what was promised is there, and the books balance`, { timeout: 600_000 * timeFactor }, async () => {
    const trial = `e2e-${kind}`;
    const promises = new Promises();
    const load = new Load({ gateways: () => [stack.url('gateway')], traffic: new Traffic(trial), promises, perSecond });
    const begin = now();
    load.start();
    try {
      await load.flow(events, 300);
      await load.finish(120);
    } finally {
      load.abandon();
    }
    const sentMs = now() - begin;
    await until('every consumer has caught up', () => stack.bus.drained(), 300, 50);
    console.log(`# ${load.accepted} events accepted in ${(sentMs / 1000).toFixed(1)} s, all done after ${((now() - begin) / 1000).toFixed(1)} s: ${JSON.stringify(load.outcomes)}`);
    const audit = await stack.tool(['audit', '--settle', '60', '--leaderboard', stack.url('leaderboard')]);
    assert.equal(audit.code, 0, audit.output);
    assert.match(audit.output, /books +balance/);
    const books = await compare(stack, trial, promises);
    assert.deepEqual(books.faults.slice(0, 10), []);
    assert.deepEqual([books.lost, books.doubled], [0, 0]);
    assert.ok(promises.ids.size >= events);
  });

  test('every queue is described, with nothing wrong', async () => {
    const described = await stack.tool(['queues', 'describe']);
    assert.equal(described.code, 0, described.output);
    for (const [topic, group] of [['events', 'progression'], ['events', 'leaderboard'], ['verdicts', 'leaderboard']]) {
      assert.ok(described.output.includes(queueOf(topic, group)), described.output);
    }
    const listed = await stack.tool(['dlq', 'list']);
    assert.equal(listed.code, 0, listed.output);
    assert.match(listed.output, /0 dead letters/);
  });

  test('a service that waits for messages ends within two seconds of SIGTERM', async () => {
    await stack.ready();
    await Promise.all(['progression', 'leaderboard'].map(async (service) => {
      const begin = now();
      assert.deepEqual(await stack.replica(service).stop(), { code: 0, signal: null });
      assert.ok(now() - begin < shutdownMs * timeFactor, `${service} took ${now() - begin} ms`);
    }));
    await stack.scale(1);
  });

  test('a bus that is not there yet is waited for; one that lacks a queue is refused in one line that says what to do', async () => {
    const replica = stack.replica('progression');
    await replica.stop();
    const relay = new Relay(await freePort(), stack.bus.server.port);
    const timesWaited = () => replica.child.tail(Infinity).split('"waiting"').length;
    const before = timesWaited();
    Object.assign(replica.env, stack.bus.envBy(relay.port));
    replica.spawn();
    await until('it waits', () => timesWaited() > before);
    await relay.open();
    await replica.ready();
    assert.deepEqual(await replica.stop(), { code: 0, signal: null });
    await relay.close();
    await stack.scale(1);
    const refused = await runService('gateway', { ...stack.env(), ...stack.bus.wrongEnv(), GATEWAY_LISTEN: '127.0.0.1:0', HOME: stack.directory });
    assert.equal(refused.code, 2, refused.lines.join('\n'));
    assert.match(refused.lines.at(-1), /^liveops: there is no .*nowhere.*`liveops queues create`/);
  });

  test('liveops serve works on it, without Redis and PostgreSQL, and ends cleanly', { timeout: 120_000 * timeFactor }, async () => {
    const directory = makeDirectory();
    const liveops = new LiveOps(directory, { env: { RULES_FILE: rulesFile(directory), ...await stack.bus.serveEnv() } });
    await liveops.start();
    const event = { type: 'progression', player_id: 'p-serve', occurred_at: new Date().toISOString(), payload: { xp: 7, score: 70 } };
    assert.equal(await sendEvent(liveops.url('gateway'), event), 202);
    await until('the event counts', async () => (await readProgress(liveops.url('progression'), 'p-serve')).json?.xp === 7);
    assert.deepEqual(await liveops.stop(), { code: 0, signal: null });
    removeDirectory(directory);
  });
}
