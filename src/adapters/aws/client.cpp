#include "adapters/aws/client.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <utility>

#include "adapters/aws/pause.hpp"
#include "adapters/aws/signature.hpp"

namespace liveops::adapters::aws {

using core::Result;
using std::chrono::milliseconds;

namespace {

constexpr std::chrono::seconds kSkewThatMatters{240};

/// What is left of the time for one attempt.
milliseconds timeout_of(const Call& call) {
  const auto left = call.deadline - std::chrono::steady_clock::now();
  return std::clamp(std::chrono::ceil<milliseconds>(left), milliseconds(1), call.timeout);
}

bool is_success(int status) {
  return status >= 200 && status < 300;
}

}  // namespace

/// What came of one attempt.
struct Client::Attempt {
  Result<HttpAnswer> answer;
  std::string access_key_id;
  std::optional<Fault> fault;  // of an answer that is not 2xx
};

Result<std::unique_ptr<Client>> Client::open(const Environment& environment, const core::Clock& clock,
                                             ports::Log& log) {
  auto endpoints = Endpoints::resolve(environment, Profile::load(environment));
  if (!endpoints) return std::unexpected(endpoints.error());
  return std::unique_ptr<Client>(new Client(environment, *std::move(endpoints), clock, log));
}

Client::Client(const Environment& environment, Endpoints endpoints, const core::Clock& clock, ports::Log& log)
    : endpoints_(std::move(endpoints)),
      clock_(clock),
      http_(Http::Options{.ca_file = environment("AWS_CA_BUNDLE")}),
      credentials_(default_sources(environment, http_, endpoints_.sts()), clock, log) {}

void Client::give_up() {
  given_up_.request_stop();
  http_.give_up();
}

const std::string& Client::endpoint_of(const std::string& service) const {
  return service == "sns" ? endpoints_.sns() : endpoints_.sqs();
}

boost::asio::awaitable<Client::Attempt> Client::attempt(const Call& call) {
  auto credentials = co_await credentials_.get();
  if (!credentials) co_return Attempt{std::unexpected(credentials.error()), {}, {}};
  HttpRequest request{.method = "POST",
                      .url = endpoint_of(call.service) + "/",
                      .headers = call.headers,
                      .body = call.body,
                      .timeout = timeout_of(call),
                      .stop = call.stop};
  sign(request, *credentials, {.region = endpoints_.region(), .service = call.service}, now());
  Attempt attempt{co_await http_.send(std::move(request)), std::move(credentials->access_key_id), {}};
  if (attempt.answer && !is_success(attempt.answer->status)) attempt.fault = parse_fault(*attempt.answer);
  co_return attempt;
}

core::Timestamp Client::now() const {
  return clock_.now() + std::chrono::seconds(clock_offset_s_.load());
}

std::optional<milliseconds> Client::plan_retry(const Attempt& failed, unsigned failures) {
  if (failed.fault && failed.fault->is_stale_credentials()) {
    credentials_.doubt(failed.access_key_id);
    return failures == 1 ? std::optional(milliseconds(0)) : std::nullopt;
  }
  if (failed.fault && failed.fault->is_wrong_clock()) {
    const auto before = clock_offset_s_.load();
    correct_clock(*failed.answer);
    return clock_offset_s_.load() != before ? std::optional(milliseconds(0)) : std::nullopt;
  }
  const bool transient = failed.fault ? failed.fault->is_transient() : true;
  if (!transient || !budget_.take()) return std::nullopt;
  const auto delay = backoff_.delay(failures, failed.fault && failed.fault->is_throttling());
  const auto told = failed.fault ? failed.fault->retry_after.value_or(milliseconds(0)) : milliseconds(0);
  return std::max(delay, std::min(told, milliseconds(std::chrono::seconds(20))));
}

void Client::correct_clock(const HttpAnswer& answer) {
  const auto found = answer.headers.find("date");
  if (found == answer.headers.end()) return;
  const auto theirs = curl_getdate(found->second.c_str(), nullptr);
  if (theirs <= 0) return;
  const auto ours = std::chrono::floor<std::chrono::seconds>(clock_.now().time_since_epoch());
  const auto offset = std::chrono::seconds(theirs) - ours;
  const auto change = offset - std::chrono::seconds(clock_offset_s_.load());
  if (std::chrono::abs(change) >= kSkewThatMatters) clock_offset_s_.store(offset.count());
}

ports::Task<std::string> Client::make(Call call) {
  for (unsigned failures = 0;;) {
    auto result = co_await attempt(call);
    if (result.answer && !result.fault) {
      budget_.give_back(failures > 0);
      co_return std::move(result.answer->body);
    }
    ++failures;
    const auto error = result.fault ? to_error(*result.fault) : result.answer.error();
    if (failures >= call.attempts || call.stop.stop_requested() || given_up_.stop_requested()) {
      co_return std::unexpected(error);
    }
    const auto delay = plan_retry(result, failures);
    const bool too_late = delay && call.deadline - std::chrono::steady_clock::now() <= *delay;
    if (!delay || too_late) co_return std::unexpected(error);
    co_await pause(*delay, call.stop.stop_possible() ? call.stop : given_up_.get_token());
  }
}

}  // namespace liveops::adapters::aws
