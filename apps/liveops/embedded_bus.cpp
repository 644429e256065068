#include "apps/liveops/embedded_bus.hpp"

#include <string>
#include <utility>

#include "adapters/bus_inmem/event_bus.hpp"
#include "adapters/bus_local/event_bus.hpp"

namespace liveops::apps {

using adapters::config::BusKind;

core::Result<std::unique_ptr<ports::EventBus>> open_embedded_bus(const adapters::config::Settings& settings,
                                                                 const core::Clock& clock, ports::Log& log) {
  if (settings.bus_kind == BusKind::inmem) {
    adapters::bus_inmem::Options options;
    options.max_messages = settings.bus_max_backlog;
    options.visibility = settings.visibility_timeout;
    return std::make_unique<adapters::bus_inmem::EventBus>(clock, options);
  }
  if (settings.bus_kind == BusKind::local) {
    adapters::bus_local::Options options;
    options.max_bytes = settings.bus_local_max_bytes;
    options.visibility = settings.visibility_timeout;
    auto bus = adapters::bus_local::EventBus::open(settings.sqlite_dir(), options, clock, log);
    if (!bus) return std::unexpected(bus.error());
    return std::move(*bus);
  }
  return core::fail(core::Errc::invalid_argument,
                    "BUS_KIND: '" + std::string(to_string(settings.bus_kind)) +
                        "' is not part of this release: use BUS_KIND=local (durable) or inmem with `liveops serve`");
}

}  // namespace liveops::apps
