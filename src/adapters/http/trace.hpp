#pragma once

#include <array>
#include <string_view>

namespace liveops::adapters::http {

/// True for a usable `traceparent` (W3C Trace Context, section 3.2): version 00, or a later one whose first 55
/// characters have the known form; lower-case hex; neither id all zero; never version ff. What a later version adds may
/// be 128 characters.
[[nodiscard]] bool is_valid_traceparent(std::string_view value);

/// True for 1-128 visible ASCII characters.
[[nodiscard]] bool is_valid_request_id(std::string_view value);

/// Room for the ids of one request; what the makers below give points into it.
struct TraceStorage {
  static constexpr std::size_t kTraceparentSize = 55;
  static constexpr std::size_t kRequestIdSize = 32;
  std::array<char, kTraceparentSize> traceparent;
  std::array<char, kRequestIdSize> request_id;
};

/// A new sampled trace: "00-<32 hex>-<16 hex>-01". Unique, not secret: a fast generator, seeded from the system once a
/// thread.
[[nodiscard]] std::string_view make_traceparent(TraceStorage& storage);

/// A new request id: 32 hex characters.
[[nodiscard]] std::string_view make_request_id(TraceStorage& storage);

}  // namespace liveops::adapters::http
