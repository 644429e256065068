#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "adapters/http_client/client.hpp"
#include "bench/load/made_events.hpp"
#include "bench/load/quantiles.hpp"
#include "core/auth/request_signature.hpp"

/// Sends signed events to a gateway and prints one line of JSON: singles at a rate, or a number of events in batches.
/// At a rate the schedule is open: what is late counts from when it was due. Exit code 1: something was refused, which
/// --refusals allows (429 and 503 only).
namespace {

namespace asio = boost::asio;
using liveops::adapters::http_client::Client;
using liveops::core::auth::SigningKey;
using Clock = std::chrono::steady_clock;

struct Plan {
  liveops::adapters::http_client::Url gateway;
  SigningKey key;
  std::uint64_t events = 0;
  std::uint64_t players = 0;
  std::size_t batch = 1;
  double rate = 0;  // requests a second, by an open-loop schedule; 0: as fast as answers come
  bool refusals = false;
  std::string run;
};

struct Score {
  std::uint64_t claimed = 0;  // events
  std::uint64_t accepted = 0;
  std::uint64_t refused_requests = 0;
  std::uint64_t failed_requests = 0;  // without an answer, or with any other than 202, 429 and 503
  std::string first_refusal;
  std::vector<double> latency_ms;
  std::vector<double> refusal_ms;  // from the sending to the refusal
};

std::uint64_t accepted_in(const std::string& body) {
  constexpr std::string_view kField = R"("accepted":)";
  const auto at = body.rfind(kField);
  return at == std::string::npos ? 1 : std::stoull(body.substr(at + kField.size()));
}

std::pair<std::string, std::string> next_request(const Plan& plan, std::uint64_t first) {
  const auto now = liveops::core::SystemClock().now();
  if (plan.batch == 1) return {"/events", liveops::bench::make_event(first % plan.players, now)};
  return {"/events/batch", liveops::bench::make_batch(first, plan.players, plan.batch, now, plan.run)};
}

/// One connection: takes its turns until all events are claimed. A late turn counts from when it was due.
asio::awaitable<void> send(asio::io_context& io, const Plan& plan, Score& score, Clock::time_point start) {
  Client client(io.get_executor(), plan.gateway);
  asio::steady_timer timer(io);
  while (score.claimed < plan.events) {
    const auto first = score.claimed;
    score.claimed += plan.batch;
    auto due = Clock::now();
    if (plan.rate > 0) {
      due = start + std::chrono::duration_cast<Clock::duration>(
                        std::chrono::duration<double>(static_cast<double>(first) / plan.rate));
      timer.expires_at(due);
      co_await timer.async_wait(asio::use_awaitable);
    }
    auto [target, body] = next_request(plan, first);
    const auto key = plan.run + std::to_string(first);
    auto headers =
        liveops::core::auth::sign_request(plan.key, liveops::core::SystemClock().now(), "POST", target, key, body);
    const auto sent = Clock::now();
    const auto answer = co_await client.request("POST", target,
                                                {{"X-Key-Id", headers.key_id},
                                                 {"X-Timestamp", headers.timestamp},
                                                 {"X-Signature", headers.signature},
                                                 {"Idempotency-Key", key}},
                                                std::move(body));
    const auto now = Clock::now();
    if (answer && answer->status == 202) {
      score.accepted += accepted_in(answer->body);
      score.latency_ms.push_back(std::chrono::duration<double, std::milli>(now - due).count());
      continue;
    }
    if (++score.refused_requests == 1) {
      score.first_refusal = answer ? std::to_string(answer->status) + " " + answer->body : answer.error().message;
    }
    if (!answer || (answer->status != 429 && answer->status != 503)) ++score.failed_requests;
    score.refusal_ms.push_back(std::chrono::duration<double, std::milli>(now - sent).count());
  }
}

void report(Score& score, double seconds) {
  if (score.refused_requests > 0) std::cerr << "load_client: first refusal: " << score.first_refusal << "\n";
  std::cout << R"({"events":)" << score.claimed << R"(,"accepted":)" << score.accepted << R"(,"refused_requests":)"
            << score.refused_requests << R"(,"failed_requests":)" << score.failed_requests << R"(,"seconds":)"
            << seconds;
  for (const auto& [name, quantile] :
       {std::pair("p50_ms", 0.5), {"p95_ms", 0.95}, {"p99_ms", 0.99}, {"p999_ms", 0.999}, {"max_ms", 1.0}}) {
    std::cout << ",\"" << name << "\":" << liveops::bench::quantile_of(score.latency_ms, quantile);
  }
  std::cout << R"(,"refusal_p99_ms":)" << liveops::bench::quantile_of(score.refusal_ms, 0.99);
  std::cout << "}\n";
}

int run(const Plan& plan, int connections) {
  asio::io_context io(1);
  Score score;
  const auto start = Clock::now() + std::chrono::milliseconds(50);
  for (int i = 0; i < connections; ++i) asio::co_spawn(io, send(io, plan, score, start), asio::detached);
  io.run();
  report(score, std::chrono::duration<double>(Clock::now() - start).count());
  return (plan.refusals ? score.failed_requests : score.refused_requests) == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Sends signed events to a gateway");
  Plan plan;
  std::string url;
  std::string key;
  int connections = 32;
  app.add_option("--url", url)->required();
  app.add_option("--key", key, "id:secret")->required();
  app.add_option("--run", plan.run, "prefix of the idempotency keys, another one each run")->required();
  app.add_option("--events", plan.events)->required();
  app.add_option("--players", plan.players)->required();
  app.add_option("--batch", plan.batch, "events a request");
  app.add_option("--rate", plan.rate, "requests a second; 0: as fast as answers come");
  app.add_option("--connections", connections);
  app.add_flag("--refusals", plan.refusals, "429 and 503 are no failure");
  CLI11_PARSE(app, argc, argv);
  const auto ring = liveops::core::auth::KeyRing::parse("", key);
  auto parsed = liveops::adapters::http_client::Url::parse(url);
  if (!ring || !parsed) {
    std::cerr << "load_client: " << (ring ? parsed.error() : ring.error()).message << "\n";
    return 2;
  }
  plan.key = ring->keys().front();
  plan.gateway = std::move(*parsed);
  return run(plan, connections);
}
