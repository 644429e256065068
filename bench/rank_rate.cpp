#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

#include "adapters/redis/leaderboard/rank_index.hpp"
#include "apps/host/blocking.hpp"
#include "apps/host/command_line.hpp"
#include "apps/host/process.hpp"
#include "apps/host/service_shell.hpp"
#include "apps/host/signals.hpp"
#include "apps/wiring/servers.hpp"
#include "bench/load/made_ranks.hpp"
#include "bench/load/quantiles.hpp"

/// Fills one table of the rank index on the Redis server of REDIS_URL with members, then times single puts, ranks and
/// pages of 100, one after the other. Prints one line of JSON; milliseconds are with the way to the server and back.
namespace {

using namespace liveops;
using Clock = std::chrono::steady_clock;
using adapters::redis::leaderboard::RankIndex;

constexpr std::size_t kChunk = 8000;

struct Score {
  double fill_seconds = 0;
  std::vector<double> put_ms;
  std::vector<double> rank_ms;
  std::vector<double> top_ms;
};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

class Filler {
 public:
  explicit Filler(std::uint64_t members) : made_(members) {}

  ports::Task<void> fill(RankIndex& index, Score& score) {
    if (auto begun = co_await index.begin_load(); !begun) co_return begun;
    if (auto done = co_await index.finish_load(); !done) co_return done;
    const auto start = Clock::now();
    for (std::uint64_t first = 0; first < made_.members(); first += kChunk) {
      std::vector<ports::RankEntries> tables{made_.chunk(first, kChunk)};
      if (auto put = co_await index.put(std::move(tables)); !put) co_return put;
    }
    score.fill_seconds = seconds_since(start);
    co_return core::Status{};
  }

  ports::Task<void> ask(RankIndex& index, std::size_t samples, Score& score) {
    for (std::size_t i = 0; i < samples; ++i) {
      std::vector<ports::RankEntries> tables{{.table = bench::MadeRanks::table(), .entries = {made_.change()}}};
      auto start = Clock::now();
      if (auto put = co_await index.put(std::move(tables)); !put) co_return put;
      score.put_ms.push_back(seconds_since(start) * 1000);
      std::vector<core::PlayerId> somebody{made_.anybody()};
      start = Clock::now();
      const auto rank = co_await index.ranks_of(bench::MadeRanks::table(), std::move(somebody));
      score.rank_ms.push_back(seconds_since(start) * 1000);
      if (!rank) co_return std::unexpected(rank.error());
      start = Clock::now();
      const auto top = co_await index.top(bench::MadeRanks::table(), 0, 100);
      score.top_ms.push_back(seconds_since(start) * 1000);
      if (!top) co_return std::unexpected(top.error());
      if (top->total == made_.members() && rank->found.front()) continue;
      co_return core::fail(core::Errc::unavailable, "the table has " + std::to_string(top->total) + " members");
    }
    co_return core::Status{};
  }

 private:
  bench::MadeRanks made_;
};

void print(std::uint64_t members, Score& score) {
  const auto quantiles = [](const char* name, std::vector<double>& samples) {
    std::cout << R"(,")" << name << R"(_p50_ms":)" << bench::quantile_of(samples, 0.5) << R"(,")" << name
              << R"(_p99_ms":)" << bench::quantile_of(samples, 0.99);
  };
  std::cout << R"({"members":)" << members << R"(,"fill_s":)" << score.fill_seconds;
  quantiles("put", score.put_ms);
  quantiles("rank", score.rank_ms);
  quantiles("top", score.top_ms);
  std::cout << "}\n";
}

int run(std::uint64_t members, std::size_t samples, const adapters::config::Settings& settings) {
  const auto process = apps::Process::create(settings);
  if (!process) return apps::complain(process.error(), apps::exit_usage);
  auto& host = (*process)->host();
  apps::ServiceShell shell(host, "rank_rate");
  const auto redis = apps::connect_redis(host, shell, settings);
  if (!redis) return apps::complain(redis.error(), apps::exit_failed);
  RankIndex index(**redis);
  Filler filler(members);
  Score score;
  const auto filled = apps::wait_for(host.io.background(), filler.fill(index, score));
  if (!filled) return apps::complain(filled.error(), apps::exit_failed);
  const auto asked = apps::wait_for(host.io.background(), filler.ask(index, samples, score));
  if (!asked) return apps::complain(asked.error(), apps::exit_failed);
  print(members, score);
  return apps::exit_ok;
}

}  // namespace

int main(int argc, char** argv) {
  apps::block_signals();
  CLI::App command("measures the rank index on Redis");
  std::uint64_t members = 1'000'000;
  std::size_t samples = 5000;
  command.add_option("--members", members, "in the table")->check(CLI::PositiveNumber);
  command.add_option("--samples", samples, "of each kind of request")->check(CLI::PositiveNumber);
  CLI11_PARSE(command, argc, argv);
  const auto values = apps::gather_values({});
  if (!values) return apps::complain(values.error(), apps::exit_usage);
  const auto settings = adapters::config::make_settings(*values, adapters::config::Mode::dev);
  if (!settings) return apps::complain(settings.error(), apps::exit_usage);
  if (settings->redis_url.empty()) {
    return apps::complain({core::Errc::invalid_argument, "REDIS_URL is not set: name the server"}, apps::exit_usage);
  }
  return run(members, samples, *settings);
}
