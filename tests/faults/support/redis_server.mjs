// A redis-server of the test's own.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../support/free_port.mjs';
import { Child } from './child.mjs';
import { RedisClient } from './resp.mjs';

export class RedisServer {
  /** appendOnly: whether it keeps its data over a kill (`appendfsync always`). */
  constructor(directory, { appendOnly }) {
    this.directory = directory;
    this.appendOnly = appendOnly;
  }

  async start() {
    mkdirSync(this.directory, { recursive: true });
    this.port ??= await freePort();
    this.child = new Child({
      command: 'redis-server', log: join(this.directory, 'redis.log'),
      args: ['--port', this.port, '--bind', '127.0.0.1', '--dir', this.directory, '--save', '', '--maxmemory-policy', 'noeviction',
        '--appendonly', this.appendOnly ? 'yes' : 'no', '--appendfsync', 'always'].map(String),
    });
    this.child.start();
    await this.child.up(async () => (await this.run('PING')) === 'PONG');
  }

  url(database = 0) { return `redis://127.0.0.1:${this.port}/${database}`; }

  async kill() {
    this.child.signal('SIGCONT');
    await this.child.end('SIGKILL');
  }

  get running() { return this.child.running; }

  async run(...words) {
    const client = new RedisClient(this.port);
    try {
      return await client.run(...words);
    } finally {
      client.close();
    }
  }
}
