#include "adapters/http/route_metrics.hpp"

#include <algorithm>
#include <cstdint>

namespace liveops::adapters::http {
namespace {

// The last of each list takes whatever is not in it.
constexpr std::array<std::string_view, 8> kMethodNames{"GET",    "POST",  "HEAD",    "PUT",
                                                       "DELETE", "PATCH", "OPTIONS", "OTHER"};
constexpr std::array<int, 29> kKnownStatuses{200, 201, 202, 204, 206, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404,
                                             405, 406, 408, 409, 410, 412, 413, 415, 417, 422, 429, 431, 500, 503};

consteval auto status_slots() {
  std::array<std::uint8_t, 600> slots{};
  slots.fill(kKnownStatuses.size());
  for (std::size_t i = 0; i < kKnownStatuses.size(); ++i)
    slots[static_cast<std::size_t>(kKnownStatuses[i])] = static_cast<std::uint8_t>(i);
  return slots;
}
constexpr auto kStatusSlots = status_slots();

std::size_t status_slot(int status) {
  const auto index = static_cast<std::size_t>(status);
  return status < 0 || index >= kStatusSlots.size() ? kKnownStatuses.size() : kStatusSlots[index];
}

std::size_t method_slot(std::string_view method) {
  const auto at = std::ranges::find(kMethodNames, method);
  return at == kMethodNames.end() ? kMethodNames.size() - 1 : static_cast<std::size_t>(at - kMethodNames.begin());
}

}  // namespace

RouteMetrics::RouteMetrics(ports::Metrics& metrics, std::string service, std::string route)
    : metrics_(metrics),
      service_(std::move(service)),
      route_(std::move(route)),
      duration_(metrics.histogram("liveops_http_request_duration_seconds",
                                  "Time from the whole request being read to its response being made.",
                                  {{"service", service_}, {"route", route_}}, ports::latency_buckets())) {
  static_assert(kMethodNames.size() == kMethods && kKnownStatuses.size() < kStatuses);
}

void RouteMetrics::record(std::string_view method, int status, std::chrono::steady_clock::duration took) {
  const std::size_t m = method_slot(method);
  const std::size_t s = status_slot(status);
  ports::Counter* counter = counters_[m][s].load(std::memory_order_acquire);
  (counter != nullptr ? *counter : make_counter(m, s)).add();
  duration_.observe(std::chrono::duration<double>(took).count());
}

ports::Counter& RouteMetrics::make_counter(std::size_t method, std::size_t status) {
  const std::string label = status < kKnownStatuses.size() ? std::to_string(kKnownStatuses[status]) : "other";
  ports::Counter& counter = metrics_.counter(
      "liveops_http_requests_total", "Requests answered.",
      {{"service", service_}, {"route", route_}, {"method", std::string(kMethodNames[method])}, {"status", label}});
  counters_[method][status].store(&counter, std::memory_order_release);
  return counter;
}

}  // namespace liveops::adapters::http
