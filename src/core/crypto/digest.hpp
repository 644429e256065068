#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace liveops::core::crypto {

using Sha256Digest = std::array<std::uint8_t, 32>;

[[nodiscard]] Sha256Digest sha256(std::string_view data);

/// Streaming SHA-256. Threads: one at a time.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void update(std::string_view data);
  /// Ends the computation; the object cannot be used afterwards.
  [[nodiscard]] Sha256Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// RFC 2104 / RFC 4231.
[[nodiscard]] Sha256Digest hmac_sha256(std::string_view key, std::string_view data);

/// HMAC-SHA256 with its key schedule prepared once. Threads: any (const).
class HmacKey {
 public:
  explicit HmacKey(std::string_view key);
  ~HmacKey();
  HmacKey(HmacKey&&) noexcept;
  HmacKey& operator=(HmacKey&&) noexcept;
  /// MAC of the concatenation of `parts`.
  [[nodiscard]] Sha256Digest sign(std::span<const std::string_view> parts) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// True when equal; takes the same time wherever they differ.
[[nodiscard]] bool equal_constant_time(std::string_view a, std::string_view b);

/// Cryptographically strong random bytes. Throws std::runtime_error when the system has none.
[[nodiscard]] std::string random_bytes(std::size_t count);

[[nodiscard]] inline std::string_view as_bytes(std::span<const std::uint8_t> data) {
  return {reinterpret_cast<const char*>(data.data()), data.size()};
}

}  // namespace liveops::core::crypto
