#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <string>
#include <tuple>
#include <vector>

#include "adapters/memory/gateway/idempotency_store.hpp"
#include "bench/load/made_events.hpp"
#include "bench/micro/sampling.hpp"
#include "gateway/gateway.hpp"

/// A batch of 500 from its bytes to envelopes at the bus and the answer's bytes: all of the gateway's own work, without
/// HTTP, signature and fairness.
namespace {

using namespace liveops;

constexpr std::size_t kEvents = 500;
constexpr std::chrono::milliseconds kBetweenBatches{50};  // by the bench's own clock: 10,000 events a second

/// An instrument of any kind that forgets.
class NullInstrument final : public ports::Counter, public ports::Gauge, public ports::Histogram {
 public:
  void add(double /*amount*/) override {}
  void set(double /*value*/) override {}
  void observe(double /*value*/) override {}
};

class NullMetrics final : public ports::Metrics {
 public:
  ports::Counter& counter(const std::string&, const std::string&, const ports::Labels&) override { return any_; }
  ports::Gauge& gauge(const std::string&, const std::string&, const ports::Labels&) override { return any_; }
  ports::Histogram& histogram(const std::string&, const std::string&, const ports::Labels&,
                              const std::vector<double>&) override {
    return any_;
  }

 private:
  NullInstrument any_;
};

class NullLog final : public ports::Log {
 public:
  bool enabled(ports::LogLevel) const override { return false; }
  void write(ports::LogLevel, std::string_view, std::span<const ports::LogField>) override {}
};

/// Takes all and keeps nothing.
class NullBus final : public ports::EventBus {
 public:
  ports::Task<std::vector<ports::PublishOutcome>> publish(ports::Topic,
                                                          std::vector<core::Envelope> envelopes) override {
    benchmark::DoNotOptimize(envelopes.data());
    co_return std::vector<ports::PublishOutcome>(envelopes.size(), ports::PublishOutcome::stored);
  }
  ports::Task<std::unique_ptr<ports::EventConsumer>> open_consumer(ports::Topic, std::string) override {
    co_return core::fail(core::Errc::unavailable, "nobody consumes here");
  }
  ports::Task<void> check() override { co_return core::Status{}; }
  std::size_t max_body_bytes() const override { return 64 * 1024; }
};

class AllowAll final : public ports::FairnessCheck {
 public:
  ports::Task<std::vector<core::Verdict>> check(std::vector<core::Event> events) override {
    co_return std::vector<core::Verdict>(events.size());
  }
};

class SetClock final : public core::Clock {
 public:
  core::Timestamp now() const override { return time; }
  core::Timestamp time{std::chrono::seconds(1'790'000'000)};
};

gateway::Settings settings() {
  gateway::Settings settings;
  settings.rate = {.events_per_second = 1e9, .burst = 1'000'000'000};
  return settings;
}

/// A gateway whose table of keys is at its bound.
struct Bench {
  static constexpr std::size_t kBodies = 64;
  static constexpr std::size_t kKeys = 1'000'000;

  Bench() {
    for (std::size_t i = 0; i < kBodies; ++i) {
      bodies.push_back(bench::make_batch(i * kEvents, 100'000, kEvents, clock.time, "b-"));
    }
    boost::asio::co_spawn(io, fill(), boost::asio::detached);
    io.run();
  }

  boost::asio::awaitable<void> fill() {
    const auto sender = core::KeyId::trusted("earlier");
    for (std::size_t n = 0; n < kKeys; n += kEvents) {
      std::vector<ports::IdempotencyStore::Entry> entries;
      for (std::size_t i = n; i < n + kEvents; ++i) {
        entries.push_back({core::EventId::derive(sender, std::to_string(i)), {}});
      }
      clock.time += kBetweenBatches;
      std::ignore = co_await keys.complete(std::move(entries), clock.time);
    }
  }

  SetClock clock;
  NullBus bus;
  AllowAll fairness;
  NullMetrics metrics;
  NullLog log;
  adapters::memory::IdempotencyStore keys{{.max_keys = kKeys}};
  gateway::Gateway gateway{settings(), keys, fairness, bus, clock, metrics, log};
  boost::asio::io_context io{1};
  std::vector<std::string> bodies;
  std::size_t sent = 0;
};

boost::asio::awaitable<void> send(gateway::Gateway& gateway, const core::http::Request& request, int& status) {
  status = (co_await gateway.batches().handle(request)).status;
}

void batch_of_500_from_bytes_to_envelopes(benchmark::State& state) {
  static Bench bench;  // the library calls this several times
  core::http::Request request;
  request.method = "POST";
  request.target = request.path = "/events/batch";
  request.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  int status = 0;
  bench::measure(state, [&] {
    // Another key id makes the same keys other ones.
    const std::size_t round = bench.sent / Bench::kBodies;
    request.principal.key_id = core::KeyId::trusted("k" + std::to_string(round));
    request.body = bench.bodies[bench.sent++ % Bench::kBodies];
    bench.clock.time += kBetweenBatches;
    boost::asio::co_spawn(bench.io, send(bench.gateway, request, status), boost::asio::detached);
    bench.io.restart();
    bench.io.run();
    if (status != 202) state.SkipWithError("a batch was refused");
  });
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kEvents));
}
BENCHMARK(batch_of_500_from_bytes_to_envelopes);

}  // namespace
