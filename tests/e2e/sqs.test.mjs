// The whole product on SQS, in the place of which is tests/standins/sqs.
import { testCloudBus } from './support/cloud_bus.mjs';

testCloudBus('sqs', { queueOf: (topic, group) => `liveops-${topic}-${group}` });
