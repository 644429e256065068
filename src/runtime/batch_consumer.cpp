#include "runtime/batch_consumer.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <ranges>
#include <utility>

namespace liveops::runtime {

namespace asio = boost::asio;
using core::Errc;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

bool is_transient(const core::Error& error) {
  return error.code == Errc::unavailable || error.code == Errc::timeout;
}

std::vector<std::string> tags_of(const std::vector<ports::Delivery>& batch) {
  std::vector<std::string> tags;
  tags.reserve(batch.size());
  for (const auto& delivery : batch) tags.push_back(delivery.tag);
  return tags;
}

void append(std::vector<ports::Delivery>& to, std::vector<ports::Delivery> from) {
  std::ranges::move(from, std::back_inserter(to));
}

/// `batch` in order, in parts of at most `size`.
std::vector<std::vector<ports::Delivery>> parts_of(std::vector<ports::Delivery> batch, std::size_t size) {
  std::vector<std::vector<ports::Delivery>> parts;
  for (auto& delivery : batch) {
    if (parts.empty() || parts.back().size() == size) parts.emplace_back();
    parts.back().push_back(std::move(delivery));
  }
  return parts;
}

std::vector<std::vector<ports::Delivery>> halves(std::vector<ports::Delivery> batch) {
  const auto half = (batch.size() + 1) / 2;
  return parts_of(std::move(batch), half);
}

std::vector<std::vector<ports::Delivery>> singles(std::vector<ports::Delivery> batch) {
  return parts_of(std::move(batch), 1);
}

std::string reason_of(const core::Error& error) {
  std::string reason(core::to_string(error.code));
  reason += ": " + error.message;
  if (!error.detail.empty()) reason += " (" + error.detail + ")";
  return reason;
}

}  // namespace

BatchConsumer::BatchConsumer(ports::EventConsumer& consumer, Handler handler, Options options, ports::Log& log,
                             ports::Metrics& metrics)
    : consumer_(consumer),
      handler_(std::move(handler)),
      options_(std::move(options)),
      log_(log),
      random_(std::random_device{}()),
      consumed_(metrics.counter("liveops_bus_consumed_total", "Messages acked by a consumer group",
                                {{"group", options_.group}})),
      redelivered_(metrics.counter("liveops_bus_redelivered_total", "Messages received again by a consumer group",
                                   {{"group", options_.group}})),
      dead_lettered_(metrics.counter("liveops_bus_dead_lettered_total", "Messages a consumer group gave up on",
                                     {{"group", options_.group}})),
      batch_size_(metrics.histogram("liveops_consumer_batch_size", "Messages of one batch", {{"group", options_.group}},
                                    {1, 2, 5, 10, 25, 50, 100, 250, 500, 1000})),
      batch_seconds_(metrics.histogram("liveops_consumer_batch_duration_seconds", "Time to process one batch",
                                       {{"group", options_.group}}, ports::latency_buckets())) {}

asio::awaitable<void> BatchConsumer::run() {
  while (begin_receive()) {
    Batch batch = co_await receive();
    end_receive();
    if (batch.empty() || stopping()) continue;
    const auto start = steady_clock::now();
    batch_size_.observe(static_cast<double>(batch.size()));
    redelivered_.add(static_cast<double>(std::ranges::count_if(batch, [](const auto& d) { return d.attempt > 1; })));
    const bool full = batch.size() >= options_.max_batch;
    co_await process(std::move(batch));
    batch_seconds_.observe(std::chrono::duration<double>(steady_clock::now() - start).count());
    if (!full && options_.gather > milliseconds(0)) co_await pause(options_.gather);
  }
  consumer_.close();
}

void BatchConsumer::stop() {
  bool receiving = false;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    receiving = receiving_;
  }
  stopped_.notify();
  if (receiving) consumer_.close();
}

core::Status BatchConsumer::last_outcome() {
  const std::lock_guard lock(mutex_);
  return last_outcome_;
}

void BatchConsumer::succeeded() {
  failures_ = 0;
  const std::lock_guard lock(mutex_);
  last_outcome_ = {};
}

bool BatchConsumer::stopping() {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

bool BatchConsumer::begin_receive() {
  const std::lock_guard lock(mutex_);
  receiving_ = !stopping_;
  return receiving_;
}

void BatchConsumer::end_receive() {
  const std::lock_guard lock(mutex_);
  receiving_ = false;
}

asio::awaitable<BatchConsumer::Batch> BatchConsumer::receive() {
  const auto start = steady_clock::now();
  auto batch = co_await consumer_.receive(options_.max_batch, options_.wait);
  if (!batch) {
    log_.warn("cannot receive from the bus", {{"group", options_.group}, {"error", reason_of(batch.error())}});
    co_await pause(next_backoff());
    co_return Batch{};
  }
  // A consumer that somebody closed answers at once, for ever: do not spin on it.
  const auto early = options_.wait - (steady_clock::now() - start);
  if (batch->empty() && early > milliseconds(0)) {
    co_await pause(std::min(milliseconds(100), std::chrono::ceil<milliseconds>(early)));
  }
  co_return *std::move(batch);
}

asio::awaitable<void> BatchConsumer::process(Batch batch) {
  const auto until = steady_clock::now() + options_.hold_for;
  auto poison = co_await handle(batch);
  while (!poison && is_transient(poison.error())) {
    if (!co_await keep(batch, std::move(poison.error()), until)) co_return;
    poison = co_await handle(batch);
  }
  if (poison) {
    succeeded();
    co_await finish(std::move(batch), *std::move(poison));
  } else {
    log_.warn("a batch failed: looking for the messages that fail",
              {{"group", options_.group}, {"error", reason_of(poison.error())}});
    co_await isolate(std::move(batch));
  }
}

asio::awaitable<void> BatchConsumer::isolate(Batch batch) {
  std::vector<core::Error> errors;
  auto parts = halves(std::move(batch));
  for (std::uint32_t attempt = 1;; ++attempt) {
    batch.clear();
    if (auto passed = co_await pass(std::move(parts), batch, errors); !passed) {
      co_await hand_back(batch, std::move(passed.error()));
      co_return;
    }
    succeeded();
    if (stopping()) co_return;  // what is left is released by the close at the end of run
    if (batch.empty()) co_return;
    if (attempt >= options_.max_attempts) break;
    co_await pause(options_.backoff_first * (1U << std::min(attempt - 1, 6U)));
    if (stopping()) co_return;
    if (auto kept = co_await consumer_.extend(tags_of(batch)); !kept) co_return;  // it will be redelivered
    parts = singles(std::move(batch));
  }
  for (std::size_t i = 0; i < batch.size(); ++i) {
    co_await dead_letter(std::move(batch[i]), reason_of(errors[i]));
  }
}

asio::awaitable<core::Status> BatchConsumer::pass(std::vector<Batch> parts, Batch& failed,
                                                  std::vector<core::Error>& errors) {
  errors.clear();
  std::ranges::reverse(parts);  // the next one is the last
  while (!parts.empty() && !stopping()) {
    Batch part = std::move(parts.back());
    parts.pop_back();
    auto poison = co_await handle(part);
    if (poison) {
      co_await finish(std::move(part), *std::move(poison));
    } else if (is_transient(poison.error())) {
      parts.push_back(std::move(part));
      for (auto& rest : parts | std::views::reverse) append(failed, std::move(rest));
      co_return std::unexpected(std::move(poison.error()));
    } else if (part.size() == 1) {
      append(failed, std::move(part));
      errors.push_back(std::move(poison.error()));
    } else {
      for (auto& half : halves(std::move(part)) | std::views::reverse) parts.push_back(std::move(half));
    }
  }
  co_return core::Status{};
}

ports::Task<std::vector<Poison>> BatchConsumer::handle(const Batch& batch) {
  try {
    co_return co_await handler_(batch);
  } catch (const std::exception& error) {
    co_return core::fail(Errc::internal, "the handler threw", error.what());
  }
}

asio::awaitable<void> BatchConsumer::finish(Batch batch, std::vector<Poison> poison) {
  if (poison.empty()) {
    co_await ack(batch);
    co_return;
  }
  std::ranges::sort(poison, {}, &Poison::index);
  Batch good;
  good.reserve(batch.size());
  auto next = poison.begin();
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (next == poison.end() || next->index != i) {
      good.push_back(std::move(batch[i]));
      continue;
    }
    std::string reason = std::move(next->reason);
    while (next != poison.end() && next->index == i) ++next;
    co_await dead_letter(std::move(batch[i]), std::move(reason));
  }
  co_await ack(good);
}

asio::awaitable<void> BatchConsumer::ack(const Batch& batch) {
  if (batch.empty()) co_return;
  if (auto acked = co_await consumer_.ack(tags_of(batch)); !acked) {
    log_.warn("cannot ack: the messages will come again",
              {{"group", options_.group}, {"error", reason_of(acked.error())}});
    co_return;
  }
  consumed_.add(static_cast<double>(batch.size()));
}

asio::awaitable<void> BatchConsumer::dead_letter(ports::Delivery delivery, std::string reason) {
  const std::string id = delivery.envelope.id.str();
  log_.error("message dead-lettered", {{"group", options_.group}, {"event_id", id}, {"reason", reason}});
  if (auto moved = co_await consumer_.dead_letter(std::move(delivery), std::move(reason)); !moved) {
    log_.error("cannot dead-letter: the message will come again",
               {{"group", options_.group}, {"event_id", id}, {"error", reason_of(moved.error())}});
    co_return;
  }
  dead_lettered_.add();
}

asio::awaitable<bool> BatchConsumer::keep(const Batch& batch, core::Error why, steady_clock::time_point until) {
  if (steady_clock::now() >= until) {
    co_await hand_back(batch, std::move(why));
    co_return false;
  }
  const auto delay = next_backoff();
  note_failure(batch, std::move(why), delay);
  co_await pause(delay);
  if (stopping()) co_return false;  // released by the close at the end of run
  const auto kept = co_await consumer_.extend(tags_of(batch));
  co_return kept.has_value();  // else it is delivered again
}

void BatchConsumer::note_failure(const Batch& batch, core::Error why, milliseconds delay) {
  log_.warn("a batch could not be processed now: it will be tried again",
            {{"group", options_.group},
             {"error", reason_of(why)},
             {"messages", static_cast<std::int64_t>(batch.size())},
             {"backoff_ms", static_cast<std::int64_t>(delay.count())}});
  const std::lock_guard lock(mutex_);
  last_outcome_ = std::unexpected(std::move(why));
}

asio::awaitable<void> BatchConsumer::hand_back(const Batch& batch, core::Error why) {
  const auto delay = next_backoff();
  note_failure(batch, std::move(why), delay);
  if (auto done = co_await consumer_.nack(tags_of(batch), delay); !done) {
    log_.warn("cannot nack: the messages come again when their visibility ends", {{"group", options_.group}});
  }
  co_await pause(delay);
}

asio::awaitable<void> BatchConsumer::pause(milliseconds time) {
  if (!stopping()) co_await stopped_.wait(0, time);  // notified once, by stop: version 0 until then
}

milliseconds BatchConsumer::next_backoff() {
  // Full jitter: any time up to the exponential bound, so that consumers that failed together do not return together.
  const auto bound = std::min(options_.backoff_max, options_.backoff_first * (1U << std::min(failures_, 16U)));
  ++failures_;
  return milliseconds(std::uniform_int_distribution<milliseconds::rep>(0, bound.count())(random_));
}

}  // namespace liveops::runtime
