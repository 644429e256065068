// The operations of the service over its queues; each takes the JSON request and gives the JSON answer.
import { ServiceError, invalid, missing, noSuchQueue } from './errors.mjs';
import { longPoll } from './long_poll.mjs';
import { Queue, md5 } from './queue.mjs';

const TEXT = /^[\x09\x0A\x0D\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;
const MAX_ENTRIES = 10;
const MAX_BATCH_BYTES = 1048576;
const KNOWN = new Set([
  'CreateQueue', 'GetQueueUrl', 'ListQueues', 'DeleteQueue', 'GetQueueAttributes', 'SetQueueAttributes',
  'SendMessage', 'SendMessageBatch', 'ReceiveMessage', 'DeleteMessage', 'DeleteMessageBatch', 'ChangeMessageVisibility',
  'ChangeMessageVisibilityBatch', 'PurgeQueue',
]);

function bytesOf(entry) {
  let bytes = Buffer.byteLength(entry.MessageBody);
  for (const [name, value] of Object.entries(entry.MessageAttributes ?? {})) {
    bytes += Buffer.byteLength(name + value.DataType + (value.StringValue ?? '')) + Buffer.from(value.BinaryValue ?? '', 'base64').length;
  }
  return bytes;
}

function checkEntries(entries) {
  if (!entries?.length) throw new ServiceError('EmptyBatchRequest', 'There should be at least one SendMessageBatchRequestEntry in the request.', { legacy: 'AWS.SimpleQueueService.EmptyBatchRequest' });
  if (entries.length > MAX_ENTRIES) throw new ServiceError('TooManyEntriesInBatchRequest', 'Maximum number of entries per request are 10.', { legacy: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest' });
  if (entries.some(({ Id }) => !/^[\w-]{1,80}$/.test(Id ?? ''))) throw new ServiceError('InvalidBatchEntryId', 'A batch entry id can only contain alphanumeric characters, hyphens and underscores.');
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) throw new ServiceError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
}

function checkMessage(queue, entry) {
  if (!entry.MessageBody) throw missing('MessageBody');
  if (!TEXT.test(entry.MessageBody)) throw new ServiceError('InvalidMessageContents', 'Invalid characters in the message body.');
  const attributes = Object.entries(entry.MessageAttributes ?? {});
  if (attributes.length > 10) throw invalid('Number of message attributes [11] exceeds the allowed maximum [10].');
  for (const [name, value] of attributes) {
    if (value.DataType?.startsWith('String') && !value.StringValue) throw invalid(`The message attribute '${name}' must contain non-empty message attribute value.`);
  }
  if (bytesOf(entry) > Number(queue.attributes.MaximumMessageSize)) throw invalid(`One or more parameters are invalid. Reason: Message must be shorter than ${queue.attributes.MaximumMessageSize} bytes.`);
  if (queue.fifo && !entry.MessageGroupId) throw missing('MessageGroupId');
  if (queue.fifo && !entry.MessageDeduplicationId && queue.attributes.ContentBasedDeduplication !== 'true') throw invalid('The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly');
}

export class Operations {
  constructor({ clock, journal, region, account = '000000000000', origin }) {
    Object.assign(this, { clock, journal, region, account, origin });
    this.queues = new Map();
  }

  /** Runs an operation; `orders` may make entries of a batch fail; `gone` tells when the client has left. */
  async run(name, request, { failEntries = () => undefined, gone = () => {} } = {}) {
    if (!KNOWN.has(name)) throw new ServiceError('InvalidAction', `The action ${name} is not valid for this endpoint.`);
    return this[name[0].toLowerCase() + name.slice(1)](request, { failEntries, gone });
  }

  urlOf(queue) { return `${this.origin()}/${this.account}/${queue.name}`; }

  queueOf(url) {
    const queue = this.queues.get(url?.split('/').pop());
    if (!queue) throw noSuchQueue();
    return queue;
  }

  queueByArn(arn) { return this.queues.get(arn?.split(':').pop()); }

  create(name, attributes = {}) {
    const queue = new Queue(name, `arn:aws:sqs:${this.region}:${this.account}:${name}`, attributes, this);
    this.queues.set(name, queue);
    return queue;
  }

  createQueue({ QueueName: name, Attributes: attributes = {} }) {
    if (!/^[\w-]{1,75}(\.fifo)?$/.test(name ?? '') || name.length > 80) throw invalid('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length');
    if (name.endsWith('.fifo') !== (attributes.FifoQueue === 'true')) throw invalid('The name of a FIFO queue can only end with the .fifo suffix.');
    const known = this.queues.get(name);
    if (known && Object.entries(attributes).some(([key, value]) => known.attributes[key] !== value)) {
      throw new ServiceError('QueueNameExists', 'A queue already exists with the same name and a different value for attributes', { legacy: 'QueueAlreadyExists' });
    }
    const queue = known ?? this.create(name, attributes);
    if (!known) this.journal?.write({ created: name, attributes });
    return { QueueUrl: this.urlOf(queue) };
  }

  getQueueUrl({ QueueName }) {
    const queue = this.queues.get(QueueName);
    if (!queue) throw noSuchQueue();
    return { QueueUrl: this.urlOf(queue) };
  }

  listQueues({ QueueNamePrefix = '' }) {
    return { QueueUrls: [...this.queues.values()].filter(({ name }) => name.startsWith(QueueNamePrefix)).map((queue) => this.urlOf(queue)) };
  }

  deleteQueue({ QueueUrl }) {
    const { name } = this.queueOf(QueueUrl);
    this.queues.delete(name);
    this.journal?.write({ dropped: name });
    return undefined;
  }

  getQueueAttributes({ QueueUrl, AttributeNames = [] }) {
    const queue = this.queueOf(QueueUrl);
    const { visible, inFlight, delayed } = queue.counts();
    const all = {
      ...queue.attributes, QueueArn: queue.arn, ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(inFlight), ApproximateNumberOfMessagesDelayed: String(delayed),
    };
    const wanted = Object.entries(all).filter(([key]) => AttributeNames.includes('All') || AttributeNames.includes(key));
    return wanted.length > 0 ? { Attributes: Object.fromEntries(wanted) } : {};
  }

  setQueueAttributes({ QueueUrl, Attributes }) {
    const queue = this.queueOf(QueueUrl);
    Object.assign(queue.attributes, Attributes);
    for (const [key, value] of Object.entries(Attributes)) if (value === '') delete queue.attributes[key];
    this.journal?.write({ changed: queue.name, attributes: Attributes });
    return undefined;
  }

  sendMessage(request) {
    const queue = this.queueOf(request.QueueUrl);
    checkMessage(queue, request);
    return queue.send(request);
  }

  #batch(entries, failEntries, act) {
    checkEntries(entries);
    const answer = { Successful: [], Failed: [] };
    entries.forEach((entry, index) => {
      try {
        const ordered = failEntries(index, entry);
        if (ordered) throw ordered;
        answer.Successful.push({ Id: entry.Id, ...act(entry) });
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        answer.Failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: error.senderFault ?? true });
      }
    });
    return answer;
  }

  sendMessageBatch({ QueueUrl, Entries }, { failEntries }) {
    const queue = this.queueOf(QueueUrl);
    checkEntries(Entries);
    if (Entries.reduce((sum, entry) => sum + bytesOf({ MessageBody: '', ...entry }), 0) > MAX_BATCH_BYTES) {
      throw new ServiceError('BatchRequestTooLong', 'Batch requests cannot be longer than 1048576 bytes.', { legacy: 'AWS.SimpleQueueService.BatchRequestTooLong' });
    }
    return this.#batch(Entries, failEntries, (entry) => {
      checkMessage(queue, entry);
      return queue.send(entry);
    });
  }

  async receiveMessage(request, { gone }) {
    const queue = this.queueOf(request.QueueUrl);
    const max = request.MaxNumberOfMessages ?? 1;
    if (max < 1 || max > 10) throw invalid(`Value ${max} for parameter MaxNumberOfMessages is invalid.`);
    const wait = request.WaitTimeSeconds ?? Number(queue.attributes.ReceiveMessageWaitTimeSeconds);
    if (wait < 0 || wait > 20) throw invalid(`Value ${wait} for parameter WaitTimeSeconds is invalid.`);
    const visibility = request.VisibilityTimeout ?? Number(queue.attributes.VisibilityTimeout);
    const dead = this.queueByArn(queue.redrive?.deadLetterTargetArn);
    const taken = await longPoll(queue, wait, gone, () => queue.receive(max, visibility, dead));
    return taken.length > 0 ? { Messages: taken.map((message) => this.#show(message, request)) } : {};
  }

  #show(message, { AttributeNames = [], MessageSystemAttributeNames = [], MessageAttributeNames = [] }) {
    const system = {
      SenderId: this.account, SentTimestamp: String(message.sentAt), ApproximateReceiveCount: String(message.receives),
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt), ...(message.source && { DeadLetterQueueSourceArn: message.source }),
      ...(message.sequence && { SequenceNumber: message.sequence, MessageGroupId: message.group, MessageDeduplicationId: message.deduplication }),
    };
    const names = [...AttributeNames, ...MessageSystemAttributeNames];
    const attributes = Object.entries(system).filter(([name]) => names.includes('All') || names.includes(name));
    const own = Object.entries(message.attributes ?? {}).filter(([name]) => MessageAttributeNames.some((wanted) => ['All', '.*', name].includes(wanted)));
    return {
      MessageId: message.id, ReceiptHandle: message.handle, Body: message.body, MD5OfBody: md5(message.body),
      ...(attributes.length > 0 && { Attributes: Object.fromEntries(attributes) }),
      ...(own.length > 0 && { MessageAttributes: Object.fromEntries(own) }),
    };
  }

  deleteMessage({ QueueUrl, ReceiptHandle }) {
    this.queueOf(QueueUrl).remove(ReceiptHandle);
    return undefined;
  }

  deleteMessageBatch({ QueueUrl, Entries }, { failEntries }) {
    const queue = this.queueOf(QueueUrl);
    return this.#batch(Entries, failEntries, (entry) => queue.remove(entry.ReceiptHandle));
  }

  #changeVisibility(queue, { ReceiptHandle, VisibilityTimeout: seconds }) {
    if (!Number.isInteger(seconds) || seconds < 0 || seconds > 43200) throw invalid(`Value ${seconds} for parameter VisibilityTimeout is invalid.`);
    queue.changeVisibility(ReceiptHandle, seconds);
    return undefined;
  }

  changeMessageVisibility(request) { return this.#changeVisibility(this.queueOf(request.QueueUrl), request); }

  changeMessageVisibilityBatch({ QueueUrl, Entries }, { failEntries }) {
    const queue = this.queueOf(QueueUrl);
    return this.#batch(Entries, failEntries, (entry) => this.#changeVisibility(queue, entry));
  }

  purgeQueue({ QueueUrl }) {
    this.queueOf(QueueUrl).purge();
    return undefined;
  }
}
