// The README's demo, as it is typed.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { binary } from './support/liveops.mjs';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const seconds = '5';

test('the demo serves, simulates and balances the books', async () => {
  const demo = spawn('tools/demo.sh', [seconds], { cwd: repository, env: { PATH: process.env.PATH, LIVEOPS_BIN: binary } });
  let shown = '';
  for (const stream of [demo.stdout, demo.stderr]) stream.on('data', (text) => { shown += text; });
  const code = await new Promise((resolve) => { demo.on('close', resolve); });
  assert.equal(code, 0, shown);
  assert.match(shown, /^valid: /m, 'a receipt was claimed and verified');
  assert.match(shown, /^The books balance: /m);
});
