#include "adapters/http/operations.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>
#include <memory>

namespace liveops::adapters::http {
namespace {

namespace asio = boost::asio;
using core::http::Request;
using core::http::Response;

struct Outcome {
  std::string name;
  std::string fault;  // empty: ok
  bool stops_service = true;
};

asio::awaitable<void> deadline_passed(std::chrono::milliseconds deadline) {
  asio::steady_timer timer(co_await asio::this_coro::executor, deadline);
  boost::system::error_code ignored;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

void note(Outcome& outcome, const ports::HealthCheck& check, const core::Error& failure) {
  outcome.fault = failure.message.empty() ? "failed" : failure.message;
  outcome.stops_service = check.stops_service(failure);
}

asio::awaitable<Outcome> run_check(ports::HealthCheck& check, std::chrono::milliseconds deadline) {
  using namespace asio::experimental::awaitable_operators;
  Outcome outcome{check.name(), {}};
  try {
    const auto first = co_await (check.check() || deadline_passed(deadline));
    if (const auto* result = std::get_if<0>(&first)) {
      if (!result->has_value()) note(outcome, check, result->error());
    } else {
      note(outcome, check, {core::Errc::timeout, "no answer within " + std::to_string(deadline.count()) + " ms", {}});
    }
  } catch (const std::exception&) {
    outcome.fault = "the check itself failed; see the log";
  }
  co_return outcome;
}

/// What the routes need; shared by their handlers.
struct Operations {
  std::vector<ports::HealthCheck*> checks;
  const Readiness& readiness;
  std::function<std::string()> metrics_text;
  std::chrono::milliseconds check_deadline;

  [[nodiscard]] asio::awaitable<std::vector<Outcome>> outcomes() const {
    std::vector<Outcome> all{{"process", readiness.reason(), true}};
    for (ports::HealthCheck* check : checks) all.push_back(co_await run_check(*check, check_deadline));
    co_return all;
  }
};

bool all_well(const std::vector<Outcome>& outcomes) {
  return std::ranges::all_of(outcomes, [](const Outcome& it) { return it.fault.empty() || !it.stops_service; });
}

bool anything_failed(const std::vector<Outcome>& outcomes) {
  return !std::ranges::all_of(outcomes, &std::string::empty, &Outcome::fault);
}

Response text_response(int status, std::string body) {
  Response response{
      .status = status, .content_type = "text/plain; charset=utf-8", .body = std::move(body), .headers = {}};
  response.with("Cache-Control", "no-store");
  return response;
}

std::string verbose_text(const std::vector<Outcome>& outcomes) {
  std::string text;
  for (const auto& [name, fault, stops_service] : outcomes) {
    if (fault.empty()) {
      text += "[+]" + name + " ok\n";
    } else {
      text += (stops_service ? "[-]" + name + " failed: " : "[!]" + name + " degraded: ") + fault + "\n";
    }
  }
  return text;
}

asio::awaitable<Response> livez() {
  co_return text_response(200, "ok\n");
}

asio::awaitable<Response> readyz(std::shared_ptr<const Operations> operations, bool verbose) {
  const auto outcomes = co_await operations->outcomes();
  const bool well = all_well(outcomes);
  std::string text = verbose || anything_failed(outcomes) ? verbose_text(outcomes) : std::string();
  text += well ? "ok\n" : "not ready\n";
  co_return text_response(well ? 200 : 503, std::move(text));
}

asio::awaitable<Response> healthz(std::shared_ptr<const Operations> operations) {
  const auto outcomes = co_await operations->outcomes();
  boost::json::object checks;
  for (const auto& [name, fault, stops_service] : outcomes) {
    const auto* status = fault.empty() ? "ok" : stops_service ? "failed" : "degraded";
    checks[name] = {{"status", status}, {"message", fault}};
  }
  const bool well = all_well(outcomes);
  const auto* status = !well ? "failed" : anything_failed(outcomes) ? "degraded" : "ok";
  const boost::json::object body{{"status", status}, {"checks", std::move(checks)}};
  Response response{.status = well ? 200 : 503, .body = boost::json::serialize(body)};
  response.with("Cache-Control", "no-store");
  co_return response;
}

asio::awaitable<Response> metrics(std::shared_ptr<const Operations> operations) {
  auto response = text_response(200, operations->metrics_text());
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  co_return response;
}

ports::Route open_get(std::string path, ports::Handler handler) {
  return {.method = "GET", .path = std::move(path), .access = ports::Access::open, .handler = std::move(handler)};
}

}  // namespace

void Readiness::set_starting(std::string reason) {
  const std::lock_guard lock(mutex_);
  if (!draining_) reason_ = "starting: " + std::move(reason);
}

void Readiness::set_ready() {
  const std::lock_guard lock(mutex_);
  if (!draining_) reason_.clear();
}

void Readiness::set_draining() {
  const std::lock_guard lock(mutex_);
  draining_ = true;
  reason_ = "draining: the process is shutting down";
}

std::string Readiness::reason() const {
  const std::lock_guard lock(mutex_);
  return reason_;
}

std::vector<ports::Route> operations_routes(std::vector<ports::HealthCheck*> checks, const Readiness& readiness,
                                            std::function<std::string()> metrics_text,
                                            std::chrono::milliseconds check_deadline) {
  const auto operations =
      std::make_shared<const Operations>(std::move(checks), readiness, std::move(metrics_text), check_deadline);
  std::vector<ports::Route> routes;
  routes.push_back(open_get("/livez", [](const Request&) { return livez(); }));
  routes.push_back(open_get("/readyz", [operations](const Request& request) {
    return readyz(operations, request.query_param("verbose").has_value());
  }));
  routes.push_back(open_get("/healthz", [operations](const Request&) { return healthz(operations); }));
  routes.push_back(open_get("/metrics", [operations](const Request&) { return metrics(operations); }));
  return routes;
}

}  // namespace liveops::adapters::http
