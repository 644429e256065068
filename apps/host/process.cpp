#include "apps/host/process.hpp"

#include <algorithm>
#include <future>
#include <thread>
#include <utility>

#include "adapters/config/rules_file.hpp"

namespace liveops::apps {

namespace {

using adapters::config::Settings;

constexpr int kMaxIoThreads = 64;
constexpr std::chrono::seconds kBackgroundDeadline{10};

int io_thread_count(const Settings& settings) {
  if (settings.io_threads > 0) return settings.io_threads;
  return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1, kMaxIoThreads);
}

ports::LogLevel log_level(adapters::config::LogLevel level) {
  switch (level) {
    case adapters::config::LogLevel::trace:
    case adapters::config::LogLevel::debug:
      return ports::LogLevel::debug;
    case adapters::config::LogLevel::info:
      return ports::LogLevel::info;
    case adapters::config::LogLevel::warn:
      return ports::LogLevel::warn;
    case adapters::config::LogLevel::error:
      return ports::LogLevel::error;
  }
  return ports::LogLevel::info;
}

adapters::http::ServerLimits server_limits(const Settings& settings) {
  adapters::http::ServerLimits limits;
  limits.max_connections = settings.max_connections;
  limits.max_header_bytes = settings.max_header_bytes;
  limits.header_timeout = settings.header_timeout;
  limits.body_timeout = settings.body_timeout;
  limits.idle_timeout = settings.idle_timeout;
  return limits;
}

/// SQS charges for each request, those of /readyz too; a long poll lasts 20 s at most. Both clouds give up on what is
/// delivered too often, so that batches are held through short outages of a database.
BusPace bus_pace(adapters::config::BusKind kind) {
  constexpr std::chrono::minutes kHoldFor{10};
  switch (kind) {
    case adapters::config::BusKind::sqs:
      return {.wait = std::chrono::seconds(20), .hold_for = kHoldFor, .well_for = std::chrono::seconds(10)};
    case adapters::config::BusKind::servicebus:
      return {.wait = std::chrono::seconds(1), .hold_for = kHoldFor};
    default:
      return {};
  }
}

std::optional<adapters::http::TlsFiles> tls_files(const Settings& settings) {
  if (settings.tls_cert.empty()) return std::nullopt;
  return adapters::http::TlsFiles{.certificate = settings.tls_cert, .private_key = settings.tls_key};
}

}  // namespace

core::Result<std::unique_ptr<Process>> Process::create(const Settings& settings) {
  auto keys = core::auth::KeyRing::parse(settings.hmac_secret, settings.hmac_keys);
  if (!keys) return std::unexpected(keys.error());
  return std::unique_ptr<Process>(new Process(settings, std::move(*keys)));
}

Process::Process(const Settings& settings, core::auth::KeyRing keys)
    : settings_(settings),
      verifier_(std::move(keys),
                {.require_timestamp = settings.require_timestamp, .tolerance = settings.signature_tolerance}),
      authenticator_(verifier_, {.api_token = settings.api_token,
                                 .admin_token = settings.admin_token,
                                 .public_leaderboard = settings.public_leaderboard}),
      io_(io_thread_count(settings)),
      host_{.clock = clock_,
            .authenticator = authenticator_,
            .io = io_,
            .shared_metrics = shared_metrics_,
            .log_level = log_level(settings.log_level),
            .limits = server_limits(settings),
            .tls = tls_files(settings),
            .max_in_flight = settings.max_in_flight,
            .pace = bus_pace(settings.bus_kind)},
      log_(clock_, "host", host_.log_level) {
  io_.start();
}

core::Status Process::start(const std::vector<ServiceApp*>& services) {
  for (auto* service : services) {
    if (auto prepared = service->prepare(); !prepared) return prepared;
  }
  for (auto* service : services) {
    if (auto listening = service->listen(); !listening) return listening;
  }
  log_.info("ready");
  return {};
}

core::Status Process::load_and_plan(const std::vector<ServiceApp*>& services,
                                    std::vector<std::function<void()>>& commits) const {
  const auto rules = adapters::config::load_rules_or_default(settings_.rules_file);
  if (!rules) return std::unexpected(rules.error());
  for (auto* service : services) {
    auto planned = service->plan_reload(*rules);
    if (!planned) return std::unexpected(planned.error());
    commits.push_back(std::move(*planned));
  }
  return {};
}

void Process::reload(const std::vector<ServiceApp*>& services) {
  std::vector<std::function<void()>> commits;
  if (const auto planned = load_and_plan(services, commits); !planned) {
    log_.error("rules not reloaded, the old ones stay", {{"reason", std::string_view(planned.error().message)}});
    return;
  }
  for (const auto& commit : commits) commit();
  log_.info("rules reloaded");
}

bool Process::stop(const std::vector<ServiceApp*>& services) {
  log_.info("stopping");
  for (auto* service : services) service->shell().drain();
  std::vector<std::future<bool>> closing;
  closing.reserve(services.size());
  for (auto* service : services) closing.push_back(service->shell().stop_listening(settings_.shutdown_deadline));
  bool clean = true;
  for (auto& closed : closing) clean = closed.get() && clean;
  for (auto* service : services) {
    const bool ended = service->shell().background().stop(kBackgroundDeadline);
    if (ended) service->leave();
    clean = ended && clean;
  }
  if (clean) io_.stop();
  log_.info("stopped", {{"clean", clean}});
  return clean;
}

}  // namespace liveops::apps
