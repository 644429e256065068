// Processes of ours that die.
import assert from 'node:assert/strict';
import { adminToken } from '../../e2e/support/liveops.mjs';
import { sendEvent } from '../support/game_server.mjs';
import { asJson, request } from '../support/http.mjs';
import { now, until } from '../support/wait.mjs';

const times = 10;

async function killAgainAndAgain(trial, service) {
  const replica = trial.stack.replica(service);
  for (let n = 0; n < times; ++n) {
    await trial.load.flow(40 + trial.load.traffic.random.below(160));
    await replica.kill();
    const since = now();
    replica.spawn();
    await trial.recovered(since);
  }
}

export const killed = (service) => ({
  id: `kill-${service}`,
  title: `${service} is killed with SIGKILL ten times in a row, and started at once`,
  run: (trial) => killAgainAndAgain(trial, service),
});

/** Besides, who was blocked before stays blocked. */
export const fairnessKilled = {
  ...killed('fairness'),
  async run(trial) {
    const { stack } = trial;
    const cheat = `${trial.name}-cheat`;
    const refused = async () => (await sendEvent(stack.url('gateway'), { type: 'progression', player_id: cheat, payload: { xp: 1 } })) === 403;
    const order = await request(stack.url('fairness'), 'POST', `/players/${cheat}/block`, {
      body: JSON.stringify({ reason: 'sold the account' }), headers: { ...asJson, Authorization: `Bearer ${adminToken}` },
    });
    assert.equal(order.status, 200, order.text);
    await until('the cheat is blocked', refused);
    await killAgainAndAgain(trial, 'fairness');
    await until('the cheat is blocked still', refused);
  },
};

/** The others take over what the dead had in hand: the books are read before anybody is started again. */
export const oneOfTwoKilled = {
  id: 'kill-one-of-two',
  title: 'one of two replicas of each service is killed with SIGKILL, and not started again',
  async prepare(stack) { await stack.scale(2); },
  async run(trial) {
    for (const service of ['progression', 'leaderboard', 'fairness', 'gateway']) {
      await trial.load.flow(200);
      await trial.stack.replica(service, 0).kill();
      const since = now();
      await trial.recovered(since);
    }
    await trial.load.flow(500);
  },
  async restore(stack) { await stack.scale(2); },
};
