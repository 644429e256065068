// Checks a Service Bus SAS token: "SharedAccessSignature sr=<uri>&sig=<base64>&se=<unix seconds>&skn=<key name>".
import crypto from 'node:crypto';

const plain = (uri) => uri.toLowerCase().replace(/^(sb|amqps?|https?):\/\//, '').replace(/\/+$/, '');

/** { until } in ms, or { refused } with why. */
export function checkToken(token, audience, keys) {
  const match = /^SharedAccessSignature (.*)$/.exec(token || '');
  if (!match) return { refused: 'the token is malformed' };
  const fields = Object.fromEntries(match[1].split('&').map((part) => {
    const at = part.indexOf('=');
    return [part.slice(0, at), part.slice(at + 1)];
  }));
  const key = keys[decodeURIComponent(fields.skn || '')];
  if (!key) return { refused: 'the key name is not known' };
  const until = Number(fields.se) * 1000;
  if (!(until > Date.now())) return { refused: 'the token has expired' };
  const signature = crypto.createHmac('sha256', key).update(`${fields.sr}\n${fields.se}`).digest();
  const given = Buffer.from(decodeURIComponent(fields.sig || ''), 'base64');
  if (given.length !== signature.length || !crypto.timingSafeEqual(given, signature)) return { refused: 'InvalidSignature' };
  if (!plain(audience).startsWith(plain(decodeURIComponent(fields.sr)))) return { refused: 'the token is for another resource' };
  return { until };
}
