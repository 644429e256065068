// The contract itself: linted, and served by the gateway as it stands in the repository.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { LiveOps, makeDirectory, removeDirectory } from './support/liveops.mjs';
import { openapi } from './support/openapi.mjs';

const file = fileURLToPath(new URL('../../api/openapi.yaml', import.meta.url));

test('the OpenAPI file passes the linter', () => {
  const redocly = fileURLToPath(new URL('./node_modules/.bin/redocly', import.meta.url));
  const result = spawnSync(redocly, ['lint', file], { encoding: 'utf8', env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' } });
  assert.equal(result.status, 0, result.stdout + result.stderr);
});

test('the gateway serves the very file', async () => {
  const directory = makeDirectory();
  const liveops = await new LiveOps(directory).start();
  try {
    const answer = await fetch(`${liveops.url('gateway')}/openapi.yaml`);
    assert.equal(answer.status, 200);
    assert.equal(await answer.text(), readFileSync(file, 'utf8'));
  } finally {
    await liveops.kill();
    removeDirectory(directory);
  }
});

test('every operation has an id, a summary and an example of success', () => {
  for (const [path, item] of Object.entries(openapi.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      if (!['get', 'post'].includes(method)) continue;
      assert.ok(operation.operationId && operation.summary, `${method} ${path}`);
    }
  }
});
