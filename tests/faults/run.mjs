// What `./dev faults` runs: all faults, or those whose id or title contains a word, one bus after the other; then the tables.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tables, writeInto } from './table.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const page = join(here, '../../docs/reliability.md');
const wanted = process.argv[2] ?? '';
const directory = mkdtempSync(join(tmpdir(), 'liveops-faults-'));
const reportFile = join(directory, 'report.jsonl');
let failed = false;
for (const bus of ['redis', 'nats', 'sqs', 'servicebus']) {
  const { status } = spawnSync(process.execPath, ['--test', join(here, `${bus}_bus.test.mjs`)], {
    stdio: 'inherit', env: { ...process.env, LIVEOPS_FAULT: wanted, LIVEOPS_FAULTS_REPORT: reportFile },
  });
  failed ||= status !== 0;
}
const lines = existsSync(reportFile) ? readFileSync(reportFile, 'utf8').trim().split('\n') : [];
rmSync(directory, { recursive: true });
if (lines.length === 0) {
  console.error(failed ? 'no fault could be tried: see above' : `no fault's id or title contains '${wanted}': see tests/faults/faults`);
  process.exit(1);
}
const text = tables(lines);
console.log(`\n${text}\n`);
if (failed) console.error('a fault was not survived: see above');
else if (wanted === '') {
  writeInto(page, text);
  console.error('docs/reliability.md has the new tables');
}
process.exit(failed ? 1 : 0);
