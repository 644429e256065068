// The Debian package, made of the programs of this build: what is in it, its units, its scripts, and that it really runs.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { assignments, programs, run, services, top, until, version } from './support/tree.mjs';

const build = resolve(process.env.LIVEOPS_BUILD_DIR ?? join(top, 'build/dev'));
const units = ['liveops-guard.service', 'liveops-guard@.service', 'liveops-guard.target', 'liveops-guard@gateway.service.d/first.conf'];
const instances = services.map((name) => `liveops-guard@${name}.service`);
const worstExposure = 15;  // of 100, by systemd-analyze security
const directory = mkdtempSync(join(tmpdir(), 'liveops-package-'));
const root = join(directory, 'root');
let file;

before(() => {
  run('cpack', ['-G', 'DEB', '--config', join(build, 'CPackConfig.cmake'), '-B', join(directory, 'cpack')], { cwd: directory });
  file = join(directory, 'cpack', readdirSync(join(directory, 'cpack')).find((name) => name.endsWith('.deb')));
  run('dpkg-deb', ['-x', file, root]);
});

after(() => rmSync(directory, { recursive: true, force: true }));

test('ItSaysWhatItIsAndNeeds', () => {
  const architecture = run('dpkg', ['--print-architecture']).stdout.trim();
  assert.equal(basename(file), `liveops-guard_${version}_${architecture}.deb`);
  const field = (name) => run('dpkg-deb', ['-f', file, name]).stdout.trim();
  for (const library of ['libc6', 'libssl3', 'libpq5', 'libhiredis', 'libnats', 'libcurl4', 'libqpid-proton-cpp12', 'libsqlite3-0', 'libmimalloc', 'adduser', 'tzdata']) {
    assert.ok(field('Depends').includes(library), `${library} is not among ${field('Depends')}`);
  }
  assert.equal(field('Package'), 'liveops-guard');
});

test('ItHoldsProgramsUnitsSettingsAndPapers', () => {
  const lines = run('dpkg-deb', ['-c', file]).stdout.split('\n').filter((line) => line !== '');
  for (const line of lines) assert.match(line, /^\S+ root\/root /);
  const paths = lines.map((line) => line.split(/\s+/)[5].slice(1));
  assert.match(lines.find((line) => line.endsWith('/usr/bin/liveops')) ?? 'no liveops', /^-rwxr-xr-x /);
  for (const service of services) {
    assert.ok(lines.some((line) => line.endsWith(`/usr/bin/liveops-${service} -> liveops`)), service);
  }
  for (const unit of units) assert.ok(paths.includes(`/usr/lib/systemd/system/${unit}`) || paths.includes(`/lib/systemd/system/${unit}`), unit);
  for (const paper of ['copyright', 'README.md', '.env.example', 'docs/deploy.md']) assert.ok(paths.includes(`/usr/share/doc/liveops-guard/${paper}`), paper);
  for (const line of lines.filter((it) => it.endsWith('.md') || it.includes('/etc/liveops-guard/'))) {
    assert.match(line, /^(-rw-r--r--|drwxr-xr-x) /);
  }
  run('dpkg-deb', ['-e', file, join(directory, 'control')]);
  const conffiles = readFileSync(join(directory, 'control/conffiles'), 'utf8').trim().split('\n');
  assert.deepEqual(conffiles, paths.filter((path) => path.startsWith('/etc/') && !path.endsWith('/')).sort());
});

test('ItsProgramsHaveNoDebugInformation', () => {
  for (const program of programs) {
    assert.ok(!run('file', ['--dereference', join(root, 'usr/bin', program)]).stdout.includes('not stripped'), program);
  }
});

test('SystemdFindsNothingWrongWithTheUnits', () => {
  // The targets that they refer to, and what systemd's own environment would have.
  const there = join(root, 'usr/lib/systemd/system');
  for (const name of readdirSync('/usr/lib/systemd/system').filter((it) => it.endsWith('.target'))) {
    if (!existsSync(join(there, name))) cpSync(join('/usr/lib/systemd/system', name), join(there, name), { dereference: true });
  }
  mkdirSync(join(root, 'bin'), { recursive: true });
  copyFileSync('/bin/kill', join(root, 'bin/kill'));
  const { stdout, stderr } = run('systemd-analyze', ['verify', `--root=${root}`, 'liveops-guard.service', 'liveops-guard.target', ...instances]);
  assert.doesNotMatch(stdout + stderr, /liveops/);
});

test('TheUnitsGiveTheServicesLittleToReach', (context) => {
  const { stdout } = run('systemd-analyze', ['security', '--offline=true', `--root=${root}`, `--threshold=${worstExposure}`, 'liveops-guard.service', instances[0]]);
  for (const [line] of stdout.matchAll(/Overall exposure level .*/g)) context.diagnostic(line);
});

test('ItInstallsKeepsItsSecretsAndPurges', () => {
  const scratch = join(directory, 'scratch');
  for (const folder of ['var/lib/dpkg/info', 'var/lib/dpkg/updates', 'var/lib/dpkg/triggers', 'var/log']) mkdirSync(join(scratch, folder), { recursive: true });
  run('touch', [join(scratch, 'var/lib/dpkg/status'), join(scratch, 'var/lib/dpkg/available')]);
  const dpkg = (...args) => run('dpkg', [`--root=${scratch}`, '--force-not-root', '--force-depends', '--force-script-chrootless', '--log=/dev/null', ...args]);
  const secrets = join(scratch, 'etc/liveops-guard/secrets');
  dpkg('-i', file);
  const made = readFileSync(secrets, 'utf8');
  assert.match(assignments(made).HMAC_SECRET, /^[0-9a-f]{64}$/);
  assert.equal(statSync(secrets).mode & 0o777, 0o600);
  assert.match(dpkg('-s', 'liveops-guard').stdout, /Status: install ok installed/);
  dpkg('-i', file);
  assert.equal(readFileSync(secrets, 'utf8'), made, 'installed again, it made new secrets');
  dpkg('-r', 'liveops-guard');
  assert.equal(readFileSync(secrets, 'utf8'), made);
  dpkg('-P', 'liveops-guard');
  assert.ok(!existsSync(join(scratch, 'etc/liveops-guard')));
});

test('EveryProgramTellsItsVersion', () => {
  assert.ok(run(join(root, 'usr/bin/liveops'), ['version']).stdout.includes(version));
  for (const name of services) assert.ok(run(join(root, 'usr/bin', `liveops-${name}`), ['--version']).stdout.includes(version), name);
});

test('WhatIsInstalledServes', async () => {
  const settings = assignments(readFileSync(join(root, 'etc/liveops-guard/env'), 'utf8'));
  for (const name of services) settings[`${name.toUpperCase()}_LISTEN`] = '127.0.0.1:0';
  const server = spawn(join(root, 'usr/bin/liveops'), ['serve'], {
    cwd: directory, stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...settings, RULES_FILE: join(root, 'etc/liveops-guard/liveops.toml'), DATA_DIR: join(directory, 'data'), HMAC_SECRET: 'x'.repeat(32), API_TOKEN: 'a'.repeat(32) },
  });
  const ended = new Promise((done) => server.once('exit', (code, signal) => done({ code, signal })));
  let log = '';
  server.stderr.on('data', (chunk) => { log += chunk; });
  try {
    const urls = () => [...log.matchAll(/"url":"([^"]+)"/g)].map((match) => match[1]);
    await until(async () => (server.exitCode !== null ? `ended:\n${log}` : urls().length), (count) => count === services.length, 'it listens');
    for (const url of urls()) {
      await until(async () => (await fetch(`${url}/readyz`)).status, (status) => status === 200, `${url} is ready`);
      run(join(root, 'usr/bin/liveops-healthcheck'), [`${url}/readyz`]);
    }
  } finally {
    server.kill('SIGTERM');
  }
  assert.deepEqual(await ended, { code: 0, signal: null });
});
