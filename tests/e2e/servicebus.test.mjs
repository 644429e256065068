// The whole product on Azure Service Bus, in the place of which is tests/standins/servicebus.
import { testCloudBus } from './support/cloud_bus.mjs';

testCloudBus('servicebus', { queueOf: (topic, group) => `liveops-${topic}/Subscriptions/${group}` });
