// The production stack: PostgreSQL, Redis for ranks and keys, a bus with a server of its own, and the four services as
// processes of their own, in any number of replicas.
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { binary, makeDirectory, removeDirectory, timeFactor } from '../../e2e/support/liveops.mjs';
import { rulesFile } from '../../e2e/support/rules.mjs';
import { NatsBus } from './nats_bus.mjs';
import { PostgresServer } from './postgres_server.mjs';
import { RedisBus } from './redis_bus.mjs';
import { RedisServer } from './redis_server.mjs';
import { Replica, commonEnv, services } from './replica.mjs';
import { ServiceBusBus } from './servicebus_bus.mjs';
import { SqsBus } from './sqs_bus.mjs';

const buses = { redis: RedisBus, nats: NatsBus, sqs: SqsBus, servicebus: ServiceBusBus };

/** Sums 1 for each event of a player: so the leaderboard itself says how many events have counted. */
const countingBoard = '\n[[boards]]\nid = "events"\noperator = "sum"\nsource = "count"\nevents = ["progression", "boss_kill", "drop_claimed"]\nmax_score = 4294967295\n';

function countingRules(directory) {
  const rules = rulesFile(directory);
  appendFileSync(rules, countingBoard);
  return rules;
}

export const visibilityMs = 2000 * timeFactor;

export class Stack {
  constructor(busKind) {
    this.directory = makeDirectory();
    this.postgresDirectory = makeDirectory();  // its account may not see the other one
    this.bus = new buses[busKind](this.directory);
    this.ranks = new RedisServer(join(this.directory, 'redis-ranks'), { appendOnly: false });
    this.postgres = new PostgresServer(this.postgresDirectory, { log: join(this.directory, 'postgres.log') });
    this.replicas = [];
    this.changes = {};
    this.failed = false;
  }

  /** makeRules: gives the rules file, made when the servers are there; else the shipped one with a board that counts. */
  async start({ makeRules = countingRules, replicas = 1 } = {}) {
    if (!existsSync(binary)) throw new Error(`${binary} is not there: ./dev build dev`);
    await Promise.all([this.bus.start(), this.ranks.start(), this.postgres.create()]);
    this.rules = makeRules(this.directory);
    await this.migrate();
    await this.bus.prepare?.(this);
    await this.scale(replicas);
  }

  /** What the services are told about what they stand on. */
  env() {
    return {
      DB_URL: this.postgres.url(), REDIS_URL: this.ranks.url(), ...this.bus.env(), RULES_FILE: this.rules,
      VISIBILITY_TIMEOUT_MS: String(visibilityMs), FAIRNESS_URL: this.of('fairness').map(({ url }) => url).join(','), ...this.changes,
    };
  }

  of(service) { return this.replicas.filter((replica) => replica.service === service); }
  replica(service, index = 0) { return this.of(service)[index]; }
  serving(service) { return this.of(service).filter((replica) => replica.serving); }
  url(service, turn = 0) {
    const able = this.serving(service);
    return able[turn % able.length].url;
  }

  /** This many replicas of each service. Gateways come last and anew: they have to know every fairness. */
  async scale(count) {
    await Promise.all(this.of('gateway').map((gateway) => gateway.stop()));
    const surplus = this.replicas.filter((replica) => replica.index >= count);
    await Promise.all(surplus.map((replica) => replica.stop()));
    this.replicas = this.replicas.filter((replica) => replica.index < count);
    await Promise.all([...services].reverse().map((service) => (service === 'gateway' ? null : this.#scaleOne(service, count))));
    await this.#scaleOne('gateway', count);
  }

  async #scaleOne(service, count) {
    while (this.of(service).length < count) this.replicas.push(new Replica(service, this.of(service).length, this.directory));
    await Promise.all(this.of(service).filter((replica) => !replica.running).map((replica) => replica.begin(this.env())));
  }

  /** Ends every service and starts it again with other settings. `{}`: those of the beginning. */
  async reconfigure(changes) {
    await Promise.all(this.replicas.map((replica) => replica.stop()));
    this.changes = changes;
    await this.scale(this.of('gateway').length);
  }

  /** Waits until every service that runs says that it is ready. */
  async ready(seconds = 30) {
    await Promise.all(this.replicas.filter((replica) => replica.serving).map((replica) => replica.ready(seconds)));
  }

  async migrate() {
    const done = await this.tool(['migrate']);
    if (done.code !== 0) throw new Error(`liveops migrate: ${done.output}`);
  }

  /** Runs `liveops ...` against this stack; gives exit code and what it wrote: `output` is `out` and `err`. */
  tool(args) {
    return new Promise((resolve, reject) => {
      const child = spawn(binary, args, {
        cwd: this.directory, stdio: ['ignore', 'pipe', 'pipe'],
        env: { PATH: process.env.PATH, HOME: this.directory, DATA_DIR: join(this.directory, 'tool'), ...commonEnv, ...this.env() },
      });
      const said = { output: '', out: '', err: '' };
      const keep = (name) => (chunk) => { said[name] += chunk; said.output += chunk; };
      child.stdout.on('data', keep('out'));
      child.stderr.on('data', keep('err'));
      child.once('error', reject);
      child.once('close', (code, signal) => resolve({ code: code ?? signal, ...said }));
    });
  }

  async stop() {
    await Promise.all(this.replicas.filter((replica) => replica.running).map((replica) => replica.kill()));
    if (this.postgres.paused) this.postgres.resume();
    await Promise.all([this.bus.server, this.ranks].filter((server) => server.running).map((server) => server.kill()));
    await this.postgres.stopImmediately();
    if (this.failed) console.error(`logs and data are kept in ${this.directory} and ${this.postgresDirectory}`);
    else [this.directory, this.postgresDirectory].forEach(removeDirectory);
  }
}
