// The same orders in production's form: the four services as processes of their own, two of each, on PostgreSQL and Redis.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { Stack } from '../faults/support/stack.mjs';
import { eventually } from './support/client.mjs';
import { shortSeason, tellOfUndo } from './support/undo_story.mjs';

const seasonSeconds = 75;

class Production {
  constructor() {
    this.stack = new Stack('redis');
    this.turn = 0;
  }

  start() { return this.stack.start({ makeRules: (directory) => shortSeason(directory, seasonSeconds), replicas: 2 }); }

  get rules() { return this.stack.rules; }
  /** Each replica in turn. */
  url(service) { return this.stack.url(service, this.turn++); }
  tool(args) { return this.stack.tool(args); }
  reload() { for (const replica of this.stack.replicas) replica.child.signal('SIGHUP'); }

  async crash() {
    await Promise.all(this.stack.replicas.map((replica) => replica.kill()));
    for (const replica of this.stack.replicas) replica.spawn();
    await this.stack.ready(60);
  }

  /** As the superuser, whom no trigger stops. */
  async changeAudit(sql) {
    await this.stack.postgres.sql('ALTER TABLE fairness.audit DISABLE TRIGGER ALL');
    await this.stack.postgres.sql(sql.replace(' audit ', ' fairness.audit '));
  }
}

const system = new Production();
before(() => system.start());
after(async () => {
  for (const replica of system.stack.replicas) assert.deepEqual(await replica.stop(), { code: 0, signal: null }, replica.name);
  await system.stack.stop();
});
tellOfUndo(system);

test('everything that waited on the bus was taken by every group, and the books balance', async () => {
  await eventually(async () => ({ json: await system.stack.bus.drained() }), (answer) => answer.json === true, 90);
  const { code, output } = await system.tool(['audit', '--leaderboard', system.url('leaderboard')]);
  assert.equal(code, 0, output);
});
