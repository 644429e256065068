#include "adapters/fairness_http/replica.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "adapters/fairness_http/check_batch.hpp"
#include "core/auth/request_signature.hpp"

namespace liveops::adapters::fairness_http {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

constexpr std::size_t kMaxAnswerBytes = std::size_t{4} << 20U;
constexpr std::string_view kRoute = "/check/batch";

http_client::ClientOptions client_options(const Options& options) {
  return {.connect_timeout = options.request_timeout,
          .request_timeout = options.request_timeout,
          .max_response_bytes = kMaxAnswerBytes,
          .ca_file = options.ca_file};
}

/// The path of the URL with that of the route behind it.
std::string target_below(std::string path) {
  path.resize(std::min(path.size(), path.find('?')));
  while (path.ends_with('/')) path.pop_back();
  return path.append(kRoute);
}

std::string body_of(const std::vector<Question>& batch) {
  constexpr std::size_t kUsualEventBytes = 160;
  std::string body;
  body.reserve(batch.size() * kUsualEventBytes);
  for (const Question& question : batch) {
    body.append(body.empty() ? "[" : ",");
    append_event(body, question.event());
  }
  return body.append("]");
}

core::Error refusal(const http_client::ClientResponse& answer) {
  constexpr std::size_t kShown = 200;
  std::string what = "fairness answered " + std::to_string(answer.status);
  if (answer.status == 401 || answer.status == 403) what += ": does it have the same API_TOKEN and HMAC keys?";
  if (answer.status == 404) what += ": does FAIRNESS_URL name a fairness service?";
  return {core::Errc::corrupt, std::move(what), answer.body.substr(0, kShown)};
}

}  // namespace

Replica::Replica(asio::any_io_executor executor, const http_client::Url& url, const Options& options,
                 const core::Clock& clock, ReplicaStatus& status, Elsewhere elsewhere)
    : executor_(executor),
      options_(options),
      clock_(clock),
      status_(status),
      elsewhere_(std::move(elsewhere)),
      target_(target_below(url.target)),
      client_(std::move(executor), url, client_options(options)) {}

bool Replica::is_worth_asking() const {
  return failures_ == 0 || (!running_ && steady_clock::now() >= try_again_at_);
}

void Replica::ask(Question question) {
  if (waiting_.size() >= options_.max_waiting) drop_what_is_over();
  if (waiting_.size() >= options_.max_waiting) {
    question.call->fail({core::Errc::unavailable, "too many events wait for fairness", {}});
    return;
  }
  waiting_.push_back(std::move(question));
  if (std::exchange(running_, true)) return;
  asio::co_spawn(executor_, run(shared_from_this()), asio::detached);
}

/// From the front: all have the same deadline, so those given up stand there.
void Replica::drop_what_is_over() {
  while (!waiting_.empty() && waiting_.front().call->over) waiting_.pop_front();
}

asio::awaitable<void> Replica::run(std::shared_ptr<Replica> self) {
  while (!self->waiting_.empty()) {
    co_await asio::post(self->executor_, asio::use_awaitable);  // what is asked in this turn of the loop comes along
    if (auto batch = self->take_batch(); !batch.empty()) co_await self->settle(std::move(batch));
  }
  self->running_ = false;
}

std::vector<Question> Replica::take_batch() {
  std::vector<Question> batch;
  while (!waiting_.empty() && batch.size() < kMaxEvents) {
    if (!waiting_.front().call->over) batch.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return batch;
}

asio::awaitable<void> Replica::settle(std::vector<Question> batch) {
  const auto begun = steady_clock::now();
  auto verdicts = co_await request(batch);
  if (!verdicts && verdicts.error().code == core::Errc::timeout) {
    // A kept connection that the server had closed looks like this. Asking again is safe: events are known by their id.
    std::erase_if(batch, [](const Question& question) { return question.call->over; });
    if (!batch.empty()) verdicts = co_await request(batch);
  }
  if (!verdicts) {
    status_.failed(verdicts.error());
    if (verdicts.error().code != core::Errc::corrupt) {
      leave_alone();
      send_elsewhere(batch);
      co_return;
    }
  }
  failures_ = 0;
  if (verdicts) status_.answered(batch.size(), std::chrono::duration<double>(steady_clock::now() - begun).count());
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (verdicts) {
      batch[i].call->answer(batch[i].place, std::move((*verdicts)[i]));
    } else {
      batch[i].call->fail({core::Errc::unavailable, verdicts.error().message, verdicts.error().detail});
    }
  }
}

asio::awaitable<Replica::Verdicts> Replica::request(const std::vector<Question>& batch) {
  std::string body = body_of(batch);
  auto headers = headers_for(body, batch.front().event().traceparent);
  const auto answer = co_await client_.request("POST", target_, std::move(headers), std::move(body));
  if (!answer) co_return std::unexpected(answer.error());
  if (answer->status != 200) co_return std::unexpected(refusal(*answer));
  co_return read_verdicts(answer->body, batch.size());
}

http_client::Headers Replica::headers_for(const std::string& body, const std::string& traceparent) const {
  http_client::Headers headers;
  if (!traceparent.empty()) headers.emplace_back("traceparent", traceparent);
  if (!options_.bearer_token.empty()) {
    headers.emplace_back("Authorization", "Bearer " + options_.bearer_token);
    return headers;
  }
  auto signature = core::auth::sign_request(*options_.signing_key, clock_.now(), "POST", target_, {}, body);
  headers.emplace_back("X-Key-Id", std::move(signature.key_id));
  headers.emplace_back("X-Timestamp", std::move(signature.timestamp));
  headers.emplace_back("X-Signature", std::move(signature.signature));
  return headers;
}

/// For a while that doubles with every failure, less up to half of it, so that threads and gateways do not come
/// together.
void Replica::leave_alone() {
  constexpr unsigned kMostDoublings = 16;
  const auto doubled = options_.first_backoff * (std::int64_t{1} << std::min(failures_, kMostDoublings));
  const auto longest = std::min<std::chrono::milliseconds>(doubled, options_.longest_backoff);
  std::uniform_int_distribution<std::int64_t> spread(0, longest.count() / 2);
  ++failures_;
  try_again_at_ = steady_clock::now() + longest - std::chrono::milliseconds(spread(random_));
}

void Replica::send_elsewhere(const std::vector<Question>& batch) {
  const auto waiting = std::exchange(waiting_, {});
  for (const Question& question : batch) {
    if (!question.call->over) elsewhere_(question);
  }
  for (const Question& question : waiting) {
    if (!question.call->over) elsewhere_(question);
  }
}

}  // namespace liveops::adapters::fairness_http
