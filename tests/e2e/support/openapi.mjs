// Holds responses against api/openapi.yaml: route, status, media type, body schema, and required headers.
import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

const file = new URL('../../../api/openapi.yaml', import.meta.url);
export const openapi = parse(readFileSync(file, 'utf8'));
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(openapi, 'openapi');
const compiled = new Map();
export const seen = new Set();

function resolve(node) {
  while (node?.$ref) node = node.$ref.slice(2).split('/').reduce((at, part) => at[part.replaceAll('~1', '/').replaceAll('~0', '~')], openapi);
  return node;
}

function operationOf(method, path) {
  for (const literalFirst of [true, false]) {
    for (const [template, item] of Object.entries(openapi.paths)) {
      if (literalFirst === template.includes('{')) continue;
      const pattern = new RegExp(`^${template.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`);
      if (pattern.test(path) && item[method.toLowerCase()]) return { template, operation: item[method.toLowerCase()] };
    }
  }
  return null;
}

function validatorFor(template, method, status, type) {
  const key = `${method} ${template} ${status} ${type}`;
  if (!compiled.has(key)) {
    const escaped = template.replaceAll('~', '~0').replaceAll('/', '~1');
    let pointer = `#/paths/${escaped}/${method.toLowerCase()}/responses/${status}`;
    const response = openapi.paths[template][method.toLowerCase()].responses[status];
    if (response.$ref) pointer = response.$ref;
    pointer += `/content/${type.replaceAll('/', '~1')}/schema`;
    compiled.set(key, ajv.compile({ $ref: `openapi${encodeURI(pointer)}` }));
  }
  return compiled.get(key);
}

export function checkResponse(method, path, answer) {
  const found = operationOf(method, path);
  if (!found) throw new Error(`${method} ${path} is not in the OpenAPI file`);
  const { template, operation } = found;
  const response = resolve(operation.responses[answer.status]);
  if (!response) throw new Error(`${method} ${template} answered ${answer.status}, which the OpenAPI file does not list: ${answer.text}`);
  seen.add(`${method} ${template} ${answer.status}`);
  for (const [name, header] of Object.entries(response.headers ?? {})) {
    if (resolve(header).required && !answer.headers.has(name)) throw new Error(`${method} ${template} ${answer.status} lacks the header ${name}`);
  }
  if (!response.content) return;
  const type = (answer.headers.get('content-type') ?? '').split(';')[0].trim();
  if (!response.content[type]) throw new Error(`${method} ${template} ${answer.status} came as ${type}, the OpenAPI file lists ${Object.keys(response.content)}`);
  if (!type.includes('json') || !response.content[type].schema) return;
  const validate = validatorFor(template, method, answer.status, type);
  if (!validate(answer.json)) {
    throw new Error(`${method} ${template} ${answer.status} does not match its schema: ${ajv.errorsText(validate.errors)}\n${answer.text.slice(0, 2000)}`);
  }
}
