// NATS' text protocol, as far as the tests need it: requests, and messages put straight into a stream.
// https://docs.nats.io/reference/reference-protocols/nats-protocol
import net from 'node:net';
import { randomBytes } from 'node:crypto';

export class NatsClient {
  constructor(port) {
    this.inbox = `_INBOX.${randomBytes(8).toString('hex')}`;
    this.pending = new Map();
    this.next = 0;
    this.buffer = Buffer.alloc(0);
    this.socket = net.connect({ host: '127.0.0.1', port, noDelay: true });
    this.socket.on('data', (chunk) => this.#take(chunk));
    this.socket.on('error', (error) => this.#fail(error));
    this.socket.on('close', () => this.#fail(new Error('the server closed the connection')));
    this.socket.write(`CONNECT {"verbose":false,"headers":true,"no_responders":true}\r\nSUB ${this.inbox}.* 1\r\n`);
  }

  /** Publishes and gives the bytes of the answer. */
  request(subject, data = '', seconds = 10) {
    return new Promise((resolve, reject) => {
      if (this.failure) { reject(this.failure); return; }
      const reply = `${this.inbox}.${this.next++}`;
      const timer = setTimeout(() => this.#fail(new Error(`no answer within ${seconds} s`)), seconds * 1000);
      const done = (settle) => (value) => { clearTimeout(timer); settle(value); };
      this.pending.set(reply, { resolve: done(resolve), reject: done(reject) });
      const bytes = Buffer.from(data);
      this.socket.write(Buffer.concat([Buffer.from(`PUB ${subject} ${reply} ${bytes.length}\r\n`), bytes, Buffer.from('\r\n')]));
    });
  }

  /** A call of JetStream's API; throws what it says is wrong. */
  async call(api, question = {}) {
    const answer = JSON.parse((await this.request(`$JS.API.${api}`, JSON.stringify(question))).toString());
    if (answer.error) throw new Error(`${api}: ${answer.error.description}`);
    return answer;
  }

  /** Puts a message into the stream of `subject`. */
  async publish(subject, data) {
    const answer = JSON.parse((await this.request(subject, data)).toString());
    if (answer.error) throw new Error(`publish ${subject}: ${answer.error.description}`);
    return answer.seq;
  }

  close() { this.socket.destroy(); }

  #fail(error) {
    this.failure ??= error;
    for (const asker of this.pending.values()) asker.reject(this.failure);
    this.pending.clear();
    this.socket.destroy();
  }

  #take(chunk) {
    this.buffer = Buffer.concat([this.buffer, chunk]);
    for (let end = this.buffer.indexOf('\r\n'); end >= 0; end = this.buffer.indexOf('\r\n')) {
      const words = this.buffer.toString('utf8', 0, end).split(' ');
      const kind = words[0].toUpperCase();
      if (kind === 'PING') this.socket.write('PONG\r\n');
      let taken = end + 2;
      if (kind === 'MSG' || kind === 'HMSG') {
        const size = Number(words.at(-1));
        if (this.buffer.length < taken + size + 2) return;
        const headers = kind === 'HMSG' ? Number(words.at(-2)) : 0;
        this.#answer(words[1], this.buffer.subarray(taken + headers, taken + size), headers > 0 && size === headers);
        taken += size + 2;
      }
      this.buffer = this.buffer.subarray(taken);
    }
  }

  #answer(subject, data, empty) {
    const asker = this.pending.get(subject);
    this.pending.delete(subject);
    if (empty) asker?.reject(new Error('nobody answers: is JetStream enabled?'));
    else asker?.resolve(Buffer.from(data));
  }
}
