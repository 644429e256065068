#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "core/event.hpp"
#include "core/verdict.hpp"

namespace liveops::adapters::fairness_http {

/// One check: events of which each waits for its verdict. Shared by the one who asks and the questions under way, which
/// may outlast the asking. Threads: one.
struct Call {
  Call(const boost::asio::any_io_executor& executor, std::vector<core::Event> asked)
      : events(std::move(asked)), verdicts(events.size()), unanswered(events.size()), done(executor) {}

  void answer(std::size_t place, core::Verdict verdict) {
    if (over) return;
    verdicts[place] = std::move(verdict);
    if (--unanswered == 0) end();
  }
  void fail(core::Error why) {
    if (over) return;
    error = std::move(why);
    end();
  }
  void end() {
    over = true;
    done.cancel();
  }

  std::vector<core::Event> events;
  std::vector<core::Verdict> verdicts;
  std::size_t unanswered;
  std::optional<core::Error> error;
  bool over = false;  // answered, failed or given up: nothing more is done for it
  boost::asio::steady_timer done;
};

/// One event of a call.
struct Question {
  std::shared_ptr<Call> call;
  std::size_t place = 0;

  [[nodiscard]] const core::Event& event() const { return call->events[place]; }
};

}  // namespace liveops::adapters::fairness_http
