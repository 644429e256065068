// Faults of the whole stack with the bus on NATS: those that the bus or its consumers have a part in.
import { busFull, consumerFrozen, deliveredTwice, poison } from './faults/delivery.mjs';
import { killed, oneOfTwoKilled } from './faults/kills.mjs';
import { natsKilled } from './faults/nats.mjs';
import { restartedImmediately } from './faults/postgres.mjs';
import { flushed } from './faults/redis.mjs';
import { testFaults } from './support/fault_test.mjs';

testFaults('nats', [
  killed('gateway'), killed('progression'), killed('leaderboard'), killed('fairness'), natsKilled, restartedImmediately, flushed,
  deliveredTwice, poison, busFull, oneOfTwoKilled, consumerFrozen,
]);
