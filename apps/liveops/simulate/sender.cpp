#include "apps/liveops/simulate/sender.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>
#include <utility>

namespace liveops::apps {

namespace {

using boost::asio::use_awaitable;

constexpr std::chrono::milliseconds kRetryPause{50};

/// The last part of a problem's type, e.g. "quota-exceeded"; the status when there is none.
std::string reason_of(int status, const std::string& body) {
  boost::system::error_code failed;
  const auto problem = boost::json::parse(body, failed);
  std::string name;
  if (!failed && problem.is_object()) {
    if (const auto* type = problem.get_object().if_contains("type"); type != nullptr && type->is_string()) {
      const std::string uri(type->get_string());
      name = " " + uri.substr(uri.find_last_of("/#") + 1);
    }
  }
  return std::to_string(status) + name;
}

bool is_worth_another_try(const core::Result<adapters::http_client::ClientResponse>& answer) {
  if (!answer) return true;
  if (answer->status == 503 || answer->status == 409) return true;
  return answer->status == 429 && answer->body.find("quota-exceeded") != std::string::npos;
}

std::string batch_body(const std::vector<SimulatedEvent>& items) {
  std::string body;
  for (const auto& item : items) {
    body += R"({"idempotency_key":")" + item.idempotency_key + "\"," + item.json.substr(1) + "\n";
  }
  return body;
}

}  // namespace

Sender::Sender(boost::asio::io_context& io, Options options, Traffic& traffic, Tally& tally)
    : io_(io), options_(std::move(options)), traffic_(traffic), tally_(tally) {}

boost::asio::awaitable<void> Sender::run() {
  started_ = Clock::now();
  std::vector<std::shared_ptr<boost::asio::steady_timer>> ended;
  for (int i = 0; i < options_.connections; ++i) {
    auto done = std::make_shared<boost::asio::steady_timer>(io_, boost::asio::steady_timer::time_point::max());
    ended.push_back(done);
    auto client = std::make_unique<GatewayClient>(io_.get_executor(), options_.gateway, options_.key);
    boost::asio::co_spawn(io_, connection(std::move(client)), [done](const std::exception_ptr& error) {
      done->expires_at(boost::asio::steady_timer::time_point::min());
      if (error) std::rethrow_exception(error);
    });
  }
  for (const auto& done : ended) {
    boost::system::error_code cancelled;  // the expiry moved to the past: the connection has ended
    co_await done->async_wait(boost::asio::redirect_error(use_awaitable, cancelled));
  }
}

boost::asio::awaitable<void> Sender::connection(std::unique_ptr<GatewayClient> client) {
  while (!over()) {
    const auto due = claim_slot();
    if (due > Clock::now()) {
      boost::asio::steady_timer timer(io_, due);
      co_await timer.async_wait(use_awaitable);
    }
    if (options_.batch == 1) {
      co_await send_single(*client, due);
    } else {
      co_await send_batch(*client, due);
    }
  }
}

bool Sender::over() const {
  if (options_.max_events != 0 && claimed_ >= options_.max_events) return true;
  return Clock::now() - started_ >= options_.duration;
}

Sender::Clock::time_point Sender::claim_slot() {
  const auto first = claimed_;
  claimed_ += options_.batch;
  if (options_.rate <= 0) return Clock::now();
  return started_ + std::chrono::duration_cast<Clock::duration>(
                        std::chrono::duration<double>(static_cast<double>(first) / options_.rate));
}

boost::asio::awaitable<void> Sender::pause(std::chrono::milliseconds time) {
  boost::asio::steady_timer timer(io_, time);
  co_await timer.async_wait(use_awaitable);
}

boost::asio::awaitable<void> Sender::send_single(GatewayClient& client, Clock::time_point due) {
  const auto event = traffic_.next(wall_clock_.now());
  tally_.sent(1);
  for (int attempt = 1;; ++attempt) {
    const auto answer = co_await client.send_event(event.json, event.idempotency_key);
    if (is_worth_another_try(answer) && attempt < kTries) {
      co_await pause(kRetryPause);
      continue;
    }
    tally_.answered_in(Clock::now() - due);
    if (!answer) {
      tally_.unanswered(1);
    } else if (answer->status == 202) {
      tally_.accepted(event.player, event.xp);
    } else {
      tally_.refused(reason_of(answer->status, answer->body));
    }
    co_return;
  }
}

boost::asio::awaitable<void> Sender::send_batch(GatewayClient& client, Clock::time_point due) {
  std::vector<SimulatedEvent> items;
  const auto now = wall_clock_.now();
  for (std::size_t i = 0; i < options_.batch; ++i) items.push_back(traffic_.next(now));
  tally_.sent(items.size());
  for (int attempt = 1; !items.empty(); ++attempt) {
    const auto answer = co_await client.send_batch(batch_body(items), "application/x-ndjson");
    if (attempt == 1) tally_.answered_in(Clock::now() - due);
    if (is_worth_another_try(answer) && attempt < kTries) {
      co_await pause(kRetryPause);
      continue;
    }
    if (!answer || answer->status != 202) {
      if (!answer) {
        tally_.unanswered(items.size());
      } else {
        for (std::size_t i = 0; i < items.size(); ++i) tally_.refused(reason_of(answer->status, answer->body));
      }
      co_return;
    }
    items = book(std::move(items), answer->body);
    if (!items.empty() && attempt >= kTries) {
      tally_.unanswered(items.size());
      co_return;
    }
    if (!items.empty()) co_await pause(kRetryPause);
  }
}

std::vector<SimulatedEvent> Sender::book(std::vector<SimulatedEvent> items, const std::string& body) {
  const auto answer = boost::json::parse(body);
  std::vector<SimulatedEvent> again;
  for (const auto& result : answer.at("results").as_array()) {
    auto& item = items.at(static_cast<std::size_t>(result.at("index").to_number<std::int64_t>()));
    const auto status = result.at("status").as_string();
    if (status == "accepted") {
      tally_.accepted(item.player, item.xp);
    } else if (status == "duplicate") {
      tally_.duplicate(item.player, item.xp);
    } else if (status == "retry") {
      again.push_back(std::move(item));
    } else {
      const auto* code = result.as_object().if_contains("code");
      tally_.refused(code == nullptr ? std::string("rejected") : std::string(code->as_string()));
    }
  }
  return again;
}

}  // namespace liveops::apps
