// One fault under load, from the first event to the books.
import assert from 'node:assert/strict';
import { compare } from './judge.mjs';
import { Load } from './load.mjs';
import { Outage } from './outage.mjs';
import { Promises } from './promises.mjs';
import { report } from './report.mjs';
import { Traffic } from './traffic.mjs';
import { now, until } from './wait.mjs';
import { Witnesses, introduce, isKnown } from './witnesses.mjs';

const warmUpEvents = 300;
const shownFaults = 10;

export class Trial {
  /** fault.load: as Traffic and Load have it. */
  constructor(stack, fault) {
    Object.assign(this, { stack, fault, recoveries: [] });
    this.name = `${fault.id}-${Math.floor(Date.now() / 1000).toString(36)}`;
    this.promises = new Promises();
    this.load = new Load({ gateways: () => stack.serving('gateway').map(({ url }) => url), traffic: new Traffic(this.name, fault.load), promises: this.promises, ...fault.load });
    this.witnesses = new Witnesses(stack, this.name);
  }

  async run(context) {
    try {
      await this.witnesses.begin();
      this.load.start();
      await this.load.flow(warmUpEvents);
      await this.fault.run(this, context);
      await this.#conclude();
    } finally {
      this.load.abandon();
      await this.witnesses.end();
    }
  }

  outage(what) { return new Outage(this, what); }

  /**
   * Waits until every service is ready and an event that is sent now is accepted, counts and has its rank; `since`: when
   * what was away came back.
   */
  async recovered(since) {
    const { stack } = this;
    const player = { id: `${this.name}-r${this.recoveries.length}`, xp: 3, score: 30 };
    const effect = introduce(stack, player).then(() => until(`the event of ${player.id} counts`, () => isKnown(stack, player), 30, 5));
    await Promise.all([stack.ready(), effect]);
    this.recoveries.push(now() - since);
  }

  /** Waits until every group has acked everything that is on the bus. */
  async drained(seconds = 60) {
    await until('every consumer has caught up', () => this.stack.bus.drained(), seconds, 50);
  }

  async #conclude() {
    await this.load.finish();
    await this.stack.ready();
    await this.drained();
    await this.witnesses.end();
    const books = await compare(this.stack, this.name, this.promises);
    report({ kind: 'fault', fault: this.fault.id, title: this.fault.title, bus: this.stack.bus.kind, outcomes: this.load.outcomes, longestGapMs: this.load.gaps.longest,
      reads: this.witnesses.asked, wrongReads: this.witnesses.wrong.length, recoveryMs: this.recoveries.length > 0 ? Math.max(...this.recoveries) : null,
      sent: this.load.sent, accepted: this.load.accepted, lost: books.lost, doubled: books.doubled });
    assert.deepEqual(books.faults.slice(0, shownFaults), [], `${books.faults.length} figures differ from what was promised`);
    assert.deepEqual({ lost: books.lost, doubled: books.doubled }, { lost: 0, doubled: 0 });
    assert.deepEqual(this.witnesses.wrong.slice(0, shownFaults), [], 'reads gave wrong answers');
    for (const { url } of this.stack.serving('leaderboard')) {
      const audit = await this.stack.tool(['audit', '--leaderboard', url]);
      assert.equal(audit.code, 0, `liveops audit: ${audit.output}`);
    }
  }
}
