#include "adapters/bus_sqs/lane.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <utility>

#include "adapters/aws/pause.hpp"

namespace liveops::adapters::bus_sqs {

namespace asio = boost::asio;
using ports::PublishOutcome;
using std::chrono::steady_clock;

namespace {

constexpr std::size_t kFifoTracks = 16;
constexpr std::chrono::seconds kReportPause{5};

}  // namespace

Lane::Lane(asio::io_context& io, std::unique_ptr<BatchSender> sender, const Options& options, aws::Backoff& backoff,
           ports::Log& log)
    : io_(io),
      sender_(std::move(sender)),
      options_(options),
      backoff_(backoff),
      log_(log),
      max_in_flight_(sender_->fifo() ? 1 : std::max<std::size_t>(options.max_requests, 1)) {
  const auto tracks = sender_->fifo() ? kFifoTracks : 1;
  for (std::size_t i = 0; i < tracks; ++i) tracks_.push_back(std::make_unique<Track>(io));
}

void Lane::Entry::settle(PublishOutcome outcome) const {
  publication->outcomes[index] = outcome;
  if (--publication->left == 0) publication->done(std::move(publication->outcomes));
}

void Lane::send(Messages messages, Done done) {
  const auto count = messages->size();
  auto publication =
      std::make_shared<Publication>(Publication{.messages = std::move(messages),
                                                .outcomes = std::vector(count, PublishOutcome::retry),
                                                .left = count,
                                                .done = std::move(done),
                                                .deadline = steady_clock::now() + options_.publish_timeout});
  asio::post(io_, [this, publication = std::move(publication)] { add(publication); });
}

void Lane::add(const std::shared_ptr<Publication>& publication) {
  const auto now = steady_clock::now();
  for (std::size_t i = 0, count = publication->messages->size(); i < count; ++i) {
    const Entry entry{.publication = publication, .index = i, .since = now};
    if (waiting_ >= options_.max_waiting || stop_.stop_requested()) {
      entry.settle(PublishOutcome::retry);
      continue;
    }
    auto& track = track_of(entry.message());
    track.waiting_bytes += entry.message().bytes();
    track.waiting.push_back(entry);
    ++waiting_;
  }
  for (const auto& track : tracks_) dispatch(*track);
}

Lane::Track& Lane::track_of(const Message& message) {
  return *tracks_[tracks_.size() == 1 ? 0 : std::hash<std::string>{}(message.group) % tracks_.size()];
}

bool Lane::is_due(const Track& track, Instant now) const {
  return track.waiting.size() >= kMaxEntries || track.waiting_bytes >= options_.max_bytes ||
         track.waiting.front().since + options_.linger <= now || stop_.stop_requested();
}

void Lane::dispatch(Track& track) {
  const auto now = steady_clock::now();
  while (!track.waiting.empty() && track.in_flight < max_in_flight_ && is_due(track, now)) {
    auto batch = take_batch(track);
    waiting_ -= batch.size();
    ++track.in_flight;
    asio::co_spawn(io_, deliver(track, std::move(batch)), asio::detached);
  }
  if (!track.waiting.empty() && track.in_flight < max_in_flight_) wake_later(track);
}

void Lane::wake_later(Track& track) {
  track.timer.expires_at(track.waiting.front().since + options_.linger);
  track.timer.async_wait([this, &track](const boost::system::error_code& cancelled) {
    if (!cancelled) dispatch(track);
  });
}

std::vector<Lane::Entry> Lane::take_batch(Track& track) const {
  std::vector<Entry> batch;
  std::size_t bytes = 0;
  while (!track.waiting.empty() && batch.size() < kMaxEntries) {
    const auto more = track.waiting.front().message().bytes();
    if (!batch.empty() && bytes + more > options_.max_bytes) break;
    bytes += more;
    batch.push_back(std::move(track.waiting.front()));
    track.waiting.pop_front();
  }
  track.waiting_bytes -= bytes;
  return batch;
}

asio::awaitable<void> Lane::deliver(Track& track, std::vector<Entry> batch) {
  for (unsigned failures = 1;; ++failures) {
    batch = co_await try_once(std::move(batch));
    if (batch.empty()) break;
    const auto pause = backoff_.delay(failures, false);
    const auto retry_at = steady_clock::now() + pause;
    std::erase_if(batch, [&](const Entry& entry) {
      const bool late = retry_at >= entry.publication->deadline || stop_.stop_requested();
      if (late) entry.settle(PublishOutcome::retry);
      return late;
    });
    if (batch.empty()) break;
    co_await aws::pause(pause, stop_.get_token());
  }
  --track.in_flight;
  dispatch(track);
}

asio::awaitable<std::vector<Lane::Entry>> Lane::try_once(std::vector<Entry> batch) {
  std::vector<const Message*> messages;
  messages.reserve(batch.size());
  auto deadline = Instant::max();
  for (const auto& entry : batch) {
    messages.push_back(&entry.message());
    deadline = std::min(deadline, entry.publication->deadline);
  }
  const auto outcomes = co_await sender_->send(
      std::move(messages), {.attempt = options_.request_timeout, .deadline = deadline, .stop = stop_.get_token()});
  if (!outcomes) report(outcomes.error());
  std::vector<Entry> left;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const auto outcome = outcomes ? (*outcomes)[i] : EntryOutcome::retry;
    if (outcome == EntryOutcome::retry) {
      left.push_back(std::move(batch[i]));
    } else {
      batch[i].settle(outcome == EntryOutcome::done ? PublishOutcome::stored : PublishOutcome::refused);
    }
  }
  co_return left;
}

void Lane::report(const core::Error& error) {
  const auto now = steady_clock::now();
  if (now < report_at_ || stop_.stop_requested()) return;
  report_at_ = now + kReportPause;
  log_.warn("a batch was not published", {{"to", sender_->name()}, {"error", error.message}, {"detail", error.detail}});
}

void Lane::stop() {
  stop_.request_stop();
  for (const auto& track : tracks_) {
    track->timer.cancel();
    for (const auto& entry : track->waiting) entry.settle(PublishOutcome::retry);
    track->waiting.clear();
  }
}

}  // namespace liveops::adapters::bus_sqs
