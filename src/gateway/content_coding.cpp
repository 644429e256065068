#include "gateway/content_coding.hpp"

#include <zlib.h>

#include <algorithm>
#include <new>

#include "core/http/message.hpp"

namespace liveops::gateway {

namespace {

constexpr std::size_t kChunkBytes = 16 * 1024;
constexpr int kGzipOnly = 16 + MAX_WBITS;  // zlib: 16 added to the window bits refuses what is not gzip

/// A zlib inflate state over one input.
class Inflater {
 public:
  explicit Inflater(std::string_view packed) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));  // zlib's input is not const
    stream_.avail_in = static_cast<uInt>(packed.size());
    if (inflateInit2(&stream_, kGzipOnly) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// Appends the next bytes to `out`, at most one chunk.
  [[nodiscard]] int read_into(std::string& out) {
    const auto before = out.size();
    int code = Z_OK;
    out.resize_and_overwrite(before + kChunkBytes, [&](char* data, std::size_t size) {
      stream_.next_out = reinterpret_cast<Bytef*>(data + before);
      stream_.avail_out = kChunkBytes;
      code = inflate(&stream_, Z_NO_FLUSH);
      return size - stream_.avail_out;
    });
    return code;
  }

  [[nodiscard]] bool has_input() const { return stream_.avail_in > 0; }
  [[nodiscard]] bool next_member() { return inflateReset(&stream_) == Z_OK; }

 private:
  z_stream stream_{};
};

}  // namespace

std::expected<std::string, CodingFault> gunzip(std::string_view packed, std::size_t max_bytes) {
  Inflater inflater(packed);
  std::string out;
  out.reserve(std::min(max_bytes, packed.size() * 4) + kChunkBytes);
  while (true) {
    const int code = inflater.read_into(out);
    if (code != Z_OK && code != Z_STREAM_END) return std::unexpected(CodingFault::corrupt);
    if (out.size() > max_bytes) return std::unexpected(CodingFault::too_large);
    if (code != Z_STREAM_END) continue;
    if (!inflater.has_input()) return out;
    if (!inflater.next_member()) return std::unexpected(CodingFault::corrupt);
  }
}

std::expected<PlainBody, CodingFault> decode_body(std::string_view content_encoding, std::string_view body,
                                                  std::size_t max_bytes) {
  using core::http::equals_ignore_case;
  if (content_encoding.empty() || equals_ignore_case(content_encoding, "identity")) {
    if (body.size() > max_bytes) return std::unexpected(CodingFault::too_large);
    return PlainBody(body);
  }
  if (!equals_ignore_case(content_encoding, "gzip") && !equals_ignore_case(content_encoding, "x-gzip")) {
    return std::unexpected(CodingFault::unsupported);
  }
  auto unpacked = gunzip(body, max_bytes);
  if (!unpacked) return std::unexpected(unpacked.error());
  return PlainBody(std::move(*unpacked));
}

}  // namespace liveops::gateway
