// Waiting, always bounded.
import { timeFactor } from '../../e2e/support/liveops.mjs';

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export const now = () => performance.now();

/** Asks until `condition()` gives something true, which it returns; what it throws counts as "not yet". */
export async function until(what, condition, seconds = 30, pause = 20) {
  const end = now() + seconds * 1000 * timeFactor;
  let last = '';
  for (;;) {
    try {
      const answer = await condition();
      if (answer) return answer;
    } catch (error) {
      last = `; at last: ${error.message}`;
    }
    if (now() > end) throw new Error(`not within ${seconds * timeFactor} s: ${what}${last}`);
    await sleep(pause);
  }
}
