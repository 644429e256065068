#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace liveops::gateway {

/// Why a body could not be unpacked.
enum class CodingFault : std::uint8_t {
  unsupported,  // a Content-Encoding that is not gzip or identity: 415
  corrupt,      // not gzip, wrong checksum, cut short, or followed by something that is not gzip: 400
  too_large     // would unpack to more than the limit: 413; unpacking stopped there
};

/// A body whose Content-Encoding has been undone: the bytes handed in (which must outlive this) when they were not
/// coded, else bytes of its own.
class PlainBody {
 public:
  explicit PlainBody(std::string_view as_sent) : as_sent_(as_sent) {}
  explicit PlainBody(std::string unpacked) : unpacked_(std::move(unpacked)), coded_(true) {}
  [[nodiscard]] std::string_view view() const { return coded_ ? std::string_view(unpacked_) : as_sent_; }

 private:
  std::string_view as_sent_;
  std::string unpacked_;
  bool coded_ = false;
};

/// Undoes `content_encoding` (a header value: empty, "identity", "gzip" or "x-gzip", any case) of `body`.
///
/// gzip (RFC 1952) is inflated as a stream: never more than `max_bytes` + one chunk is held, however far the input
/// would unpack. Several members in a row are one body, as the RFC has it.
[[nodiscard]] std::expected<PlainBody, CodingFault> decode_body(std::string_view content_encoding,
                                                                std::string_view body, std::size_t max_bytes);

/// RFC 1952. Errors: `corrupt`, `too_large`.
[[nodiscard]] std::expected<std::string, CodingFault> gunzip(std::string_view packed, std::size_t max_bytes);

}  // namespace liveops::gateway
