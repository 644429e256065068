// Where credentials come from: STS web identity, the container endpoint, instance metadata (IMDSv2).
import { randomUUID } from 'node:crypto';
import { ServiceError } from './errors.mjs';

export const ROLE = 'game-role';
export const CONTAINER_TOKEN = 'Bearer container-token';

export class Identity {
  constructor(keys, clock) {
    this.keys = keys;
    this.clock = clock;
    this.ttlSeconds = 3600;
    this.fail = false;
    this.sessions = new Set();
  }

  #issue() {
    if (this.fail) throw new ServiceError('ServiceUnavailable', 'ordered by the test', { status: 503 });
    const id = `ASIA${randomUUID().slice(0, 8).toUpperCase()}`;
    const expiresAt = this.clock.now() + 1000 * this.ttlSeconds;
    this.keys[id] = { secret: randomUUID(), token: `token/${randomUUID()}==`, expiresAt };
    return { AccessKeyId: id, SecretAccessKey: this.keys[id].secret, Token: this.keys[id].token, Expiration: new Date(expiresAt).toISOString().replace(/\.\d+Z/, 'Z') };
  }

  /** Answers {status, type, body} when the request is one for credentials. */
  answer(request, body) {
    const { method, url, headers } = request;
    if (method === 'PUT' && url === '/latest/api/token') return this.#token(headers);
    if (method === 'GET' && url.startsWith('/latest/meta-data/')) return this.#metadata(url, headers);
    if (method === 'GET' && url === '/container/credentials') {
      if (headers.authorization !== CONTAINER_TOKEN) return { status: 401, type: 'text/plain', body: 'no' };
      return { status: 200, type: 'application/json', body: JSON.stringify(this.#issue()) };
    }
    if (method === 'POST' && body.includes('Action=AssumeRoleWithWebIdentity')) return this.#assumeRole(new URLSearchParams(body.toString()));
    return undefined;
  }

  #token(headers) {
    if (!headers['x-aws-ec2-metadata-token-ttl-seconds']) return { status: 400, type: 'text/plain', body: '' };
    const token = randomUUID();
    this.sessions.add(token);
    return { status: 200, type: 'text/plain', body: token };
  }

  #metadata(url, headers) {
    if (!this.sessions.has(headers['x-aws-ec2-metadata-token'])) return { status: 401, type: 'text/plain', body: '' };
    const path = url.slice('/latest/meta-data/'.length);
    if (path === 'placement/region') return { status: 200, type: 'text/plain', body: 'eu-central-1' };
    if (path === 'iam/security-credentials/') return { status: 200, type: 'text/plain', body: ROLE };
    if (path !== `iam/security-credentials/${ROLE}`) return { status: 404, type: 'text/plain', body: '' };
    return { status: 200, type: 'application/json', body: JSON.stringify({ Code: 'Success', Type: 'AWS-HMAC', ...this.#issue() }) };
  }

  #assumeRole(form) {
    if (form.get('WebIdentityToken') !== 'web-identity-token' || !form.get('RoleArn') || !form.get('RoleSessionName')) {
      return { status: 400, type: 'text/xml', body: '<ErrorResponse><Error><Type>Sender</Type><Code>InvalidIdentityToken</Code><Message>no</Message></Error></ErrorResponse>' };
    }
    const { AccessKeyId, SecretAccessKey, Token, Expiration } = this.#issue();
    return { status: 200, type: 'text/xml', body: `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>${AccessKeyId}</AccessKeyId><SecretAccessKey>${SecretAccessKey}</SecretAccessKey><SessionToken>${Token}</SessionToken><Expiration>${Expiration}</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>` };
  }
}
