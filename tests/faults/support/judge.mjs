// Compares what was promised with what the services answer, event by event and player by player.
import { readInventory, readProgress, readRanks } from './game_server.mjs';
import { boards } from './promises.mjs';

const windows = ['daily', 'weekly', 'seasonal'];
const idsInOneRequest = 100;
const patience = { timeoutMs: 20_000 };

/** Null: nobody knows of it. */
function jsonOf(answer) {
  if (answer.status !== 200 && answer.status !== 404) throw new Error(`a read was answered ${answer.status}: ${answer.text}`);
  return answer.status === 200 ? answer.json : null;
}

/** Event by event, as progression's ledger has them. */
async function compareLedger(stack, trial, promises) {
  const rows = await stack.postgres.sql(`SELECT event_id, count(*) FROM progression.ledger WHERE player_id LIKE '${trial}-p%' GROUP BY 1`);
  const counts = new Map(rows.map(([id, count]) => [id, Number(count)]));
  const lost = [...promises.ids].filter((id) => !counts.has(id));
  const doubled = [...counts.values()].reduce((sum, count) => sum + count - 1, 0);
  const never = [...counts.keys()].filter((id) => !promises.ids.has(id));
  return { lost: lost.length, doubled, faults: never.map((id) => `event ${id} took effect, but nobody sent it`) };
}

async function compareProgress(base, id, player) {
  const progress = jsonOf(await readProgress(base, id, patience));
  const inventory = jsonOf(await readInventory(base, id, patience));
  const has = {
    xp: progress?.xp ?? 0, kills: progress?.boss_kills?.dragon ?? 0,
    ...Object.fromEntries((inventory?.items ?? []).map((item) => [item.item_id, item.quantity])),
  };
  const should = { xp: player.xp, kills: player.kills, ...player.items };
  return [...new Set([...Object.keys(has), ...Object.keys(should)])].filter((name) => (has[name] ?? 0) !== (should[name] ?? 0))
    .map((name) => `${name} of ${id}: promised ${should[name] ?? 0}, progression has ${has[name] ?? 0}`);
}

/** Scores of one board and window by player. */
async function standings(stack, board, window, ids) {
  const scores = new Map();
  for (let at = 0; at < ids.length; at += idsInOneRequest) {
    const players = ids.slice(at, at + idsInOneRequest);
    const answer = jsonOf(await readRanks(stack.url('leaderboard', at / idsInOneRequest), { board, window, players }, patience));
    for (const entry of answer?.entries ?? []) scores.set(entry.player_id, entry.score);
  }
  return scores;
}

async function compareBoard(stack, board, window, promises) {
  const result = { lost: 0, doubled: 0, faults: [] };
  const scores = await standings(stack, board, window, [...promises.players.keys()]);
  for (const [id, player] of promises.players) {
    const should = player.standings()[board];
    const has = scores.get(id) ?? null;
    if (has === should) continue;
    result.faults.push(`${board} of ${id}, ${window}: promised ${should}, leaderboard has ${has}`);
    if (board !== 'events' || window !== 'seasonal') continue;
    result.lost += Math.max(0, should - has);
    result.doubled += Math.max(0, has - should);
  }
  return result;
}

/** {lost, doubled, faults}: events that one of the services lacks or counted again, and every difference in words. */
export async function compare(stack, trial, promises) {
  const ledger = await compareLedger(stack, trial, promises);
  const faults = [...ledger.faults];
  let turn = 0;
  for (const [id, player] of promises.players) faults.push(...await compareProgress(stack.url('progression', turn++), id, player));
  let counted = { lost: 0, doubled: 0 };
  for (const window of windows) {
    for (const board of boards) {
      const result = await compareBoard(stack, board, window, promises);
      faults.push(...result.faults);
      if (result.lost + result.doubled > 0) counted = result;
    }
  }
  return { lost: Math.max(ledger.lost, counted.lost), doubled: Math.max(ledger.doubled, counted.doubled), faults };
}
