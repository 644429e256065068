// Registers faults as tests, one after the other on one stack. LIVEOPS_FAULT picks those whose name contains it.
import { after, before, test } from 'node:test';
import { timeFactor } from '../../e2e/support/liveops.mjs';
import { Stack } from './stack.mjs';
import { Trial } from './trial.mjs';

const oneFaultMs = 180_000;

async function tryFault(stack, fault) {
  const context = await fault.prepare?.(stack);
  try {
    await new Trial(stack, fault).run(context);
  } catch (error) {
    stack.failed = true;
    await stack.heal();
    throw error;
  } finally {
    await fault.restore?.(stack, context);
  }
}

/** faults: {id, title, run(trial, context)}; `prepare(stack)` before the load makes the context, `restore` ends it. */
export function testFaults(busKind, faults) {
  const wanted = process.env.LIVEOPS_FAULT ?? '';
  const chosen = faults.filter((fault) => fault.id.includes(wanted));
  if (chosen.length === 0) return;
  const stack = new Stack(busKind);
  before(() => stack.start(), { timeout: oneFaultMs * timeFactor });
  after(() => stack.stop());
  for (const fault of chosen) test(fault.title, { timeout: oneFaultMs * timeFactor }, () => tryFault(stack, fault));
}
