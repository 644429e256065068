// A PostgreSQL server of the test's own: the services are `liveops`, an ordinary role; the test is `postgres`.
// It does not wait for the disk (fsync=off): processes may be killed, the machine may not.
import { chownSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../support/free_port.mjs';
import { Child, childrenOf, run, unprivilegedAccount } from './child.mjs';
import { PostgresClient, runSql } from './pg_wire.mjs';

/** Debian keeps the programs of each release in a folder of its own; the newest one is taken. */
function serverProgram(name) {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).filter((version) => existsSync(join(root, version, 'bin', name))) : [];
  const newest = Math.max(...versions.map(Number));
  return Number.isFinite(newest) ? join(root, String(newest), 'bin', name) : name;
}

export class PostgresServer {
  /** directory: one that the server's account can reach. within: as Child has it. */
  constructor(directory, { log, settings = [], within = [], account = unprivilegedAccount(), initOptions = [] }) {
    Object.assign(this, { directory, log, settings, within, account, initOptions, paused: false });
    this.data = join(directory, 'data');
  }

  /** Makes the cluster, starts it, and makes role and database of the services. */
  async create() {
    if (this.account && this.within.length === 0) chownSync(this.directory, this.account.uid, this.account.gid);
    run(serverProgram('initdb'), ['-D', this.data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions', ...this.initOptions],
      { account: this.account, within: this.within });
    await this.start();
    await this.sql('CREATE ROLE liveops LOGIN', 'postgres');
    await this.makeDatabase('liveops');
  }

  makeDatabase(name) {
    return this.sql(`CREATE DATABASE ${name} OWNER liveops`, 'postgres');
  }

  async start() {
    this.port ??= await freePort();
    const settings = ['listen_addresses=127.0.0.1', `port=${this.port}`, 'unix_socket_directories=', 'fsync=off', 'shared_buffers=32MB',
      'max_connections=80', 'superuser_reserved_connections=5', ...this.settings];
    this.child = new Child({
      command: serverProgram('postgres'), args: ['-D', this.data, ...settings.flatMap((setting) => ['-c', setting])], log: this.log,
      account: this.account, deathSignal: 'QUIT', within: this.within,
    });
    this.child.start();
    await this.child.up(() => this.sql('SELECT 1', 'postgres'));
  }

  url(database = 'liveops') { return `postgresql://liveops@127.0.0.1:${this.port}/${database}`; }

  get running() { return this.child.running; }

  /** As after a crash: without a word to the sessions and without a checkpoint. */
  async stopImmediately() { await this.child.end('SIGQUIT'); }

  async stop() { await this.child.end('SIGINT'); }

  /** Every process of it: it holds its connections and says nothing. */
  pause() {
    this.child.signal('SIGSTOP');  // first, so that it starts no other one meanwhile
    for (const pid of childrenOf(this.child.pid)) process.kill(pid, 'SIGSTOP');
    this.paused = true;
  }

  resume() {
    for (const pid of childrenOf(this.child.pid)) process.kill(pid, 'SIGCONT');
    this.child.signal('SIGCONT');
    this.paused = false;
  }

  /** As the superuser; gives the rows. */
  sql(text, database = 'liveops') { return runSql(this.port, 'postgres', database, text); }

  connect(user, database = 'liveops') { return PostgresClient.connect(this.port, user, database); }
}
