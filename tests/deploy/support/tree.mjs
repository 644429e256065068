// The files of the project, and what it says about its own settings.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

export const top = fileURLToPath(new URL('../../..', import.meta.url));
export const read = (path) => readFileSync(join(top, path), 'utf8');
export const version = read('VERSION').trim();
export const services = ['gateway', 'fairness', 'progression', 'leaderboard'];
export const programs = new Set(['liveops', 'liveops-healthcheck', ...services.map((name) => `liveops-${name}`)]);

const example = read('.env.example');
/** Every variable that the program knows. */
export const settings = new Set([...example.matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1]));

/** The ports where the services listen unless told otherwise. */
export const ports = Object.fromEntries(services.map((name) => {
  const found = new RegExp(`\\(0\\.0\\.0\\.0:(\\d+);[^\\n]*\\n#${name.toUpperCase()}_LISTEN=`).exec(example);
  return [name, Number(found[1])];
}));

/** Runs a program to its end; throws with what it said unless it ended with `status`. */
export function run(command, args, { status = 0, ...options } = {}) {
  const done = spawnSync(command, args, { cwd: top, encoding: 'utf8', ...options });
  if (done.error) throw done.error;
  if (status !== null && done.status !== status) {
    throw new Error(`'${command} ${args.join(' ')}' ended with ${done.status}:\n${done.stdout}\n${done.stderr}`);
  }
  return done;
}

/** NAME=VALUE lines, also those with `export` before and single quotes around. */
export function assignments(text) {
  return Object.fromEntries([...text.matchAll(/^(?:export )?([A-Z][A-Z0-9_]*)='?(.*?)'?$/gm)].map((match) => [match[1], match[2]]));
}

/** Asks until `is` holds for the answer, and gives that. */
export async function until(ask, is, what, seconds = 30) {
  const end = Date.now() + 1000 * seconds * Number(process.env.LIVEOPS_TEST_TIMEOUT_FACTOR ?? 1);
  for (;;) {
    const answer = await ask();
    if (is(answer)) return answer;
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s, last ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
