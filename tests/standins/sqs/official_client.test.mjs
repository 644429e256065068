// The stand-in, driven by the official client: only what this finds right may be relied on in tests of our adapter.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import {
  ChangeMessageVisibilityCommand, CreateQueueCommand, DeleteMessageBatchCommand, DeleteMessageCommand, GetQueueAttributesCommand,
  GetQueueUrlCommand, ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand, SQSClient,
} from '@aws-sdk/client-sqs';
import { PublishBatchCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StandIn } from './server.mjs';

const good = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example-secret' };
let standIn;
let sqs;
let names = 0;

function clientOf(credentials = good, Client = SQSClient, port = standIn.port) {
  return new Client({ region: 'us-east-1', endpoint: `http://127.0.0.1:${port}`, credentials, maxAttempts: 1 });
}

async function queue(attributes = {}, suffix = '') {
  names += 1;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `q${names}${suffix}`, Attributes: attributes }));
  return QueueUrl;
}

async function receive(QueueUrl, more = {}) {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'], ...more }));
  return Messages;
}

const bodies = (messages) => messages.map(({ Body }) => Body);
const count = ({ Attributes }) => Number(Attributes.ApproximateReceiveCount);

async function admin(path, order) {
  await fetch(`http://127.0.0.1:${standIn.port}/_standin/${path}`, { method: 'POST', body: JSON.stringify(order) });
}

before(async () => {
  standIn = new StandIn();
  await standIn.listen();
  sqs = clientOf();
});
after(() => standIn.close());

test('a message is sent, received with its attributes, and deleted', async () => {
  const QueueUrl = await queue();
  const text = 'é 🎮 <&>\t"quoted"';
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: text, MessageAttributes: { type: { DataType: 'String', StringValue: 'progression' } } }));
  const [message] = await receive(QueueUrl);
  assert.equal(message.Body, text);
  assert.equal(message.MessageAttributes.type.StringValue, 'progression');
  assert.equal(count(message), 1);
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
  await admin('advance', { ms: 31_000 });
  assert.deepEqual(await receive(QueueUrl), []);
});

test('a batch answers for each entry', async () => {
  const QueueUrl = await queue({ MaximumMessageSize: '1024' });
  const entry = (Id, MessageBody) => ({ Id, MessageBody });
  const sent = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [entry('a', '1'), entry('b', 'x'.repeat(1025)), entry('c', '\u0001'), entry('d', '4')] }));
  assert.deepEqual(sent.Successful.map(({ Id }) => Id), ['a', 'd']);
  assert.deepEqual(sent.Failed.map(({ Id, SenderFault }) => [Id, SenderFault]), [['b', true], ['c', true]]);
  const held = await receive(QueueUrl);
  assert.deepEqual(bodies(held).sort(), ['1', '4']);
  const Entries = [...held.map(({ ReceiptHandle }, i) => ({ Id: `${i}`, ReceiptHandle })), { Id: 'x', ReceiptHandle: 'never-heard-of' }];
  const deleted = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  assert.deepEqual(deleted.Failed.map(({ Id, Code }) => [Id, Code]), [['x', 'ReceiptHandleIsInvalid']]);
});

test('batches that the service refuses are refused', async () => {
  const QueueUrl = await queue();
  const entries = (n, id = (i) => `${i}`, body = 'x') => Array.from({ length: n }, (_, i) => ({ Id: id(i), MessageBody: body }));
  const refused = (Entries, name) => assert.rejects(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries })), { name });
  await refused(entries(11), 'TooManyEntriesInBatchRequest');
  await refused(entries(2, () => 'same'), 'BatchEntryIdsNotDistinct');
  await refused(entries(1, () => 'no spaces'), 'InvalidBatchEntryId');
  await refused([], 'EmptyBatchRequest');
  await refused(entries(3, undefined, 'x'.repeat(400_000)), 'BatchRequestTooLong');
  await assert.rejects(sqs.send(new GetQueueUrlCommand({ QueueName: 'nowhere' })), { name: 'QueueDoesNotExist' });
});

test('a message is invisible until its visibility ends, is changed to 0, or is extended', async () => {
  const QueueUrl = await queue({ VisibilityTimeout: '30' });
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'm' }));
  const [first] = await receive(QueueUrl);
  assert.deepEqual(await receive(QueueUrl), []);
  await admin('advance', { ms: 20_000 });
  await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: first.ReceiptHandle, VisibilityTimeout: 30 }));
  await admin('advance', { ms: 20_000 });
  assert.deepEqual(await receive(QueueUrl), []);
  await admin('advance', { ms: 11_000 });
  const [second] = await receive(QueueUrl);
  assert.equal(count(second), 2);
  await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: second.ReceiptHandle, VisibilityTimeout: 0 }));
  const [third] = await receive(QueueUrl);
  assert.equal(count(third), 3);
  await assert.rejects(sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: first.ReceiptHandle, VisibilityTimeout: 5 })), { name: 'MessageNotInflight' });
});

test('a long poll ends as soon as something is sent, and a client that left takes nothing', async () => {
  const QueueUrl = await queue();
  const left = new AbortController();
  const abandoned = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), { abortSignal: left.signal });
  while (standIn.operations.queueOf(QueueUrl).waiters.size < 1) await new Promise(setImmediate);
  left.abort();
  await assert.rejects(abandoned, { name: 'AbortError' });
  while (standIn.operations.queueOf(QueueUrl).waiters.size > 0) await new Promise(setImmediate);
  const polling = receive(QueueUrl, { WaitTimeSeconds: 20 });
  while (standIn.operations.queueOf(QueueUrl).waiters.size < 1) await new Promise(setImmediate);
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'm' }));
  assert.deepEqual(bodies(await polling), ['m']);
});

test('a FIFO queue keeps order within a group, blocks a group in flight, and knows duplicates', async () => {
  const QueueUrl = await queue({ FifoQueue: 'true' }, '.fifo');
  const send = (MessageBody, MessageGroupId, MessageDeduplicationId) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId, MessageDeduplicationId }));
  const { SequenceNumber } = await send('a1', 'a', '1');
  await send('a2', 'a', '2');
  await send('b1', 'b', '3');
  assert.equal((await send('a1', 'a', '1')).SequenceNumber, SequenceNumber);
  await assert.rejects(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' })), { name: 'MissingParameter' });
  const [first] = await receive(QueueUrl, { MaxNumberOfMessages: 1 });
  assert.equal(first.Body, 'a1');
  assert.deepEqual(bodies(await receive(QueueUrl)), ['b1']);
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first.ReceiptHandle }));
  assert.deepEqual(bodies(await receive(QueueUrl)), ['a2']);
  await admin('advance', { ms: 301_000 });
  assert.notEqual((await send('a1', 'a', '1')).SequenceNumber, SequenceNumber);
});

test('what was received too often goes to the dead-letter queue', async () => {
  const dead = await queue();
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: dead, AttributeNames: ['QueueArn'] }));
  const QueueUrl = await queue({ RedrivePolicy: JSON.stringify({ deadLetterTargetArn: Attributes.QueueArn, maxReceiveCount: '2' }) });
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'poison' }));
  for (let attempt = 0; attempt < 2; attempt += 1) assert.equal((await receive(QueueUrl, { VisibilityTimeout: 0 })).length, 1);
  assert.deepEqual(await receive(QueueUrl), []);
  assert.deepEqual(bodies(await receive(dead)), ['poison']);
});

test('the attributes count what is visible, in flight and delayed', async () => {
  const QueueUrl = await queue();
  for (const DelaySeconds of [0, 0, 60]) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'm', DelaySeconds }));
  await receive(QueueUrl, { MaxNumberOfMessages: 1 });
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  assert.deepEqual([Attributes.ApproximateNumberOfMessages, Attributes.ApproximateNumberOfMessagesNotVisible, Attributes.ApproximateNumberOfMessagesDelayed], ['1', '1', '1']);
});

test('a signature that is wrong, of an unknown key, expired, or without its token is refused', async () => {
  const QueueUrl = await queue();
  const refused = (credentials, name) => assert.rejects(receiveAs(credentials), { name });
  const receiveAs = (credentials) => clientOf(credentials).send(new ReceiveMessageCommand({ QueueUrl }));
  standIn.keys.SESSION = { secret: 's', token: 't/o+k=' };
  standIn.keys.OLD = { secret: 's', expired: true };
  await refused({ ...good, secretAccessKey: 'wrong' }, 'SignatureDoesNotMatch');
  await refused({ ...good, accessKeyId: 'NOBODY' }, 'InvalidClientTokenId');
  await refused({ accessKeyId: 'OLD', secretAccessKey: 's' }, 'ExpiredTokenException');
  await refused({ accessKeyId: 'SESSION', secretAccessKey: 's' }, 'InvalidClientTokenId');
  await receiveAs({ accessKeyId: 'SESSION', secretAccessKey: 's', sessionToken: 't/o+k=' });
  const unsigned = await fetch(`http://127.0.0.1:${standIn.port}/`, { method: 'POST', body: '{}' });
  assert.equal(unsigned.status, 403);
});

test('orders are carried out: throttling, server errors, entries that fail', async () => {
  const QueueUrl = await queue();
  await admin('order', { operation: 'SendMessage', what: 'throttle' });
  await assert.rejects(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'm' })), { name: 'RequestThrottled' });
  await admin('order', { operation: 'SendMessage', what: 'error', status: 503, code: 'ServiceUnavailable' });
  await assert.rejects(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'm' })), { name: 'ServiceUnavailable' });
  await admin('order', { operation: 'SendMessageBatch', what: 'fail_entries', entries: [1] });
  const { Failed } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: '0', MessageBody: 'm' }, { Id: '1', MessageBody: 'n' }] }));
  assert.deepEqual(Failed.map(({ Id, SenderFault }) => [Id, SenderFault]), [['1', false]]);
});

test('a topic hands what is published to its queues, raw', async () => {
  const urls = [await queue(), await queue()];
  const TopicArn = 'arn:aws:sns:us-east-1:000000000000:events';
  await admin('topic', { arn: TopicArn, queues: [] });
  const sns = clientOf(good, SNSClient);
  for (const url of urls) {
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: Attributes.QueueArn, Attributes: { RawMessageDelivery: 'true' } }));
  }
  const entry = { Id: '0', Message: '{"a":"é & <>"}', MessageAttributes: { type: { DataType: 'String', StringValue: 'progression' } } };
  const { Successful } = await sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: [entry] }));
  assert.equal(Successful.length, 1);
  for (const url of urls) {
    const [message] = await receive(url);
    assert.equal(message.Body, entry.Message);
    assert.equal(message.MessageAttributes.type.StringValue, 'progression');
  }
});

test('with a journal, what was sent and not deleted is there after a restart', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sqs-standin-'));
  const options = { journal: join(directory, 'journal') };
  const first = new StandIn(options);
  let client = clientOf(good, SQSClient, await first.listen());
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: 'kept' }));
  for (const MessageBody of ['1', '2']) await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  const { Messages: [held] } = await client.send(new ReceiveMessageCommand({ QueueUrl }));
  await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: held.ReceiptHandle }));
  await first.close();
  const second = new StandIn(options);
  client = clientOf(good, SQSClient, await second.listen());
  const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  assert.deepEqual(bodies(Messages), [held.Body === '1' ? '2' : '1']);
  await second.close();
  rmSync(directory, { recursive: true });
});

test('a line of the journal that a kill has cut costs none of those after it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sqs-standin-'));
  const options = { journal: join(directory, 'journal') };
  const first = new StandIn(options);
  const { QueueUrl } = await clientOf(good, SQSClient, await first.listen()).send(new CreateQueueCommand({ QueueName: 'kept' }));
  await first.close();
  appendFileSync(options.journal, '{"sent":"kept","mess');
  const second = new StandIn(options);
  await clientOf(good, SQSClient, await second.listen()).send(new SendMessageCommand({ QueueUrl, MessageBody: 'after' }));
  await second.close();
  const third = new StandIn(options);
  const { Messages } = await clientOf(good, SQSClient, await third.listen()).send(new ReceiveMessageCommand({ QueueUrl }));
  assert.deepEqual(bodies(Messages), ['after']);
  await third.close();
  rmSync(directory, { recursive: true });
});
