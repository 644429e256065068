// What a test may order to go wrong.
const kBusy = { condition: 'com.microsoft:server-busy', description: 'The request was terminated because the entity is being throttled.' };
const kDetached = { condition: 'amqp:link:detach-forced', description: 'The link was force detached by the broker: idle.' };

export class Faults {
  constructor() {
    this.refusals = []; // { left, error } of sends to come
    this.slowMs = 0; // before a send is answered
    this.connections = new Set();
  }

  /** Completes when it has come about; throws on an unknown order. */
  async order({ kind, ...how }) {
    const orders = {
      busy: () => this.refusals.push({ left: how.count ?? 1, error: kBusy }),
      reject: () => this.refusals.push({ left: how.count ?? 1, error: { condition: how.condition, description: how.description || 'as ordered' } }),
      slow: () => { this.slowMs = how.ms; },
      detach: () => this.#detach(how.address, kDetached),
      drop: () => { for (const connection of this.connections) connection.socket.destroy(); },
      calm: () => { this.refusals = []; this.slowMs = 0; },
    };
    if (!orders[kind]) throw new Error(`no fault '${kind}'`);
    await orders[kind]();
  }

  refusal() {
    const next = this.refusals[0];
    if (!next) return undefined;
    next.left -= 1;
    if (next.left <= 0) this.refusals.shift();
    return next.error;
  }

  /** Completes when the peers know: what they send meanwhile would be answered and detached in one breath. */
  #detach(address, error) {
    const links = [...this.connections].flatMap((connection) => [...connection.entityLinks])
      .filter((link) => !address || link.path.toLowerCase() === address.toLowerCase());
    for (const link of links) link.close(error);
    return Promise.all(links.map((link) => new Promise((resolve) => { link.left = resolve; })));
  }
}
