// A queue or subscription with peek-lock, delivery counts and a dead-letter sub-queue; knows no network.
import crypto from 'node:crypto';

/** .NET writes the first three fields of a GUID little-endian: between a delivery tag and the uuid in a request. */
export function swapGuidBytes(bytes) {
  const b = Buffer.from(bytes);
  return Buffer.from([b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6], ...b.subarray(8)]);
}

/** rhea takes a message off a link's credit only when it writes it: what is given to a link is counted here. */
const mayTake = (link) => link.given < link.limit && link.session.outgoing.available() > 0;

export class Entity {
  /** settings: { lockMs, maxDelivery }; journal: { put(entity, record), gone(entity, record) }; stats: counters. */
  constructor(path, settings, journal, stats, deadLetterOf = null) {
    Object.assign(this, { path, settings, journal, stats, deadLetterOf });
    this.ready = []; // records { seq, enqueued, count, message, deadLetter? }, by seq
    this.locked = new Map(); // tag in hex -> { record, link, timer, until }
    this.links = new Set();
    this.lastSeq = 0;
    this.dead = deadLetterOf ? null : new Entity(`${path}/$DeadLetterQueue`, settings, journal, stats, this);
  }

  push(message) {
    const record = { seq: ++this.lastSeq, enqueued: Date.now(), count: 0, message };
    this.journal.put(this, record);
    this.#insert(record);
  }

  /** A record as it was: after a restart, or into the dead letters, where it keeps its sequence number. */
  restore(record) {
    this.lastSeq = Math.max(this.lastSeq, record.seq);
    this.#insert(record);
  }

  #insert(record) {
    const isLast = this.ready.length === 0 || this.ready.at(-1).seq < record.seq;
    if (isLast) this.ready.push(record);
    else this.ready.splice(this.ready.findIndex((other) => other.seq > record.seq), 0, record);
    this.pump();
  }

  pump() {
    for (const link of this.links) while (this.ready.length && mayTake(link)) this.#deliver(link, this.ready.shift());
  }

  #deliver(link, record) {
    const tag = crypto.randomBytes(16);
    const until = Date.now() + this.settings.lockMs;
    link.given += 1;
    link.send(this.annotated(record, until), tag);
    if (link.snd_settle_mode === 1) { // receive and delete
      this.journal.gone(this, record);
      return;
    }
    const key = tag.toString('hex');
    this.locked.set(key, { record, link, until, timer: setTimeout(() => this.#expire(key), this.settings.lockMs) });
  }

  /** The message as it is delivered or peeked; message.js of rhea reads the types. */
  annotated(record, until = 0) {
    return this.annotate({ ...record.message, delivery_count: record.count, first_acquirer: record.count === 0 }, record, until);
  }

  take(tag) {
    const key = Buffer.from(tag).toString('hex');
    const lock = this.locked.get(key);
    if (!lock) return null;
    clearTimeout(lock.timer);
    this.locked.delete(key);
    return lock.record;
  }

  complete(record) {
    this.journal.gone(this, record);
  }

  /** Abandoned, or its lock ran out. */
  giveBack(record) {
    record.count += 1;
    if (this.dead && record.count >= this.settings.maxDelivery) {
      this.bury(record, 'MaxDeliveryCountExceeded',
        `Message could not be consumed after ${this.settings.maxDelivery} delivery attempts.`);
      return;
    }
    this.journal.put(this, record);
    this.#insert(record);
  }

  release(record) { // unlocked without counting
    this.#insert(record);
  }

  bury(record, reason, description, properties = {}) {
    this.stats.deadLettered += 1;
    const message = { ...record.message };
    message.application_properties = { ...message.application_properties, ...properties,
      DeadLetterReason: reason, DeadLetterErrorDescription: description };
    const letter = { ...record, message, enqueued: Date.now() };
    this.journal.gone(this, record);
    this.journal.put(this.dead, letter);
    this.dead.restore(letter);
  }

  #expire(key) {
    const lock = this.locked.get(key);
    if (!lock) return;
    this.locked.delete(key);
    this.stats.locksExpired += 1;
    this.giveBack(lock.record);
  }

  unlockAll() {
    for (const [key, { timer }] of [...this.locked]) {
      clearTimeout(timer);
      this.#expire(key);
    }
  }

  /** The new end of the lock, or 0 when there is none. `token`: the uuid of a request. */
  renew(token) {
    const key = swapGuidBytes(token).toString('hex');
    const lock = this.locked.get(key);
    if (!lock) return 0;
    clearTimeout(lock.timer);
    lock.until = Date.now() + this.settings.lockMs;
    lock.timer = setTimeout(() => this.#expire(key), this.settings.lockMs);
    return lock.until;
  }

  /** What is there from a sequence number on, locked or not. */
  peek(from, count) {
    const all = [...this.ready, ...[...this.locked.values()].map((lock) => lock.record)];
    return all.filter((record) => record.seq >= from).sort((a, b) => a.seq - b.seq).slice(0, count);
  }

  get size() {
    return this.ready.length + this.locked.size;
  }
}
