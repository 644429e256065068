// Orders about players in the embedded form: `liveops serve` and its SQLite files.
import { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { LiveOps, adminToken, binary, makeDirectory, removeDirectory, secret } from './support/liveops.mjs';
import { shortSeason, tellOfUndo } from './support/undo_story.mjs';

const directory = makeDirectory();
const data = join(directory, 'data');
const seasonSeconds = 45;

class Embedded {
  async start(ports = null) {
    this.rules ??= shortSeason(directory, seasonSeconds);
    this.liveops = await new LiveOps(directory, { env: { RULES_FILE: this.rules }, ports }).start();
  }

  url(service) { return this.liveops.url(service); }

  async crash() {
    await this.liveops.kill();
    await this.start(this.liveops.ports);
  }

  reload() { this.liveops.process.kill('SIGHUP'); }

  tool(args) {
    const sanitizers = Object.fromEntries(['ASAN_OPTIONS', 'TSAN_OPTIONS'].map((name) => [name, process.env[name] ?? '']));
    const env = { PATH: process.env.PATH, HOME: directory, DATA_DIR: data, HMAC_SECRET: secret, ADMIN_TOKEN: adminToken, FAIRNESS_URL: this.url('fairness'), ...sanitizers };
    return new Promise((resolve) => {
      const child = spawn(binary, args, { cwd: directory, env });
      let out = '';
      let err = '';
      child.stdout.on('data', (chunk) => { out += chunk; });
      child.stderr.on('data', (chunk) => { err += chunk; });
      child.on('close', (code) => resolve({ code, out, err }));
    });
  }

  changeAudit(sql) {
    const unguarded = `DROP TRIGGER IF EXISTS audit_is_never_changed; DROP TRIGGER IF EXISTS audit_is_never_shortened; ${sql}`;
    const result = spawnSync('sqlite3', ['-cmd', '.timeout 10000', join(data, 'fairness.db'), unguarded], { encoding: 'utf8' });
    assert.equal(result.status, 0, result.stderr);
  }
}

const system = new Embedded();
before(() => system.start());
after(async () => {
  assert.deepEqual(await system.liveops.stop(), { code: 0, signal: null });
  removeDirectory(directory);
});
tellOfUndo(system);
