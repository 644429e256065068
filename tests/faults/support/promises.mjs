// What the client was promised: every event that was answered 202, added up per player.

export const boards = ['score', 'xp', 'dragon-speed', 'events'];

class Player {
  xp = 0;
  kills = 0;
  items = {};
  events = 0;
  best = null;
  fastest = null;

  add({ type, payload }) {
    ++this.events;
    this.xp += payload.xp ?? 0;
    if (payload.score !== undefined) this.best = Math.max(this.best ?? 0, payload.score);
    if (type === 'boss_kill') {
      ++this.kills;
      this.fastest = Math.min(this.fastest ?? payload.duration_ms, payload.duration_ms);
    }
    if (type === 'drop_claimed') this.items[payload.item_id] = (this.items[payload.item_id] ?? 0) + payload.quantity;
  }

  /** Scores by board; null: the player is not on it. */
  standings() {
    return { score: this.best, xp: this.best === null ? null : this.xp, 'dragon-speed': this.fastest, events: this.events };
  }
}

export class Promises {
  constructor() {
    this.players = new Map();
    this.ids = new Set();  // event ids
  }

  /** Once for each event, whatever number of answers there were. */
  add(event, eventId) {
    if (this.ids.has(eventId)) throw new Error(`two events were given the id ${eventId}`);
    this.ids.add(eventId);
    const player = this.players.get(event.player_id) ?? new Player();
    this.players.set(event.player_id, player);
    player.add(event);
  }
}
