// The events of one trial: its own players, every type mixed, each event once.
import { Random } from '../../e2e/support/random.mjs';

const maxScore = 1_000_000;
const xpOfKill = 50;

export class Traffic {
  /** paddingBytes: how much larger than needed each event is (payload fields that nobody knows are kept). */
  constructor(trial, { players = 200, paddingBytes = 0 } = {}) {
    Object.assign(this, { trial, made: 0, padding: paddingBytes > 0 ? { note: 'x'.repeat(paddingBytes) } : {} });
    this.players = Array.from({ length: players }, (_, n) => `${trial}-p${n}`);
    this.random = new Random(Number(process.env.LIVEOPS_E2E_SEED ?? 20261122));
  }

  next() {
    const n = this.made++;
    const event = { player_id: this.players[this.random.below(this.players.length)], occurred_at: new Date().toISOString(), seq: n };
    return { key: `${this.trial}-${n}`, event: Object.assign(event, this.#deed(n)) };
  }

  #deed(n) {
    const dice = this.random.below(10);
    const score = 1 + this.random.below(maxScore);
    if (dice < 5) return { type: 'progression', payload: { xp: 1 + this.random.below(100), score, ...this.padding } };
    if (dice < 8) return { type: 'boss_kill', payload: { boss_id: 'dragon', xp: xpOfKill, score, duration_ms: 1000 + this.random.below(maxScore), ...this.padding } };
    return { type: 'drop_claimed', payload: { drop_id: `${this.trial}-d${n}`, item_id: `item-${this.random.below(5)}`, quantity: 1 + this.random.below(3), ...this.padding } };
  }
}
