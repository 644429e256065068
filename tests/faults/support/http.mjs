// HTTP as a plain client has it: an answer, or an error when there was none.
import http from 'node:http';

const agent = new http.Agent({ keepAlive: true, maxSockets: 128 });

export function request(base, method, target, { headers = {}, body = '', timeoutMs = 5000 } = {}) {
  return new Promise((resolve, reject) => {
    const sent = http.request(base + target, { method, agent, headers: { ...headers, 'Content-Length': Buffer.byteLength(body) } }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const json = (response.headers['content-type'] ?? '').includes('json') ? JSON.parse(text) : null;
        resolve({ status: response.statusCode, headers: response.headers, text, json });
      });
    });
    sent.setTimeout(timeoutMs, () => sent.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    sent.on('error', reject);
    sent.end(body);
  });
}

export const asJson = { 'Content-Type': 'application/json' };
