// The bus on NATS, as the test looks into it and puts things straight into it (src/adapters/bus_nats/README.md).
import { join } from 'node:path';
import { NatsServer } from './nats_server.mjs';

const stream = 'LIVEOPS_EVENTS';
const anySubject = 'liveops.events.progression';

export class NatsBus {
  constructor(directory) {
    this.kind = 'nats';
    this.server = new NatsServer(join(directory, 'nats'));
  }

  start() { return this.server.start(); }
  env() { return { BUS_KIND: 'nats', NATS_URL: this.server.url() }; }
  smallEnv(bytes) { return { NATS_MAX_BYTES: String(bytes) }; }

  /** Whether every group has acked everything. */
  drained() {
    return this.server.withClient(async (client) => {
      const { consumers } = await client.call(`CONSUMER.LIST.${stream}`);
      return consumers.every((consumer) => consumer.num_pending === 0 && consumer.num_ack_pending === 0);
    });
  }

  /** Puts something that is no event of ours into the stream. */
  putGarbage(text) {
    return this.server.withClient((client) => client.publish(anySubject, text));
  }

  /** Replaces what the consumers have not read yet by two copies of each, in the order that `shuffle` makes of them. */
  copyUnread(shuffle) {
    return this.server.withClient(async (client) => {
      const { delivered } = await client.call(`CONSUMER.INFO.${stream}.progression`);
      const { state } = await client.call(`STREAM.INFO.${stream}`);
      const messages = [];
      for (let seq = delivered.stream_seq + 1; seq <= state.last_seq; ++seq) {
        messages.push((await client.call(`STREAM.MSG.GET.${stream}`, { seq })).message);
      }
      await Promise.all(shuffle([...messages, ...messages]).map(({ subject, data }) => client.publish(subject, Buffer.from(data, 'base64'))));
      await Promise.all(messages.map(({ seq }) => client.call(`STREAM.MSG.DELETE.${stream}`, { seq })));
      return messages.length;
    });
  }
}
