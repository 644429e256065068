// A program that a test started: it logs into a file, is signalled by its process id and ends with the test, however
// that ends (setpriv asks the kernel for it).
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, readdirSync } from 'node:fs';
import { until } from './wait.mjs';

const alive = new Set();

/** Ends what was started and not yet ended: what a failure left behind would keep the test waiting for ever. */
export function endAll() { for (const child of alive) child.endNow(); }

process.on('exit', endAll);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

/** For servers that refuse to run as root: `postgres`, else `nobody`, when the test is root; else null. */
export function unprivilegedAccount() {
  if (process.getuid() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout.trim());
    if (uid !== '') return { name, uid: Number(uid), gid: Number(gid) };
  }
  throw new Error("neither an account 'postgres' nor 'nobody' exists to run servers as");
}

const asAccount = (account) => (account ? ['--reuid', account.name, '--regid', account.name, '--init-groups'] : []);

/** Runs a program to its end; throws with what it said when that is not success. Gives what it wrote to stdout. */
export function run(command, args, { account = null, env = {}, cwd = '/', within = [] } = {}) {
  const words = [...within, ...(account ? ['setpriv', ...asAccount(account), '--'] : []), command, ...args];
  const done = spawnSync(words[0], words.slice(1), { encoding: 'utf8', cwd, env: { PATH: process.env.PATH, LC_ALL: 'C', ...env } });
  if (done.status === 0) return done.stdout;
  throw new Error(`'${command}' failed (${done.error?.message ?? done.status}): is its package installed (./dev setup)?\n${done.stdout}${done.stderr}`);
}

/** Like `run`, while the load goes on; `input` goes to its stdin. */
export function runAside(command, args, { env = {}, input = '' } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { PATH: process.env.PATH, LC_ALL: 'C', ...env }, stdio: 'pipe' });
    let out = '';
    let said = '';
    child.stdout.on('data', (chunk) => { out += chunk; });
    child.stderr.on('data', (chunk) => { said += chunk; });
    child.stdin.on('error', () => {});  // it ended without reading all: its exit says why
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(out) : reject(new Error(`'${command} ${args.join(' ')}' failed (${code}): ${said}`))));
    child.stdin.end(input);
  });
}

/** The processes whose parent is `parent`. */
export function childrenOf(parent) {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(') ') + 2).split(' ')[1]) === parent;
    } catch {
      return false;  // it ended meanwhile
    }
  });
}

export class Child {
  /** within: words before the command, such as nsenter's. deathSignal: what the kernel sends when the test dies. */
  constructor({ command, args = [], env = {}, cwd = '/', log, account = null, deathSignal = 'KILL', within = [] }) {
    Object.assign(this, { command, args, env, cwd, log, account, deathSignal, within });
    this.exited = Promise.resolve({ code: null, signal: null });
    this.running = false;
  }

  start() {
    const file = openSync(this.log, 'a');
    const words = [...this.within, 'setpriv', '--pdeathsig', this.deathSignal, ...asAccount(this.account), '--', this.command, ...this.args];
    this.process = spawn(words[0], words.slice(1), {
      cwd: this.cwd, env: { PATH: process.env.PATH, LC_ALL: 'C', ...this.env }, stdio: ['ignore', file, file],
    });
    closeSync(file);
    this.running = true;
    alive.add(this);
    this.exited = new Promise((resolve) => {
      const gone = (end) => { this.running = false; alive.delete(this); resolve(end); };
      this.process.once('exit', (code, signal) => gone({ code, signal }));
      this.process.once('error', (error) => gone({ code: null, signal: error.message }));
    });
  }

  get pid() { return this.process.pid; }

  signal(name) {
    if (this.running) process.kill(this.pid, name);
  }

  /** Waits for its end; kills it when it has not ended in time. */
  async end(signal = 'SIGTERM', seconds = 20) {
    this.signal(signal);
    try {
      await until(`end of ${this.command}`, () => !this.running, seconds, 5);
    } catch {
      this.signal('SIGKILL');
    }
    return this.exited;
  }

  /** For the exit of the test, where nothing can be waited for. */
  endNow() {
    try {
      process.kill(this.pid, 'SIGCONT');
      process.kill(this.pid, `SIG${this.deathSignal}`);
    } catch { /* it is gone */ }
  }

  tail(lines = 15) {
    return existsSync(this.log) ? readFileSync(this.log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n') : '';
  }

  /** Waits until `answers()` is true; throws with its log when it ends before. */
  async up(answers, seconds = 30) {
    await until(`start of ${this.command}\n${this.log}`, async () => {
      if (!this.running) return true;
      return answers();
    }, seconds, 10);
    if (!this.running) throw new Error(`${this.command} ended at its start: ${JSON.stringify(await this.exited)}\n${this.tail()}`);
  }
}
