// Checks AWS Signature Version 4: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { refused } from './errors.mjs';

const MAX_SKEW_MS = 15 * 60 * 1000;
const mac = (key, text) => createHmac('sha256', key).update(text).digest();
const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');

function parseAuthorization(text = '') {
  const match = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(text);
  if (!match) throw refused('MissingAuthenticationToken', 'Request is missing Authentication Token');
  const [id, day, region, service, terminator] = match[1].split('/');
  return { id, day, region, service, terminator, signed: match[2].split(';'), signature: match[3] };
}

function canonicalQuery(query) {
  return query.split('&').filter(Boolean).map((pair) => (pair.includes('=') ? pair : `${pair}=`)).sort().join('&');
}

function canonicalRequest(request, body, signed) {
  const [path, query = ''] = request.url.split('?');
  const headers = signed.map((name) => {
    const value = request.headers[name];
    if (value === undefined) throw refused('SignatureDoesNotMatch', `the header ${name} is signed but was not sent`);
    return `${name}:${String(value).trim().replace(/ +/g, ' ')}\n`;
  });
  return [request.method, path, canonicalQuery(query), headers.join(''), signed.join(';'), hash(body)].join('\n');
}

function timeOf(amzDate = '') {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(amzDate);
  if (!match) throw refused('IncompleteSignature', 'X-Amz-Date is missing');
  return Date.UTC(match[1], match[2] - 1, match[3], match[4], match[5], match[6]);
}

/** Throws a ServiceError when `request` is not signed by one of `keys` for one of `services` in `region`. */
export function checkSignature(request, body, { keys, region, services, now = Date.now() }) {
  const claim = parseAuthorization(request.headers.authorization);
  const key = keys[claim.id];
  if (!key || (key.token ?? '') !== (request.headers['x-amz-security-token'] ?? '')) {
    throw refused('InvalidClientTokenId', 'The security token included in the request is invalid.');
  }
  if (key.expired || (key.expiresAt && key.expiresAt <= now)) {
    throw refused('ExpiredTokenException', 'The security token included in the request is expired');
  }
  const date = request.headers['x-amz-date'];
  if (Math.abs(timeOf(date) - now) > MAX_SKEW_MS) {
    throw refused('RequestExpired', 'Signature expired: the request is too old');
  }
  const scope = [date.slice(0, 8), region, claim.service, 'aws4_request'];
  if (claim.day !== scope[0] || claim.region !== region || !services.includes(claim.service) || claim.terminator !== scope[3]) {
    throw refused('SignatureDoesNotMatch', 'Credential should be scoped to a valid region and service.');
  }
  for (const name of ['host', 'x-amz-date', ...(key.token ? ['x-amz-security-token'] : [])]) {
    if (!claim.signed.includes(name)) throw refused('SignatureDoesNotMatch', `the header ${name} must be signed`);
  }
  const text = ['AWS4-HMAC-SHA256', date, scope.join('/'), hash(canonicalRequest(request, body, claim.signed))].join('\n');
  const signing = scope.reduce(mac, `AWS4${key.secret}`);
  if (!timingSafeEqual(mac(signing, text), Buffer.from(claim.signature, 'hex'))) {
    throw refused('SignatureDoesNotMatch', 'The request signature we calculated does not match the signature you provided.');
  }
}
