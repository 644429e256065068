#pragma once

#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <memory>
#include <string_view>

namespace liveops::adapters::http {

/// Bytes received and not yet done with, in one piece of memory that a connection keeps for all its requests.
///
/// Growing may move the bytes: views into it hold until the next `prepare`; offsets hold until the next `consume`.
class InputBuffer {
 public:
  [[nodiscard]] std::string_view view() const { return {data_.get() + begin_, end_ - begin_}; }
  [[nodiscard]] std::size_t size() const { return end_ - begin_; }
  [[nodiscard]] bool empty() const { return begin_ == end_; }

  /// Room for at least `bytes` more, all that is free at the end.
  [[nodiscard]] boost::asio::mutable_buffer prepare(std::size_t bytes);
  void commit(std::size_t bytes) { end_ += bytes; }

  /// Drops `bytes` from the front. Cheap: moves nothing.
  void consume(std::size_t bytes);

  /// Drops `bytes` at `offset`, moving what follows.
  void erase(std::size_t offset, std::size_t bytes);

  /// Gives memory beyond `keep_bytes` back when it holds nothing.
  void shrink(std::size_t keep_bytes);

 private:
  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace liveops::adapters::http
