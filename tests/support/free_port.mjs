// A port for a server that a test is about to start.
//
// The kernel's own choice (port 0) will not do: between the probe and the server's start it may give the same number to the next
// probe, or to somebody's outgoing connection. So these are ports below those of outgoing connections, each given once per process;
// processes begin in places of their own, far apart.
import { createServer } from 'node:net';

const FIRST = 10_000;
const COUNT = 22_000;
const APART = 32;

let given = 0;

function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** A port of 127.0.0.1 that nobody listens on, and that this process was not given before. Throws when none is left. */
export async function freePort() {
  const start = (process.pid * APART) % COUNT;
  while (given < COUNT) {
    const port = FIRST + ((start + given++) % COUNT);
    if (await isFree(port)) return port;
  }
  throw new Error(`no port is free from ${FIRST} to ${FIRST + COUNT - 1} on 127.0.0.1`);
}
