#include "adapters/postgres/pool_metrics.hpp"

namespace liveops::adapters::postgres {

namespace {

constexpr const char* kConnectionsHelp = "Connections to PostgreSQL that are open or being opened";
constexpr const char* kTransactionsHelp = "Transactions that ended, by how they did";

ports::Gauge& connections_gauge(ports::Metrics& metrics, const std::string& pool, const std::string& state) {
  return metrics.gauge("liveops_postgres_connections", kConnectionsHelp, {{"pool", pool}, {"state", state}});
}

ports::Counter& transactions(ports::Metrics& metrics, const std::string& pool, const std::string& outcome) {
  return metrics.counter("liveops_postgres_transactions_total", kTransactionsHelp,
                         {{"pool", pool}, {"outcome", outcome}});
}

}  // namespace

PoolMetrics::PoolMetrics(ports::Metrics& metrics, const std::string& pool)
    : idle_(connections_gauge(metrics, pool, "idle")),
      busy_(connections_gauge(metrics, pool, "busy")),
      waiting_(metrics.gauge("liveops_postgres_waiting", "Transactions that wait for a connection", {{"pool", pool}})),
      committed_(transactions(metrics, pool, "committed")),
      refused_(transactions(metrics, pool, "refused")),
      failed_(transactions(metrics, pool, "failed")),
      retries_(metrics.counter("liveops_postgres_retries_total",
                               "Transactions run again after a deadlock, a serialization failure or a lost connection",
                               {{"pool", pool}})),
      duration_(metrics.histogram("liveops_postgres_transaction_duration_seconds",
                                  "Time of a transaction, with waiting and repetitions", {{"pool", pool}},
                                  ports::latency_buckets())) {}

void PoolMetrics::connections(std::size_t idle, std::size_t busy, std::size_t waiting) {
  idle_.set(static_cast<double>(idle));
  busy_.set(static_cast<double>(busy));
  waiting_.set(static_cast<double>(waiting));
}

void PoolMetrics::finished(const core::Status& outcome, std::chrono::steady_clock::duration took) {
  duration_.observe(std::chrono::duration<double>(took).count());
  if (outcome) return committed_.add();
  switch (outcome.error().code) {
    case core::Errc::not_found:
    case core::Errc::conflict:
      return refused_.add();
    default:
      return failed_.add();
  }
}

}  // namespace liveops::adapters::postgres
