// deploy/aws and deploy/azure: as `terraform fmt` writes it, without undeclared names, and in agreement with the program.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filesOf, layoutProblems, nameProblems, parseModule } from './support/terraform.mjs';
import { assignments, read, services, settings } from './support/tree.mjs';

const folders = ['deploy/aws', 'deploy/azure'];
const [aws, azure] = await Promise.all(folders.map((folder) => parseModule(filesOf(folder))));
const defaults = assignments(read('.env.example').replaceAll(/^#(?=[A-Z])/gm, ''));
const defaultOf = (module, variable) => module.variable[variable].default;

/** What the settings whose names match say of their default: groups of a pattern. */
function defaultTexts(setting, pattern) {
  return [...read('.env.example').matchAll(new RegExp(`^# default ${pattern}\n#${setting}=$`, 'gm'))].map((match) => match[1]);
}

/** A number or duration that a header gives as the default of a member. */
function member(header, pattern) {
  const found = new RegExp(pattern).exec(read(header));
  assert.ok(found, `${header}: ${pattern}`);
  return found[1].split('*').map((factor) => Number(factor.trim().replaceAll("'", ''))).reduce((a, b) => a * b);
}

for (const folder of folders) {
  test(`EveryFileOf ${folder} IsAsTerraformFmtWritesIt`, async () => {
    const files = filesOf(folder);
    for (const name of ['versions', 'variables', 'main', 'outputs']) assert.ok(files.some(({ file }) => file === `${folder}/${name}.tf`), name);
    for (const file of files) assert.deepEqual(await layoutProblems(file), []);
  });

  test(`EveryNameThat ${folder} UsesIsDeclared`, async () => {
    assert.deepEqual(nameProblems(await parseModule(filesOf(folder))), []);
  });
}

test('MistakesInTerraformFilesAreNoticed', async () => {
  const problemOf = async (text) => (await layoutProblems({ file: 'x.tf', text })).join('\n');
  assert.match(await problemOf('a = 1\nlonger = 2\n'), /x\.tf:1: 'a = 1' should be 'a {6}= 1'/);
  assert.match(await problemOf('locals {\n    a = 1\n}\n'), /x\.tf:2/);
  assert.match(await problemOf('locals {\n  a = [1,2]\n}\n'), /should be ' {2}a = \[1, 2\]'/);
  assert.match(await problemOf('locals {\n  a = \n}\n'), /Invalid expression/);
  assert.match(await problemOf('locals {\n'), /x\.tf/);
  assert.match(await problemOf('locals {\n  a = "${local.b}"\n}\n'), /needs no quotes/);
  assert.equal(await problemOf('locals {\n  a = "${local.b}-c"\n}\n'), '');

  const text = `
    variable "unused" { description = "d" }
    locals { names = { for key, one in local.nothing : key => "\${data.aws_b.c.id}-\${var.missing}" } }
    data "aws_b" "other" { depends_on = [aws_d.e] }
    output "bare" { value = local.names }`;
  assert.deepEqual(nameProblems(await parseModule([{ file: 'x.tf', text }])).sort(), [
    'aws_d.e is not declared', 'bare has no description', 'data.aws_b.c is not declared', 'local.nothing is not declared',
    'unused is not used', 'var.missing is not declared'].map((it) => it.replace(/^unused/, 'var.unused')).sort());
});

test('TheQueuesAreNamedAsTheServicesNameThem', () => {
  const names = defaultTexts('SQS_QUEUE_\\w+', '\\(SQS_PREFIX-([a-z-]+)\\)');
  assert.equal(names.length, 6);
  assert.deepEqual(Object.keys(aws.locals.all_groups).sort(), names.sort());
  for (const [key, { topic }] of Object.entries(aws.locals.all_groups)) assert.ok(key.startsWith(`${topic}-`), key);
  assert.equal(aws.resource.aws_sqs_queue.group.name, '${var.prefix}-${each.key}${local.suffix}');
  assert.equal(aws.resource.aws_sqs_queue.dead.name, '${var.prefix}-${each.key}-dead${local.suffix}');
  assert.match(read('src/adapters/bus_sqs/queues.cpp'), /stem \+ "-dead" \+/);
  assert.equal(defaultOf(aws, 'prefix'), defaults.SQS_PREFIX);
});

test('TheQueuesAreMadeAsTheProgramMakesThem', () => {
  const header = 'src/adapters/bus_sqs/options.hpp';
  assert.equal(defaultOf(aws, 'max_receive_count'), member(header, 'max_receive_count = ([\\d\']+);'));
  assert.equal(defaultOf(aws, 'retention_seconds'), member(header, 'std::chrono::seconds retention\\{([\\d *]+)\\}'));
  assert.equal(defaultOf(aws, 'visibility_timeout_seconds') * 1000, Number(defaults.VISIBILITY_TIMEOUT_MS));
  assert.equal(defaultOf(aws, 'max_message_bytes'), Number(defaults.SQS_MAX_MESSAGE_BYTES));
  assert.equal(aws.resource.aws_sqs_queue.group.receive_wait_time_seconds, 20);
  assert.equal(aws.resource.aws_sns_topic_subscription.events.raw_message_delivery, true);
});

test('TopicsAndSubscriptionsAreNamedAsTheServicesNameThem', () => {
  assert.equal(defaultOf(azure, 'topic_events'), defaults.SERVICEBUS_TOPIC_EVENTS);
  assert.equal(defaultOf(azure, 'topic_verdicts'), defaults.SERVICEBUS_TOPIC_VERDICTS);
  const groups = Object.values(azure.locals.all_groups);
  const names = defaultTexts('SERVICEBUS_QUEUE_\\w+', '\\(subscription ([a-z]+) of the topic\\)');
  assert.deepEqual(groups.map(({ group }) => group).sort(), names.sort());
  assert.deepEqual(Object.keys(azure.locals.all_groups).sort(), Object.keys(aws.locals.all_groups).sort());
  for (const [key, { topic, group }] of Object.entries(azure.locals.all_groups)) assert.equal(key, `${topic}-${group}`);
  assert.equal(azure.resource.azurerm_servicebus_subscription.group.name, '${each.value.group}');
  assert.equal(azure.resource.azurerm_servicebus_topic.this.requires_duplicate_detection, true);
});

test('EveryVariableOfTheOutputsIsOneThatTheProgramKnows', () => {
  for (const module of [aws, azure]) {
    for (const name of Object.keys(module.output.environment.value)) assert.ok(settings.has(name), name);
  }
});

test('EachServiceMayDoWhatItDoesAndNoMore', () => {
  const { serve, ...alone } = aws.locals.services;
  assert.deepEqual(Object.keys(alone).sort(), [...services].sort());
  assert.deepEqual(Object.values(alone).flatMap(({ consumes }) => consumes).sort(), Object.keys(aws.locals.all_groups).sort());
  for (const [service, { consumes }] of Object.entries(alone)) for (const key of consumes) assert.ok(key.endsWith(`-${service}`), key);
  assert.deepEqual(Object.entries(alone).map(([service, { publishes }]) => [service, ...publishes]).sort(),
    [['fairness', 'verdicts'], ['gateway', 'events'], ['leaderboard'], ['progression']]);
  assert.equal(serve.consumes, '${keys(local.all_groups)}');

  const allowed = JSON.stringify(aws.data.aws_iam_policy_document.service);
  assert.doesNotMatch(allowed, /"(sqs|sns|kms):[^"]*\*|PurgeQueue|DeleteQueue|SetQueueAttributes/);
  for (const rules of [azure.locals.topic_rules, azure.locals.namespace_rules]) {
    for (const [name, { send, listen }] of Object.entries(rules)) {
      const does = aws.locals.services[name];
      if (name === 'serve' || name === 'operator') assert.deepEqual([send, listen], [true, true]);
      else assert.deepEqual([send, listen], [does.publishes.length > 0, does.consumes.some((key) => key !== 'events-gateway')], name);
    }
  }
  assert.deepEqual([...Object.keys(azure.locals.topic_rules), ...Object.keys(azure.locals.namespace_rules)].sort(), [...services, 'operator', 'serve'].sort());
  for (const type of ['topic', 'namespace']) assert.equal(azure.resource[`azurerm_servicebus_${type}_authorization_rule`].service.manage, false);
});

test('EverySettingOfTheCloudBusesIsInTheirDocument', () => {
  const names = [...settings].filter((name) => /^(SQS|SNS|SERVICEBUS)_/.test(name));
  assert.ok(names.length > 10, names.join(' '));
  const text = read('docs/buses.md');
  for (const name of names) assert.ok(text.includes(`\`${name}\``), name);
  for (const [name] of text.matchAll(/(?<=`)(SQS|SNS|SERVICEBUS)_[A-Z_]+(?=`)/g)) assert.ok(settings.has(name), name);
});
