// Redis away, emptied, restarted.
import { now, sleep } from '../support/wait.mjs';

const gone = 30_000;

async function killAndRestart(trial, server, what, names) {
  for (let n = 0; n < 3; ++n) {
    await trial.load.flow(200);
    const outage = trial.outage(what);
    await server.kill();
    if (n === 0) {
      await outage.named(names);
      await sleep(2000);
      outage.end();
    }
    await server.start();
    await trial.recovered(now());
  }
}

export const busRedisKilled = {
  id: 'redis-bus-killed',
  title: 'the Redis of the bus is killed with SIGKILL three times, and comes back with its append-only file',
  run: (trial) => killAndRestart(trial, trial.stack.bus.server, 'Redis (bus)', { gateway: /bus/, fairness: /bus/, progression: /bus/, leaderboard: /bus/ }),
};

export const ranksRedisKilled = {
  id: 'redis-killed',
  title: 'the Redis of ranks and keys is killed with SIGKILL three times, and comes back empty',
  run: (trial) => killAndRestart(trial, trial.stack.ranks, 'Redis (ranks, keys)', { gateway: /redis/, progression: /redis/, leaderboard: /ranks/ }),
};

/** The smallest installation: one Redis for bus, ranks and keys. */
export const onlyRedisKilled = {
  id: 'redis-only-killed',
  title: 'the one Redis of bus, ranks and keys is killed with SIGKILL three times, and comes back with its append-only file',
  prepare: (stack) => stack.reconfigure({ REDIS_URL: stack.bus.server.url() }),
  run: (trial) => killAndRestart(trial, trial.stack.bus.server, 'Redis (bus, ranks, keys)', { gateway: /bus/, fairness: /bus/, progression: /bus/, leaderboard: /bus/ }),
  restore: (stack) => stack.reconfigure({}),
};

export const flushed = {
  id: 'redis-flushall',
  title: 'the Redis of ranks and keys is emptied with FLUSHALL three times',
  async run(trial) {
    for (let n = 0; n < 3; ++n) {
      await trial.load.flow(300);
      await trial.stack.ranks.run('FLUSHALL');
      await trial.recovered(now());
    }
    await trial.load.flow(300);
  },
};

export const redisGone = {
  id: 'redis-gone',
  title: 'both Redis servers are gone for 30 seconds',
  async run(trial) {
    const servers = [trial.stack.bus.server, trial.stack.ranks];
    const outage = trial.outage('Redis (both)');
    await Promise.all(servers.map((server) => server.kill()));
    await outage.named({ gateway: /bus/, fairness: /bus/, progression: /bus/, leaderboard: /ranks/ });
    await outage.refused();
    await sleep(Math.max(0, gone - (now() - outage.since)));
    outage.end();
    await Promise.all(servers.map((server) => server.start()));
    await trial.recovered(now());
    await trial.load.flow(300);
  },
};
