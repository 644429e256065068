// The shipped rules, with a time zone in which it is about noon now (so that no day ends during a test) and, unless asked
// for, without fairness, which would rightly take test traffic for cheating.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const shipped = new URL('../../../config/liveops.toml', import.meta.url);

/** Etc/GMT-9 is nine hours east of Greenwich. */
function zoneAtNoon() {
  const offset = 12 - new Date().getUTCHours();
  return offset === 0 ? 'Etc/GMT' : `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`;
}

export function rulesFile(directory, { fairness = false } = {}) {
  let text = readFileSync(shipped, 'utf8').replace(/time_zone = "[^"]*"/, `time_zone = "${zoneAtNoon()}"`);
  if (!fairness) text = text.replace(/mode = "(flag|throttle|quarantine|block)"/g, 'mode = "off"');
  const file = join(directory, 'rules.toml');
  writeFileSync(file, text);
  return file;
}
