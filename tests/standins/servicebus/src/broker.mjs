// AMQP 1.0 as Service Bus speaks it: links to entities, $cbs and $management, dispositions.
import rhea from 'rhea';
import { Claims } from './claims.mjs';
import { manage } from './management.mjs';
import { pathOf } from './namespace.mjs';

const { types } = rhea;
const kSessionBuffer = 65536; // deliveries that may be unsettled on a session
const lockLost = { condition: 'com.microsoft:message-lock-lost',
  description: 'The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue.' };
const notFound = (path) => ({ condition: 'amqp:not-found', description: `The messaging entity '${path}' could not be found.` });
const unauthorised = (path, right) => ({ condition: 'amqp:unauthorized-access',
  description: `Unauthorized access. '${right}' claim(s) are required to perform this operation. Resource: '${path}'.` });
const isService = (path) => path === '$cbs' || path.endsWith('/$management');

function usedPlain(connection) {
  const layers = [connection.sasl_transport, connection.sasl_transport?.selected, connection.sasl_transport?.transport];
  return layers.some((layer) => layer?.mechanism?.callback && layer.mechanism.username);
}

/** rhea writes the states of two deliveries in a row as one, the first's: a rejection must be written by itself. */
const writeDispositions = (session) => session.incoming.process(session);

export class Broker {
  /** access: { keys }; stats: counters. */
  constructor(namespace, faults, access, stats) {
    Object.assign(this, { namespace, faults, access, stats });
    this.container = rhea.create_container({ id: 'servicebus-standin' });
    Object.assign(this.container.options, { autoaccept: false, autosettle: true, treat_modified_as_released: false,
      credit_window: 1000, max_frame_size: 65536, idle_time_out: 240000, session_buffer_size: kSessionBuffer });
    this.container.sasl_server_mechanisms.enable_anonymous();
    this.container.sasl_server_mechanisms.enable_plain((user, password) => this.access.keys[user] === password);
    const on = (event, handler) => this.container.on(event, (context) => handler.call(this, context));
    on('connection_open', this.#connected);
    on('connection_close', this.#gone);
    on('disconnected', this.#gone);
    on('receiver_open', this.#peerSends);
    on('sender_open', this.#peerReceives);
    on('sender_close', (context) => this.#leave(context.sender));
    on('receiver_close', (context) => this.#leave(context.receiver));
    on('sender_flow', ({ sender }) => {
      sender.credit = Math.max(sender.credit, 0); // below 0 when flows cross; rhea would drain that for ever
      sender.limit = sender.delivery_count + sender.credit;
      if (sender.entity) this.stats.flows += 1;
    });
    on('sendable', (context) => context.sender.entity?.pump());
    on('sender_draining', this.#drain);
    on('message', this.#message);
    const settlements = {
      accepted: (entity, record) => entity.complete(record),
      released: (entity, record) => entity.release(record),
      modified: (entity, record) => entity.giveBack(record),
      rejected: (entity, record, state) => this.#reject(entity, record, state),
    };
    for (const [outcome, settle] of Object.entries(settlements)) on(outcome, (context) => this.#settled(context, outcome, settle));
    for (const ignored of ['connection_error', 'session_error', 'receiver_error', 'sender_error', 'protocol_error', 'error']) on(ignored, () => {});
  }

  listen(options) {
    return this.container.listen({ host: '127.0.0.1', ...this.container.options, ...options });
  }

  #connected({ connection }) {
    connection.entityLinks = new Set();
    connection.replies = new Map(); // reply address -> our sender
    connection.claims = new Claims(connection, usedPlain(connection));
    this.faults.connections.add(connection);
    connection.socket.once('close', () => this.#gone({ connection })); // rhea hears of no socket that we destroy
    this.stats.connections += 1;
  }

  #gone({ connection }) {
    if (!this.faults.connections.delete(connection)) return;
    connection.claims.end();
    for (const link of connection.entityLinks) this.#leave(link);
  }

  #leave(link) { // its locks stay until they run out
    link.entity?.links.delete(link);
    link.connection.entityLinks.delete(link);
    link.left?.();
  }

  /** As AMQP has it, and the service does it: an attach without source and target, then a detach that says why. */
  #refuse(link, why) {
    if (this.faults.refuseAfterMs > 0) setTimeout(() => link.close(why), this.faults.refuseAfterMs);
    else link.close(why);
  }

  /** Why a link to an entity is refused, or undefined. */
  #against(connection, path, right, entity) {
    if (!connection.claims.allow(path)) return unauthorised(path, right);
    return entity ? this.faults.against(path) : notFound(path);
  }

  #peerSends({ receiver, connection }) {
    const path = pathOf(receiver.target?.address);
    const target = this.namespace.target(path);
    receiver.path = path;
    const refusal = isService(path) ? undefined : this.#against(connection, path, 'Send', target);
    if (refusal) { this.#refuse(receiver, refusal); return; }
    receiver.set_target({ address: receiver.target?.address });
    receiver.set_source(receiver.source || {});
    if (isService(path)) return;
    receiver.goesTo = target;
    receiver.local.attach.max_message_size = target.settings.maxSize;
    connection.entityLinks.add(receiver);
  }

  #peerReceives({ sender, connection }) {
    const path = pathOf(sender.source?.address);
    const entity = this.namespace.source(path);
    sender.path = path;
    const refusal = isService(path) ? undefined : this.#against(connection, path, 'Listen', entity);
    if (refusal) { this.#refuse(sender, refusal); return; }
    sender.set_source({ address: sender.source?.address });
    sender.set_target(sender.target || {});
    if (isService(path)) {
      connection.replies.set(sender.target?.address || sender.name, sender);
      return;
    }
    sender.local.attach.rcv_settle_mode = sender.rcv_settle_mode;
    sender.local.attach.snd_settle_mode = sender.snd_settle_mode;
    Object.assign(sender, { entity, given: 0, limit: 0 });
    entity.links.add(sender);
    connection.entityLinks.add(sender);
  }

  #drain({ sender }) {
    sender.entity?.pump();
    sender.given = sender.limit; // what is left of the credit is void
    sender.set_drained(true);
  }

  #message(context) {
    const { receiver, connection, delivery, message } = context;
    if (!isService(receiver.path)) { this.#send(context); return; }
    delivery.accept(); // an unsettled head would in time fill the session's buffer
    if (receiver.path === '$cbs') this.#putToken(connection, message);
    else setImmediate(() => this.#manage(receiver, message)); // after the settlements that came with it
  }

  #manage(receiver, message) {
    const { connection } = receiver;
    const entity = this.namespace.source(receiver.path.replace(/\/\$management$/, ''));
    const answer = connection.claims.allow(receiver.path)
      ? manage(entity, message.application_properties.operation, message.body, this.stats)
      : { status: 401, ...unauthorised(receiver.path, 'Listen') };
    this.#reply(connection, message, { statusCode: types.wrap_int(answer.status),
      statusDescription: answer.description || 'OK', ...(answer.condition && { errorCondition: answer.condition }) }, answer.body);
  }

  #putToken(connection, request) {
    const audience = String(request.application_properties?.name);
    const checked = connection.claims.put(audience, String(request.body), this.access.keys);
    if (checked.refused) {
      this.stats.tokensRefused += 1;
      this.#reply(connection, request, { 'status-code': types.wrap_int(401), 'status-description': checked.refused, 'error-condition': 'amqp:unauthorized-access' });
      return;
    }
    this.stats.tokens += 1;
    this.#reply(connection, request, { 'status-code': types.wrap_int(202), 'status-description': 'Accepted' });
  }

  #reply(connection, request, properties, body = null) {
    connection.replies.get(request.reply_to)?.send({ to: request.reply_to, correlation_id: request.message_id, application_properties: properties, body });
  }

  #send({ receiver, delivery, message, format }) {
    this.stats.transfers += 1;
    const messages = format ? this.#unpack(message) : [message];
    const bytes = format ? message.length : rhea.message.encode(message).length;
    const tooLarge = bytes > receiver.goesTo.settings.maxSize;
    const error = tooLarge ? { condition: 'amqp:link:message-size-exceeded', description: `${bytes} bytes are more than the link takes.` } : this.faults.refusal();
    const answer = () => {
      if (!error) { delivery.accept(); return; }
      writeDispositions(receiver.session);
      delivery.reject(error);
      writeDispositions(receiver.session);
    };
    if (!error) for (const one of messages) this.namespace.accept(receiver.goesTo, one);
    if (this.faults.slowMs > 0) setTimeout(answer, this.faults.slowMs);
    else answer();
  }

  #unpack(payload) { // message-format 0x80013700: data sections that are messages
    this.stats.batches += 1;
    const { body } = rhea.message.decode(payload);
    return (body.multiple ? body.content : [body.content]).map((bytes) => rhea.message.decode(bytes));
  }

  #settled({ sender, delivery }, outcome, settle) {
    if (!sender?.entity) return;
    this.stats[outcome] += 1;
    const record = sender.entity.take(delivery.tag);
    if (record) settle(sender.entity, record, delivery.remote_state);
    else this.stats.locksLost += 1;
    if (delivery.remote_settled) return;
    // The peer settles second: it waits for our word.
    if (record) delivery.update(true, rhea.message[outcome]({}).described());
    else setImmediate(() => delivery.update(true, rhea.message.rejected({ error: lockLost }).described())); // by itself
  }

  #reject(entity, record, state) {
    const error = state?.error || {};
    const { DeadLetterReason: reason, DeadLetterErrorDescription: description, ...properties } = error.info || {};
    if (entity.dead) entity.bury(record, reason || error.condition || 'Rejected', description || error.description || '', properties);
    else entity.release(record);
  }
}

