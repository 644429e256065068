// PostgreSQL away, hanging, refusing.
import { join } from 'node:path';
import { PostgresServer } from '../support/postgres_server.mjs';
import { smallDisk } from '../support/small_disk.mjs';
import { now, sleep, until } from '../support/wait.mjs';

const storeIsAway = { progression: /store/, leaderboard: /store/, fairness: /store/ };
const paused = 10_000;
const shortly = 5000;
const megabytes = 160;

export const restartedImmediately = {
  id: 'postgres-immediate',
  title: 'PostgreSQL is restarted with -m immediate three times',
  async run(trial) {
    const { postgres } = trial.stack;
    for (let n = 0; n < 3; ++n) {
      await trial.load.flow(200);
      const outage = trial.outage('PostgreSQL');
      await postgres.stopImmediately();
      if (n === 0) {
        await outage.named(storeIsAway);
        await sleep(2000);
        outage.end();
      }
      await postgres.start();
      await trial.recovered(now());
    }
    await trial.load.flow(300);
  },
};

export const frozen = {
  id: 'postgres-frozen',
  title: 'PostgreSQL is frozen by SIGSTOP for 10 seconds',
  async run(trial) {
    const { postgres } = trial.stack;
    const outage = trial.outage('PostgreSQL (frozen)');
    postgres.pause();
    await outage.named(storeIsAway);
    await sleep(Math.max(0, paused - (now() - outage.since)));
    outage.end();
    postgres.resume();
    await trial.recovered(now());
    await trial.load.flow(300);
  },
};

/** Takes every connection that the server gives to the role of the services, until `end`. */
class Hoarder {
  constructor(postgres) {
    Object.assign(this, { postgres, held: [], open: true, failure: null });
    this.taking = this.#take().catch((error) => { this.failure = error; });
  }

  async #take() {
    while (this.open) {
      try {
        this.held.push(await this.postgres.connect('liveops'));
      } catch (error) {
        if (error.sqlState !== '53300') throw error;
        await sleep(5);
      }
    }
  }

  async end() {
    this.open = false;
    await this.taking;
    for (const client of this.held) client.close();
    if (this.failure) throw this.failure;
  }
}

const terminateOurs = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'liveops' AND query <> ''";

export const connectionsExhausted = {
  id: 'postgres-connections',
  title: 'every connection of PostgreSQL (max_connections) is held by another client for 5 seconds',
  async run(trial) {
    const { postgres } = trial.stack;
    const hoarder = new Hoarder(postgres);
    const outage = trial.outage('PostgreSQL (no connection left)');
    try {
      // The sessions of the services are ended, and the hoarder, who never asks anything, takes their places.
      await until('/readyz says so', async () => {
        await postgres.sql(terminateOurs);
        return outage.named(storeIsAway, 0.5).then(() => true);
      });
      await sleep(shortly);
      outage.end();
    } finally {
      await hoarder.end();
    }
    await trial.recovered(now());
    await trial.load.flow(300);
  },
};

export const sessionsTerminated = {
  id: 'postgres-terminated',
  title: 'the sessions of the services are ended by pg_terminate_backend every 50 ms for 5 seconds',
  async run(trial) {
    const client = await trial.stack.postgres.connect('postgres');
    for (const start = now(); now() - start < shortly; await sleep(50)) await client.run(terminateOurs);
    client.close();
    await trial.recovered(now());
    await trial.load.flow(300);
  },
};

/** On a cluster of its own, WAL and tables on the small disk. When it gives up, somebody has to start it again. */
export const diskFull = {
  id: 'postgres-disk-full',
  title: "PostgreSQL's disk, with tables and WAL, is full for 5 seconds",
  async prepare(stack) {
    const disk = smallDisk(join(stack.postgresDirectory, 'small-disk'), megabytes);
    await disk.mount();
    const usual = stack.postgres;
    stack.postgres = new PostgresServer(disk.directory, {
      log: join(stack.directory, 'postgres-small.log'), within: disk.within, account: disk.account,
      settings: ['max_wal_size=32MB', 'min_wal_size=2MB'], initOptions: ['--wal-segsize=1'],
    });
    await stack.postgres.create();
    const changes = { DB_URL: stack.postgres.url(), REDIS_URL: stack.ranks.url(1) };
    stack.changes = changes;
    await stack.migrate();
    await stack.reconfigure(changes);
    return { disk, usual };
  },
  async run(trial, { disk }) {
    const { postgres } = trial.stack;
    const outage = trial.outage(`PostgreSQL (disk full: ${disk.how})`);
    try {
      disk.fill();
      await outage.named({ progression: /consumer/, leaderboard: /consumer/ });
      await sleep(shortly);
      outage.end();
    } finally {
      disk.free();
    }
    if (!postgres.running) await postgres.start();
    await trial.recovered(now());
    await trial.load.flow(300);
  },
  async restore(stack, { disk, usual }) {
    await Promise.all(stack.replicas.map((replica) => replica.stop()));
    await stack.postgres.stopImmediately();
    await disk.unmount();
    stack.postgres = usual;
    await stack.reconfigure({});
  },
};
