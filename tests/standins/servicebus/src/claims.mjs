// What one connection may do: by SASL PLAIN everything, else what it put tokens for, until they run out.
import { checkToken } from './sas.mjs';
import { pathOf } from './namespace.mjs';

const kExpired = { condition: 'amqp:unauthorized-access', description: 'ExpiredToken: The token is expired.' };

export class Claims {
  constructor(connection, everything) {
    this.connection = connection;
    this.everything = everything;
    this.until = new Map(); // path in lower case -> ms
    this.timers = new Set();
  }

  put(audience, token, keys) {
    const checked = checkToken(token, audience, keys);
    if (checked.refused) return checked;
    const path = pathOf(audience).toLowerCase();
    this.until.set(path, checked.until);
    const timer = setTimeout(() => { this.timers.delete(timer); this.#expire(); }, Math.min(checked.until - Date.now() + 1, 2 ** 31 - 1));
    this.timers.add(timer);
    return checked;
  }

  allow(path) {
    const wanted = path.toLowerCase();
    const covers = (claimed, until) => until > Date.now() && (claimed === '' || wanted === claimed || wanted.startsWith(`${claimed}/`));
    return this.everything || [...this.until].some(([claimed, until]) => covers(claimed, until));
  }

  #expire() {
    for (const link of this.connection.entityLinks) if (!this.allow(link.path)) link.close(kExpired);
  }

  end() {
    for (const timer of this.timers) clearTimeout(timer);
  }
}
