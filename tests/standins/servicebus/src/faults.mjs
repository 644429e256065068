// What a test may order to go wrong.
const kBusy = { condition: 'com.microsoft:server-busy', description: 'The request was terminated because the entity is being throttled.' };
const kDisabled = { condition: 'com.microsoft:entity-disabled', description: 'The messaging entity is disabled.' };
const kDetached = { condition: 'amqp:link:detach-forced', description: 'The link was force detached by the broker: idle.' };

/** The whole process does nothing meanwhile, as one that gets no processor. */
const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

export class Faults {
  constructor() {
    this.refusals = []; // { left, until, error } of sends to come
    this.disabled = new Set(); // paths in lower case
    this.slowMs = 0; // before a send is answered
    this.refuseAfterMs = 0; // between the attach of a refused link and its detach
    this.connections = new Set();
  }

  /** Completes when it has come about; throws on an unknown order. `count` and `lastsMs` bound what is refused. */
  async order({ kind, ...how }) {
    const refuse = (error) => this.refusals.push({ left: how.count ?? (how.lastsMs ? Infinity : 1), until: Date.now() + (how.lastsMs ?? Infinity), error });
    const orders = {
      busy: () => refuse(kBusy),
      reject: () => refuse({ condition: how.condition, description: how.description || 'as ordered' }),
      disable: () => { this.disabled.add(how.address.toLowerCase()); return this.#detach(how.address, kDisabled); },
      enable: () => { this.disabled.delete(how.address.toLowerCase()); },
      slow: () => { this.slowMs = how.ms; },
      refuse_late: () => { this.refuseAfterMs = how.ms; },
      stall: () => { setImmediate(() => sleep(how.ms)); },
      detach: () => this.#detach(how.address, kDetached),
      drop: () => { for (const connection of this.connections) connection.socket.destroy(); },
      calm: () => { this.refusals = []; this.slowMs = 0; this.refuseAfterMs = 0; },
    };
    if (!orders[kind]) throw new Error(`no fault '${kind}'`);
    await orders[kind]();
  }

  /** Why links to it are refused, or undefined. */
  against(path) {
    return this.disabled.has(path.toLowerCase()) ? kDisabled : undefined;
  }

  refusal() {
    this.refusals = this.refusals.filter(({ until }) => until > Date.now());
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
