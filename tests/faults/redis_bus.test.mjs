// Faults of the whole stack with the bus on Redis.
import { clockOff } from './faults/clock.mjs';
import { busFull, consumerFrozen, deliveredTwice, poison } from './faults/delivery.mjs';
import { fairnessKilled, killed, oneOfTwoKilled } from './faults/kills.mjs';
import { connectionsExhausted, diskFull, frozen, restartedImmediately, sessionsTerminated } from './faults/postgres.mjs';
import { busRedisKilled, flushed, onlyRedisKilled, ranksRedisKilled, redisGone } from './faults/redis.mjs';
import { testFaults } from './support/fault_test.mjs';

testFaults('redis', [
  killed('gateway'), killed('progression'), killed('leaderboard'), fairnessKilled,
  busRedisKilled, ranksRedisKilled, flushed, redisGone, onlyRedisKilled,
  restartedImmediately, frozen, connectionsExhausted, sessionsTerminated, diskFull,
  deliveredTwice, poison, busFull, oneOfTwoKilled, consumerFrozen, clockOff,
]);
