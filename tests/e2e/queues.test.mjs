// `liveops queues create` and `describe`, against the stand-ins of the clouds.
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceBusBus } from '../faults/support/servicebus_bus.mjs';
import { SqsBus } from '../faults/support/sqs_bus.mjs';
import { binary, makeDirectory, removeDirectory } from './support/liveops.mjs';

const directory = makeDirectory();
const sqs = new SqsBus(directory);
const servicebus = new ServiceBusBus(directory);
const withRedis = { REDIS_URL: 'redis://127.0.0.1:1' };  // so that the gateway is no group; it is not looked for

before(() => Promise.all([sqs.start(), servicebus.start()]));
after(async () => {
  await Promise.all([sqs.server.kill(), servicebus.server.kill()]);
  removeDirectory(directory);
});

function queues(args, env) {
  return new Promise((resolve) => {
    const child = spawn(binary, ['queues', ...args], {
      cwd: directory, env: { PATH: process.env.PATH, HOME: directory, ASAN_OPTIONS: process.env.ASAN_OPTIONS ?? '', TSAN_OPTIONS: process.env.TSAN_OPTIONS ?? '', ...env },
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => { out += chunk; });
    child.stderr.on('data', (chunk) => { err += chunk; });
    child.on('exit', (code) => resolve({ code, out, err }));
  });
}

test('on SQS it says what is missing, makes it, and says what is there', async () => {
  const env = { ...sqs.env(), SQS_PREFIX: 'made' };
  const before = await queues(['describe'], env);
  assert.equal(before.code, 1, before.out + before.err);
  assert.match(before.out, /^events\/gateway\tmade-events-gateway\tNOT OK\n\tthere is no SQS queue .*`liveops queues create`/m);
  const made = await queues(['create'], env);
  assert.equal(made.code, 0, made.out + made.err);
  assert.equal(made.out.trim().split('\n').length, 6, made.out);
  const described = await queues(['describe'], env);
  assert.equal(described.code, 0, described.out + described.err);
  assert.match(described.out, /^verdicts\/leaderboard\tmade-verdicts-leaderboard\t0 messages, 0 dead letters, visibility 30 s, kept 1209600 s, dead-letter queue made-verdicts-leaderboard-dead after 1000 receives\tok$/m);
  const { queues: there } = await sqs.server.admin('calls');
  assert.equal(Object.keys(there).filter((name) => name.startsWith('made-')).length, 12);
});

test('on SQS it makes FIFO queues of the names that the settings give', async () => {
  const env = { ...sqs.env(), ...withRedis, SQS_FIFO: 'true', SQS_QUEUE_PROGRESSION: 'mine.fifo', SQS_PREFIX: 'f' };
  const made = await queues(['create'], env);
  assert.equal(made.code, 0, made.out + made.err);
  assert.match(made.out, /^events\/progression\tmine\.fifo\t.*dead-letter queue mine-dead\.fifo/m);
  assert.match(made.out, /\tf-events-leaderboard\.fifo\t/);
});

test('on SQS it subscribes the queues to the topic, and names those that are not', async () => {
  const env = { ...sqs.env(), ...withRedis, SQS_PREFIX: 'sub', SNS_TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:sub' };
  assert.equal((await queues(['create'], { ...env, SNS_TOPIC_ARN: '' })).code, 0);
  const missing = await queues(['describe'], env);
  assert.equal(missing.code, 1);
  assert.match(missing.out, /there is no SNS topic/);
  await sqs.server.admin('topic', { arn: env.SNS_TOPIC_ARN, queues: [] });
  assert.match((await queues(['describe'], env)).out, /is not subscribed to SNS_TOPIC_ARN/);
  const made = await queues(['create'], env);
  assert.equal(made.code, 0, made.out + made.err);
  assert.doesNotMatch(made.out, /NOT OK/);
});

test("on SQS, what Amazon's tools read is read from the .env file too, and the environment wins", async () => {
  const { CLOUD, ...aws } = sqs.env();
  const file = join(directory, '.env');
  writeFileSync(file, Object.entries({ ...aws, BUS_KIND: 'sqs', SQS_PREFIX: 'made' }).map(([name, value]) => `${name}=${value}\n`).join(''));
  assert.equal((await queues(['describe'], {})).code, 0);
  const refused = await queues(['describe'], { AWS_SECRET_ACCESS_KEY: 'wrong' });
  assert.equal(refused.code, 1);
  assert.match(refused.err, /^liveops: AWS says \w+: /);
  rmSync(file);
  assert.equal(CLOUD, 'aws');
});

test('on Service Bus it says how to make what is missing, and what the key allows', async () => {
  const env = { ...servicebus.env(), SERVICEBUS_TOPIC_EVENTS: 'made-events', SERVICEBUS_QUEUE_VERDICTS_LEADERBOARD: 'made-verdicts', SERVICEBUS_QUEUE_VERDICTS_PROGRESSION: 'made-more' };
  const missing = await queues(['create'], env);
  assert.equal(missing.code, 1, missing.out + missing.err);
  for (const command of [
    /^ {2}az servicebus topic create .* --name made-events --enable-duplicate-detection true$/m,
    /^ {2}az servicebus topic subscription create .* --topic-name made-events --name gateway --max-delivery-count 1000/m,
    /^ {2}az servicebus queue create .* --name made-verdicts /m,
  ]) assert.match(missing.out, command);
  assert.equal((missing.out.match(/queue create/g) ?? []).length, 2, 'once, though it is sent to and listened to');
  assert.doesNotMatch((await queues(['describe'], env)).out, /az servicebus/);
  await servicebus.server.admin('PUT', '/topics', { name: 'made-events', subscriptions: ['progression', 'leaderboard', 'fairness', 'gateway'] });
  for (const name of ['made-verdicts', 'made-more']) await servicebus.server.admin('PUT', '/queues', { name });
  for (const verb of ['create', 'describe']) {
    const there = await queues([verb], env);
    assert.equal(there.code, 0, there.out + there.err);
    assert.match(there.out, /^made-events\tsend\tok$/m);
    assert.match(there.out, /^made-events\/Subscriptions\/gateway\tlisten\tok$/m);
    assert.match(there.out, /^made-verdicts\tlisten\tok$/m);
  }
  const wrong = await queues(['describe'], { ...env, SERVICEBUS_CONNECTION_STRING: servicebus.server.connectionString().replace('a key', 'another') });
  assert.equal(wrong.code, 1, wrong.out);
  assert.match(wrong.out, /^made-events\tsend\tno\n\t.*refuses/m);
});

test('on every other bus there is nothing to make', async () => {
  for (const kind of ['local', 'inmem', 'redis', 'nats']) {
    for (const verb of ['create', 'describe']) {
      const result = await queues([verb], { BUS_KIND: kind, ...withRedis });
      assert.equal(result.code, 0, result.err);
      assert.match(result.out, new RegExp(`^BUS_KIND=${kind}: there is nothing to make`));
    }
  }
});

test('help is help, and what is wrong with the settings is said in one line, with exit code 2', async () => {
  const help = await queues(['create', '--help'], {});
  assert.equal(help.code, 0);
  assert.match(help.out, /--sqs-prefix/);
  const cases = [
    [[], {}, /.+/],
    [['drop'], {}, /.+/],
    [['describe'], { BUS_KIND: 'servicebus' }, /SERVICEBUS_CONNECTION_STRING: is required/],
    [['describe'], { BUS_KIND: 'sqs' }, /no AWS region: set AWS_REGION/],
    [['describe'], { CLOUD: 'aws', BUS_KIND: 'servicebus' }, /contradicts CLOUD=aws/],
  ];
  for (const [args, env, message] of cases) {
    const result = await queues(args, env);
    assert.equal(result.code, 2, result.out + result.err);
    assert.match(result.err, message);
  }
});
