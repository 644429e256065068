// The requests of `<entity>/$management`: what each answers, as { status, condition?, description?, body? }.
import rhea from 'rhea';
import { swapGuidBytes } from './entity.mjs';

const { types } = rhea;
const kTimestampArray = 0x83;
const lockLost = { status: 410, condition: 'com.microsoft:message-lock-lost', description: 'The lock supplied is invalid.' };

const tokensOf = (body) => [].concat(body['lock-tokens']).map((token) => Buffer.from(token));

function renewLock(entity, body) {
  const ends = tokensOf(body).map((token) => entity.renew(token));
  if (ends.some((end) => end === 0)) return lockLost;
  return { status: 200, body: types.wrap_map({ expirations: types.wrap_array(ends, kTimestampArray) }) };
}

function peek(entity, body) {
  const records = entity.peek(Number(body['from-sequence-number']), Number(body['message-count']));
  if (records.length === 0) return { status: 204, condition: 'com.microsoft:message-not-found' };
  const messages = records.map((record) => {
    const message = entity.annotated(record);
    if (body['omit-message-body']) message.body = rhea.message.data_section(Buffer.alloc(0));
    return types.wrap_map({ message: types.wrap_binary(rhea.message.encode(message)) });
  });
  return { status: 200, body: types.wrap_map({ messages: types.wrap_list(messages) }) };
}

function updateDisposition(entity, body) {
  const settle = {
    completed: (record) => entity.complete(record),
    abandoned: (record) => entity.giveBack(record),
    suspended: (record) => entity.bury(record, body['deadletter-reason'] || '', body['deadletter-description'] || ''),
  }[body['disposition-status']];
  if (!settle) return { status: 400, condition: 'amqp:not-allowed', description: 'unknown disposition-status' };
  const records = tokensOf(body).map((token) => entity.take(swapGuidBytes(token)));
  for (const record of records) if (record) settle(record);
  return records.every(Boolean) ? { status: 200 } : lockLost;
}

const operations = {
  'com.microsoft:renew-lock': renewLock,
  'com.microsoft:peek-message': peek,
  'com.microsoft:update-disposition': updateDisposition,
};

export function manage(entity, operation, body, stats) {
  const run = operations[operation];
  if (!run) return { status: 501, condition: 'amqp:not-implemented', description: `no operation ${operation}` };
  if (!entity) return { status: 404, condition: 'amqp:not-found', description: 'no such entity' };
  stats.managed[operation] = (stats.managed[operation] || 0) + 1;
  return run(entity, body);
}
