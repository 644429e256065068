// Starts the real executable on free loopback ports in a directory of its own, and ends it by process id.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { freePort } from '../../support/free_port.mjs';

export const binary = resolve(process.env.LIVEOPS_BIN ?? 'build/dev/bin/liveops');
export const timeFactor = Number(process.env.LIVEOPS_TEST_TIMEOUT_FACTOR ?? 1);
export const secret = 'e2e-secret-of-thirty-two-bytes-or-more';
export const apiToken = 'e2e-api-token-0123456789';
export const adminToken = 'e2e-admin-token-0123456789';

export function makeDirectory() {
  return mkdtempSync(join(tmpdir(), 'liveops-e2e-'));
}

export function removeDirectory(directory) {
  rmSync(directory, { recursive: true, force: true });
}

export class LiveOps {
  /** ports: reuse those of an earlier instance after a restart. */
  constructor(directory, { env = {}, args = [], ports = null } = {}) {
    this.directory = directory;
    this.env = env;
    this.args = args;
    this.ports = ports;
    this.log = [];
  }

  async start() {
    if (!existsSync(binary)) throw new Error(`${binary} is not there: ./dev build dev`);
    this.ports ??= {
      gateway: await freePort(), fairness: await freePort(), progression: await freePort(), leaderboard: await freePort(),
    };
    const listen = (name) => ({ [`${name.toUpperCase()}_LISTEN`]: `127.0.0.1:${this.ports[name]}` });
    this.process = spawn(binary, ['serve', ...this.args], {
      cwd: this.directory,
      env: {
        PATH: process.env.PATH, HOME: this.directory, DATA_DIR: join(this.directory, 'data'),
        ASAN_OPTIONS: process.env.ASAN_OPTIONS ?? '', UBSAN_OPTIONS: process.env.UBSAN_OPTIONS ?? '',
        TSAN_OPTIONS: process.env.TSAN_OPTIONS ?? '',
        HMAC_SECRET: secret, API_TOKEN: apiToken, ADMIN_TOKEN: adminToken, ...listen('gateway'), ...listen('fairness'),
        ...listen('progression'), ...listen('leaderboard'), ...this.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.exited = new Promise((resolve) => this.process.once('exit', (code, signal) => resolve({ code, signal })));
    let rest = '';
    this.process.stderr.on('data', (chunk) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop();
      this.log.push(...lines);
      if (this.log.length > 5000) this.log.splice(0, 1000);
    });
    this.process.stdout.resume();
    await this.ready();
    return this;
  }

  url(service) {
    return `http://127.0.0.1:${this.ports[service]}`;
  }

  async ready() {
    const until = Date.now() + 20_000 * timeFactor;
    for (const service of Object.keys(this.ports)) {
      for (;;) {
        const gone = await Promise.race([this.exited, Promise.resolve(null)]);
        if (gone) throw new Error(`liveops ended with ${JSON.stringify(gone)}:\n${this.log.slice(-20).join('\n')}`);
        try {
          const answer = await fetch(`${this.url(service)}/readyz`);
          await answer.arrayBuffer();
          if (answer.status === 200) break;
        } catch { /* not listening yet */ }
        if (Date.now() > until) throw new Error(`${service} did not become ready:\n${this.log.slice(-20).join('\n')}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  /** SIGKILL, at once. */
  async kill() {
    this.process.kill('SIGKILL');
    return this.exited;
  }

  /** SIGTERM; gives how it ended. */
  async stop() {
    this.process.kill('SIGTERM');
    return this.exited;
  }
}
