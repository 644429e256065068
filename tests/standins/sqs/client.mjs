// The official client as a program, for tests in other languages: node client.mjs ENDPOINT QUEUE send|receive [COUNT]
// send: takes lines of {body, attributes} from the standard input; receive: prints such lines until COUNT have come.
import { createInterface } from 'node:readline';
import { DeleteMessageCommand, GetQueueUrlCommand, ReceiveMessageCommand, SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';

const [endpoint, QueueName, action, count] = process.argv.slice(2);
const sqs = new SQSClient({ endpoint });
const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));

async function send() {
  for await (const line of createInterface({ input: process.stdin })) {
    const { body, attributes } = JSON.parse(line);
    const MessageAttributes = Object.fromEntries(Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body, MessageAttributes }));
  }
}

async function receive() {
  for (let left = Number(count); left > 0;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 5, MessageAttributeNames: ['All'] }));
    if (Messages.length === 0) throw new Error(`${left} messages are missing`);
    for (const { Body: body, MessageAttributes = {}, ReceiptHandle } of Messages) {
      const attributes = Object.fromEntries(Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]));
      console.log(JSON.stringify({ body, attributes }));
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      left -= 1;
    }
  }
}

await (action === 'send' ? send() : receive());
