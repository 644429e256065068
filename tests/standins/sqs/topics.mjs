// SNS (query protocol, XML answers): Subscribe, what is subscribed, and PublishBatch, fanned out raw to the queues that are.
import { md5 } from './queue.mjs';

const escape = (text) => text.replace(/[<>&]/g, (c) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;' })[c]);

const noSuchTopic = { status: 404, body: '<ErrorResponse><Error><Type>Sender</Type><Code>NotFound</Code><Message>Topic does not exist</Message></Error></ErrorResponse>' };

function entriesOf(form) {
  const entries = [];
  for (let n = 1; form.has(`PublishBatchRequestEntries.member.${n}.Id`); n += 1) {
    const of = (name) => form.get(`PublishBatchRequestEntries.member.${n}.${name}`) ?? undefined;
    const attributes = {};
    for (let a = 1; of(`MessageAttributes.entry.${a}.Name`); a += 1) {
      attributes[of(`MessageAttributes.entry.${a}.Name`)] = {
        DataType: of(`MessageAttributes.entry.${a}.Value.DataType`), StringValue: of(`MessageAttributes.entry.${a}.Value.StringValue`),
      };
    }
    entries.push({ Id: of('Id'), MessageBody: of('Message'), MessageAttributes: attributes, MessageGroupId: of('MessageGroupId'), MessageDeduplicationId: of('MessageDeduplicationId') });
  }
  return entries;
}

/** The XML answer to a PublishBatch; `subscribed(topicArn)` gives the queues; `fail(index)` an error. */
export function publishBatch(form, subscribed, fail) {
  const queues = subscribed(form.get('TopicArn'));
  if (!queues) return noSuchTopic;
  const done = [];
  const failed = [];
  entriesOf(form).forEach((entry, index) => {
    const error = fail(index);
    if (error) {
      failed.push(`<member><Id>${entry.Id}</Id><Code>${error.code}</Code><Message>${escape(error.message)}</Message><SenderFault>${error.senderFault}</SenderFault></member>`);
      return;
    }
    for (const queue of queues) queue.send(entry);
    done.push(`<member><Id>${entry.Id}</Id><MessageId>${md5(entry.MessageBody)}</MessageId></member>`);
  });
  const body = `<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult><Successful>${done.join('')}</Successful><Failed>${failed.join('')}</Failed></PublishBatchResult></PublishBatchResponse>`;
  return { status: 200, body };
}

const page = 2; // so that there is a next one

/** The XML answer to a Subscribe of a queue. */
function subscribe(form, topics) {
  const arn = form.get('TopicArn');
  const queue = form.get('Endpoint').split(':').pop();
  if (form.get('Protocol') !== 'sqs' || form.get('Attributes.entry.1.key') !== 'RawMessageDelivery' || form.get('Attributes.entry.1.value') !== 'true') {
    throw new Error('only raw subscriptions of queues');
  }
  topics.set(arn, [...new Set([...(topics.get(arn) ?? []), queue])]);
  return { status: 200, body: `<SubscribeResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><SubscribeResult><SubscriptionArn>${arn}:${queue}</SubscriptionArn></SubscribeResult></SubscribeResponse>` };
}

function listSubscriptions(form, topics) {
  const arn = form.get('TopicArn');
  if (!topics.has(arn)) return noSuchTopic;
  const from = Number(form.get('NextToken') ?? 0);
  const queueArn = (queue) => `${arn.replace(':sns:', ':sqs:').split(':').slice(0, 5).join(':')}:${queue}`;
  const all = topics.get(arn).map((queue) => `<member><TopicArn>${arn}</TopicArn><Protocol>sqs</Protocol><SubscriptionArn>${arn}:${queue}</SubscriptionArn><Owner>000000000000</Owner><Endpoint>${queueArn(queue)}</Endpoint></member>`);
  const next = from + page < all.length ? `<NextToken>${from + page}</NextToken>` : '';
  return { status: 200, body: `<ListSubscriptionsByTopicResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><ListSubscriptionsByTopicResult>${next}<Subscriptions>${all.slice(from, from + page).join('')}</Subscriptions></ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>` };
}

function subscriptionAttributes(form, wrapped) {
  const arn = form.get('SubscriptionArn');
  const raw = !wrapped.has(arn);
  return { status: 200, body: `<GetSubscriptionAttributesResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><GetSubscriptionAttributesResult><Attributes><entry><key>Protocol</key><value>sqs</value></entry><entry><key>RawMessageDelivery</key><value>${raw}</value></entry></Attributes></GetSubscriptionAttributesResult></GetSubscriptionAttributesResponse>` };
}

/** Answers {status, body} to the actions that are about subscriptions; `wrapped`: ARNs of those that are not raw. */
export function manageSubscriptions(form, topics, wrapped) {
  const actions = { Subscribe: subscribe, ListSubscriptionsByTopic: listSubscriptions };
  if (form.get('Action') === 'GetSubscriptionAttributes') return subscriptionAttributes(form, wrapped);
  return actions[form.get('Action')]?.(form, topics);
}
