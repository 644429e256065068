// Starts a stand-in of a test's own, on free ports.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { freePort } from '../../../support/free_port.mjs';

/** { connectionString(key?), admin(method, path, body), stop() } */
export async function startStandin(config = {}) {
  const [port, adminPort] = [await freePort(), await freePort()];
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'servicebus-'));
  const file = path.join(directory, 'config.json');
  fs.writeFileSync(file, JSON.stringify({ port, adminPort, keys: { root: 'a key' }, ...config }));
  const child = spawn(process.execPath, [fileURLToPath(new URL('standin.mjs', import.meta.url)), file], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve, reject) => {
    child.stdout.once('data', resolve);
    child.once('exit', (code) => reject(new Error(`the stand-in ended with ${code}`)));
  });
  return {
    connectionString: (key = 'a key') =>
      `Endpoint=sb://localhost:${port};SharedAccessKeyName=root;SharedAccessKey=${key};UseDevelopmentEmulator=true;`,
    async admin(method, where, body) {
      const response = await fetch(`http://127.0.0.1:${adminPort}${where}`, { method, body: body && JSON.stringify(body) });
      if (!response.ok) throw new Error(`${where}: ${response.status} ${await response.text()}`);
      return response.json();
    },
    async stop() {
      child.removeAllListeners('exit');
      const ended = new Promise((resolve) => { child.once('exit', resolve); });
      child.kill('SIGKILL');
      await ended;
      fs.rmSync(directory, { recursive: true, force: true });
    },
  };
}
