// Makes the tables of docs/reliability.md from what a run reported.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const begin = '<!-- made by ./dev faults: begin -->';
const end = '<!-- end -->';

const seconds = (ms) => (ms === null ? '-' : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 0)} s`);
const whole = (number) => number.toLocaleString('en-US');
const row = (cells) => `| ${cells.join(' | ')} |`;
const head = (cells) => [row(cells), `|${cells.map(() => '---|').join('')}`];

/** "503 (1,204 tries), no answer (1 try)". */
function tries(outcomes) {
  const seen = Object.entries(outcomes).map(([name, events]) => `${name} (${whole(events)} ${events === 1 ? 'try' : 'tries'})`);
  return seen.length > 0 ? seen.join(', ') : 'nothing but 202';
}

function faultTable(rows) {
  const lines = head(['fault', 'bus', 'what a client sees', 'recovery', 'events sent', 'accepted', 'lost', 'doubled']);
  for (const { title, bus, outcomes, longestGapMs, recoveryMs, sent, accepted, lost, doubled } of rows) {
    lines.push(row([title, bus, `${tries(outcomes)}; longest time without a 202: ${seconds(longestGapMs)}`, seconds(recoveryMs), whole(sent), whole(accepted), lost, doubled]));
  }
  const reads = (name) => whole(rows.reduce((sum, { reads: asked }) => sum + asked[name], 0));
  lines.push('', `Reads of players who did not change: ${reads('right')} right, ${reads('refused')} refused or not answered, ${rows.reduce((sum, { wrongReads }) => sum + wrongReads, 0)} wrong.`);
  return lines;
}

function outageTable(rows) {
  const lines = head(['away', 'bus', 'for', '`/readyz` names: service (checks)', 'events accepted meanwhile', 'other answers', 'busiest service', 'largest growth']);
  for (const { what, bus, lastedMs, said, accepted, outcomes, cores, growth } of rows) {
    const who = Object.entries(said).sort().map(([service, checks]) => `${service} (${checks.join(', ')})`).join('; ');
    lines.push(row([what, bus, seconds(lastedMs), who, whole(accepted), tries(outcomes).replace('nothing but 202', 'none'), `${cores.toFixed(2)} cores`, `${(growth / 1048576).toFixed(1)} MiB`]));
  }
  return lines;
}

const git = (...args) => spawnSync('git', args, { encoding: 'utf8' }).stdout.trim();

export function tables(lines) {
  const rows = lines.map((line) => JSON.parse(line));
  const changed = git('status', '--porcelain', '--untracked-files=no', '--', '.', ':!docs/reliability.md') === '' ? '' : ', with changes not committed';
  return [
    `Commit ${git('rev-parse', '--short', 'HEAD')}${changed}, ${new Date().toISOString().slice(0, 10)}.`, '',
    '### Each fault', '', ...faultTable(rows.filter(({ kind }) => kind === 'fault')), '',
    '### While something is away', '', ...outageTable(rows.filter(({ kind }) => kind === 'outage')),
  ].join('\n');
}

export function writeInto(file, text) {
  const page = readFileSync(file, 'utf8');
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`${file} lacks the lines '${begin}' and '${end}'`);
  writeFileSync(file, `${page.slice(0, from + begin.length)}\n${text}\n${page.slice(to)}`);
}
