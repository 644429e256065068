#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "ports/task.hpp"

namespace liveops::audit {

/// Rows that come in pages, looked at one by one.
///
/// Threads: one coroutine at a time.
template <class Row>
class RowStream {
 public:
  /// Gives the next page; empty at the end.
  using Fetch = std::function<ports::Task<std::vector<Row>>()>;

  explicit RowStream(Fetch fetch) : fetch_(std::move(fetch)) {}

  /// `front` cannot be asked before `fill`.
  [[nodiscard]] bool needs_fill() const { return next_ == page_.size() && !ended_; }
  /// Errors: the fetch's.
  [[nodiscard]] ports::Task<void> fill() {
    auto page = co_await fetch_();
    if (!page) co_return std::unexpected(page.error());
    ended_ = page->empty();
    page_ = std::move(*page);
    next_ = 0;
    co_return core::Status();
  }

  /// Null at the end. Requires: !needs_fill().
  [[nodiscard]] Row* front() { return next_ == page_.size() ? nullptr : &page_[next_]; }
  void pop() { ++next_; }

 private:
  Fetch fetch_;
  std::vector<Row> page_;
  std::size_t next_ = 0;
  bool ended_ = false;
};

}  // namespace liveops::audit
