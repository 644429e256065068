// PostgreSQL's protocol 3.0, simple queries only, without a password:
// https://www.postgresql.org/docs/15/protocol-message-formats.html
import { Connection } from './tcp.mjs';

const protocolVersion = 196608;
const headBytes = 5;

function startup(user, database) {
  const text = Buffer.from(`user\0${user}\0database\0${database}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(text.length + 8, 0);
  head.writeInt32BE(protocolVersion, 4);
  return Buffer.concat([head, text]);
}

function query(sql) {
  const text = Buffer.from(`${sql}\0`);
  const head = Buffer.alloc(headBytes);
  head.write('Q', 0);
  head.writeInt32BE(text.length + 4, 1);
  return Buffer.concat([head, text]);
}

function readRow(body) {
  const row = [];
  let at = 2;
  for (let n = body.readInt16BE(0); n > 0; --n) {
    const length = body.readInt32BE(at);
    at += 4;
    row.push(length < 0 ? null : body.toString('utf8', at, at + length));
    at += Math.max(length, 0);
  }
  return row;
}

function readError(body) {
  const parts = {};
  for (const field of body.toString('utf8').split('\0')) if (field !== '') parts[field[0]] = field.slice(1);
  return Object.assign(new Error(`${parts.C}: ${parts.M}`), { sqlState: parts.C });
}

/** An answer ends with ReadyForQuery; an error before the first one ends the connection, and is an answer too. */
function takeAnswer(buffer) {
  const answer = { rows: [] };
  for (let at = 0; at + headBytes <= buffer.length;) {
    const type = String.fromCharCode(buffer[at]);
    const end = at + 1 + buffer.readInt32BE(at + 1);
    if (end > buffer.length) return null;
    const body = buffer.subarray(at + headBytes, end);
    if (type === 'D') answer.rows.push(readRow(body));
    if (type === 'E') answer.error = readError(body);
    if (type === 'Z' || (type === 'E' && /^(FATAL|PANIC)/.test(body.toString('utf8').slice(1)))) return { answer, rest: buffer.subarray(end) };
    at = end;
  }
  return null;
}

export class PostgresClient {
  /** Rejects when the server does not let it in. */
  static async connect(port, user, database) {
    const client = new PostgresClient();
    client.connection = new Connection(port, takeAnswer);
    await client.connection.ask(startup(user, database));
    return client;
  }

  /** Runs SQL; gives its rows as arrays of text. */
  async run(sql) {
    return (await this.connection.ask(query(sql), 60)).rows;
  }

  get lost() { return this.connection.failure !== null; }

  close() { this.connection.close(); }
}

/** Runs SQL on a connection of its own. */
export async function runSql(port, user, database, sql) {
  const client = await PostgresClient.connect(port, user, database);
  try {
    return await client.run(sql);
  } finally {
    client.close();
  }
}
