// The entities of one namespace: topics with subscriptions, queues, duplicate detection.
import rhea from 'rhea';
import { Entity } from './entity.mjs';

const { types } = rhea;

/** An address as a link names it: without scheme, host and slashes at its ends. */
export const pathOf = (address) => String(address || '').replace(/^(sb|amqps?):\/\/[^/]*\//, '').replace(/^\/+|\/+$/g, '');

function annotate(message, record, until) {
  message.message_annotations = { ...message.message_annotations,
    'x-opt-sequence-number': types.wrap_long(record.seq),
    'x-opt-enqueue-sequence-number': types.wrap_long(record.seq),
    'x-opt-enqueued-time': types.wrap_timestamp(record.enqueued) };
  if (until) message.message_annotations['x-opt-locked-until'] = types.wrap_timestamp(until);
  if (this.deadLetterOf) message.message_annotations['x-opt-deadletter-source'] = this.deadLetterOf.path;
  return message;
}
Entity.prototype.annotate = annotate;

export class Namespace {
  constructor(defaults, journal, stats) {
    Object.assign(this, { defaults, journal, stats });
    this.entities = new Map(); // path in lower case -> Entity
    this.topics = new Map(); // name in lower case -> { name, settings, subscriptions }
    this.seen = new Map(); // "<target>|<message id>" -> when
  }

  addQueue(name, settings = {}) {
    if (!this.entities.has(name.toLowerCase())) this.#add(name, { ...this.defaults, ...settings });
  }

  addTopic(name, subscriptions, settings = {}) {
    const known = this.topics.get(name.toLowerCase()) || { name, settings: { ...this.defaults, ...settings }, subscriptions: [] };
    this.topics.set(name.toLowerCase(), known);
    for (const subscription of subscriptions) {
      const path = `${name}/Subscriptions/${subscription}`;
      if (!this.entities.has(path.toLowerCase())) known.subscriptions.push(this.#add(path, known.settings));
    }
  }

  #add(path, settings) {
    const entity = new Entity(path, settings, this.journal, this.stats);
    for (const one of [entity, entity.dead]) this.entities.set(one.path.toLowerCase(), one);
    return entity;
  }

  source(address) {
    return this.entities.get(pathOf(address).toLowerCase());
  }

  /** Where what is sent to `address` goes: { path, settings, entities }. */
  target(address) {
    const path = pathOf(address).toLowerCase();
    const topic = this.topics.get(path);
    if (topic) return { path, settings: topic.settings, entities: topic.subscriptions };
    const queue = this.entities.get(path);
    const takesMessages = queue && !queue.deadLetterOf && !path.includes('/subscriptions/');
    return takesMessages ? { path, settings: queue.settings, entities: [queue] } : undefined;
  }

  accept(target, message) {
    if (target.settings.dedupMs > 0 && message.message_id !== undefined) {
      const key = `${target.path}|${message.message_id}`;
      const before = this.seen.get(key);
      const now = Date.now();
      if (before !== undefined && now - before < target.settings.dedupMs) {
        this.stats.duplicates += 1;
        return;
      }
      this.seen.set(key, now);
    }
    for (const entity of target.entities) entity.push(message);
  }
}
