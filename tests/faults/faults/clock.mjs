// Clocks that are wrong.
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { request } from '../support/http.mjs';
import { now } from '../support/wait.mjs';

const offSeconds = 120;

function fakeTime(seconds) {
  const library = readdirSync('/usr/lib').map((folder) => join('/usr/lib', folder, 'faketime/libfaketimeMT.so.1')).find(existsSync);
  if (!library) throw new Error("the package 'faketime' is not installed: ./dev setup");
  return { LD_PRELOAD: library, FAKETIME: `${seconds > 0 ? '+' : ''}${seconds}s`, FAKETIME_DONT_FAKE_MONOTONIC: '1' };
}

async function restartWith(replica, env) {
  await replica.stop();
  await replica.begin(env);
}

export const clockOff = {
  id: 'clock-off',
  title: 'the clock of one leaderboard is two minutes ahead, that of one progression two minutes behind',
  prepare: (stack) => stack.scale(2),
  async run(trial) {
    const { stack, load } = trial;
    const ahead = stack.replica('leaderboard', 1);
    const behind = stack.replica('progression', 1);
    await load.flow(200);
    await restartWith(ahead, { ...stack.env(), ...fakeTime(offSeconds) });
    await restartWith(behind, { ...stack.env(), ...fakeTime(-offSeconds) });
    const told = await request(ahead.url, 'GET', '/leaderboard/windows');
    const off = (Date.parse(told.json.server_time) - Date.now()) / 1000;
    assert.ok(Math.abs(off - offSeconds) < offSeconds / 2, `its clock is ${off} s ahead`);
    await load.flow(1500);
    await Promise.all([restartWith(ahead, stack.env()), restartWith(behind, stack.env())]);
    await trial.recovered(now());
    await load.flow(300);
  },
};
