// Faults of the whole stack with the bus on Azure Service Bus, in the place of which is tests/standins/servicebus.
import { failing, serviceKilled, throttled } from './faults/cloud.mjs';
import { consumerFrozen, poison } from './faults/delivery.mjs';
import { killed, oneOfTwoKilled } from './faults/kills.mjs';
import { testFaults } from './support/fault_test.mjs';

const what = 'Service Bus';
testFaults('servicebus', [
  killed('gateway'), killed('progression'), killed('leaderboard'), killed('fairness'), serviceKilled(what), throttled(what), failing(what),
  poison, oneOfTwoKilled, consumerFrozen,
]);
