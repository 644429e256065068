// Orders about players, told once for every form of the system: a season that ends meanwhile is sealed, revised and given
// back; receipts; quarantine, explanation and review; a policy that is reloaded; and an audit that shows who touched it.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { secret, timeFactor } from './liveops.mjs';
import { asAdmin, asApi, call, eventually, postEvent } from './client.mjs';
import { rulesFile } from './rules.mjs';

const anHourAgo = new Date(Date.now() - 3_600_000).toISOString();
const patience = 150;

/** A season that ends in so many seconds; whoever claims the impossible is in quarantine. */
export function shortSeason(directory, seconds) {
  const file = rulesFile(directory, { fairness: true });
  const ends = new Date(Date.now() + seconds * 1000 * timeFactor).toISOString();
  const text = readFileSync(file, 'utf8')
    .replace(/\[seasons\]\n(?:[a-z_]+ = .*\n)+/, `[[seasons.list]]\nid = "short"\nstarts_at = ${anHourAgo}\nends_at = ${ends}\n`)
    .replace(/grace_s = \d+/, 'grace_s = 5')
    .replace(/policy_version = "[^"]*"/, 'policy_version = "before"')
    .replace(/(\[fairness\.hard\]\n)mode = "block"/, '$1mode = "quarantine"\nplayer_text = "Please be patient."');
  assert.match(text, /id = "short"/);
  assert.match(text, /policy_version = "before"/);
  assert.match(text, /patient/);
  writeFileSync(file, text);
  return file;
}

/**
 * system: {rules, url(service), tool(args) -> {code, out, err}, crash(), reload(), changeAudit(sql)}; `crash` ends every
 * process by SIGKILL and starts it again, `changeAudit` does what someone does who has the database.
 */
export function tellOfUndo(system) {
  const season = 'board=score&window=seasonal&period=short';
  const ask = (service, target, headers = asApi) => call(system.url(service), 'GET', target, { headers });
  const send = (service, target, body) => call(system.url(service), 'POST', target, { headers: { ...asApi, 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  const table = (query) => ask('leaderboard', `/leaderboard?${query}`);
  const names = (answer) => (answer.json?.entries ?? []).map((entry) => entry.player_id).join();
  const ranked = (query, expected) => eventually(() => table(query), (answer) => names(answer) === expected, patience);
  const reached = (number) => eventually(() => ask('leaderboard', `/leaderboard/revisions?${season}`),
    (answer) => answer.json?.revisions?.[0]?.revision === number, patience).then((answer) => answer.json.revisions[0]);
  const receipt = (action, token) => send('progression', `/rewards/receipts/${action}`, { token });
  const play = (player, payload) => postEvent(system, { type: 'progression', player_id: player, payload });
  const told = async (...args) => {
    const { code, out, err } = await system.tool(args);
    assert.equal(code, 0, `${args.join(' ')}: ${out}${err}`);
    return JSON.parse(out);
  };
  const decisionOf = async (player) => {
    const page = await eventually(() => ask('fairness', `/players/${player}`, asAdmin), (answer) => answer.json?.decisions?.length > 0);
    const decision = await ask('fairness', `/decisions/${page.json.decisions[0].decision_id}`, asAdmin);
    return { page: page.json, decision: decision.json };
  };

  /** As anybody can who has the signing key: docs/operations.md. */
  async function verify(revision) {
    const rows = await ask('leaderboard', `/leaderboard/snapshots/${revision.id}`);
    const text = ['score,seasonal,short,1', ...rows.json.entries.map((row) => [row.rank, row.player_id, row.score, row.achieved_at].join())];
    assert.equal(createHash('sha256').update(text.map((line) => `${line}\n`).join('')).digest('hex'), revision.sha256);
    const key = createHmac('sha256', secret).update('liveops-guard snapshots v1').digest();
    const signed = ['liveops-snapshot-v1', 'score', 'seasonal', 'short', revision.revision, revision.sha256].join('\n');
    assert.equal(createHmac('sha256', key).update(signed).digest('hex'), rows.json.signature);
  }

  let token;
  let original;
  let quarantine;

  test('a disqualified player leaves open windows at once, and receipts are revoked', async () => {
    for (const [player, score] of [['ann', 300], ['eve', 900], ['bob', 500]]) {
      const answer = await play(player, { xp: 400, score });
      assert.equal(answer.status, 202, answer.text);
    }
    await ranked('board=score', 'eve,bob,ann');
    const rewards = await eventually(() => ask('progression', '/players/eve/rewards'), (answer) => answer.json?.rewards?.some((reward) => reward.state === 'earned'));
    const { reward_id } = rewards.json.rewards.find((reward) => reward.state === 'earned');
    token = (await send('progression', '/rewards/claim', { player_id: 'eve', reward_id })).json.token;
    const order = await told('player', 'disqualify', 'eve', '--reason', 'a bot', '--since', anHourAgo);
    assert.equal(order.disqualified.reason, 'a bot');
    for (const window of ['daily', 'weekly', 'seasonal']) await ranked(`board=score&window=${window}`, 'bob,ann');
    const verified = await eventually(() => receipt('verify', token), (answer) => answer.json?.valid === false);
    assert.match(verified.json.reason, /revoked/);
    const refused = await receipt('redeem', token);
    assert.equal(refused.status, 409);
    assert.match(refused.json.type, /receipt-revoked$/);
  });

  test('reinstated, the player is back with all that was there, and the receipt is good again', async () => {
    await told('player', 'reinstate', 'eve', '--reason', 'it was the brother');
    await ranked('board=score', 'eve,bob,ann');
    await eventually(() => receipt('verify', token), (answer) => answer.json?.valid === true);
    assert.equal((await receipt('redeem', token)).status, 200);
    assert.equal((await system.tool(['player', 'reinstate', 'eve', '--reason', 'again'])).code, 1, 'not disqualified');
  });

  test('in quarantine everything is recorded and nothing is ranked; why is explained', async () => {
    assert.equal((await play('quin', { xp: 10, score: 600 })).status, 202);
    await ranked('board=score', 'eve,quin,bob,ann');
    const impossible = await play('quin', { xp: 20, score: 5_000_000 });
    assert.equal(impossible.status, 202, impossible.text);
    await ranked('board=score', 'eve,bob,ann');
    await eventually(() => ask('progression', '/players/quin/progress'), (answer) => answer.json?.xp === 30);
    const { page, decision } = await decisionOf('quin');
    quarantine = decision;
    assert.equal(page.standing.state, 'quarantined');
    assert.equal(page.standing.until, undefined, 'until somebody has looked');
    assert.equal(page.standing.decision_id, decision.decision_id);
    assert.deepEqual([decision.event_id, decision.rule, decision.action, decision.mode], [impossible.json.event_id, 'hard_bound', 'quarantine', 'quarantine']);
    assert.deepEqual([decision.observed, decision.expected, decision.policy_version, page.standing.policy_version], [5_000_000, 1_000_000, 'before', 'before']);
    assert.deepEqual([decision.judged_again.same, decision.judged_again.action], [true, 'quarantine'], 'judged again by what was stored');
    assert.equal(decision.player_text, 'Please be patient.');
  });

  test('a sealed season is revised, over a kill -9 too, and comes back with its original hash', async () => {
    original = await reached(1);
    await verify(original);
    await ranked(season, 'eve,bob,ann');
    await told('player', 'disqualify', 'eve', '--reason', 'a bot', '--since', anHourAgo);
    await system.crash();
    const second = await reached(2);
    assert.notEqual(second.sha256, original.sha256);
    await verify(second);
    await ranked(season, 'bob,ann');
    const changes = (await ask('leaderboard', `/leaderboard/snapshots/${second.id}/changes`)).json;
    assert.equal(changes.previous.sha256, original.sha256);
    assert.deepEqual(changes.removed.map((one) => [one.player_id, one.previous_rank, one.reason]), [['eve', 1, 'a bot']]);
    assert.deepEqual(changes.promoted.map((one) => [one.player_id, one.previous_rank, one.rank]), [['bob', 2, 1], ['ann', 3, 2]]);

    await told('player', 'reinstate', 'eve', '--reason', 'it was the brother');
    const third = await reached(3);
    assert.equal(third.sha256, original.sha256);
    await verify(third);
    await ranked(season, 'eve,bob,ann');
    assert.equal((await ask('leaderboard', `/leaderboard/snapshots/${second.id}`)).json.total, 2, 'still there');
  });

  test('a case has one worker; overturning gives ranks back, those of a season sealed meanwhile too', async () => {
    const { case_id } = (await told('reviews', 'list')).cases.find((one) => one.player_id === 'quin');
    const decide = (worker) => system.tool(['reviews', 'decide', String(case_id), 'overturn', '--worker', worker, '--reason', 'a test']);
    assert.equal((await told('reviews', 'claim', String(case_id), '--worker', 'ann')).claimed_by, 'ann');
    assert.equal((await system.tool(['reviews', 'claim', String(case_id), '--worker', 'bob'])).code, 1, 'it is with ann');
    assert.equal((await decide('bob')).code, 1, 'it is with ann');
    const decided = await decide('ann');
    assert.equal(decided.code, 0, decided.err);
    assert.equal(JSON.parse(decided.out).carried_out, true);
    await ranked('board=score&window=daily', 'quin,eve,bob,ann');
    const fourth = await reached(4);
    await verify(fourth);
    await ranked(season, 'quin,eve,bob,ann');
    const changes = (await ask('leaderboard', `/leaderboard/snapshots/${fourth.id}/changes`)).json;
    assert.deepEqual(changes.returned.map((one) => [one.player_id, one.rank]), [['quin', 1]]);
    const { rules } = await told('reviews', 'summary');
    assert.deepEqual(rules.map((rule) => [rule.rule, rule.overturned, rule.precision]), [['hard_bound', 1, 0]]);
    assert.equal((await told('player', 'show', 'quin')).standing.state, 'good');
  });

  test('a policy that is reloaded is named by new decisions, and old ones keep theirs', async () => {
    const text = readFileSync(system.rules, 'utf8').replace('policy_version = "before"', 'policy_version = "after"').replace('mode = "quarantine"', 'mode = "block"');
    writeFileSync(system.rules, text);
    await system.reload();
    let tries = 0;
    const blocked = await eventually(() => play(`max-${tries++}`, { xp: 9_000_000_000 }), (answer) => answer.status === 403);
    assert.equal(blocked.json.detail, 'Please be patient.', 'no rule, no bound');
    const { page, decision } = await decisionOf(`max-${tries - 1}`);
    assert.deepEqual([page.standing.state, decision.action, decision.policy_version, decision.judged_again.same], ['blocked', 'block', 'after', true]);
    const before = (await ask('fairness', `/decisions/${quarantine.decision_id}`, asAdmin)).json;
    assert.deepEqual(before, quarantine);
    assert.deepEqual([before.policy_version, before.judged_again.same], ['before', true]);
  });

  test('who is blocked by an operator is not told the reason that is for operators', async () => {
    await told('player', 'block', 'bob', '--reason', 'shares his account with eve');
    const refused = await eventually(() => play('bob', { xp: 1 }), (answer) => answer.status === 403);
    assert.doesNotMatch(refused.text, /eve/);
    assert.equal((await told('player', 'show', 'bob')).standing.reason, 'shares his account with eve');
    await told('player', 'unblock', 'bob', '--reason', 'a mistake');
    assert.equal((await eventually(() => play('bob', { xp: 1 }), (answer) => answer.status !== 403)).status, 202);
  });

  test('the audit is whole, until somebody edits or removes a line behind the service', async () => {
    const verifyAudit = async (...args) => {
      const { code, out, err } = await system.tool(['audit', 'verify', '--json', ...args]);
      assert.equal(err, '');
      return { code, report: JSON.parse(out) };
    };
    const { code, report } = await verifyAudit();
    assert.deepEqual([code, report.intact, report.findings], [0, true, []]);
    assert.equal((await verifyAudit('--head', `${report.lines}:${report.hash}`)).code, 0);
    await system.changeAudit("UPDATE audit SET reason = 'nothing' WHERE position = 2");
    const edited = await verifyAudit();
    assert.deepEqual([edited.code, edited.report.findings.map((finding) => finding.line)], [1, [2]]);
    await system.changeAudit('DELETE FROM audit WHERE position = 4');
    const removed = await verifyAudit();
    assert.deepEqual([removed.code, removed.report.findings.map((finding) => finding.line)], [1, [2, 4]]);
    assert.match(removed.report.findings[1].what, /line 4 is missing/);
  });
}
