// 50,000 events in singles and batches while the process is killed with SIGKILL ten times; the client retries what was not
// answered. Afterwards ledger sums, inventories and all windows equal what the client was promised.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { LiveOps, makeDirectory, removeDirectory, timeFactor } from './support/liveops.mjs';
import { asApi, call, eventually, postBatch, postEvent } from './support/client.mjs';
import { rulesFile } from './support/rules.mjs';
import { Random } from './support/random.mjs';

const total = Number(process.env.LIVEOPS_E2E_EVENTS ?? (timeFactor > 1 ? 10_000 : 50_000));
const kills = 10;
const players = 150;
const random = new Random(Number(process.env.LIVEOPS_E2E_SEED ?? 20261122));
const directory = makeDirectory();
let liveops;

before(async () => {
  liveops = await new LiveOps(directory, { env: { RULES_FILE: rulesFile(directory), RATE_LIMIT_PER_SECOND: '1000000', RATE_LIMIT_BURST: '1000000' } }).start();
});
after(async () => {
  await liveops.kill();
  removeDirectory(directory);
});

function makeEvents() {
  const start = Date.now() - 60_000;
  return Array.from({ length: total }, (_, n) => {
    const event = { player_id: `p${random.below(players)}`, occurred_at: new Date(start + n).toISOString(), seq: n };
    const dice = random.below(10);
    if (dice < 6) Object.assign(event, { type: 'progression', payload: { xp: random.below(100), score: random.below(1_000_000) } });
    else if (dice < 8) Object.assign(event, { type: 'boss_kill', payload: { boss_id: 'dragon', xp: 50, score: random.below(1_000_000) } });
    else Object.assign(event, { type: 'drop_claimed', payload: { drop_id: `d${n}`, item_id: `item-${random.below(5)}`, quantity: 1 + random.below(3) } });
    return { key: `k-${n}`, event };
  });
}

class Books {
  constructor() {
    this.xp = new Map(); this.kills = new Map(); this.items = new Map(); this.best = new Map();
  }

  add({ event }) {
    const { player_id: player, payload } = event;
    if (payload.xp !== undefined) this.xp.set(player, (this.xp.get(player) ?? 0) + payload.xp);
    if (event.type === 'boss_kill') this.kills.set(player, (this.kills.get(player) ?? 0) + 1);
    if (event.type === 'drop_claimed') {
      const items = this.items.get(player) ?? {};
      items[payload.item_id] = (items[payload.item_id] ?? 0) + payload.quantity;
      this.items.set(player, items);
    }
    if (payload.score !== undefined) this.best.set(player, Math.max(this.best.get(player) ?? 0, payload.score));
  }
}

async function retryUntilAnswered(send, done) {
  for (;;) {
    let answer = null;
    try {
      answer = await send();
    } catch (error) {
      if (error instanceof assert.AssertionError || !/fetch failed|terminated|closed|socket|ECONN/i.test(`${error.message} ${error.cause?.message}`)) throw error;
    }
    if (answer && done(answer)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function sendSingles(queue, books) {
  for (let next = queue.pop(); next; next = queue.pop()) {
    const item = next;
    await retryUntilAnswered(() => postEvent(liveops, item.event, { key: item.key, check: false }), (answer) => {
      if (answer.status === 503 || answer.status === 409 || answer.status === 429) return false;
      assert.equal(answer.status, 202, answer.text);
      return true;
    });
    books.add(item);
  }
}

async function sendBatches(queue, books) {
  while (queue.length > 0) {
    let items = queue.splice(-200);
    await retryUntilAnswered(() => postBatch(liveops, items.map(({ key, event }) => ({ idempotency_key: key, ...event })), { check: false }), (answer) => {
      if (answer.status === 503 || answer.status === 429) return false;
      assert.equal(answer.status, 202, answer.text);
      const again = [];
      for (const result of answer.json.results) {
        assert.notEqual(result.status, 'rejected', JSON.stringify(result));
        if (result.status === 'retry') again.push(items[result.index]);
        else books.add(items[result.index]);
      }
      items = again;
      return items.length === 0;
    });
  }
}

async function killer(finished) {
  for (let n = 0; n < kills; ++n) {
    await new Promise((resolve) => setTimeout(resolve, (100 + random.below(900)) * Math.min(timeFactor, 2)));
    await liveops.kill();
    await liveops.start();
    if (finished()) return n + 1;
  }
  return kills;
}

async function standings(board, window) {
  const rows = new Map();
  for (let offset = 0; ; offset += 100) {
    const answer = await call(liveops.url('leaderboard'), 'GET', `/leaderboard?board=${board}&window=${window}&limit=100&offset=${offset}`);
    assert.equal(answer.status, 200, answer.text);
    for (const entry of answer.json.entries) {
      assert.equal(rows.has(entry.player_id), false, 'paging repeated a player');
      rows.set(entry.player_id, entry.score);
    }
    if (rows.size >= answer.json.total) return rows;
    assert.notEqual(answer.json.entries.length, 0, 'paging ended early');
  }
}

const sameNumbers = (map, expected) => map.size === expected.size && [...expected].every(([key, value]) => map.get(key) === value);

test('every promised event takes effect exactly once through ten SIGKILLs', { timeout: 600_000 * timeFactor }, async () => {
  const events = makeEvents();
  const books = new Books();
  const singles = events.filter((_, n) => n % 2 === 0).reverse();
  const batches = events.filter((_, n) => n % 2 === 1).reverse();
  let sent = false;
  const sending = Promise.all([
    ...Array.from({ length: 12 }, () => sendSingles(singles, books)), ...Array.from({ length: 2 }, () => sendBatches(batches, books)),
  ]).then(() => { sent = true; });
  const killed = await killer(() => false);
  await sending;
  assert.ok(sent);
  assert.equal(killed, kills);

  const allXp = [...books.xp.values()].reduce((sum, xp) => sum + xp, 0);
  const readXp = async () => {
    let sum = 0;
    for (const player of books.xp.keys()) {
      const answer = await call(liveops.url('progression'), 'GET', `/players/${player}/progress`, { headers: asApi });
      sum += answer.json?.xp ?? 0;
    }
    return sum;
  };
  await eventually(readXp, (sum) => sum >= allXp, 120);

  for (let n = 0; n < players; ++n) {
    const player = `p${n}`;
    const progress = await call(liveops.url('progression'), 'GET', `/players/${player}/progress`, { headers: asApi });
    assert.equal(progress.json.xp, books.xp.get(player) ?? 0, `xp of ${player}`);
    assert.equal(progress.json.boss_kills['dragon'] ?? 0, books.kills.get(player) ?? 0, `boss kills of ${player}`);
    const inventory = await call(liveops.url('progression'), 'GET', `/players/${player}/inventory`, { headers: asApi });
    const items = Object.fromEntries(inventory.json.items.map(({ item_id: id, quantity }) => [id, quantity]));
    assert.deepEqual(items, books.items.get(player) ?? {}, `inventory of ${player}`);
  }
  for (const window of ['daily', 'weekly', 'seasonal']) {
    await eventually(() => standings('xp', window), (rows) => sameNumbers(rows, books.xp), 60);
    assert.ok(sameNumbers(await standings('score', window), books.best), `best scores of the ${window} window`);
  }
});
