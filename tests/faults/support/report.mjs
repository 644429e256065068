// What a run found out, one JSON object a line, for the tables of docs/reliability.md (../table.mjs).
import { appendFileSync } from 'node:fs';

export function report(row) {
  if (process.env.LIVEOPS_FAULTS_REPORT) appendFileSync(process.env.LIVEOPS_FAULTS_REPORT, `${JSON.stringify(row)}\n`);
}
