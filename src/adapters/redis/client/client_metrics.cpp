#include "adapters/redis/client/client_metrics.hpp"

namespace liveops::adapters::redis {

namespace {

ports::Counter& commands(ports::Metrics& metrics, const std::string& client, std::string_view outcome) {
  return metrics.counter("liveops_redis_commands_total", "Commands to Redis by outcome",
                         {{"client", client}, {"outcome", std::string(outcome)}});
}

}  // namespace

ClientMetrics::ClientMetrics(ports::Metrics& metrics, const std::string& client)
    : connected_(
          metrics.gauge("liveops_redis_connected", "Whether the connection to Redis stands", {{"client", client}})),
      reconnects_(metrics.counter("liveops_redis_reconnects_total", "Connections to Redis made anew after a loss",
                                  {{"client", client}})),
      duration_(metrics.histogram("liveops_redis_command_duration_seconds",
                                  "Time from a call to its last reply from Redis", {{"client", client}},
                                  ports::latency_buckets())),
      ok_(commands(metrics, client, "ok")) {
  for (std::size_t code = 0; code < kErrors; ++code) {
    failed_[code] = &commands(metrics, client, core::to_string(static_cast<core::Errc>(code)));
  }
}

void ClientMetrics::connected(bool first) {
  connected_.set(1);
  if (!first) reconnects_.add();
}

void ClientMetrics::disconnected() {
  connected_.set(0);
}

void ClientMetrics::ended(const Request::Outcome& outcome, std::size_t commands, std::chrono::duration<double> took) {
  duration_.observe(took.count());
  if (!outcome) {
    failed_[static_cast<std::size_t>(outcome.error().code)]->add(static_cast<double>(commands));
    return;
  }
  std::size_t ok = 0;
  for (const auto& reply : *outcome) {
    if (reply) {
      ++ok;
    } else {
      failed_[static_cast<std::size_t>(reply.error().code)]->add();
    }
  }
  if (ok != 0) ok_.add(static_cast<double>(ok));
}

}  // namespace liveops::adapters::redis
