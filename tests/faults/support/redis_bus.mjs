// The bus on Redis, as the test looks into it and puts things straight into it (src/adapters/bus_redis/README.md).
import { join } from 'node:path';
import { RedisServer } from './redis_server.mjs';
import { RedisClient, fields } from './resp.mjs';

const stream = 'lo:events:{0}';
const frameField = 'e';

export class RedisBus {
  constructor(directory) {
    this.kind = 'redis';
    this.server = new RedisServer(join(directory, 'redis-bus'), { appendOnly: true });
  }

  start() { return this.server.start(); }
  env() { return { BUS_KIND: 'redis', REDIS_BUS_URL: this.server.url() }; }
  smallEnv(bytes) { return { REDIS_BUS_MAX_BYTES: String(bytes) }; }

  async #use(work) {
    const client = new RedisClient(this.server.port);
    try {
      return await work(client);
    } finally {
      client.close();
    }
  }

  /** Whether every group has acked everything. */
  drained() {
    return this.#use(async (client) => {
      for (const info of (await client.run('XINFO', 'GROUPS', stream)).map(fields)) {
        const unread = await client.run('XRANGE', stream, `(${info['last-delivered-id']}`, '+', 'COUNT', 1);
        if (Number(info.pending) > 0 || unread.length > 0) return false;
      }
      return true;
    });
  }

  /** Puts something that is no event of ours into the stream. */
  putGarbage(text) {
    return this.#use((client) => client.run('XADD', stream, '*', frameField, text));
  }

  /** Replaces what the consumers have not read yet by two copies of each, in the order that `shuffle` makes of them. */
  copyUnread(shuffle) {
    return this.#use(async (client) => {
      const groups = (await client.run('XINFO', 'GROUPS', stream)).map(fields);
      const read = groups.find((info) => info.name === 'progression')['last-delivered-id'];
      const entries = await client.run('XRANGE', stream, `(${read}`, '+');
      await Promise.all(shuffle([...entries, ...entries]).map(([, content]) => client.run('XADD', stream, '*', ...content)));
      await Promise.all(entries.map(([id]) => client.run('XDEL', stream, id)));
      return entries.length;
    });
  }
}
