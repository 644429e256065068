// What survives kill -9: each change is a line, written before it is answered.
import { existsSync, openSync, readFileSync, writeSync } from 'node:fs';

export class Journal {
  #file;
  constructor(path) { this.path = path; }

  /** Replays what was written into `operations`; a line that was cut is left out. */
  replay(operations) {
    if (existsSync(this.path)) {
      for (const line of readFileSync(this.path, 'utf8').split('\n')) {
        try { apply(operations, JSON.parse(line)); } catch { break; }
      }
    }
    this.#file = openSync(this.path, 'a');
  }

  write(change) {
    if (this.#file !== undefined) writeSync(this.#file, `${JSON.stringify(change)}\n`);
  }
}

function apply(operations, change) {
  const { queues } = operations;
  if (change.created) operations.create(change.created, change.attributes);
  if (change.dropped) queues.delete(change.dropped);
  if (change.changed) Object.assign(queues.get(change.changed).attributes, change.attributes);
  if (change.sent) {
    const queue = queues.get(change.sent);
    queue.add({ ...change.message, receives: 0, handle: undefined });
    if (change.message.sequence > queue.sequence) queue.sequence = BigInt(change.message.sequence);
  }
  if (change.deleted) queues.get(change.deleted).messages.delete(change.id);
}
