#include "adapters/config/rules_file.hpp"
#include "bench/micro/sampling.hpp"
#include "core/window_calendar.hpp"

namespace {

using namespace liveops;

void period_at(benchmark::State& state) {
  const auto rules = adapters::config::parse_rules(adapters::config::built_in_rules(), "built-in rules");
  const auto calendar = core::WindowCalendar::create(rules->windows);
  const auto window = static_cast<core::Window>(state.range(0));
  core::Timestamp at = core::SystemClock().now();
  bench::measure(state, [&] {
    at += std::chrono::microseconds(100);
    benchmark::DoNotOptimize(calendar->period_at(window, at));
  });
}
BENCHMARK(period_at)->Arg(0)->Arg(1)->Arg(2);

}  // namespace
