#include "adapters/bus_redis/publisher.hpp"

#include <algorithm>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <iterator>
#include <utility>

namespace liveops::adapters::bus_redis {

namespace asio = boost::asio;
using core::Errc;
using core::Result;
using ports::PublishOutcome;
using redis::Reply;

namespace {

std::vector<PublishOutcome> all_to_retry(std::vector<PublishOutcome> outcomes) {
  std::ranges::replace(outcomes, PublishOutcome::stored, PublishOutcome::retry);
  return outcomes;
}

Capacity::Use use_of(const Publisher::Request& request) {
  return {.bytes = request.bytes, .messages = request.commands.size()};
}

bool is_out_of_memory(const core::Error& error) {
  return error.detail.contains("OOM ") || error.message.contains("OOM ");
}

}  // namespace

asio::awaitable<Publisher::Outcomes> Publisher::publish(Request request) {
  auto initiate = [this](auto handler, Request taken) {
    Waiting waiting{.request = std::move(taken), .executor = {}, .resume = {}};
    waiting.executor = asio::prefer(asio::any_io_executor(asio::get_associated_executor(handler)),
                                    asio::execution::outstanding_work.tracked);
    waiting.resume = [held = std::move(handler)](Outcomes outcome) mutable { std::move(held)(std::move(outcome)); };
    add(std::move(waiting));
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(Outcomes)>(
      std::move(initiate), asio::use_awaitable, std::move(request));
}

void Publisher::add(Waiting waiting) {
  const auto executor = waiting.executor;
  {
    std::unique_lock lock(mutex_);
    if (auto at_once = turn_away(waiting.request)) {
      lock.unlock();
      complete(std::move(waiting), *std::move(at_once));
      return;
    }
    queued_bytes_ += waiting.request.bytes;
    gathering_.push_back(std::move(waiting));
    if (releasing_ || batches_ >= options_.max_batches) return;
    releasing_ = true;
  }
  // Behind all that the executor has ready: requests that arrived together go into one batch.
  asio::post(executor, [self = shared_from_this()] { self->release(); });
}

std::optional<Publisher::Outcomes> Publisher::turn_away(Request& request) const {
  if (ended_) return core::fail(Errc::unavailable, "the bus is closed");
  // One request is taken whatever its size, else a large one would have to be retried for ever.
  const bool queue_full = queued_bytes_ > 0 && queued_bytes_ + request.bytes > options_.max_queued_bytes;
  if (queue_full || !capacity_.take(use_of(request))) {
    return all_to_retry(std::move(request.outcomes));
  }
  return std::nullopt;
}

void Publisher::release() {
  Batch batch;
  {
    const std::lock_guard lock(mutex_);
    releasing_ = false;
    if (gathering_.empty() || ended_) return;
    ++batches_;
    batch = std::exchange(gathering_, {});
    // Under the lock, so that `end` knows of it: whoever ends this waits for the background afterwards.
    background_.spawn(send(std::move(batch)));
  }
}

Publisher::Batch Publisher::next_batch() {
  const std::lock_guard lock(mutex_);
  auto batch = std::exchange(gathering_, {});
  if (batch.empty()) --batches_;
  return batch;
}

asio::awaitable<void> Publisher::send(Batch batch) {
  while (!batch.empty()) {
    co_await send_one(std::move(batch));
    batch = next_batch();
  }
}

asio::awaitable<void> Publisher::send_one(Batch batch) {
  std::vector<redis::Command> commands;
  for (auto& waiting : batch) {
    std::ranges::move(waiting.request.commands, std::back_inserter(commands));
  }
  if (options_.wait_replicas > 0) {
    commands.push_back({"WAIT", std::to_string(options_.wait_replicas), std::to_string(options_.wait_timeout.count())});
  }
  settle(std::move(batch), co_await client_.run_all(std::move(commands)));
}

void Publisher::settle(Batch batch, Result<std::vector<Result<Reply>>> replies) {
  for (const auto& waiting : batch) capacity_.settle(use_of(waiting.request));
  bool replicated = true;
  if (replies && options_.wait_replicas > 0) {
    const auto& last = replies->back();
    replicated = last.has_value() && last->integer >= std::int64_t{options_.wait_replicas};
  }
  std::size_t next = 0;
  std::uint64_t bytes = 0;
  for (auto& waiting : batch) {
    bytes += waiting.request.bytes;
    if (!replies) {
      complete(std::move(waiting), core::fail(Errc::unavailable, replies.error().message, replies.error().detail));
      continue;
    }
    auto& outcomes = waiting.request.outcomes;
    for (auto& outcome : outcomes) {
      if (outcome != PublishOutcome::stored) continue;
      const auto& reply = (*replies)[next++];
      if (!reply && is_out_of_memory(reply.error())) capacity_.out_of_memory();
      if (!reply || !replicated) outcome = PublishOutcome::retry;
    }
    auto done = std::move(outcomes);
    complete(std::move(waiting), std::move(done));
  }
  const std::lock_guard lock(mutex_);
  queued_bytes_ -= bytes;
}

void Publisher::complete(Waiting waiting, Outcomes outcome) {
  asio::post(waiting.executor, [resume = std::move(waiting.resume), result = std::move(outcome)]() mutable {
    resume(std::move(result));
  });
}

void Publisher::end() {
  Batch left;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    left = std::exchange(gathering_, {});
  }
  for (auto& waiting : left) {
    capacity_.settle(use_of(waiting.request));
    complete(std::move(waiting), core::fail(Errc::unavailable, "the bus is closed"));
  }
}

}  // namespace liveops::adapters::bus_redis
