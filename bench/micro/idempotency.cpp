#include <cstring>

#include "bench/micro/sampling.hpp"
#include "core/idempotency_table.hpp"

namespace {

using namespace liveops;

/// SplitMix64's finaliser (Steele, Lea, Flood 2014): ids are digests, so theirs must look random too.
std::uint64_t mixed(std::uint64_t z) {
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

core::EventId id_of(std::uint64_t number) {
  core::EventId::Bytes bytes{};
  const std::uint64_t high = mixed(2 * number + 1);
  const std::uint64_t low = mixed(2 * number + 2);
  std::memcpy(bytes.data(), &high, sizeof(high));
  std::memcpy(bytes.data() + sizeof(high), &low, sizeof(low));
  return core::EventId(bytes);
}

/// A new key reserved and completed, in a table that is at its bound of so many keys; 50,000 of them a second.
void idempotency_key(benchmark::State& state) {
  const auto keys = static_cast<std::uint64_t>(state.range(0));
  const double before = bench::resident_bytes();
  core::IdempotencyTable table({.max_keys = keys});
  const core::IdempotencyTable::Fingerprint fingerprint{1, 2, 3};
  core::Timestamp now{std::chrono::seconds(1'790'000'000)};
  std::uint64_t next = 0;
  const auto one = [&] {
    const auto id = id_of(next++);
    now += std::chrono::microseconds(20);
    benchmark::DoNotOptimize(table.begin(id, fingerprint, now));
    table.complete(id, fingerprint, now);
  };
  while (next < keys) one();
  state.counters["bytes_per_key"] = (bench::resident_bytes() - before) / static_cast<double>(keys);
  bench::measure(state, one);
  bench::sample(state, 300'000, one);
}
BENCHMARK(idempotency_key)->Arg(1'000'000);
// A tenth of a day at 500 a second, and a day: filled once only, as a number of iterations is given.
BENCHMARK(idempotency_key)->Arg(4'320'000)->Arg(43'200'000)->Iterations(300'000);

}  // namespace
