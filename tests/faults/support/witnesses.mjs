// Players whose figures do not change while a fault lasts: whoever asks for them gets the right answer or none (503).
import { randomUUID } from 'node:crypto';
import { apiToken } from '../../e2e/support/liveops.mjs';
import { signedHeaders } from '../../e2e/support/signing.mjs';
import { asJson, request } from './http.mjs';
import { sleep, until } from './wait.mjs';

const count = 8;
const pauseMs = 40;
const asApi = { Authorization: `Bearer ${apiToken}` };

export class Witnesses {
  constructor(stack, trial) {
    this.stack = stack;
    this.players = Array.from({ length: count }, (_, n) => ({ id: `${trial}-w${n}`, xp: 7 + n, score: 1000 + n }));
    this.asked = { right: 0, refused: 0 };
    this.wrong = [];
  }

  /** Sends what they did, and waits until everybody knows. */
  async begin() {
    for (const { id, xp, score } of this.players) {
      const body = JSON.stringify({ type: 'progression', player_id: id, occurred_at: new Date().toISOString(), payload: { xp, score } });
      const key = randomUUID();
      await until('a witness is accepted', async () => (await request(this.stack.url('gateway'), 'POST', '/events', {
        body, headers: { ...asJson, ...signedHeaders('POST', '/events', body, key) },
      })).status === 202);
    }
    for (const player of this.players) await until(`${player.id} is known`, async () => (await this.#progress(player)) === 'right' && (await this.#standing(player)) === 'right');
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
      for (const look of [() => this.#progress(player, turn), () => this.#standing(player, turn)]) {
        const found = await look().catch(() => 'refused');  // no answer
        if (found in this.asked) ++this.asked[found];
        else this.wrong.push(found);
      }
      await sleep(pauseMs);
    }
  }

  async #progress({ id, xp }, turn = 0) {
    const answer = await request(this.stack.url('progression', turn), 'GET', `/players/${id}/progress`, { headers: asApi });
    if (answer.status === 503) return 'refused';
    return answer.json?.xp === xp ? 'right' : `progress of ${id}: ${answer.status} ${answer.text}`;
  }

  async #standing({ id, score }, turn = 0) {
    const body = JSON.stringify({ board: 'score', window: 'daily', player_ids: [id] });
    const answer = await request(this.stack.url('leaderboard', turn), 'POST', '/leaderboard/ranks', { body, headers: asJson });
    if (answer.status === 503) return 'refused';
    return answer.json?.entries?.[0]?.score === score ? 'right' : `score of ${id}: ${answer.status} ${answer.text}`;
  }
}
