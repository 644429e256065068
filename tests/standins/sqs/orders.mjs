// What a test wants to go wrong.
import { ServiceError } from './errors.mjs';

export class Orders {
  #orders = [];

  add(order) {
    if (order.times === 0) this.#orders = [];
    else this.#orders.push({ operation: '*', times: order.lastsMs ? Infinity : 1, until: Date.now() + (order.lastsMs ?? Infinity), ...order });
  }

  /** The order that this call meets, or undefined; counts it. */
  next(operation, queueName) {
    this.#orders = this.#orders.filter((o) => o.until > Date.now());
    const order = this.#orders.find((o) => (o.operation === '*' || o.operation === operation) && (!o.queue || o.queue === queueName));
    if (!order) return undefined;
    order.times -= 1;
    if (order.times === 0) this.#orders.splice(this.#orders.indexOf(order), 1);
    return order;
  }
}

/** For Operations.run: which entries of a batch are to fail. */
export function failing(order) {
  if (order?.what !== 'fail_entries') return () => undefined;
  return (index) => {
    if (!order.entries.includes(index)) return undefined;
    const error = new ServiceError(order.code ?? 'InternalError', 'ordered by the test');
    error.senderFault = order.senderFault ?? false;
    return error;
  };
}

/** Throws what the order says, if it is of that kind. */
export function throwOrdered(order) {
  if (order?.what === 'throttle') throw new ServiceError('RequestThrottled', 'The request was denied due to request throttling.');
  if (order?.what === 'error') throw new ServiceError(order.code ?? 'InternalFailure', 'ordered by the test', { status: order.status ?? 500 });
}
