#include "adapters/bus_local/record_cursor.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "adapters/bus_local/file_error.hpp"

namespace liveops::adapters::bus_local {

namespace {

constexpr std::size_t kLeastRead = 128U << 10U;

}  // namespace

core::Result<std::string_view> RecordCursor::look(std::size_t bytes) {
  const std::size_t wanted = std::min<std::uint64_t>(bytes, limit_ - position_);
  if (position_ < buffer_at_ || position_ + wanted > buffer_at_ + buffer_.size()) {
    buffer_.resize(std::min<std::uint64_t>(std::max(wanted, kLeastRead), limit_ - position_));
    buffer_at_ = position_;
    std::size_t have = 0;
    while (have < buffer_.size()) {
      const auto got =
          pread(file_, buffer_.data() + have, buffer_.size() - have, static_cast<off_t>(buffer_at_ + have));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return cannot("read", path_, errno);
      if (got == 0) break;
      have += static_cast<std::size_t>(got);
    }
    buffer_.resize(have);
  }
  return std::string_view(buffer_).substr(position_ - buffer_at_, wanted);
}

core::Result<std::optional<RecordHead>> RecordCursor::peek() {
  if (position_ >= limit_) return std::nullopt;
  const auto text = look(RecordHead::kBytes);
  if (!text) return std::unexpected(text.error());
  const auto head = RecordHead::parse(*text);
  if (!head || head->first != due_ || head->count == 0 || head->bytes() > limit_ - position_) return std::nullopt;
  return head;
}

core::Result<std::optional<std::string_view>> RecordCursor::take(const RecordHead& head) {
  const auto text = look(head.bytes());
  if (!text) return std::unexpected(text.error());
  if (!head.matches(*text)) return std::nullopt;
  return *text;
}

void RecordCursor::pass(const RecordHead& head) {
  position_ += head.bytes();
  due_ = head.end();
}

}  // namespace liveops::adapters::bus_local
