// What entities hold, in a file that outlives kill -9: one JSON line for each record put or gone.
import fs from 'node:fs';
import rhea from 'rhea';

export class NoJournal {
  put() {}
  gone() {}
  load() {}
}

export class Journal {
  constructor(file) {
    this.file = file;
    this.fd = null;
  }

  put(entity, record) {
    this.#write({ e: entity.path, s: record.seq, t: record.enqueued, c: record.count,
      m: rhea.message.encode(record.message).toString('base64') });
  }

  gone(entity, record) {
    this.#write({ e: entity.path, s: record.seq });
  }

  #write(line) {
    if (this.fd !== null) fs.writeSync(this.fd, `${JSON.stringify(line)}\n`);
  }

  /** Hands what is still there to `entityOf(path)`, which may be undefined, then goes on writing. */
  load(entityOf) {
    const held = new Map();
    const text = fs.existsSync(this.file) ? fs.readFileSync(this.file, 'utf8') : '';
    for (const line of text.split('\n')) {
      let entry;
      try { entry = JSON.parse(line); } catch { continue; } // the end may be cut
      const key = `${entry.e}#${entry.s}`;
      if (entry.m) held.set(key, entry); else held.delete(key);
    }
    for (const { e, s, t, c, m } of held.values()) {
      entityOf(e)?.restore({ seq: s, enqueued: t, count: c, message: rhea.message.decode(Buffer.from(m, 'base64')) });
    }
    this.fd = fs.openSync(this.file, 'a');
    if (text !== '' && !text.endsWith('\n')) fs.writeSync(this.fd, '\n');  // else what comes next would be a part of what was cut
  }
}
