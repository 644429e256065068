// Clients that send at a bounded rate, singly and in batches, and try again, with the same idempotency key, whatever was
// not answered or answered 409, 429 or 503. They try again every 100 ms, sooner than Retry-After asks, to see when the
// service is back. Everything else than 202 and those is a fault of the service.
import { signedHeaders } from '../../e2e/support/signing.mjs';
import { asJson, request } from './http.mjs';
import { now, sleep, until } from './wait.mjs';

const tickMs = 25;
const batchSize = 20;
const singleWorkers = 8;
const batchWorkers = 3;
const retryPauseMs = 100;
const maxPending = 3000;  // beyond it no new events are made: a client, too, is bounded
const retried = new Set([409, 429, 503]);
const noAnswer = 'no answer';

export class Load {
  /** gateways: gives the base URLs of now. */
  constructor({ gateways, traffic, promises, perSecond = 500 }) {
    Object.assign(this, { gateways, traffic, promises, perTick: perSecond * tickMs / 1000, turn: 0, sent: 0, accepted: 0 });
    this.singles = [];
    this.batches = [];
    this.inHand = 0;
    this.outcomes = {};  // by status, how often an event was answered so
    this.gaps = { since: null, longest: 0 };
    this.failure = null;
  }

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

  /** Goes on after `finish`; the gap in between does not count. */
  resume() { this.start(); }

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
        (this.sent % 4 === 0 ? this.singles : this.batches).push(this.traffic.next());
        ++this.sent;
      }
      await sleep(Math.max(0, next + tickMs - now()));
      if (now() - next > 1000) next = now();  // the machine was busy: do not make up for it
    }
  }

  async #work(queue, size) {
    while (this.open) {
      const items = queue.splice(0, size);
      if (items.length === 0) await sleep(tickMs / 5);
      else await (size === 1 ? this.#sendSingle(items[0]) : this.#sendBatch(items));
    }
  }

  async #sendSingle({ key, event }) {
    const body = JSON.stringify(event);
    while (this.open) {
      const answer = await this.#post('/events', body, key, 1);
      if (answer?.status === 202) { this.#accept(event, answer.json.event_id); return; }
      await sleep(retryPauseMs);
    }
  }

  async #sendBatch(items) {
    let left = items;
    while (this.open) {
      const body = JSON.stringify(left.map(({ key, event }) => ({ idempotency_key: key, ...event })));
      const answer = await this.#post('/events/batch', body, '', left.length);
      if (answer?.status === 202) left = this.#takeResults(left, answer.json.results);
      if (left.length === 0) return;
      await sleep(retryPauseMs);
    }
  }

  #takeResults(items, results) {
    const again = [];
    for (const { index, status, event_id: id, ...rest } of results) {
      if (status === 'retry') again.push(items[index]);
      else if (status === 'rejected') throw new Error(`an event was rejected: ${JSON.stringify(rest)}`);
      else this.#accept(items[index].event, id);
    }
    this.#count(503, again.length);
    return again;
  }

  /** Null: no answer, or one after which to try again. */
  async #post(target, body, key, events) {
    const gateways = this.gateways();
    try {
      const answer = await request(gateways[this.turn++ % gateways.length], 'POST', target, { body, headers: { ...asJson, ...signedHeaders('POST', target, body, key) } });
      if (answer.status === 202) return answer;
      this.#count(answer.status, events);
      if (!retried.has(answer.status)) throw Object.assign(new Error(`${target} answered ${answer.status}: ${answer.text}`), { isAnswer: true });
    } catch (error) {
      if (error.isAnswer) throw error;
      this.#count(noAnswer, events);
    }
    return null;
  }

  #count(outcome, events) {
    if (events > 0) this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + events;
  }

  #accept(event, id) {
    const at = now();
    this.gaps.longest = Math.max(this.gaps.longest, at - this.gaps.since);
    this.gaps.since = at;
    ++this.accepted;
    this.promises.add(event, id);
  }
}
