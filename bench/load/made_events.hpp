#pragma once

#include <cstdint>
#include <string>

#include "core/time.hpp"

namespace liveops::bench {

/// Bytes of a made event, its idempotency key included when it has one.
inline constexpr std::size_t kEventBytes = 200;

/// A valid `progression` event of `player` with awards that honest play gives. With a key it is an item of a batch.
[[nodiscard]] std::string make_event(std::uint64_t player, core::Timestamp now,
                                     const std::string& idempotency_key = {});

/// A batch body: a JSON array of `count` events of the players `first`, `first + 1`, ... modulo `players`; each under
/// the key `key_prefix` and its place.
[[nodiscard]] std::string make_batch(std::uint64_t first, std::uint64_t players, std::size_t count, core::Timestamp now,
                                     const std::string& key_prefix);

}  // namespace liveops::bench
