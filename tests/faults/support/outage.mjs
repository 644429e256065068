// The time in which something is away: who says so, what it costs the services, what the client sees.
import { report } from './report.mjs';
import { now, until } from './wait.mjs';

// Far from what is seen; only what runs away gets there.
const mostCores = 0.7;
const mostGrowthBytes = 128 * 1024 * 1024;
const shortestForVitalsMs = 1500;

export class Outage {
  constructor(trial, what) {
    Object.assign(this, { trial, what, since: now(), said: {} });
    this.outcomes = { ...trial.load.outcomes };
    this.accepted = trial.load.accepted;
    this.before = this.#vitals();
  }

  /**
   * Waits until /readyz of each of these services names a check that matches: with 503 where the service cannot do its
   * work, with 200 where it only does it worse ("degraded").
   */
  async named(expected, seconds = 20) {
    await Promise.all(Object.entries(expected).map(async ([service, check]) => {
      let text = '';
      await until(`/readyz of ${service} names ${check}`, async () => {
        const answer = await this.trial.stack.replica(service).readiness();
        text = answer.text;
        const mark = answer.status === 503 ? '[-]' : '[!]';
        return text.split('\n').some((line) => line.startsWith(mark) && check.test(line));
      }, seconds).catch((error) => { throw new Error(`${error.message}; it says: ${text}`); });
      this.said[service] = text.split('\n').map((line) => /^\[([-!])\](\S+)/.exec(line)).filter(Boolean).map(([, mark, name]) => (mark === '!' ? `${name}: degraded` : name));
    }));
  }

  /** Waits until clients are turned away. */
  async refused(seconds = 30) {
    await until('clients see 503', () => (this.trial.load.outcomes[503] ?? 0) > (this.outcomes[503] ?? 0), seconds);
  }

  /** Says how the services fared; throws when one of them ran away. Called just before what was away comes back. */
  end() {
    const lastedMs = now() - this.since;
    const after = this.#vitals();
    let cores = 0;
    let growth = 0;
    if (lastedMs >= shortestForVitalsMs) {
      for (const [name, { pid, cpuSeconds, bytes }] of after) {
        const before = this.before.get(name);
        if (before?.pid !== pid) continue;
        const share = (cpuSeconds - before.cpuSeconds) * 1000 / lastedMs;
        if (share > mostCores) throw new Error(`${name} used ${share.toFixed(2)} cores while ${this.what} was away`);
        if (bytes - before.bytes > mostGrowthBytes) throw new Error(`${name} grew by ${bytes - before.bytes} bytes while ${this.what} was away`);
        cores = Math.max(cores, share);
        growth = Math.max(growth, bytes - before.bytes);
      }
    }
    const outcomes = Object.fromEntries(Object.entries(this.trial.load.outcomes).map(([name, events]) => [name, events - (this.outcomes[name] ?? 0)]).filter(([, events]) => events > 0));
    report({ kind: 'outage', fault: this.trial.fault.id, bus: this.trial.stack.bus.kind, what: this.what, lastedMs, said: this.said, outcomes,
      accepted: this.trial.load.accepted - this.accepted, cores, growth });
  }

  #vitals() {
    return new Map(this.trial.stack.replicas.filter((replica) => replica.serving).map((replica) => [replica.name, replica.vitals()]));
  }
}
