#include "bench/load/made_events.hpp"
#include "bench/micro/sampling.hpp"
#include "core/envelope.hpp"
#include "core/event_parser.hpp"

namespace {

using namespace liveops;

const core::Timestamp kNow{std::chrono::seconds(1'790'000'000)};

core::Event made_event() {
  auto event = core::parse_event(bench::make_event(42, kNow), kNow, {});
  event->key_id = core::KeyId::trusted("default");
  event->id = core::EventId::derive(event->key_id, "key-1");
  event->traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  return std::move(*event);
}

void parse_event_200_bytes(benchmark::State& state) {
  const auto json = bench::make_event(42, kNow);
  const core::EventLimits limits;
  bench::measure(state, [&] { benchmark::DoNotOptimize(core::parse_event(json, kNow, limits)); });
}
BENCHMARK(parse_event_200_bytes);

void parse_batch_of_500(benchmark::State& state) {
  const auto json = bench::make_batch(0, 500, 500, kNow, "b-");
  const core::EventLimits limits;
  bench::measure(state, [&] { benchmark::DoNotOptimize(core::parse_batch(json, false, 1000, kNow, limits)); });
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * 500);
}
BENCHMARK(parse_batch_of_500);

void derive_event_id(benchmark::State& state) {
  const auto key = core::KeyId::trusted("default");
  bench::measure(state, [&] { benchmark::DoNotOptimize(core::EventId::derive(key, "0123456789abcdef")); });
}
BENCHMARK(derive_event_id);

void encode_envelope(benchmark::State& state) {
  const auto event = made_event();
  bench::measure(state, [&] { benchmark::DoNotOptimize(core::encode_event(event)); });
}
BENCHMARK(encode_envelope);

void decode_envelope(benchmark::State& state) {
  const auto envelope = core::encode_event(made_event());
  bench::measure(state, [&] { benchmark::DoNotOptimize(core::decode_event(envelope)); });
}
BENCHMARK(decode_envelope);

}  // namespace
