// Players whose figures do not change while a fault lasts: whoever asks for them gets the right answer or none (503).
import { readProgress, readRanks, sendEvent } from './game_server.mjs';
import { sleep, until } from './wait.mjs';

const count = 8;
const pauseMs = 40;

/** Whether both services know of this player's one event; throws when one of them does not answer. */
export async function isKnown(stack, player) {
  return (await progressOf(stack, player)) === 'right' && (await standingOf(stack, player)) === 'right';
}

/** 'right', 'refused' (503), or what is wrong. */
async function progressOf(stack, { id, xp }, turn = 0) {
  const answer = await readProgress(stack.url('progression', turn), id);
  if (answer.status === 503) return 'refused';
  return answer.json?.xp === xp ? 'right' : `progress of ${id}: ${answer.status} ${answer.text}`;
}

async function standingOf(stack, { id, score }, turn = 0) {
  const answer = await readRanks(stack.url('leaderboard', turn), { board: 'score', window: 'daily', players: [id] });
  if (answer.status === 503) return 'refused';
  return answer.json?.entries?.[0]?.score === score ? 'right' : `score of ${id}: ${answer.status} ${answer.text}`;
}

/** Sends the player's one event until it is accepted. */
export async function introduce(stack, { id, xp, score }) {
  const event = { type: 'progression', player_id: id, occurred_at: new Date().toISOString(), payload: { xp, score } };
  await until(`the event of ${id} is accepted`, async () => (await sendEvent(stack.url('gateway'), event, id)) === 202, 30, 5);
}

export class Witnesses {
  constructor(stack, trial) {
    this.stack = stack;
    this.players = Array.from({ length: count }, (_, n) => ({ id: `${trial}-w${n}`, xp: 7 + n, score: 1000 + n }));
    this.asked = { right: 0, refused: 0 };
    this.wrong = [];
  }

  /** Sends what they did, and waits until everybody knows. */
  async begin() {
    await Promise.all(this.players.map((player) => introduce(this.stack, player)));
    for (const player of this.players) await until(`${player.id} is known`, () => isKnown(this.stack, player));
    this.open = true;
    this.asking = this.#ask();
  }

  async end() {
    this.open = false;
    await this.asking;
  }

  async #ask() {
    for (let turn = 0; this.open; ++turn) {
      const player = this.players[turn % count];
      for (const look of [progressOf, standingOf]) {
        const found = await look(this.stack, player, turn).catch(() => 'refused');  // no answer
        if (found in this.asked) ++this.asked[found];
        else this.wrong.push(found);
      }
      await sleep(pauseMs);
    }
  }
}
