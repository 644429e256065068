// The stand-in's HTTP side; see README.md.
import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';
import { Clock } from './clock.mjs';
import { ServiceError } from './errors.mjs';
import { Identity } from './identity.mjs';
import { Journal } from './journal.mjs';
import { Operations } from './operations.mjs';
import { Orders, failing, throwOrdered } from './orders.mjs';
import { checkSignature } from './signature.mjs';
import { manageSubscriptions, publishBatch } from './topics.mjs';

const JSON_TYPE = 'application/x-amz-json-1.0';

export class StandIn {
  constructor({ region = 'us-east-1', keys = { AKIDEXAMPLE: { secret: 'example-secret' } }, journal } = {}) {
    this.region = region;
    this.keys = { ...keys };
    this.clock = new Clock();
    this.orders = new Orders();
    this.identity = new Identity(this.keys, this.clock);
    this.topics = new Map(); // ARN -> names of queues
    this.wrapped = new Set(); // ARNs of subscriptions without raw delivery
    this.calls = {};
    const book = journal ? new Journal(journal) : undefined;
    this.operations = new Operations({ clock: this.clock, journal: book, region, origin: () => `http://sqs.${region}.stand-in.invalid` });
    book?.replay(this.operations);
    this.server = createServer((request, response) => this.#serve(request, response));
    this.server.keepAliveTimeout = 60_000;
  }

  async listen(port = 0) {
    await new Promise((resolve, reject) => this.server.once('error', reject).listen(port, '127.0.0.1', resolve));
    this.port = this.server.address().port;
    return this.port;
  }

  close() {
    this.server.closeAllConnections();
    return new Promise((resolve) => { this.server.close(resolve); });
  }

  async #serve(request, response) {
    response.setHeader('date', new Date(this.clock.now()).toUTCString());
    const chunks = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
      await this.#answer(request, response, Buffer.concat(chunks));
    } catch (error) {
      if (!(error instanceof ServiceError)) console.error(error);
      this.#refuse(response, error instanceof ServiceError ? error : new ServiceError('InternalFailure', String(error), { status: 500 }));
    }
  }

  async #answer(request, response, body) {
    if (request.url.startsWith('/_standin/')) { this.#admin(request.url.slice('/_standin/'.length), body, response); return; }
    const credentials = this.identity.answer(request, body);
    if (credentials) { send(response, credentials.status, credentials.type, credentials.body); return; }
    checkSignature(request, body, { keys: this.keys, region: this.region, services: ['sqs', 'sns'], now: this.clock.now() });
    if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) { this.#publish(body, response); return; }
    await this.#operate(request, body, response);
  }

  async #operate(request, body, response) {
    const name = (request.headers['x-amz-target'] ?? '').replace(/^AmazonSQS\./, '');
    this.calls[name] = (this.calls[name] ?? 0) + 1;
    let question;
    try { question = JSON.parse(body.toString() || '{}'); } catch { throw new ServiceError('SerializationException', 'not JSON', { namespace: 'com.amazon.coral.service' }); }
    const order = this.orders.next(name, question.QueueUrl?.split('/').pop());
    if (order?.what === 'html') { send(response, order.status ?? 502, 'text/html', '<html><body>Bad Gateway</body></html>'); return; }
    if (order?.retryAfterMs) response.setHeader('x-amz-retry-after', String(order.retryAfterMs));
    throwOrdered(order);
    if (order?.what === 'hang') await new Promise((resolve) => { setTimeout(resolve, order.forMs ?? 600_000).unref(); });
    const gone = (tell) => response.once('close', tell);
    const answer = await this.operations.run(name, question, { failEntries: failing(order), gone });
    if (order?.what === 'drop') response.destroy();
    else send(response, 200, JSON_TYPE, answer === undefined ? '' : JSON.stringify(answer));
  }

  #publish(body, response) {
    const form = new URLSearchParams(body.toString());
    const name = form.get('Action');
    this.calls[name] = (this.calls[name] ?? 0) + 1;
    const managed = manageSubscriptions(form, this.topics, this.wrapped);
    if (managed) { send(response, managed.status, 'text/xml', managed.body); return; }
    const order = this.orders.next(name);
    if (order?.what === 'throttle') { send(response, 400, 'text/xml', '<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>'); return; }
    const subscribed = (arn) => this.topics.get(arn)?.map((queue) => this.operations.queues.get(queue));
    const answer = publishBatch(form, subscribed, failing(order));
    send(response, answer.status, 'text/xml', answer.body);
  }

  #admin(path, body, response) {
    const order = body.length > 0 ? JSON.parse(body) : {};
    if (path === 'advance') {
      this.clock.advance(order.ms);
      for (const queue of this.operations.queues.values()) queue.wake();
    }
    if (path === 'order') this.orders.add(order);
    if (path === 'keys') {
      for (const id of Object.keys(this.keys)) delete this.keys[id];
      Object.assign(this.keys, order);
    }
    if (path === 'identity') Object.assign(this.identity, order);
    if (path === 'topic') {
      this.topics.set(order.arn, order.queues);
      this.wrapped = new Set((order.wrapped ?? []).map((queue) => `${order.arn}:${queue}`));
    }
    const queues = Object.fromEntries([...this.operations.queues].map(([name, queue]) => [name, queue.counts()]));
    send(response, 200, 'application/json', JSON.stringify({ calls: this.calls, queues }));
  }

  #refuse(response, error) {
    if (response.destroyed || response.headersSent) { response.destroy(); return; }
    const fault = error.status >= 500 ? 'Receiver' : 'Sender';
    response.setHeader('x-amzn-query-error', `${error.legacy ?? error.code};${fault}`);
    send(response, error.status, JSON_TYPE, JSON.stringify({ __type: error.type, message: error.message }));
  }
}

function send(response, status, type, body) {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body), 'x-amzn-requestid': randomUUID() }).end(body);
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const options = JSON.parse(process.argv[2] ?? '{}');
  const standIn = new StandIn(options);
  console.log(`listening ${await standIn.listen(options.port ?? 0)}`);
}
