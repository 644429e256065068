// One queue, Standard or FIFO: what is visible, in flight, delayed, and moved to the dead letters.
import { createHash, randomUUID } from 'node:crypto';
import { ServiceError } from './errors.mjs';

const DEDUPLICATION_MS = 5 * 60 * 1000;
const DEFAULTS = {
  VisibilityTimeout: '30', DelaySeconds: '0', MaximumMessageSize: '1048576', MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0', SqsManagedSseEnabled: 'true',
};

export const md5 = (text) => createHash('md5').update(text).digest('hex');

export class Queue {
  constructor(name, arn, attributes, { clock, journal }) {
    this.name = name;
    this.arn = arn;
    this.attributes = { ...DEFAULTS, ...attributes };
    this.fifo = name.endsWith('.fifo');
    this.clock = clock;
    this.journal = journal;
    this.messages = new Map(); // by id, oldest first
    this.handles = new Map(); // receipt handle -> message
    this.seen = new Map(); // deduplication id -> what was answered, and when
    this.waiters = new Set();
    this.sequence = 0n;
  }

  get redrive() { return this.attributes.RedrivePolicy ? JSON.parse(this.attributes.RedrivePolicy) : undefined; }

  send(entry) {
    const known = this.#duplicateOf(entry);
    if (known) return known;
    const delay = 1000 * Number(entry.DelaySeconds ?? this.attributes.DelaySeconds);
    const message = {
      id: randomUUID(), body: entry.MessageBody, attributes: entry.MessageAttributes, group: entry.MessageGroupId,
      deduplication: entry.MessageDeduplicationId, sequence: this.fifo ? String(++this.sequence).padStart(20, '0') : undefined,
      sentAt: this.clock.now(), visibleAt: this.clock.now() + delay, receives: 0,
    };
    this.add(message);
    this.journal?.write({ sent: this.name, message });
    const answer = { MessageId: message.id, MD5OfMessageBody: md5(message.body), ...(message.sequence && { SequenceNumber: message.sequence }) };
    if (this.fifo) this.seen.set(this.#deduplicationId(entry), { answer, at: message.sentAt });
    return answer;
  }

  add(message) {
    this.messages.set(message.id, message);
    this.wake();
  }

  #deduplicationId(entry) {
    return entry.MessageDeduplicationId ?? createHash('sha256').update(entry.MessageBody).digest('hex');
  }

  #duplicateOf(entry) {
    if (!this.fifo) return undefined;
    const known = this.seen.get(this.#deduplicationId(entry));
    return known && known.at + DEDUPLICATION_MS > this.clock.now() ? known.answer : undefined;
  }

  /** Up to `max` messages; those received too often go to the dead-letter queue instead. */
  receive(max, visibilitySeconds, deadLetterQueue) {
    const now = this.clock.now();
    const blocked = this.fifo ? this.#groupsInFlight(now) : new Set();
    const taken = [];
    for (const message of this.messages.values()) {
      if (taken.length === max) break;
      if (message.visibleAt > now || blocked.has(message.group)) {
        if (this.fifo) blocked.add(message.group); // the ones behind it wait
        continue;
      }
      if (deadLetterQueue && message.receives >= Number(this.redrive.maxReceiveCount)) {
        this.#bury(message, deadLetterQueue);
        continue;
      }
      taken.push(this.#hand(message, now, visibilitySeconds));
    }
    return taken;
  }

  #groupsInFlight(now) {
    return new Set([...this.messages.values()].filter((m) => m.receives > 0 && m.visibleAt > now).map((m) => m.group));
  }

  #hand(message, now, visibilitySeconds) {
    message.receives += 1;
    message.firstReceivedAt ??= now;
    message.visibleAt = now + 1000 * visibilitySeconds;
    this.handles.delete(message.handle);
    message.handle = Buffer.from(`${message.id} ${randomUUID()}`).toString('base64');
    this.handles.set(message.handle, message);
    return message;
  }

  #bury(message, deadLetterQueue) {
    this.#forget(message);
    this.journal?.write({ deleted: this.name, id: message.id });
    const dead = { ...message, receives: 0, handle: undefined, visibleAt: this.clock.now(), source: this.arn };
    deadLetterQueue.add(dead);
    this.journal?.write({ sent: deadLetterQueue.name, message: dead });
  }

  #forget(message) {
    this.messages.delete(message.id);
    this.handles.delete(message.handle);
    if (this.fifo) this.wake(); // its group may go on
  }

  #find(handle) {
    const message = this.handles.get(handle);
    if (message) return message;
    const [id] = Buffer.from(handle, 'base64').toString().split(' ');
    if (/^[0-9a-f-]{36}$/.test(id)) return undefined; // one of ours, of an earlier receive or of a deleted message
    throw new ServiceError('ReceiptHandleIsInvalid', 'The input receipt handle is invalid.');
  }

  /** A handle of an earlier receive deletes nothing and is no error, as in a standard queue. */
  remove(handle) {
    const message = this.#find(handle);
    if (!message) return;
    this.#forget(message);
    this.journal?.write({ deleted: this.name, id: message.id });
  }

  changeVisibility(handle, seconds) {
    const message = this.#find(handle);
    if (!message || message.visibleAt <= this.clock.now()) {
      throw new ServiceError('MessageNotInflight', 'The message referred to is not in flight.');
    }
    message.visibleAt = this.clock.now() + 1000 * seconds;
    this.wake();
  }

  counts() {
    const now = this.clock.now();
    const all = [...this.messages.values()];
    const hidden = all.filter((m) => m.visibleAt > now);
    const delayed = hidden.filter((m) => m.receives === 0).length;
    return { visible: all.length - hidden.length, inFlight: hidden.length - delayed, delayed };
  }

  purge() {
    for (const id of this.messages.keys()) this.journal?.write({ deleted: this.name, id });
    this.messages.clear();
    this.handles.clear();
  }

  /** Lets the long polls look again, oldest first. */
  wake() {
    for (const waiter of [...this.waiters]) waiter.look();
  }
}
