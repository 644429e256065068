#include "adapters/http/input_buffer.hpp"

#include <algorithm>
#include <cstring>

namespace liveops::adapters::http {

boost::asio::mutable_buffer InputBuffer::prepare(std::size_t bytes) {
  if (capacity_ - end_ < bytes) {
    if (capacity_ - size() >= bytes) {
      std::memmove(data_.get(), data_.get() + begin_, size());
    } else {
      const std::size_t grown = std::max(size() + bytes, capacity_ * 2);
      auto moved = std::make_unique_for_overwrite<char[]>(grown);
      if (!empty()) std::memcpy(moved.get(), data_.get() + begin_, size());
      data_ = std::move(moved);
      capacity_ = grown;
    }
    end_ -= begin_;
    begin_ = 0;
  }
  return {data_.get() + end_, capacity_ - end_};
}

void InputBuffer::consume(std::size_t bytes) {
  begin_ += bytes;
  if (begin_ == end_) begin_ = end_ = 0;
}

void InputBuffer::erase(std::size_t offset, std::size_t bytes) {
  if (bytes == 0) return;
  char* const at = data_.get() + begin_ + offset;
  std::memmove(at, at + bytes, size() - offset - bytes);
  end_ -= bytes;
}

void InputBuffer::shrink(std::size_t keep_bytes) {
  if (!empty() || capacity_ <= keep_bytes) return;
  data_.reset();
  capacity_ = begin_ = end_ = 0;
}

}  // namespace liveops::adapters::http
