// NATS away.
import { now, sleep } from '../support/wait.mjs';

export const natsKilled = {
  id: 'nats-killed',
  title: 'NATS is killed with SIGKILL three times, and comes back with its store',
  async run(trial) {
    const { server } = trial.stack.bus;
    for (let n = 0; n < 3; ++n) {
      await trial.load.flow(200);
      const outage = trial.outage('NATS');
      await server.kill();
      if (n === 0) {
        await outage.named({ gateway: /bus/, fairness: /bus/, progression: /bus/, leaderboard: /bus/ });
        await outage.refused();
        await sleep(5000);
        outage.end();
      }
      await server.start();
      await trial.recovered(now());
    }
    await trial.load.flow(300);
  },
};
