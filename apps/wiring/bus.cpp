#include "apps/wiring/bus.hpp"

#include <string>
#include <utility>

#include "adapters/bus_inmem/event_bus.hpp"
#include "adapters/bus_local/dead_letter_file.hpp"
#include "adapters/bus_local/event_bus.hpp"
#include "adapters/bus_nats/event_bus.hpp"
#include "adapters/bus_redis/event_bus.hpp"
#include "apps/host/blocking.hpp"
#include "apps/wiring/bus_cloud.hpp"
#include "apps/wiring/bus_groups.hpp"
#include "apps/wiring/start_up.hpp"

namespace liveops::apps {

namespace {

using adapters::config::BusKind;
using adapters::config::Settings;
using BusPtr = std::unique_ptr<ports::EventBus>;

adapters::bus_redis::Options redis_options(const Settings& settings) {
  adapters::bus_redis::Options options;
  options.url = settings.redis_bus_url.empty() ? settings.redis_url : settings.redis_bus_url;
  options.prefix = settings.redis_bus_prefix;
  options.shards = settings.redis_bus_shards;
  options.member = settings.instance;
  options.wait_replicas = settings.redis_bus_wait_replicas;
  options.max_bytes = settings.redis_bus_max_bytes;
  options.visibility = settings.visibility_timeout;
  return options;
}

adapters::bus_nats::Options nats_options(const Settings& settings) {
  adapters::bus_nats::Options options;
  options.url = settings.nats_url;
  options.credentials_file = settings.nats_creds;
  options.ca_file = settings.nats_ca;
  options.client_name = settings.instance;
  options.prefix = settings.nats_prefix;
  options.replicas = settings.nats_replicas;
  options.max_bytes = settings.nats_max_bytes;
  options.max_age = settings.nats_max_age;
  options.visibility = settings.visibility_timeout;
  return options;
}

BusPtr open_inmem(const Settings& settings, const core::Clock& clock) {
  adapters::bus_inmem::Options options;
  options.max_messages = settings.bus_max_backlog;
  options.visibility = settings.visibility_timeout;
  return std::make_unique<adapters::bus_inmem::EventBus>(clock, options);
}

core::Result<BusPtr> open_local(const Settings& settings, const core::Clock& clock, ports::Log& log) {
  adapters::bus_local::Options options;
  options.max_bytes = settings.bus_local_max_bytes;
  options.visibility = settings.visibility_timeout;
  return as<ports::EventBus>(adapters::bus_local::EventBus::open(settings.state_dir(), options, clock, log));
}

core::Result<BusPtr> open_redis(const Settings& settings, const core::Clock& clock, ports::Log& log,
                                ports::Metrics& metrics, IoThreads& io) {
  auto options = redis_options(settings);
  options.groups = groups_of<adapters::bus_redis::KnownGroup>(settings);
  auto bus = adapters::bus_redis::EventBus::open(std::move(options), clock, log, metrics);
  if (!bus) return std::unexpected(bus.error());
  const auto there = try_for_a_while(log, "the redis bus", [&] { return wait_for(io.background(), (*bus)->reach()); });
  if (!there) return std::unexpected(there.error());
  return as<ports::EventBus>(std::move(bus));
}

core::Result<BusPtr> open_nats(const Settings& settings, const core::Clock& clock, ports::Log& log) {
  auto options = nats_options(settings);
  options.groups = groups_of<adapters::bus_nats::GroupOfTopic>(settings);
  return try_for_a_while(log, "NATS",
                         [&] { return as<ports::EventBus>(adapters::bus_nats::EventBus::open(options, clock, log)); });
}

}  // namespace

core::Result<BusPtr> open_bus(Host& host, const Settings& settings, ports::Log& log) {
  switch (settings.bus_kind) {
    case BusKind::inmem:
      return open_inmem(settings, host.clock);
    case BusKind::local:
      return open_local(settings, host.clock, log);
    case BusKind::redis:
      return open_redis(settings, host.clock, log, host.shared_metrics, host.io);
    case BusKind::nats:
      return open_nats(settings, host.clock, log);
    case BusKind::sqs:
      return open_sqs(settings, host.clock, log);
    case BusKind::servicebus:
      return open_servicebus(settings, host.clock, log);
  }
  return core::fail(core::Errc::internal, "BUS_KIND: unknown");
}

core::Result<std::unique_ptr<ports::DeadLetters>> open_dead_letters(const Settings& settings, const core::Clock& clock,
                                                                    ports::Log& log, ports::Metrics& metrics) {
  switch (settings.bus_kind) {
    case BusKind::inmem:
      return core::fail(core::Errc::invalid_argument, "BUS_KIND: 'inmem' keeps no dead letters for this tool");
    case BusKind::local:
      return as<ports::DeadLetters>(adapters::bus_local::DeadLetterFile::open(settings.state_dir()));
    case BusKind::redis:
      return as<ports::DeadLetters>(adapters::bus_redis::EventBus::open(redis_options(settings), clock, log, metrics));
    case BusKind::nats:
      return as<ports::DeadLetters>(adapters::bus_nats::EventBus::open(nats_options(settings), clock, log));
    case BusKind::sqs:
      return open_sqs_letters(settings, clock, log);
    case BusKind::servicebus:
      return open_servicebus_letters(settings, clock, log);
  }
  return core::fail(core::Errc::internal, "BUS_KIND: unknown");
}

}  // namespace liveops::apps
