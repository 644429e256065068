// A small file system in memory, in a mount name space of its own: nothing of it is left when the test ends.
import { mkdirSync } from 'node:fs';
import { Child, run, unprivilegedAccount } from './child.mjs';

export class SmallDisk {
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

  /** Takes all room that is left but `bytes`. */
  fill(bytes = 0) {
    const free = Number(this.run('stat', ['--file-system', '--format=%a', this.directory])) * Number(this.run('stat', ['--file-system', '--format=%S', this.directory]));
    if (free > bytes) this.run('fallocate', ['--length', String(free - bytes), `${this.directory}/ballast`]);
  }

  free() { this.run('rm', ['-f', `${this.directory}/ballast`]); }

  async unmount() { await this.holder.end('SIGKILL'); }
}
