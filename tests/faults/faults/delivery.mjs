// Messages that come late, twice, in another order, never, or in ever larger numbers.
import assert from 'node:assert/strict';
import { visibilityMs } from '../support/stack.mjs';
import { now, sleep, until } from '../support/wait.mjs';

const consumers = ['progression', 'leaderboard'];

export const consumerFrozen = {
  id: 'consumer-frozen',
  title: 'a consumer of each group is frozen by SIGSTOP past its visibility timeout, and wakes when others have its work',
  prepare: (stack) => stack.scale(2),
  async run(trial) {
    const { stack, load } = trial;
    const sleepers = consumers.map((service) => stack.replica(service, 0));
    await load.flow(100);
    for (const sleeper of sleepers) sleeper.pause();
    await load.flow(300);
    await load.finish();
    const since = now();
    await sleep(Math.max(0, visibilityMs * 1.2));
    await trial.drained();  // so the others have done what the sleepers had in hand
    trial.recoveries.push(now() - since);
    load.start();
    await load.flow(100);
    for (const sleeper of sleepers) sleeper.resume();
    await trial.recovered(now());
    await load.flow(300);
  },
};

function shuffleWith(random) {
  return (list) => {
    for (let last = list.length - 1; last > 0; --last) {
      const other = random.below(last + 1);
      [list[last], list[other]] = [list[other], list[last]];
    }
    return list;
  };
}

export const deliveredTwice = {
  id: 'delivered-twice',
  title: 'everything that waits on the bus is put there twice, in another order',
  async run(trial) {
    const { stack, load } = trial;
    const stopped = consumers.map((service) => stack.replica(service));
    await Promise.all(stopped.map((replica) => replica.stop()));
    await load.flow(600);
    await load.finish();
    const copied = await stack.bus.copyUnread(shuffleWith(load.traffic.random), consumers);
    assert.ok(copied >= 600, `only ${copied} messages waited`);
    const since = now();
    for (const replica of stopped) replica.spawn();
    load.start();
    await trial.recovered(since);
    await load.flow(300);
  },
};

/** An event that a database cannot take: as a bug would have it, until it is mended. */
const trap = (player) => [
  `CREATE FUNCTION public.trap() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     IF NEW.player_id = '${player}' THEN RAISE EXCEPTION 'this player breaks it'; END IF; RETURN NEW; END $$`,
  'CREATE TRIGGER trap BEFORE INSERT OR UPDATE ON progression.player FOR EACH ROW EXECUTE FUNCTION public.trap()',
];
const mend = ['DROP TRIGGER trap ON progression.player', 'DROP FUNCTION public.trap()'];

async function sqlEach(stack, statements) {
  for (const statement of statements) await stack.postgres.sql(statement);
}

async function letters(stack) {
  const listed = await stack.tool(['dlq', 'list']);
  assert.equal(listed.code, 0, listed.output);
  return listed.output.split('\n').filter((line) => line.includes('\t'));
}

export const poison = {
  id: 'poison',
  title: 'messages that nobody can read, and events that one database cannot take, become dead letters; a redrive brings the events back',
  async run(trial) {
    const { stack, load } = trial;
    const victim = load.traffic.players[0];
    await sqlEach(stack, trap(victim));
    for (let n = 0; n < 3; ++n) await stack.bus.putGarbage(`no event, number ${n}`);
    await load.flow(600);
    await until('the broken events are dead letters', async () => (await letters(stack)).some((line) => line.includes(victim)), 60, 200);
    await load.flow(300);
    await load.finish();
    await trial.drained();
    const dead = await letters(stack);
    const unreadable = dead.filter((line) => !line.includes(victim));
    for (const group of ['progression', 'leaderboard', 'fairness']) {
      assert.equal(unreadable.filter((line) => line.includes(group)).length, 3, dead.join('\n'));
    }
    await sqlEach(stack, mend);
    const ids = dead.filter((line) => line.includes(victim)).map((line) => line.split('\t')[0]);
    const redriven = await stack.tool(['dlq', 'redrive', ...ids]);
    assert.equal(redriven.code, 0, redriven.output);
    await trial.drained();
    assert.equal((await letters(stack)).length, unreadable.length, 'the redriven letters are letters no more');
  },
};

const busBytes = 32 * 1024 * 1024;

/** Events of 8 KiB, so that the bus is full soon. */
export const busFull = {
  id: 'bus-full',
  title: 'the bus is full because the consumers are stopped',
  load: { paddingBytes: 8192, perSecond: 600 },
  prepare: (stack) => stack.reconfigure(stack.bus.smallEnv(busBytes)),
  async run(trial) {
    const { stack } = trial;
    const stopped = consumers.map((service) => stack.replica(service));
    await Promise.all(stopped.map((replica) => replica.stop()));
    const outage = trial.outage('consumers (bus full)');
    await outage.refused(60);
    await outage.named({ gateway: /bus/ });
    await sleep(2000);
    outage.end();
    const since = now();
    for (const replica of stopped) replica.spawn();
    await trial.recovered(since);
    await trial.load.flow(500);
  },
  restore: (stack) => stack.reconfigure({}),
};
