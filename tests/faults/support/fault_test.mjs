// Registers faults as tests, one after the other on one stack. LIVEOPS_FAULT picks those whose id or title contains it.
import { after, before, test } from 'node:test';
import { timeFactor } from '../../e2e/support/liveops.mjs';
import { endAll } from './child.mjs';
import { Stack } from './stack.mjs';
import { Trial } from './trial.mjs';

const oneFaultMs = 180_000 * timeFactor;

/** Fails when `work` takes longer: the runner's own limit would let it go on beside the next one. */
async function within(ms, work) {
  let timer;
  const late = new Promise((resolve, reject) => { timer = setTimeout(() => reject(new Error(`not over after ${ms / 1000} s`)), ms); });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

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
      await within(oneFaultMs, this.#pass(stack, fault));
    } catch (error) {
      stack.failed = true;
      await stack.stop();
      await this.start();
      throw error;
    }
  }

  async #pass(stack, fault) {
    const context = await fault.prepare?.(stack);
    await new Trial(stack, fault).run(context);
    await fault.restore?.(stack, context);
  }

  async stop() { await this.stack?.stop(); }
}

/** faults: {id, title, run(trial, context)}; `prepare(stack)` before the load makes the context, `restore` ends it. */
export function testFaults(busKind, faults) {
  const wanted = process.env.LIVEOPS_FAULT ?? '';
  const chosen = faults.filter(({ id, title }) => id.includes(wanted) || title.includes(wanted));
  if (chosen.length === 0) return;
  const bench = new Bench(busKind);
  before(() => bench.start(), { timeout: oneFaultMs });
  after(async () => {
    await bench.stop();
    endAll();
  });
  for (const fault of chosen) test(fault.title, () => bench.attempt(fault));
}
