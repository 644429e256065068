#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "adapters/asio/when_all.hpp"
#include "apps/host/blocking.hpp"
#include "apps/host/command_line.hpp"
#include "apps/host/process.hpp"
#include "apps/host/signals.hpp"
#include "apps/wiring/bus.hpp"
#include "bench/load/quantiles.hpp"
#include "core/envelope.hpp"

/// Publishes envelopes one by one, so many in flight as requests of a gateway would have, on the bus that the
/// environment names; then one consumer of one group takes them all. Prints one line of JSON.
namespace {

using namespace liveops;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kBatch = 500;
constexpr std::chrono::seconds kReceiveWait{1};
constexpr int kMostEmptyReceives = 60;

struct Plan {
  std::uint64_t events = 20'000;
  std::uint64_t bytes = 300;
  std::size_t in_flight = 64;
};

struct Score {
  std::uint64_t claimed = 0;
  std::uint64_t stored = 0;
  std::uint64_t failed = 0;
  std::uint64_t deliveries = 0;
  std::vector<double> publish_ms;
  double publish_seconds = 0;
  double consume_seconds = 0;
};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::vector<core::Envelope> one_envelope(std::uint64_t number, const Plan& plan) {
  const auto text = std::to_string(number);
  const std::string head = R"({"n":)" + text + R"(,"pad":")";
  return {{.id = core::EventId::derive(core::KeyId::trusted("bench"), text),
           .type = "progression",
           .key = "p-" + std::to_string(number % 1000),
           .body = head + std::string(plan.bytes - head.size() - 2, 'x') + "\"}",
           .traceparent = ""}};
}

/// One of those in flight: goes on until all envelopes are claimed.
ports::Task<void> publish_some(ports::EventBus& bus, const Plan& plan, Score& score) {
  while (score.claimed < plan.events) {
    auto envelope = one_envelope(score.claimed++, plan);
    const auto start = Clock::now();
    const auto outcomes = co_await bus.publish(ports::Topic::events, std::move(envelope));
    const bool stored = outcomes && outcomes->front() == ports::PublishOutcome::stored;
    score.publish_ms.push_back(seconds_since(start) * 1000);
    ++(stored ? score.stored : score.failed);
  }
  co_return core::Status{};
}

ports::Task<void> publish_all(ports::EventBus& bus, const Plan& plan, Score& score) {
  const auto start = Clock::now();
  std::vector<ports::Task<void>> workers;
  for (std::size_t i = 0; i < plan.in_flight; ++i) workers.push_back(publish_some(bus, plan, score));
  static_cast<void>(co_await adapters::when_all(std::move(workers)));
  score.publish_seconds = seconds_since(start);
  if (score.failed == 0) co_return core::Status{};
  co_return core::fail(core::Errc::unavailable, std::to_string(score.failed) + " envelopes were not stored");
}

/// Each envelope is counted once; one that comes again is a delivery more.
ports::Task<void> consume_all(ports::EventConsumer& consumer, Score& score) {
  const auto start = Clock::now();
  std::set<core::EventId> seen;
  for (int empty = 0; seen.size() < score.stored && empty < kMostEmptyReceives;) {
    const auto batch = co_await consumer.receive(kBatch, kReceiveWait);
    if (!batch) co_return std::unexpected(batch.error());
    if (batch->empty()) ++empty;
    std::vector<std::string> tags;
    for (const auto& delivery : *batch) {
      seen.insert(delivery.envelope.id);
      tags.push_back(delivery.tag);
    }
    score.deliveries += tags.size();
    if (auto acked = co_await consumer.ack(std::move(tags)); !acked) co_return acked;
  }
  score.consume_seconds = seconds_since(start);
  if (seen.size() == score.stored) co_return core::Status{};
  co_return core::fail(core::Errc::unavailable, std::to_string(score.stored - seen.size()) + " envelopes did not come");
}

ports::Task<void> measure(ports::EventBus& bus, const Plan& plan, Score& score) {
  const auto consumer = co_await bus.open_consumer(ports::Topic::events, apps::kProgressionGroup);
  if (!consumer) co_return std::unexpected(consumer.error());
  if (auto published = co_await publish_all(bus, plan, score); !published) co_return published;
  co_return co_await consume_all(**consumer, score);
}

void print(Score& score) {
  const auto stored = static_cast<double>(score.stored);
  std::cout << R"({"events":)" << score.stored << R"(,"publish_s":)" << stored / score.publish_seconds
            << R"(,"p50_ms":)" << bench::quantile_of(score.publish_ms, 0.50) << R"(,"p99_ms":)"
            << bench::quantile_of(score.publish_ms, 0.99) << R"(,"consume_s":)" << stored / score.consume_seconds
            << R"(,"deliveries":)" << score.deliveries << "}\n";
}

int run(const Plan& plan, const adapters::config::Settings& settings) {
  const auto process = apps::Process::create(settings);
  if (!process) return apps::complain(process.error(), apps::exit_usage);
  auto& host = (*process)->host();
  const auto bus = apps::open_bus(host, settings, (*process)->log());
  if (!bus) return apps::complain(bus.error(), apps::exit_failed);
  Score score;
  const auto measured = apps::wait_for(host.io.background(), measure(**bus, plan, score));
  if (!measured) return apps::complain(measured.error(), apps::exit_failed);
  print(score);
  return apps::exit_ok;
}

}  // namespace

int main(int argc, char** argv) {
  apps::block_signals();
  CLI::App command("measures the bus that the environment names");
  Plan plan;
  command.add_option("--events", plan.events, "envelopes")->check(CLI::PositiveNumber);
  command.add_option("--bytes", plan.bytes, "of a body")->check(CLI::Range(64, 1 << 20));
  command.add_option("--in-flight", plan.in_flight, "publishes at once")->check(CLI::PositiveNumber);
  CLI11_PARSE(command, argc, argv);
  const auto values = apps::gather_values({});
  if (!values) return apps::complain(values.error(), apps::exit_usage);
  const auto settings = adapters::config::make_settings(*values, adapters::config::Mode::dev);
  if (!settings) return apps::complain(settings.error(), apps::exit_usage);
  return run(plan, *settings);
}
