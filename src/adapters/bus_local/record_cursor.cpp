#include "adapters/bus_local/record_cursor.hpp"

#include <algorithm>

#include "adapters/bus_local/file_read.hpp"

namespace liveops::adapters::bus_local {

namespace {

constexpr std::size_t kLeastRead = 128U << 10U;

}  // namespace

core::Result<std::string_view> RecordCursor::look(std::size_t bytes) {
  const std::size_t wanted = std::min<std::uint64_t>(bytes, limit_ - position_);
  if (position_ < buffer_at_ || position_ + wanted > buffer_at_ + buffer_.size()) {
    buffer_.resize(std::min<std::uint64_t>(std::max(wanted, kLeastRead), limit_ - position_));
    buffer_at_ = position_;
    if (auto done = read_at(file_, path_, buffer_at_, buffer_); !done) return std::unexpected(done.error());
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
