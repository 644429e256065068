// Signs requests as the README says, independently of the project's own signing code.
import { createHmac } from 'node:crypto';
import { secret } from './liveops.mjs';

export function signature({ method, target, key = '', body = '', timestamp, withSecret = secret }) {
  const mac = createHmac('sha256', withSecret);
  mac.update(`${timestamp}\n${method}\n${target}\n${key}\n`);
  mac.update(body);
  return `sha256=${mac.digest('hex')}`;
}

export function signedHeaders(method, target, body = '', key = '', withSecret = secret) {
  const timestamp = String(Math.floor(Date.now() / 1000));
  return {
    'X-Timestamp': timestamp,
    'X-Signature': signature({ method, target, key, body, timestamp, withSecret }),
    ...(key === '' ? {} : { 'Idempotency-Key': key }),
  };
}
