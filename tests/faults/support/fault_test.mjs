// Registers faults as tests, one after the other on one stack. LIVEOPS_FAULT picks those whose id or title contains it.
import { after, before, test } from 'node:test';
import { timeFactor } from '../../e2e/support/liveops.mjs';
import { Stack } from './stack.mjs';
import { Trial } from './trial.mjs';

const oneFaultMs = 180_000;

/** The stack of a file's faults; whoever fails leaves a new one to the next. */
class Bench {
  constructor(busKind) { this.busKind = busKind; }

  async start() {
    this.stack = new Stack(this.busKind);
    await this.stack.start();
  }

  async attempt(fault) {
    const { stack } = this;
    try {
      const context = await fault.prepare?.(stack);
      await new Trial(stack, fault).run(context);
      await fault.restore?.(stack, context);
    } catch (error) {
      stack.failed = true;
      await stack.stop();
      await this.start();
      throw error;
    }
  }

  async stop() { await this.stack?.stop(); }
}

/** faults: {id, title, run(trial, context)}; `prepare(stack)` before the load makes the context, `restore` ends it. */
export function testFaults(busKind, faults) {
  const wanted = process.env.LIVEOPS_FAULT ?? '';
  const chosen = faults.filter(({ id, title }) => id.includes(wanted) || title.includes(wanted));
  if (chosen.length === 0) return;
  const bench = new Bench(busKind);
  before(() => bench.start(), { timeout: oneFaultMs * timeFactor });
  after(() => bench.stop());
  for (const fault of chosen) test(fault.title, { timeout: oneFaultMs * timeFactor }, () => bench.attempt(fault));
}
