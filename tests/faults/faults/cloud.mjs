// The bus of a cloud away, or unwilling.
import { now, sleep } from '../support/wait.mjs';

const everybody = { gateway: /bus/, fairness: /bus/, progression: /bus/, leaderboard: /bus/ };
const unwillingMs = 5000;

/** what: as its name is read. */
export const serviceKilled = (what) => ({
  id: 'cloud-killed',
  title: `${what} is killed with SIGKILL three times, and comes back with its messages`,
  async run(trial) {
    const { server } = trial.stack.bus;
    for (let n = 0; n < 3; ++n) {
      await trial.load.flow(200);
      const outage = trial.outage(what);
      await server.kill();
      if (n === 0) {
        await outage.named(everybody);
        await outage.refused();
        await sleep(2000);
        outage.end();
      }
      await server.start();
      await trial.recovered(now());
    }
    await trial.load.flow(300);
  },
});

/** Does `begin` to the bus, and takes it back five seconds later. */
const unwilling = (id, title, what, begin) => ({
  id,
  title,
  async run(trial) {
    const { bus } = trial.stack;
    await trial.load.flow(200);
    const outage = trial.outage(what);
    try {
      await begin(bus);
      await outage.refused();
      await sleep(Math.max(0, unwillingMs - (now() - outage.since)));
      outage.end();
    } finally {
      await bus.mend();
    }
    await trial.recovered(now());
    await trial.load.flow(300);
  },
});

export const throttled = (what) => unwilling('cloud-throttled', `${what} throttles everything for 5 seconds`, `${what} (throttling)`, (bus) => bus.throttle());
export const failing = (what) => unwilling('cloud-failing', `${what} answers everything with an internal error for 5 seconds`, `${what} (errors)`, (bus) => bus.fail());
