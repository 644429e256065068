#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
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
///
/// With --wait-as-told each connection is a client with a schedule of its own, which sends nothing for as long as a
/// Retry-After said; what was due meanwhile is counted as held back.
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
  bool wait_as_told = false;
  int connections = 32;
  std::string run;
};

struct Score {
  std::uint64_t claimed = 0;  // events
  std::uint64_t accepted = 0;
  std::uint64_t refused_requests = 0;
  std::uint64_t failed_requests = 0;  // without an answer, or with any other than 202, 429 and 503
  std::uint64_t held_back = 0;        // events not sent, as the server had told to wait
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

double milliseconds(Clock::duration time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

/// Sends the event, or the batch that begins with it, and counts the answer. How long the client was told to wait.
asio::awaitable<std::chrono::seconds> send_one(Client& client, const Plan& plan, Score& score, std::uint64_t first,
                                               Clock::time_point due) {
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
    score.latency_ms.push_back(milliseconds(now - due));
    co_return std::chrono::seconds(0);
  }
  if (++score.refused_requests == 1) {
    score.first_refusal = answer ? std::to_string(answer->status) + " " + answer->body : answer.error().message;
  }
  if (!answer || (answer->status != 429 && answer->status != 503)) ++score.failed_requests;
  score.refusal_ms.push_back(milliseconds(now - sent));
  const auto wait = answer ? std::string(answer->header("retry-after")) : std::string();
  co_return std::chrono::seconds(wait.empty() ? 0 : std::stoi(wait));
}

/// When the event is to be sent by the schedule.
Clock::time_point due_time(const Plan& plan, Clock::time_point start, std::uint64_t event) {
  return start + std::chrono::duration_cast<Clock::duration>(
                     std::chrono::duration<double>(static_cast<double>(event) / plan.rate));
}

/// One connection of many that take turns until all events are claimed. A late turn counts from when it was due.
asio::awaitable<void> take_turns(Client& client, const Plan& plan, Score& score, Clock::time_point start) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  while (score.claimed < plan.events) {
    const auto first = score.claimed;
    score.claimed += plan.batch;
    auto due = Clock::now();
    if (plan.rate > 0) {
      due = due_time(plan, start, first);
      timer.expires_at(due);
      co_await timer.async_wait(asio::use_awaitable);
    }
    co_await send_one(client, plan, score, first, due);
  }
}

/// One client of many: every so many-th event is its own, and it waits as it is told.
asio::awaitable<void> keep_schedule(Client& client, const Plan& plan, Score& score, Clock::time_point start,
                                    int number) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  Clock::time_point not_before = start;
  for (auto event = static_cast<std::uint64_t>(number); event < plan.events;
       event += static_cast<std::uint64_t>(plan.connections)) {
    ++score.claimed;
    const auto due = due_time(plan, start, event);
    if (due < not_before) {
      ++score.held_back;
      continue;
    }
    timer.expires_at(due);
    co_await timer.async_wait(asio::use_awaitable);
    const auto wait = co_await send_one(client, plan, score, event, due);
    if (wait.count() > 0) not_before = Clock::now() + wait;
  }
}

/// A connection that is there before the clock runs.
asio::awaitable<void> connect(Client& client) {
  static_cast<void>(co_await client.request("GET", "/healthz", {}, {}));
}

void report(Score& score, double seconds) {
  if (score.refused_requests > 0) std::cerr << "load_client: first refusal: " << score.first_refusal << "\n";
  std::cout << R"({"events":)" << score.claimed << R"(,"accepted":)" << score.accepted << R"(,"refused_requests":)"
            << score.refused_requests << R"(,"failed_requests":)" << score.failed_requests << R"(,"held_back":)"
            << score.held_back << R"(,"seconds":)" << seconds;
  for (const auto& [name, quantile] :
       {std::pair("p50_ms", 0.5), {"p95_ms", 0.95}, {"p99_ms", 0.99}, {"p999_ms", 0.999}, {"max_ms", 1.0}}) {
    std::cout << ",\"" << name << "\":" << liveops::bench::quantile_of(score.latency_ms, quantile);
  }
  std::cout << R"(,"refusal_p99_ms":)" << liveops::bench::quantile_of(score.refusal_ms, 0.99);
  std::cout << "}\n";
}

int run(const Plan& plan) {
  asio::io_context io(1);
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < plan.connections; ++i) {
    clients.push_back(std::make_unique<Client>(io.get_executor(), plan.gateway));
    asio::co_spawn(io, connect(*clients.back()), asio::detached);
  }
  io.run();
  io.restart();
  Score score;
  const auto start = Clock::now() + std::chrono::milliseconds(50);
  for (int i = 0; i < plan.connections; ++i) {
    Client& client = *clients[static_cast<std::size_t>(i)];
    asio::co_spawn(
        io, plan.wait_as_told ? keep_schedule(client, plan, score, start, i) : take_turns(client, plan, score, start),
        asio::detached);
  }
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
  app.add_option("--url", url)->required();
  app.add_option("--key", key, "id:secret")->required();
  app.add_option("--run", plan.run, "prefix of the idempotency keys, another one each run")->required();
  app.add_option("--events", plan.events)->required();
  app.add_option("--players", plan.players)->required();
  app.add_option("--batch", plan.batch, "events a request");
  app.add_option("--rate", plan.rate, "requests a second; 0: as fast as answers come");
  app.add_option("--connections", plan.connections);
  app.add_flag("--refusals", plan.refusals, "429 and 503 are no failure");
  app.add_flag("--wait-as-told", plan.wait_as_told, "single events at a rate: a client keeps to Retry-After");
  CLI11_PARSE(app, argc, argv);
  const auto ring = liveops::core::auth::KeyRing::parse("", key);
  auto parsed = liveops::adapters::http_client::Url::parse(url);
  if (!ring || !parsed) {
    std::cerr << "load_client: " << (ring ? parsed.error() : ring.error()).message << "\n";
    return 2;
  }
  plan.key = ring->keys().front();
  plan.gateway = std::move(*parsed);
  if (plan.wait_as_told && (plan.rate <= 0 || plan.batch != 1)) {
    std::cerr << "load_client: --wait-as-told needs a --rate, and takes single events\n";
    return 2;
  }
  return run(plan);
}
