// What survives kill -9: each change is a line, written before it is answered.
import { existsSync, openSync, readFileSync, writeSync } from 'node:fs';

export class Journal {
  #file;
  constructor(path) { this.path = path; }

  /** Replays what was written into `operations`; a line that a kill has cut was not answered, and is left out. */
  replay(operations) {
    const lines = existsSync(this.path) ? readFileSync(this.path, 'utf8').split('\n') : [''];
    for (const change of lines.map(parsed)) if (change) apply(operations, change);
    this.#file = openSync(this.path, 'a');
    if (lines.at(-1) !== '') writeSync(this.#file, '\n');  // else what comes next would be a part of it
  }

  write(change) {
    if (this.#file !== undefined) writeSync(this.#file, `${JSON.stringify(change)}\n`);
  }
}

function parsed(line) {
  try { return JSON.parse(line); } catch { return undefined; }
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
