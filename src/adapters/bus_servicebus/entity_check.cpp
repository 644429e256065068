#include "adapters/bus_servicebus/entity_check.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <memory>
#include <utility>

#include "adapters/bus_servicebus/connection_string.hpp"
#include "adapters/bus_servicebus/entities.hpp"
#include "adapters/bus_servicebus/entity_probe.hpp"
#include "ports/task.hpp"

namespace liveops::adapters::bus_servicebus {

namespace asio = boost::asio;
using core::Result;
using std::chrono::steady_clock;

namespace {

std::vector<EntityReport> wanted(const Options& options) {
  const Entities entities(options);
  std::vector<EntityReport> all;
  for (auto& target : entities.all_targets()) {
    all.push_back({.entity = std::move(target), .right = Right::send, .allowed = {}});
  }
  for (const auto& group : options.groups) {
    all.push_back({.entity = entities.source(group.topic, group.group), .right = Right::listen, .allowed = {}});
  }
  return all;
}

ports::Task<std::vector<EntityReport>> look(std::shared_ptr<EntityProbe> probe, std::chrono::milliseconds at_most) {
  const auto deadline = steady_clock::now() + at_most;
  while (!probe->is_done()) {
    const auto seen = probe->news().version();
    const auto left = deadline - steady_clock::now();
    if (left <= steady_clock::duration::zero()) break;
    if (!probe->is_done()) co_await probe->news().wait(seen, left);
  }
  if (const auto connected = probe->status(); !probe->is_done() && !connected) {
    co_return std::unexpected(connected.error());
  }
  co_return probe->reports();
}

}  // namespace

Result<std::vector<EntityReport>> check_entities(const Options& options, const core::Clock& clock, ports::Log& log) {
  auto where = parse_connection_string(options.connection_string);
  if (!where) return std::unexpected(where.error());
  const Access access{.options = options, .where = *std::move(where), .clock = clock, .log = log};
  Loop loop(options.container_id);
  const auto probe = std::make_shared<EntityProbe>(loop, access, wanted(options));
  loop.add(probe);
  asio::io_context io(1);
  auto reports = asio::co_spawn(io, look(probe, options.request_timeout), asio::use_future);
  io.run();
  probe->close();
  return reports.get();
}

}  // namespace liveops::adapters::bus_servicebus
