// Faults of the whole stack with the bus on SQS, in the place of which is tests/standins/sqs.
import { failing, serviceKilled, throttled } from './faults/cloud.mjs';
import { consumerFrozen, deliveredTwice, poison } from './faults/delivery.mjs';
import { killed, oneOfTwoKilled } from './faults/kills.mjs';
import { testFaults } from './support/fault_test.mjs';

const what = 'SQS';
testFaults('sqs', [
  killed('gateway'), killed('progression'), killed('leaderboard'), killed('fairness'), serviceKilled(what), throttled(what), failing(what),
  deliveredTwice, poison, oneOfTwoKilled, consumerFrozen,
]);
