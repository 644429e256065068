// The official client against the stand-in: what it cannot do here, our adapter must not be believed to do.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { ServiceBusClient } from '@azure/service-bus';
import Long from 'long';
import rhea from 'rhea';
import { startStandin } from '../src/start.mjs';

const kLockMs = 1500;
const once = { retryOptions: { maxRetries: 0, timeoutInMs: 8000 } };
let standin;
let client;
let topic;
let made = 0;

before(async () => {
  standin = await startStandin({ lockMs: kLockMs, maxDelivery: 3, queues: ['q'] });
  client = new ServiceBusClient(standin.connectionString(), once);
});
after(async () => {
  await client.close();
  await standin.stop();
});
beforeEach(async () => {
  made += 1;
  topic = `events-${made}`;
  await standin.admin('PUT', '/topics', { name: topic, subscriptions: ['one', 'two'] });
});

const send = (messages, entity = topic) => client.createSender(entity).sendMessages(messages);
const receiverOf = (subscription = 'one', options = {}) => client.createReceiver(topic, subscription, { maxAutoLockRenewalDurationInMs: 0, ...options });
const receive = (receiver, count = 10, maxWaitTimeInMs = 1000) => receiver.receiveMessages(count, { maxWaitTimeInMs });
const codeOf = async (promise) => promise.then(() => 'no error', (error) => error.code);

test('every subscription gets a message whole', async () => {
  await send({ body: { n: 1 }, messageId: 'a', subject: 'progression', contentType: 'application/json', applicationProperties: { key: 'p-1', n: 7 } });
  for (const subscription of ['one', 'two']) {
    const [message] = await receive(receiverOf(subscription), 1);
    assert.deepEqual(message.body, { n: 1 });
    assert.equal(message.messageId, 'a');
    assert.equal(message.subject, 'progression');
    assert.deepEqual(message.applicationProperties, { key: 'p-1', n: 7 });
    assert.equal(message.deliveryCount, 0);
    assert.ok(message.lockedUntilUtc - Date.now() > 0);
    assert.ok(Date.now() - message.enqueuedTimeUtc < 5000);
  }
});

test('a batch arrives in order, and duplicates by message id once', async () => {
  const sender = client.createSender(topic);
  const batch = await sender.createMessageBatch();
  for (let n = 0; n < 20; n += 1) assert.ok(batch.tryAddMessage({ body: `m${n}`, messageId: `m${n}` }));
  assert.equal(batch.maxSizeInBytes, 262144);
  await sender.sendMessages(batch);
  await send([{ body: 'again', messageId: 'm3' }, { body: 'new', messageId: 'm20' }]);
  const messages = await receive(receiverOf(), 30);
  assert.deepEqual(messages.map((message) => message.messageId), Array.from({ length: 21 }, (_, n) => `m${n}`));
});

test('completed messages are gone, abandoned ones come again with a higher count', async () => {
  await send([{ body: 1, messageId: '1' }, { body: 2, messageId: '2' }]);
  const receiver = receiverOf();
  const [first, second] = await receive(receiver, 2);
  await receiver.completeMessage(first);
  await receiver.abandonMessage(second);
  const again = await receive(receiver);
  assert.deepEqual(again.map((message) => [message.messageId, message.deliveryCount]), [['2', 1]]);
  await receiver.completeMessage(again[0]);
  await pause(kLockMs + 100);
  assert.deepEqual(await receive(receiver, 10, 300), []);
});

test('a dead letter keeps its reason and can be completed there', async () => {
  await send({ body: 1, messageId: 'bad' });
  const receiver = receiverOf();
  const [message] = await receive(receiver, 1);
  await receiver.deadLetterMessage(message, { deadLetterReason: 'why', deadLetterErrorDescription: 'in words', extra: 'x' });
  const dead = receiverOf('one', { subQueueType: 'deadLetter' });
  const [letter] = await receive(dead, 1);
  assert.equal(letter.deadLetterReason, 'why');
  assert.equal(letter.deadLetterErrorDescription, 'in words');
  assert.equal(letter.applicationProperties.extra, 'x');
  assert.equal(letter.deadLetterSource, `${topic}/Subscriptions/one`);
  await dead.completeMessage(letter);
  assert.deepEqual(await receive(dead, 1, 300), []);
  assert.equal((await receive(receiverOf('two'), 1)).length, 1);
});

test('what was delivered too often goes to the dead letters by itself', async () => {
  await send({ body: 1, messageId: 'often' });
  const receiver = receiverOf();
  for (let attempt = 0; attempt < 3; attempt += 1) await receiver.abandonMessage((await receive(receiver, 1))[0]);
  assert.deepEqual(await receive(receiver, 1, 300), []);
  const [letter] = await receive(receiverOf('one', { subQueueType: 'deadLetter' }), 1);
  assert.equal(letter.deadLetterReason, 'MaxDeliveryCountExceeded');
});

test('a lock can be renewed, and is lost when it runs out', async () => {
  await send({ body: 1, messageId: 'slow' });
  const receiver = receiverOf();
  const [message] = await receive(receiver, 1);
  await pause(kLockMs * 0.7);
  const until = await receiver.renewMessageLock(message);
  assert.ok(until - Date.now() > kLockMs * 0.8);
  await pause(kLockMs * 0.7);
  assert.deepEqual(await receive(receiverOf('one'), 1, 100), []);
  await pause(kLockMs * 0.5);
  assert.equal(await codeOf(receiver.completeMessage(message)), 'MessageLockLost');
  assert.equal(await codeOf(receiver.renewMessageLock(message)), 'MessageLockLost');
  const [again] = await receive(receiver, 1);
  assert.equal(again.deliveryCount, 1);
  await receiver.completeMessage(again);
});

test('peeking shows what is there, locked or not, and takes nothing', async () => {
  await send([{ body: 'a', messageId: 'a' }, { body: 'b', messageId: 'b' }, { body: 'c', messageId: 'c' }]);
  const receiver = receiverOf();
  const [held] = await receive(receiver, 1);
  assert.equal(held.messageId, 'a');
  const all = await receiver.peekMessages(10);
  assert.deepEqual(all.map((message) => message.body), ['a', 'b', 'c']);
  const from = await receiver.peekMessages(1, { fromSequenceNumber: Long.fromNumber(2) });
  assert.deepEqual(from.map((message) => message.body), ['b']);
  assert.deepEqual(await receiverOf('one', { subQueueType: 'deadLetter' }).peekMessages(5), []);
});

test('a queue works as a subscription does', async () => {
  await send([{ body: 'one' }, { body: 'two' }], 'q');
  const receiver = client.createReceiver('q', { receiveMode: 'receiveAndDelete' });
  assert.deepEqual((await receive(receiver, 2)).map((message) => message.body), ['one', 'two']);
  assert.deepEqual(await receiver.peekMessages(1), []);
});

test('a wrong key, an unknown entity and a message too large are refused', async () => {
  const wrong = new ServiceBusClient(standin.connectionString('another key'), once);
  assert.equal(await codeOf(wrong.createSender(topic).sendMessages({ body: 1 })), 'UnauthorizedAccess');
  await wrong.close();
  assert.equal(await codeOf(send({ body: 1 }, 'nobody')), 'MessagingEntityNotFound');
  assert.equal(await codeOf(send({ body: 'x'.repeat(300000) })), 'MessageSizeExceeded');
});

test('a link that is refused is attached without source and target, then detached with the reason', async () => {
  const port = Number(/:(\d+);/.exec(standin.connectionString())[1]);
  const connection = rhea.create_container().connect({ port, host: '127.0.0.1', username: 'root', password: 'a key', reconnect: false });
  for (const [open, event] of [['open_sender', 'sender'], ['open_receiver', 'receiver']]) {
    const seen = [];
    const closed = new Promise((resolve) => { connection.once(`${event}_close`, resolve); });
    connection.once(`${event}_open`, ({ [event]: link }) => seen.push([link.source.value, link.target.value]));
    connection.once(`${event}_error`, ({ [event]: link }) => seen.push(link.error.condition));
    connection[open]('nobody');
    await closed;
    assert.deepEqual(seen, [[null, null], 'amqp:not-found']);
  }
  const gone = new Promise((resolve) => { connection.once('connection_close', resolve); });
  connection.close();
  await gone;
});

test('faults that are ordered are seen, and the client recovers from them', async () => {
  await standin.admin('POST', '/faults', { kind: 'busy', count: 1 });
  assert.equal(await codeOf(send({ body: 1, messageId: '1' })), 'ServiceBusy');
  await send({ body: 2, messageId: '2' });
  const patient = new ServiceBusClient(standin.connectionString(), { retryOptions: { maxRetries: 5, retryDelayInMs: 50 } });
  const sender = patient.createSender(topic);
  await sender.sendMessages({ body: 3, messageId: '3' });
  for (const kind of ['detach', 'drop']) {
    await standin.admin('POST', '/faults', { kind });
    await sender.sendMessages({ body: kind, messageId: kind });
  }
  await patient.close();
  const messages = await receive(receiverOf('two'), 10);
  assert.deepEqual(messages.map((message) => message.messageId), ['2', '3', 'detach', 'drop']);
});
