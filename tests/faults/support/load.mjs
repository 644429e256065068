// Clients that send at a bounded rate, singly and in batches, and try again, with the same idempotency key, whatever was
// not answered or answered 409, 429 or 503: after 100 ms, then twice as long, at most a second. That is sooner than
// Retry-After asks, to see when the service is back. Everything else than 202 and those is a fault of the service.
import { signedHeaders } from '../../e2e/support/signing.mjs';
import { asJson, request } from './http.mjs';
import { now, sleep, until } from './wait.mjs';

const tickMs = 25;
const batchSize = 20;
const singleWorkers = 8;
const batchWorkers = 3;
const firstPauseMs = 100;
const longestPauseMs = 1000;
const maxPending = 3000;  // beyond it no new events are made: a client, too, is bounded
const retried = new Set([409, 429, 503]);
const noAnswer = 'no answer';
/** What an item of a batch would have been answered by itself. */
const statusOfCode = { request_in_progress: 409, throttled: 429 };

/** Events that wait to be sent, each not before its time. */
class Queue {
  ready = [];
  later = [];

  add(item) { this.ready.push(item); }

  postpone(item) {
    item.pauseMs = Math.min(longestPauseMs, (item.pauseMs ?? firstPauseMs / 2) * 2);
    item.due = now() + item.pauseMs;
    this.later.push(item);
  }

  /** Up to `count`, what was sent before first. */
  take(count) {
    const due = this.later.filter((item) => item.due <= now()).slice(0, count);
    if (due.length > 0) this.later = this.later.filter((item) => !due.includes(item));
    return [...due, ...this.ready.splice(0, count - due.length)];
  }
}

export class Load {
  /** gateways: gives the base URLs of now. */
  constructor({ gateways, traffic, promises, perSecond = 500 }) {
    Object.assign(this, { gateways, traffic, promises, perTick: perSecond * tickMs / 1000, turn: 0, sent: 0, accepted: 0 });
    this.singles = new Queue();
    this.batches = new Queue();
    this.outcomes = {};  // by status, how often an event was answered so
    this.gaps = { since: null, longest: 0 };  // between two 202, while new events are made
    this.failure = null;
  }

  /** Begins, or goes on after `finish`; a time in between does not count as without a 202. */
  start() {
    this.making = true;
    this.open = true;
    this.gaps.since = now();
    const workers = [...Array.from({ length: singleWorkers }, () => this.#work(this.singles, 1)), ...Array.from({ length: batchWorkers }, () => this.#work(this.batches, batchSize))];
    this.working = Promise.all([this.#make(), ...workers]).catch((error) => { this.failure ??= error; this.open = false; });
  }

  get pending() { return this.sent - this.accepted; }

  /** Waits until so many more events were accepted. */
  async flow(events, seconds = 60) {
    const goal = this.accepted + events;
    await this.#reach(`${events} more events are accepted`, () => this.accepted >= goal, seconds);
  }

  /** Makes no more, and waits until every event was accepted. */
  async finish(seconds = 60) {
    this.making = false;
    await this.#reach('every event is accepted', () => this.pending === 0, seconds);
    this.open = false;
    await this.working;
  }

  /** Without waiting for what is under way. */
  abandon() { this.making = false; this.open = false; }

  async #reach(what, condition, seconds) {
    await until(what, () => this.failure !== null || condition(), seconds).catch((error) => {
      throw new Error(`${error.message}; of ${this.sent} events ${this.accepted} were accepted: ${JSON.stringify(this.outcomes)}`);
    });
    if (this.failure) throw this.failure;
  }

  async #make() {
    let due = 0;
    for (let next = now(); this.making && this.open; next += tickMs) {
      for (due += this.perTick; due >= 1; --due) {
        if (this.pending >= maxPending) continue;
        // A quarter goes singly.
        (this.sent % 4 === 0 ? this.singles : this.batches).add(this.traffic.next());
        ++this.sent;
      }
      await sleep(Math.max(0, next + tickMs - now()));
      if (now() - next > 1000) next = now();  // the machine was busy: do not make up for it
    }
  }

  async #work(queue, size) {
    while (this.open) {
      const items = queue.take(size);
      if (items.length === 0) {
        await sleep(tickMs / 5);
        continue;
      }
      const refused = await (size === 1 ? this.#sendSingle(items[0]) : this.#sendBatch(items));
      for (const item of refused) queue.postpone(item);
    }
  }

  /** Gives what is to be sent again; so does #sendBatch. */
  async #sendSingle(item) {
    const answer = await this.#post('/events', JSON.stringify(item.event), item.key, 1);
    if (!answer) return [item];
    this.#accept(item.event, answer.json.event_id);
    return [];
  }

  async #sendBatch(items) {
    const body = JSON.stringify(items.map(({ key, event }) => ({ idempotency_key: key, ...event })));
    const answer = await this.#post('/events/batch', body, '', items.length);
    if (!answer) return items;
    const again = [];
    for (const result of answer.json.results) {
      const item = items[result.index];
      if (result.status === 'rejected') throw new Error(`an event was rejected: ${JSON.stringify(result)}`);
      if (result.status === 'retry') {
        again.push(item);
        this.#count(statusOfCode[result.code] ?? 503, 1);
      } else {
        this.#accept(item.event, result.event_id);
      }
    }
    return again;
  }

  /** Null: no answer, or one after which to try again. */
  async #post(target, body, key, events) {
    const gateways = this.gateways();
    let answer;
    try {
      answer = await request(gateways[this.turn++ % gateways.length], 'POST', target, { body, headers: { ...asJson, ...signedHeaders('POST', target, body, key) } });
    } catch {
      this.#count(noAnswer, events);
      return null;
    }
    if (answer.status === 202) return answer;
    this.#count(answer.status, events);
    if (!retried.has(answer.status)) throw new Error(`${target} answered ${answer.status}: ${answer.text}`);
    return null;
  }

  #count(outcome, events) {
    this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + events;
  }

  #accept(event, id) {
    const at = now();
    if (this.making) this.gaps.longest = Math.max(this.gaps.longest, at - this.gaps.since);
    this.gaps.since = at;
    ++this.accepted;
    this.promises.add(event, id);
  }
}
