// The bus on the stand-in of Azure Service Bus (tests/standins/servicebus), as the test looks into it and puts things
// straight into its topics. What it puts there it puts with Azure's own client.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../support/free_port.mjs';
import { Child, runAside } from './child.mjs';
import { request } from './http.mjs';

const program = (name) => fileURLToPath(new URL(`../../standins/servicebus/src/${name}`, import.meta.url));
const lockMs = 5000;  // the shortest that Azure has
const anyNumber = 1e9;
const key = 'a key of the test=';

/** The stand-in as a process; with its journal what it took outlives a kill. */
class ServiceBusServer {
  constructor(directory) { this.directory = directory; }

  async start() {
    mkdirSync(this.directory, { recursive: true });
    this.port ??= await freePort();
    this.adminPort ??= await freePort();
    const config = join(this.directory, 'config.json');
    writeFileSync(config, JSON.stringify({
      port: this.port, adminPort: this.adminPort, keys: { root: key }, journal: join(this.directory, 'journal'), lockMs, maxDelivery: 1000,
      topics: { 'liveops-events': ['progression', 'leaderboard', 'fairness'], 'liveops-verdicts': ['leaderboard', 'progression'] },
    }));
    this.child = new Child({ command: process.execPath, args: [program('standin.mjs'), config], log: join(this.directory, 'servicebus.log') });
    this.child.start();
    await this.child.up(async () => (await this.admin('GET', '/state')) !== null);
  }

  connectionString(port = this.port) {
    return `Endpoint=sb://localhost:${port}/;SharedAccessKeyName=root;SharedAccessKey=${key};UseDevelopmentEmulator=true`;
  }
  get running() { return this.child?.running ?? false; }

  async kill() {
    this.child.signal('SIGCONT');
    await this.child.end('SIGKILL');
  }

  /** See its src/admin.mjs. */
  async admin(method, path, order) {
    const answer = await request(`http://127.0.0.1:${this.adminPort}`, method, path, { body: order ? JSON.stringify(order) : '' });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  }
}

export class ServiceBusBus {
  constructor(directory) {
    this.kind = 'servicebus';
    this.directory = directory;
    this.server = new ServiceBusServer(join(directory, 'servicebus'));
  }

  start() { return this.server.start(); }
  env() { return this.envBy(this.server.port); }
  /** The same by way of another port. */
  envBy(port) { return { CLOUD: 'azure', SERVICEBUS_CONNECTION_STRING: this.server.connectionString(port) }; }

  /** Makes topics of its own for `liveops serve`, where the gateway is a group, and gives the settings. */
  async serveEnv() {
    await this.server.admin('PUT', '/topics', { name: 'serve-events', subscriptions: ['progression', 'leaderboard', 'fairness', 'gateway'] });
    await this.server.admin('PUT', '/topics', { name: 'serve-verdicts', subscriptions: ['leaderboard', 'progression'] });
    return { ...this.env(), SERVICEBUS_TOPIC_EVENTS: 'serve-events', SERVICEBUS_TOPIC_VERDICTS: 'serve-verdicts' };
  }
  /** Settings that name something which is not there. */
  wrongEnv() { return { ...this.env(), SERVICEBUS_TOPIC_EVENTS: 'nowhere' }; }

  /** Whether every group has acked everything. */
  async drained() {
    const { entities } = await this.server.admin('GET', '/state');
    const unread = Object.entries(entities).filter(([path]) => !path.endsWith('/$DeadLetterQueue'));
    return unread.every(([, { ready, locked }]) => ready + locked === 0);
  }

  /** Puts something that is no event of ours into the topic of events. */
  async putGarbage(text) {
    const file = join(this.directory, 'garbage.json');
    writeFileSync(file, `${JSON.stringify({ body: text })}\n`);
    await runAside(process.execPath, [program('exchange.mjs'), 'send', this.server.connectionString(), 'liveops-events', file]);
  }

  /** From now on, until `mend`, nothing that is sent is taken. */
  throttle() { return this.server.admin('POST', '/faults', { kind: 'busy', count: anyNumber }); }
  fail() { return this.server.admin('POST', '/faults', { kind: 'reject', condition: 'amqp:internal-error', count: anyNumber }); }
  mend() { return this.server.admin('POST', '/faults', { kind: 'calm' }); }
}
