// A nats-server with JetStream of the test's own.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../support/free_port.mjs';
import { Child } from './child.mjs';
import { NatsClient } from './nats_wire.mjs';

export class NatsServer {
  constructor(directory) {
    this.directory = directory;
  }

  async start() {
    mkdirSync(this.directory, { recursive: true });
    this.port ??= await freePort();
    const file = join(this.directory, 'nats.conf');
    writeFileSync(file, `host: 127.0.0.1\nport: ${this.port}\njetstream { store_dir: '${join(this.directory, 'store')}', max_file_store: 16GB }\n`);
    this.child = new Child({ command: 'nats-server', args: ['-c', file], log: join(this.directory, 'nats.log') });
    this.child.start();
    await this.child.up(() => this.withClient((client) => client.call('INFO')));
  }

  url() { return `nats://127.0.0.1:${this.port}`; }

  get running() { return this.child.running; }

  async kill() {
    this.child.signal('SIGCONT');
    await this.child.end('SIGKILL');
  }

  async withClient(use) {
    const client = new NatsClient(this.port);
    try {
      return await use(client);
    } finally {
      client.close();
    }
  }
}
