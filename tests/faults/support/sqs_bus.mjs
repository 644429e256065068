// The bus on the stand-in of SQS (tests/standins/sqs), as the test looks into it and puts things straight into its queues.
// What it puts there it puts with Amazon's own client.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../support/free_port.mjs';
import { Child, runAside } from './child.mjs';
import { request } from './http.mjs';
import { until } from './wait.mjs';

const program = (name) => fileURLToPath(new URL(`../../standins/sqs/${name}`, import.meta.url));
const eventQueues = ['liveops-events-progression', 'liveops-events-leaderboard', 'liveops-events-fairness'];
const anyNumber = 1e9;

/** The stand-in as a process; with its journal what was sent outlives a kill. */
class SqsServer {
  constructor(directory) { this.directory = directory; }

  async start() {
    mkdirSync(this.directory, { recursive: true });
    this.port ??= await freePort();
    this.child = new Child({
      command: process.execPath, log: join(this.directory, 'sqs.log'),
      args: [program('server.mjs'), JSON.stringify({ port: this.port, journal: join(this.directory, 'journal') })],
    });
    this.child.start();
    await this.child.up(async () => (await this.admin('calls')) !== null);
  }

  url() { return `http://127.0.0.1:${this.port}`; }
  get running() { return this.child?.running ?? false; }

  async kill() {
    this.child.signal('SIGCONT');
    await this.child.end('SIGKILL');
  }

  /** See its README. */
  async admin(path, order) {
    const answer = await request(this.url(), 'POST', `/_standin/${path}`, { body: order ? JSON.stringify(order) : '' });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer.json;
  }
}

export class SqsBus {
  constructor(directory) {
    this.kind = 'sqs';
    this.server = new SqsServer(join(directory, 'sqs'));
  }

  start() { return this.server.start(); }

  /** Has the queues made. */
  async prepare(stack) {
    const made = await stack.tool(['queues', 'create']);
    if (made.code !== 0) throw new Error(`liveops queues create: ${made.output}`);
  }

  #aws() {
    return { AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: this.server.url(), AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example-secret' };
  }
  env() { return { CLOUD: 'aws', ...this.#aws() }; }
  /** The same by way of another port. */
  envBy(port) { return { ...this.env(), AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` }; }

  /** Settings of `liveops serve`, which makes queues of its own, one for the gateway among them. */
  serveEnv() { return { ...this.env(), SQS_PREFIX: 'serve', SQS_CREATE_QUEUES: 'true' }; }
  /** Settings that name something which is not there. */
  wrongEnv() { return { ...this.env(), SQS_PREFIX: 'nowhere' }; }

  /** What each queue holds that is no dead-letter queue. */
  async #counts() {
    const { queues } = await this.server.admin('calls');
    return Object.entries(queues).filter(([name]) => !name.endsWith('-dead')).map(([name, counts]) => ({ name, ...counts }));
  }

  /** Whether every group has acked everything. */
  async drained() {
    return (await this.#counts()).every(({ visible, inFlight, delayed }) => visible + inFlight + delayed === 0);
  }

  /** Amazon's client does `action` with a queue; gives the lines that it prints. */
  async #official(queue, action, { count = 0, lines = [] } = {}) {
    const input = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const out = await runAside(process.execPath, [program('client.mjs'), this.server.url(), queue, action, String(count)], { env: this.#aws(), input });
    return out.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  }

  /** Puts something that is no event of ours into the queues for events. */
  async putGarbage(text) {
    for (const queue of eventQueues) await this.#official(queue, 'send', { lines: [{ body: text, attributes: {} }] });
  }

  /** Replaces what these groups have not read yet by two copies of each, in the order that `shuffle` makes of them. */
  async copyUnread(shuffle, groups) {
    let copied = 0;
    for (const queue of groups.map((group) => `liveops-events-${group}`)) {
      const count = await until(`nothing of ${queue} is in flight`, async () => {
        const { visible, inFlight } = (await this.#counts()).find(({ name }) => name === queue);
        return inFlight === 0 && visible;
      });
      const messages = await this.#official(queue, 'receive', { count });
      await this.#official(queue, 'send', { lines: shuffle([...messages, ...messages]) });
      copied = messages.length;
    }
    return copied;
  }

  /** From now on, until `mend`, every call is refused. */
  throttle() { return this.server.admin('order', { what: 'throttle', times: anyNumber, retryAfterMs: 50 }); }
  fail() { return this.server.admin('order', { what: 'error', status: 500, times: anyNumber }); }
  mend() { return this.server.admin('order', { times: 0 }); }
}
