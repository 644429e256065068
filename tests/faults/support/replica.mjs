// One process of a service, on a port that it keeps over restarts.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { adminToken, apiToken, binary, secret } from '../../e2e/support/liveops.mjs';
import { freePort } from '../../support/free_port.mjs';
import { Child } from './child.mjs';
import { request } from './http.mjs';
import { until } from './wait.mjs';

export const services = ['gateway', 'fairness', 'progression', 'leaderboard'];
const clockTicks = 100;  // USER_HZ, the same on every Linux
const pageBytes = 4096;

/** What every process, and every `liveops` tool, is told. */
export const commonEnv = {
  HMAC_SECRET: secret, API_TOKEN: apiToken, ADMIN_TOKEN: adminToken, RATE_LIMIT_PER_SECOND: '1000000', RATE_LIMIT_BURST: '1000000',
  ...Object.fromEntries(['ASAN_OPTIONS', 'UBSAN_OPTIONS', 'TSAN_OPTIONS'].filter((name) => process.env[name]).map((name) => [name, process.env[name]])),
};

export class Replica {
  constructor(service, index, directory) {
    Object.assign(this, { service, index, paused: false, name: `${service}-${index}` });
    this.directory = join(directory, this.name);
    this.log = `${this.directory}.log`;
  }

  async begin(env) {
    mkdirSync(this.directory, { recursive: true });
    this.port ??= await freePort();
    this.env = env;
    this.spawn();
    await this.ready();
  }

  /** Starts it as it was started before; does not wait. */
  spawn() {
    const command = join(dirname(binary), this.service);
    if (!existsSync(command)) throw new Error(`${command} is not there: ./dev build`);
    this.child = new Child({
      command, log: this.log, cwd: this.directory,
      env: {
        ...commonEnv, HOME: this.directory, DATA_DIR: join(this.directory, 'data'), INSTANCE: this.name,
        [`${this.service.toUpperCase()}_LISTEN`]: `127.0.0.1:${this.port}`, ...this.env,
      },
    });
    this.child.start();
  }

  get url() { return `http://127.0.0.1:${this.port}`; }
  get running() { return this.child?.running ?? false; }
  get serving() { return this.running && !this.paused; }

  async readiness() { return request(this.url, 'GET', '/readyz?verbose', { timeoutMs: 10_000 }); }

  /** Waits until /readyz says yes; throws with what it said, or with its log when it ended. */
  async ready(seconds = 30) {
    let said = 'nothing';
    try {
      await until(`${this.name} is ready`, async () => {
        if (!this.running) return true;
        const answer = await this.readiness();
        said = answer.text.trim();
        return answer.status === 200;
      }, seconds);
    } catch (error) {
      throw new Error(`${error.message}; /readyz: ${said}\n${this.child.tail()}`);
    }
    if (!this.running) throw new Error(`${this.name} ended: ${JSON.stringify(await this.child.exited)}\n${this.child.tail()}`);
  }

  async kill() {
    this.child.signal('SIGCONT');
    this.paused = false;
    return this.child.end('SIGKILL');
  }

  async stop() { return this.child.end('SIGTERM'); }

  pause() { this.child.signal('SIGSTOP'); this.paused = true; }
  resume() { this.child.signal('SIGCONT'); this.paused = false; }

  /** CPU seconds used so far, and bytes of memory now. */
  vitals() {
    const stat = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8');
    const numbers = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
    const resident = Number(readFileSync(`/proc/${this.child.pid}/statm`, 'utf8').split(' ')[1]) * pageBytes;
    return { pid: this.child.pid, cpuSeconds: (Number(numbers[11]) + Number(numbers[12])) / clockTicks, bytes: resident };
  }
}
