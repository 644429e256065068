// Holds a manifest against the Kubernetes API: types and required fields by its schemas, unknown fields (which those let
// pass, and a server drops) by the API's type declarations.
import { createRequire } from 'node:module';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const modules = fileURLToPath(new URL('../node_modules', import.meta.url));
const declarations = new Map();

/** The fields of the interface that `file` declares, each with the declaration of its own fields, or null for leaves. */
function fieldsOf(file) {
  if (declarations.has(file)) return declarations.get(file);
  const fields = existsSync(`${file}.d.ts`) ? parse(file) : null;
  declarations.set(file, fields);
  return fields;
}

function parse(file) {
  const text = readFileSync(`${file}.d.ts`, 'utf8');
  const body = /export interface \w+[^{]*\{\n(.*?)\n\}/s.exec(text)?.[1];
  if (body === undefined) return null;
  const imports = new Map([...text.matchAll(/import \{ (\w+) \} from "([^"]+)"/g)].map(([, name, from]) => [name, from]));
  const target = (type) => {
    const from = imports.get(/^(?:Array<)?(\w+)>?$/.exec(type)?.[1]);
    if (from === undefined) return null;
    return from.startsWith('.') ? join(file, '..', from) : join(modules, from);
  };
  return new Map([...body.matchAll(/^ {4}"([^"]+)"\??: ([^\n]*?);?$/gm)].map(([, name, type]) => [name, target(type)]));
}

function unknownFields(value, file, path) {
  const fields = file === null ? null : fieldsOf(file);
  if (fields === null || value === null || typeof value !== 'object') return [];
  if (Array.isArray(value)) return value.flatMap((item, index) => unknownFields(item, file, `${path}[${index}]`));
  return Object.entries(value).flatMap(([name, inner]) => {
    const at = `${path}.${name}`;
    return fields.has(name) ? unknownFields(inner, fields.get(name), at) : [`${at} is no field of the API`];
  });
}

/** What is wrong with a manifest, a sentence each. */
export function problemsOf(manifest) {
  const { apiVersion, kind } = manifest;
  const file = join(modules, 'kubernetes-models', apiVersion, kind);
  if (!existsSync(`${file}.d.ts`)) return [`there is no ${kind} in ${apiVersion}`];
  const problems = unknownFields(manifest, file, kind);
  try {
    new (require(`kubernetes-models/${apiVersion}/${kind}`)[kind])(manifest).validate();
  } catch (error) {
    problems.push(`${kind}: ${error.message}`);
  }
  return problems;
}
