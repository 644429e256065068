/**
 * Asks `take` until it gives something, `seconds` have passed or the client has gone.
 * What comes due with time is looked for every 20 ms; what is sent wakes it at once.
 */
export function longPoll(queue, seconds, gone, take) {
  return new Promise((resolve) => {
    const first = take();
    if (first.length > 0 || seconds === 0) { resolve(first); return; }
    const waiter = {
      look() {
        const found = take();
        if (found.length > 0) waiter.end(found);
      },
      end(found) {
        queue.waiters.delete(waiter);
        clearInterval(ticking);
        clearTimeout(timer);
        resolve(found);
      },
    };
    const ticking = setInterval(() => waiter.look(), 20);
    const timer = setTimeout(() => waiter.end([]), 1000 * seconds);
    queue.waiters.add(waiter);
    gone(() => waiter.end([]));
  });
}
