// The Redis protocol (RESP2), as far as the tests need it: https://redis.io/docs/reference/protocol-spec/
import { Connection } from './tcp.mjs';

/** {answer, end} of the reply at `at`, or null while it is not complete. Bulk strings come as Buffers. */
function parse(buffer, at) {
  const lineEnd = buffer.indexOf('\r\n', at);
  if (lineEnd < 0) return null;
  const text = buffer.toString('utf8', at + 1, lineEnd);
  const next = lineEnd + 2;
  switch (String.fromCharCode(buffer[at])) {
    case '+': return { answer: text, end: next };
    case '-': return { answer: { error: new Error(text) }, end: next };
    case ':': return { answer: Number(text), end: next };
    case '$': {
      if (text === '-1') return { answer: null, end: next };
      const end = next + Number(text) + 2;
      return buffer.length < end ? null : { answer: buffer.subarray(next, end - 2), end };
    }
    default: return parseArray(buffer, next, Number(text));
  }
}

function parseArray(buffer, at, count) {
  if (count < 0) return { answer: null, end: at };
  const answer = [];
  let end = at;
  for (let n = 0; n < count; ++n) {
    const one = parse(buffer, end);
    if (!one) return null;
    answer.push(one.answer);
    end = one.end;
  }
  return { answer, end };
}

function encode(words) {
  const parts = [Buffer.from(`*${words.length}\r\n`)];
  for (const word of words) {
    const bytes = Buffer.isBuffer(word) ? word : Buffer.from(String(word));
    parts.push(Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n'));
  }
  return Buffer.concat(parts);
}

export class RedisClient {
  constructor(port) {
    this.connection = new Connection(port, (buffer) => {
      const parsed = parse(buffer, 0);
      return parsed && { answer: parsed.answer, rest: buffer.subarray(parsed.end) };
    });
  }

  run(...words) {
    return this.connection.ask(encode(words));
  }

  close() { this.connection.close(); }
}

/** [k, v, k, v] as an object with values as text. */
export function fields(list) {
  const object = {};
  for (let n = 0; n + 1 < list.length; n += 2) object[list[n].toString()] = list[n + 1] === null ? null : list[n + 1].toString();
  return object;
}
