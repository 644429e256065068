// The official client for tests in other languages, one JSON object a line:
//   node exchange.mjs receive CONNECTION_STRING TOPIC SUBSCRIPTION COUNT   prints and completes COUNT messages
//   node exchange.mjs send CONNECTION_STRING TOPIC FILE                    sends a message for each line of FILE
import fs from 'node:fs';
import { ServiceBusClient } from '@azure/service-bus';

const [what, connectionString, topic, ...rest] = process.argv.slice(2);
const client = new ServiceBusClient(connectionString);

async function receive(subscription, count) {
  const receiver = client.createReceiver(topic, subscription);
  for (let left = Number(count); left > 0;) {
    const messages = await receiver.receiveMessages(left, { maxWaitTimeInMs: 5000 });
    if (messages.length === 0) throw new Error(`${left} messages did not come`);
    for (const { body, messageId, subject, contentType, applicationProperties, deliveryCount } of messages) {
      console.log(JSON.stringify({ body, messageId, subject, contentType, applicationProperties, deliveryCount }));
    }
    await Promise.all(messages.map((message) => receiver.completeMessage(message)));
    left -= messages.length;
  }
}

async function send(file) {
  const messages = fs.readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
  await client.createSender(topic).sendMessages(messages);
}

await { receive, send }[what](...rest);
await client.close();
