// Terraform modules as they are written: their syntax, their layout and their names. No provider, no account.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import hclTools from '@cdktf/hcl-tools';
import hcl2json from '@cdktf/hcl2json';
import { read, top } from './tree.mjs';

const blocks = ['variable', 'output', 'resource', 'data'];

/** The files of a folder: [{ file, text }]. */
export function filesOf(folder) {
  return readdirSync(join(top, folder)).filter((name) => name.endsWith('.tf')).sort()
    .map((name) => ({ file: `${folder}/${name}`, text: read(`${folder}/${name}`) }));
}

/** What `terraform fmt` would say of the text: whether it can be read, and where it would be written in another way. */
export async function layoutProblems({ file, text }) {
  try {
    await hcl2json.parse(file, text);
  } catch (error) {
    return [String(error)];
  }
  const problems = [];
  const before = text.split('\n');
  const after = (await hclTools.format(text)).split('\n');
  const line = before.findIndex((it, index) => it !== after[index]);
  if (line >= 0) problems.push(`${file}:${line + 1}: '${before[line]}' should be '${after[line]}'`);
  // What terraform's own formatter does besides.
  if (!text.endsWith('\n') || text.endsWith('\n\n')) problems.push(`${file}: ends in one line break`);
  for (const [whole] of text.matchAll(/= "\$\{[^{}"]*\}"$/gm)) problems.push(`${file}: ${whole} needs no quotes`);
  for (const [whole] of text.matchAll(/\{\n\n|\n\n *\}/g)) problems.push(`${file}: empty line at an end of a block: ${JSON.stringify(whole)}`);
  return problems;
}

/** All files of a module as one: { variable, output, resource, data, locals, provider }. */
export async function parseModule(files) {
  const module = { locals: {}, provider: {} };
  for (const kind of blocks) module[kind] = {};
  for (const { file, text } of files) {
    const parsed = await hcl2json.parse(file, text);
    for (const kind of blocks) {
      for (const [name, value] of Object.entries(parsed[kind] ?? {})) module[kind][name] = { ...module[kind][name], ...unwrap(kind, value) };
    }
    for (const group of parsed.locals ?? []) Object.assign(module.locals, group);
    Object.assign(module.provider, parsed.provider);
  }
  return module;
}

/** A block is a list of one; a resource has a name besides its type. */
function unwrap(kind, value) {
  return Array.isArray(value) ? value[0] : Object.fromEntries(Object.entries(value).map(([name, [body]]) => [name, body]));
}

/** Every expression below a parsed value. */
function* expressions(value) {
  if (typeof value === 'string' && value.includes('${')) yield value.slice(value.indexOf('${'));
  else if (value !== null && typeof value === 'object') for (const inner of Object.values(value)) yield* expressions(inner);
}

const reference = /(?<![\w.])(var|local)\.(\w+)|(?<![\w.])(data\.)?((?:aws|azurerm)_\w+)\.(\w+)/g;

/** What is used and not declared, and what is declared and not used. */
export function nameProblems(module) {
  const problems = [];
  const used = new Set();
  const { variable, ...rest } = module;
  const validations = new Set(expressions(variable));  // to be checked is not to be used
  for (const expression of [...validations, ...expressions(rest)]) {
    for (const [whole, kind, name, data, type, label] of expression.matchAll(reference)) {
      if (!validations.has(expression)) used.add(whole);
      const declared = kind ? { var: module.variable, local: module.locals }[kind] : (data ? module.data : module.resource)[type];
      if (!(declared && (name ?? label) in declared)) problems.push(`${whole} is not declared`);
    }
  }
  for (const name of Object.keys(module.variable)) if (!used.has(`var.${name}`)) problems.push(`var.${name} is not used`);
  for (const name of Object.keys(module.locals)) if (!used.has(`local.${name}`)) problems.push(`local.${name} is not used`);
  for (const [name, { description }] of [...Object.entries(module.variable), ...Object.entries(module.output)]) {
    if (!description) problems.push(`${name} has no description`);
  }
  return [...new Set(problems)];
}
