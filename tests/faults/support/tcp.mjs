// A TCP connection whose protocol is asked one question after the other.
import net from 'node:net';

export class Connection {
  /** `takeAnswer(buffer)` gives {answer, rest} once the buffer holds an answer, else null; answer.error is thrown. */
  constructor(port, takeAnswer) {
    this.buffer = Buffer.alloc(0);
    this.takeAnswer = takeAnswer;
    this.waiting = [];
    this.failure = null;
    this.socket = net.connect({ host: '127.0.0.1', port, noDelay: true });
    this.socket.on('data', (chunk) => this.#take(chunk));
    this.socket.on('error', (error) => this.#fail(error));
    this.socket.on('close', () => this.#fail(new Error('the server closed the connection')));
  }

  /** Sends, unless there is nothing to send, and gives the next answer. */
  ask(bytes, seconds = 10) {
    return new Promise((resolve, reject) => {
      if (this.failure) { reject(this.failure); return; }
      const timer = setTimeout(() => this.#fail(new Error(`no answer within ${seconds} s`)), seconds * 1000);
      const done = (settle) => (value) => { clearTimeout(timer); settle(value); };
      this.waiting.push({ resolve: done(resolve), reject: done(reject) });
      if (bytes) this.socket.write(bytes);
    });
  }

  close() {
    this.socket.destroy();
  }

  #take(chunk) {
    this.buffer = Buffer.concat([this.buffer, chunk]);
    for (;;) {
      const taken = this.takeAnswer(this.buffer);
      if (!taken) return;
      this.buffer = taken.rest;
      const asker = this.waiting.shift();
      if (taken.answer?.error) asker?.reject(taken.answer.error);
      else asker?.resolve(taken.answer);
    }
  }

  #fail(error) {
    this.failure ??= error;
    for (const asker of this.waiting.splice(0)) asker.reject(this.failure);
    this.socket.destroy();
  }
}
