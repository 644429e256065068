// A disk that can be full. Where we may mount: a small file system in memory, in a mount name space of its own, of which
// nothing is left when the test ends. Where not (a container, a chroot): a directory whose files cannot grow (full_disk.c).
import { chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Child, run, unprivilegedAccount } from './child.mjs';

/** A disk on `directory`, not there before mount(). */
export function smallDisk(directory, megabytes) {
  const spaces = ['--mount', ...(unprivilegedAccount() ? [] : ['--user', '--map-current-user', '--keep-caps'])];
  try {
    run('unshare', [...spaces, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']);
  } catch {
    return new DirectoryThatFills(directory);
  }
  return new SmallDisk(directory, megabytes);
}

class DirectoryThatFills {
  constructor(directory) {
    Object.assign(this, { directory, account: unprivilegedAccount(), shim: `${directory}.so`, flag: `${directory}/.full` });
    this.how = 'files that cannot grow: mounting is not allowed here';
  }

  async mount() {
    mkdirSync(this.directory, { recursive: true });
    if (this.account) chownSync(this.directory, this.account.uid, this.account.gid);
    run('clang-19', ['-shared', '-fPIC', '-O1', '-Wall', '-Wextra', '-Werror', '-o', this.shim, fileURLToPath(new URL('full_disk.c', import.meta.url))]);
  }

  /** Words before a command that is to see this disk. */
  get within() { return ['env', `LD_PRELOAD=${this.shim}`, `FULL_DISK=${this.directory}`]; }

  fill() { writeFileSync(this.flag, ''); }
  free() { rmSync(this.flag, { force: true }); }
  async unmount() {}
}

class SmallDisk {
  /** As root in a new mount name space; else in a user name space besides, in which we may mount. */
  constructor(directory, megabytes) {
    Object.assign(this, { directory, megabytes, account: unprivilegedAccount() });
    this.how = this.account ? 'a tmpfs mounted by root' : 'a tmpfs mounted in a user name space';
  }

  async mount() {
    mkdirSync(this.directory, { recursive: true });
    const owner = this.account ? `,uid=${this.account.uid},gid=${this.account.gid}` : '';
    const mount = `mount -t tmpfs -o size=${this.megabytes}m,mode=700${owner} tmpfs '${this.directory}' && exec sleep infinity`;
    const spaces = ['--mount', '--propagation', 'private', ...(this.account ? [] : ['--user', '--map-current-user', '--keep-caps'])];
    this.holder = new Child({ within: ['unshare', ...spaces], command: 'sh', args: ['-c', mount], log: `${this.directory}.log` });
    this.holder.start();
    await this.holder.up(() => this.run('mountpoint', ['-q', this.directory]) === '');
  }

  /** Words before a command that is to see this disk. */
  get within() {
    const spaces = ['--mount', ...(this.account ? [] : ['--user', '--preserve-credentials'])];
    return ['nsenter', '--target', String(this.holder.pid), ...spaces, '--'];
  }

  run(command, args) { return run(command, args, { within: this.within }); }

  /** Takes all room that is left but `bytes`: again, when somebody took some between the question and the answer. */
  fill(bytes = 0) {
    for (let tries = 20; tries > 0; tries -= 1) {
      const [blocks, size] = this.run('stat', ['--file-system', '--format=%a %S', this.directory]).split(' ').map(Number);
      if (blocks * size <= bytes) return;
      try {
        this.run('fallocate', ['--length', String(blocks * size - bytes), `${this.directory}/ballast`]);
        return;
      } catch (error) {
        if (tries === 1 || !error.message.includes('No space left')) throw error;
      }
    }
  }

  free() { this.run('rm', ['-f', `${this.directory}/ballast`]); }

  async unmount() { await this.holder.end('SIGKILL'); }
}
