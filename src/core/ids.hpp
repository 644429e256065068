#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "core/error.hpp"

namespace liveops::core {

/// True for 1-64 characters of [A-Za-z0-9._:-], the alphabet of every name in the system.
[[nodiscard]] bool is_valid_name(std::string_view text);

/// A name of one kind; names of different kinds cannot be mixed up.
template <class Tag>
class Name {
 public:
  Name() = default;

  /// Errors: `invalid_argument` when `text` is not 1-64 characters of [A-Za-z0-9._:-].
  [[nodiscard]] static Result<Name> parse(std::string_view text) {
    if (!is_valid_name(text)) return fail(Errc::invalid_argument, "must be 1-64 characters of [A-Za-z0-9._:-]");
    return Name(std::string(text));
  }

  /// For values that were validated before (stores, wire formats of our own).
  [[nodiscard]] static Name trusted(std::string text) { return Name(std::move(text)); }

  [[nodiscard]] const std::string& str() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

  friend bool operator==(const Name&, const Name&) = default;
  friend std::strong_ordering operator<=>(const Name& a, const Name& b) { return a.value_ <=> b.value_; }

 private:
  explicit Name(std::string value) : value_(std::move(value)) {}
  std::string value_;
};

using PlayerId = Name<struct PlayerTag>;
using BoardId = Name<struct BoardTag>;
using BossId = Name<struct BossTag>;
using ItemId = Name<struct ItemTag>;
using DropId = Name<struct DropTag>;
using RewardId = Name<struct RewardTag>;
using SeasonId = Name<struct SeasonTag>;
using ReceiptId = Name<struct ReceiptTag>;
using KeyId = Name<struct KeyTag>;

/// Identity of an event: a UUIDv8 (RFC 9562) made from SHA-256(key id, idempotency key), so that every retry of the
/// same request, however late, is the same event.
class EventId {
 public:
  static constexpr std::size_t kBytes = 16;
  using Bytes = std::array<std::uint8_t, kBytes>;

  EventId() = default;
  explicit EventId(const Bytes& bytes) : bytes_(bytes) {}

  /// The id of the event that `key` sent under `idempotency_key`.
  [[nodiscard]] static EventId derive(const KeyId& key, std::string_view idempotency_key);

  /// Reads the 36-character form. Errors: `invalid_argument`.
  [[nodiscard]] static Result<EventId> parse(std::string_view text);

  /// Lower-case 8-4-4-4-12 form.
  [[nodiscard]] std::string str() const;
  /// The same into a buffer.
  static constexpr std::size_t kTextChars = 36;
  void write(std::span<char, kTextChars> to) const;
  [[nodiscard]] const Bytes& bytes() const { return bytes_; }

  friend bool operator==(const EventId&, const EventId&) = default;
  friend auto operator<=>(const EventId&, const EventId&) = default;

 private:
  Bytes bytes_{};
};

}  // namespace liveops::core

template <class Tag>
struct std::hash<liveops::core::Name<Tag>> {
  std::size_t operator()(const liveops::core::Name<Tag>& name) const noexcept {
    return std::hash<std::string>{}(name.str());
  }
};

template <>
struct std::hash<liveops::core::EventId> {
  std::size_t operator()(const liveops::core::EventId& id) const noexcept {
    // The bytes are a hash already; the first eight serve, past the version nibble it is all digest.
    std::size_t value = 0;
    for (std::size_t i = 8; i < 16; ++i) value = (value << 8U) | id.bytes()[i];
    return value;
  }
};
