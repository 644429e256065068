#include "adapters/bus_local/journal.hpp"

#include <pthread.h>

#include <algorithm>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace liveops::adapters::bus_local {

namespace asio = boost::asio;
using core::Errc;
using core::Status;
using ports::PublishOutcome;

namespace {

constexpr std::size_t kSegmentBytes = 256U << 10U;  // a segment is closed beyond this

asio::any_io_executor keep_busy(const asio::any_io_executor& executor) {
  return asio::prefer(executor, asio::execution::outstanding_work.tracked);
}

/// Cuts what was published to one topic into segments.
class SegmentBuilder {
 public:
  SegmentBuilder(std::uint64_t head, core::Timestamp now) : next_(head), now_(now) {}

  void add(const Frames& frames) {
    if (!open_ || open_->frames.bytes.size() + frames.bytes.size() > kSegmentBytes) {
      open_ = std::make_shared<Segment>(Segment{.first = next_, .appended_at = now_});
      made.push_back(open_);
    }
    open_->frames.add_all(frames);
    next_ = open_->end();
  }

  std::vector<SharedSegment> made;

 private:
  std::uint64_t next_;
  core::Timestamp now_;
  std::shared_ptr<Segment> open_;
};

}  // namespace

Journal::Journal(Stored stored, const core::Clock& clock, ports::Log& log, Options options)
    : groups_(std::move(stored.groups)),
      dead_(groups_.database()),
      logs_(stored.logs),
      topics_(stored.topics),
      clock_(clock),
      log_(log),
      options_(options),
      next_look_(std::chrono::steady_clock::now()),
      queue_(std::make_shared<JournalQueue>(options.max_queued_bytes)) {
  for (std::size_t i = 0; i < topics_.size(); ++i) saved_[i] = topics_[i].positions();
  measure();
  thread_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "bus-journal");
    loop();
  });
}

Journal::~Journal() {
  queue_->end();
  thread_.join();
}

asio::awaitable<Journal::Outcomes> Journal::publish(ports::Topic topic, Frames frames,
                                                    std::vector<PublishOutcome> outcomes) {
  auto initiate = [this](auto handler, Publish publish) {
    publish.waiting.executor = keep_busy(asio::get_associated_executor(handler));
    publish.waiting.resume = [held = std::move(handler)](Outcomes outcome) mutable {
      std::move(held)(std::move(outcome));
    };
    if (queue_->add(publish)) return;
    std::vector<Publish> turned_away;
    turned_away.push_back(std::move(publish));
    complete(std::move(turned_away), {}, true);
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(Outcomes)>(
      std::move(initiate), asio::use_awaitable,
      Publish{.topic = topic, .frames = std::move(frames), .outcomes = std::move(outcomes), .waiting = {}});
}

ports::Task<void> Journal::on_thread(std::move_only_function<Status()> work) {
  auto initiate = [this](auto handler, std::move_only_function<Status()> job) {
    JournalQueue::Task task{.work = std::move(job), .waiting = {}};
    task.waiting.executor = keep_busy(asio::get_associated_executor(handler));
    task.waiting.resume = [held = std::move(handler)](Status status) mutable { std::move(held)(std::move(status)); };
    queue_->add(std::move(task));
  };
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(Status)>(
      std::move(initiate), asio::use_awaitable, std::move(work));
}

void Journal::loop() {
  JournalQueue::Work work;
  while (queue_->next(work, next_house_)) {
    for (auto& task : work.tasks) {
      asio::post(task.waiting.executor, [resume = std::move(task.waiting.resume), status = task.work()]() mutable {
        resume(std::move(status));
      });
    }
    work.tasks.clear();
    if (!work.publishes.empty()) commit(std::exchange(work.publishes, {}));
    if (std::chrono::steady_clock::now() >= next_house_) keep_house();
  }
  if (const auto settled = settle(); !settled) note(settled);
}

void Journal::commit(std::vector<Publish> publishes) {
  std::size_t bytes = 0;
  for (const auto& publish : publishes) bytes += publish.frames.bytes.size();
  const auto cost = MessageLog::cost_of(bytes);
  if (used_bytes_ + cost > options_.max_bytes) measure();
  if (used_bytes_ + cost > options_.max_bytes) {
    complete(std::move(publishes), {}, true);
    return;
  }
  std::array<std::vector<Publish>, 2> by_topic;
  for (auto& publish : publishes) by_topic[static_cast<std::size_t>(publish.topic)].push_back(std::move(publish));
  for (std::size_t i = 0; i < by_topic.size(); ++i) {
    if (by_topic[i].empty()) continue;
    const auto stored = store(i, by_topic[i]);
    note(stored);
    complete(std::move(by_topic[i]), stored, false);
  }
  used_bytes_ += cost;  // an upper bound until it is measured
}

Status Journal::store(std::size_t topic, const std::vector<Publish>& publishes) {
  SegmentBuilder builder(logs_[topic]->head(), clock_.now());
  for (const auto& publish : publishes) builder.add(publish.frames);
  if (auto appended = logs_[topic]->append(builder.made); !appended) return appended;
  topics_[topic].append(builder.made);
  return {};
}

void Journal::complete(std::vector<Publish> publishes, const Status& stored, bool full) {
  using Resume = std::move_only_function<void()>;
  std::vector<std::pair<asio::any_io_executor, std::vector<Resume>>> batches;  // one wake-up for each executor
  for (auto& publish : publishes) {
    if (full) std::ranges::replace(publish.outcomes, PublishOutcome::stored, PublishOutcome::retry);
    Outcomes outcome = stored ? Outcomes(std::move(publish.outcomes)) : std::unexpected(stored.error());
    auto batch = std::ranges::find(batches, publish.waiting.executor, &decltype(batches)::value_type::first);
    if (batch == batches.end()) {
      batches.emplace_back(std::move(publish.waiting.executor), std::vector<Resume>());
      batch = std::prev(batches.end());
    }
    batch->second.push_back([resume = std::move(publish.waiting.resume), outcome = std::move(outcome)]() mutable {
      resume(std::move(outcome));
    });
  }
  for (auto& [executor, resumes] : batches) {
    asio::post(executor, [held = std::move(resumes)]() mutable {
      for (auto& resume : held) resume();
    });
  }
}

Status Journal::in_transaction(std::move_only_function<Status()> work) {
  auto transaction = sqlite::Transaction::begin(groups_.database());
  if (!transaction) return std::unexpected(transaction.error());
  if (auto done = work(); !done) return done;
  return transaction->commit();
}

void Journal::note(const Status& written) {
  const bool failed = !written && written.error().code != Errc::not_found;
  if (failed != failing_.exchange(failed) && failed) {
    log_.error("the bus cannot store", {{"error", written.error().message}, {"detail", written.error().detail}});
  }
}

void Journal::measure() {
  const auto used = groups_.used_bytes();
  if (used) used_bytes_ = *used + logs_[0]->used_bytes() + logs_[1]->used_bytes();
}

bool Journal::has_room_for_dead_letters() const {
  // More than publishes may use: consumers must get on at the bound, or nothing would ever be reclaimed.
  return used_bytes_ < options_.max_bytes + options_.max_bytes / 10;
}

}  // namespace liveops::adapters::bus_local
