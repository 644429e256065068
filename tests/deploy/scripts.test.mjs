// The shell scripts: clean by shellcheck, and the small ones do what they say.
import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { programs, read, run, settings, top } from './support/tree.mjs';

test('ShellcheckFindsNothing', () => {
  const files = run('git', ['ls-files']).stdout.split('\n').filter((file) => file !== '');
  const scripts = files.filter((file) => file.endsWith('.sh') || /^#!.*\b(ba)?sh\n/.test(firstLine(file)));
  assert.ok(scripts.includes('dev') && scripts.includes('tools/stack.sh') && scripts.includes('deploy/debian/postinst'), scripts.join(' '));
  run('shellcheck', ['-x', ...scripts]);
});

function firstLine(file) {
  try {
    return `${readFileSync(join(top, file), 'latin1').split('\n', 1)[0]}\n`;
  } catch {
    return '';  // removed, or a link to nowhere
  }
}

/** Ends with the exit code of the health check, run beside the server of this process. */
function healthcheck(url, env = {}) {
  return new Promise((resolve) => {
    spawn(join(top, 'deploy/healthcheck.sh'), [url], { stdio: 'ignore', env: { ...process.env, ...env } }).once('exit', resolve);
  });
}

/** A server that answers every connection with `text` and closes, or, without one, keeps silent. */
async function server(text) {
  const sockets = [];
  const listener = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.once('data', () => { if (text !== null) socket.end(text); });
  });
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${listener.address().port}/readyz`,
    close: () => { sockets.forEach((socket) => socket.destroy()); return new Promise((resolve) => listener.close(resolve)); },
  };
}

test('TheHealthCheckWantsA200', async () => {
  for (const [text, code] of [['HTTP/1.1 200 OK\r\n\r\n', 0], ['HTTP/1.1 503 Service Unavailable\r\n\r\n', 1], ['', 1]]) {
    const one = await server(text);
    assert.equal(await healthcheck(one.url), code, text);
    await one.close();
    assert.equal(await healthcheck(one.url), 1, 'nobody listens any more');
  }
  assert.equal(await healthcheck('https://127.0.0.1/'), 2);
});

test('TheHealthCheckDoesNotWaitForASilentServer', async () => {
  const silent = await server(null);
  assert.notEqual(await healthcheck(silent.url), 0);
  assert.equal(await healthcheck(silent.url, { TLS_CERT: 'cert.pem' }), 0, 'with TLS it looks at the port only');
  await silent.close();
});

test('SettingsOfThePackageAreOnesThatTheProgramKnows', () => {
  const named = [...read('deploy/debian/env').matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm), ...read('deploy/debian/postinst').matchAll(/echo "#?([A-Z][A-Z0-9_]*)=/g)];
  assert.ok(named.length > 10);
  for (const [, name] of named) assert.ok(settings.has(name), `${name} is no setting`);
});

test('EveryProgramNamedInTheUnitsIsInstalled', () => {
  for (const unit of ['liveops-guard.service', 'liveops-guard@.service']) {
    for (const [, program] of read(`deploy/systemd/${unit}`).matchAll(/^ExecStart(?:Pre)?=\/usr\/bin\/(\S+)/gm)) {
      assert.ok(program === 'liveops-%i' || programs.has(program), program);
    }
  }
});
