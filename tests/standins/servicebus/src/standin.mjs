// Usage: node standin.mjs CONFIG.json
// CONFIG: { port, adminPort, keys: { name: key }, tls?: { port, keyFile, certFile }, journal?: file,
//           lockMs, maxDelivery, maxSize, dedupMs, topics?: { name: [subscriptions] }, queues?: [names] }
// Prints one line when it listens. Everything on 127.0.0.1.
import fs from 'node:fs';
import { serveAdmin } from './admin.mjs';
import { Broker } from './broker.mjs';
import { Faults } from './faults.mjs';
import { Journal, NoJournal } from './journal.mjs';
import { Namespace } from './namespace.mjs';

const config = { lockMs: 30000, maxDelivery: 10, maxSize: 262144, dedupMs: 600000, topics: {}, queues: [],
  ...JSON.parse(fs.readFileSync(process.argv[2], 'utf8')) };
const { lockMs, maxDelivery, maxSize, dedupMs } = config;
const stats = { connections: 0, tokens: 0, tokensRefused: 0, transfers: 0, flows: 0, batches: 0, duplicates: 0, accepted: 0, released: 0,
  modified: 0, rejected: 0, locksExpired: 0, locksLost: 0, deadLettered: 0, managed: {} };
const journal = config.journal ? new Journal(config.journal) : new NoJournal();
const namespace = new Namespace({ lockMs, maxDelivery, maxSize, dedupMs }, journal, stats);
for (const queue of config.queues) namespace.addQueue(queue);
for (const [topic, subscriptions] of Object.entries(config.topics)) namespace.addTopic(topic, subscriptions);
journal.load((path) => namespace.source(path));

const faults = new Faults();
const access = { keys: config.keys };
const broker = new Broker(namespace, faults, access, stats);
const listening = [broker.listen({ port: config.port }),
  serveAdmin({ port: config.adminPort, namespace, faults, access, stats })];
if (config.tls) {
  listening.push(broker.listen({ port: config.tls.port, transport: 'tls', key: fs.readFileSync(config.tls.keyFile), cert: fs.readFileSync(config.tls.certFile) }));
}
await Promise.all(listening.map((server) => new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject))));
console.log('listening');
