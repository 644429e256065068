/** The system's clock, which a test can set forward. */
export class Clock {
  #ahead = 0;
  now() { return Date.now() + this.#ahead; }
  advance(ms) { this.#ahead += ms; }
}
