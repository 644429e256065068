// The tests' own door, over HTTP: PUT /topics, PUT /queues, PUT /keys, POST /unlock (every lock runs out), POST /faults, GET /state.
import http from 'node:http';

const textOf = async (request) => {
  let text = '';
  for await (const part of request) text += part;
  return text;
};

export function serveAdmin({ port, namespace, faults, access, stats }) {
  const routes = {
    'PUT /topics': ({ name, subscriptions, ...settings }) => namespace.addTopic(name, subscriptions, settings),
    'PUT /queues': ({ name, ...settings }) => namespace.addQueue(name, settings),
    'POST /unlock': () => { for (const entity of namespace.entities.values()) entity.unlockAll(); },
    'PUT /keys': (keys) => { access.keys = keys; },
    'POST /faults': (order) => faults.order(order),
    'GET /state': () => ({ stats, entities: Object.fromEntries([...namespace.entities.values()].map((entity) =>
      [entity.path, { ready: entity.ready.length, locked: entity.locked.size, links: entity.links.size }])) }),
  };
  return http.createServer(async (request, response) => {
    const route = routes[`${request.method} ${request.url}`];
    try {
      const text = await textOf(request);
      const answer = route ? await route(text ? JSON.parse(text) : undefined) : undefined;
      response.writeHead(route ? 200 : 404, { 'content-type': 'application/json' });
      response.end(`${JSON.stringify(answer ?? {})}\n`);
    } catch (error) {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(`${JSON.stringify({ error: error.message })}\n`);
    }
  }).listen(port, '127.0.0.1');
}
