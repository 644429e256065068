// How messages reach a member.
#include <algorithm>
#include <utility>

#include "adapters/bus_redis/frame.hpp"
#include "adapters/bus_redis/member.hpp"

namespace liveops::adapters::bus_redis {

namespace asio = boost::asio;
using core::Errc;
using core::Status;
using ports::Delivery;
using ports::Task;
using std::chrono::milliseconds;

Task<void> Member::fetch(std::size_t count) {
  auto fetched = co_await fetch_once(count);
  if (!fetched && fetched.error().code == Errc::conflict) {
    // The group is gone, as after FLUSHALL.
    if (auto made = co_await bus_.streams.ensure_group(who_.topic, who_.group); !made) co_return made;
    fetched = co_await fetch_once(count);
  }
  bool closed = false;
  {
    const std::lock_guard lock(mutex_);
    closed = closed_;
  }
  if (closed) give_back();  // what came after the close released all
  co_return fetched;
}

Task<void> Member::fetch_once(std::size_t count) {
  if (!own_done_) {
    if (auto own = co_await fetch_own(count); !own || has_ready()) co_return own;
  }
  if (takeover_is_due()) {
    if (auto taken = co_await take_over(count); !taken || has_ready()) co_return taken;
  }
  co_return co_await fetch_new(count);
}

Task<void> Member::fetch_new(std::size_t count) {
  const std::size_t shards = bus_.streams.shards();
  // No more streams at once than messages are wanted: what comes too much is kept from other members.
  const std::size_t width = std::min(count, shards);
  for (std::size_t looked = 0; looked < shards; looked += width) {
    const auto until = bus_.clock.now() + bus_.options.visibility;
    const Streams::Span span{.first = std::exchange(next_shard_, (next_shard_ + width) % shards), .streams = width};
    auto reply = co_await bus_.streams.client().run(bus_.streams.read_new(who_, span, count, milliseconds(0)));
    if (!reply) co_return std::unexpected(reply.error());
    if (auto done = co_await accept_new(*std::move(reply), until); !done || has_ready()) co_return done;
  }
  co_return Status();
}

Task<void> Member::fetch_own(std::size_t count) {
  for (; own_shard_ < bus_.streams.shards(); ++own_shard_, own_after_ = {}) {
    while (true) {
      const auto until = bus_.clock.now() + bus_.options.visibility;
      auto entries = co_await bus_.streams.read_own(who_, own_shard_, own_after_, count);
      if (!entries) co_return std::unexpected(entries.error());
      if (entries->empty()) break;
      own_after_ = entries->back().id;
      if (auto done = co_await accept_again(own_shard_, *std::move(entries), until); !done) co_return done;
      if (has_ready()) co_return Status();
    }
  }
  own_done_ = true;
  co_return Status();
}

bool Member::takeover_is_due() {
  const auto now = bus_.clock.now();
  const std::lock_guard lock(mutex_);
  return now >= next_takeover_ || next_takeover_ - now > bus_.options.takeover_interval;  // the clock was set back
}

Task<void> Member::take_over(std::size_t count) {
  const auto started = bus_.clock.now();
  takeover_cursors_.resize(std::max(takeover_cursors_.size(), bus_.streams.shards()));
  std::size_t taken = 0;
  for (std::uint32_t shard = 0; shard < bus_.streams.shards(); ++shard) {
    if (auto done = co_await take_over_from(shard, count, taken); !done) co_return done;
    if (taken >= count) co_return Status();  // and goes on from here at the next receive
  }
  const auto next = started + bus_.options.takeover_interval;
  const std::lock_guard lock(mutex_);
  if (next_takeover_ <= started || next_takeover_ > next) next_takeover_ = next;  // a nack may have made it earlier
  co_return Status();
}

Task<void> Member::take_over_from(std::uint32_t shard, std::size_t count, std::size_t& taken) {
  do {
    const auto until = bus_.clock.now() + bus_.options.visibility;
    auto claimed =
        co_await bus_.streams.take_over(who_, shard, bus_.options.visibility, takeover_cursors_[shard], count - taken);
    if (!claimed) co_return std::unexpected(claimed.error());
    takeover_cursors_[shard] = claimed->next;
    if (!claimed->deleted.empty()) {
      bus_.log.error("messages that were not done are no longer in the stream: something else trims or deletes there",
                     {{"stream", bus_.streams.keys().stream(who_.topic, shard)},
                      {"messages", static_cast<std::int64_t>(claimed->deleted.size())}});
    }
    taken += claimed->entries.size();
    bus_.taken_over.add(static_cast<double>(claimed->entries.size()));
    if (auto done = co_await accept_again(shard, std::move(claimed->entries), until); !done) co_return done;
  } while (!takeover_cursors_[shard].is_zero() && taken < count);
  co_return Status();
}

Task<void> Member::accept_again(std::uint32_t shard, std::vector<Entry> entries, core::Timestamp until) {
  if (entries.empty()) co_return Status();
  std::vector<StreamId> ids;
  ids.reserve(entries.size());
  for (const auto& entry : entries) ids.push_back(entry.id);
  const auto attempts = co_await bus_.streams.deliveries(who_, shard, std::move(ids));
  if (!attempts) co_return std::unexpected(attempts.error());
  std::vector<Handout> skipped;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Handout handout{.shard = shard, .id = entries[i].id, .attempt = (*attempts)[i]};
    accept(handout, std::move(entries[i]), until, skipped);
  }
  co_return co_await bus_.streams.ack(who_.topic, who_.group, std::move(skipped));
}

Task<void> Member::accept_new(redis::Reply reply, core::Timestamp until) {
  auto streams = read_streams(std::move(reply));
  if (!streams) co_return std::unexpected(streams.error());
  std::vector<Handout> skipped;
  std::size_t messages = 0;
  std::size_t bytes = 0;
  for (auto& stream : *streams) {
    std::uint32_t shard = 0;
    while (bus_.streams.keys().stream(who_.topic, shard) != stream.key) ++shard;
    for (auto& entry : stream.entries) {
      ++messages;
      bytes += entry.frame.size();
      const Handout handout{.shard = shard, .id = entry.id};
      accept(handout, std::move(entry), until, skipped);
    }
  }
  {
    const std::lock_guard lock(mutex_);
    read_size_.came(messages, bytes);
  }
  co_return co_await bus_.streams.ack(who_.topic, who_.group, std::move(skipped));
}

void Member::accept(Handout handout, Entry entry, core::Timestamp until, std::vector<Handout>& skipped) {
  if (entry.deleted || (!entry.group.empty() && entry.group != who_.group)) {
    skipped.push_back(handout);
    return;
  }
  Delivery delivery{.envelope = decode_any(entry.frame), .tag = to_tag(handout), .attempt = handout.attempt};
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  held_.add(handout, until);
  ready_.push_back(std::move(delivery));
}

void Member::start_reading(std::size_t count, milliseconds left) {
  const auto now = bus_.clock.now();
  milliseconds block{1};
  {
    const std::lock_guard lock(mutex_);
    if (closed_) return;
    reading_ = true;
    const auto until_takeover = std::chrono::ceil<milliseconds>(next_takeover_ - now);
    block = std::clamp(std::min(left, until_takeover), milliseconds(1), bus_.options.takeover_interval);
  }
  bus_.background.spawn(read(shared_from_this(), count, block));
}

asio::awaitable<void> Member::read(std::shared_ptr<Member> self, std::size_t count, milliseconds block) {
  const auto until = bus_.clock.now() + bus_.options.visibility;
  const Streams::Span all{.first = 0, .streams = bus_.streams.shards()};
  auto reply = co_await blocking_->run_blocking(bus_.streams.read_new(who_, all, count, block), block);
  Status read;
  if (reply) {
    read = co_await accept_new(*std::move(reply), until);
  } else if (reply.error().code != Errc::conflict && !says(reply.error(), "UNBLOCKED")) {
    read = std::unexpected(reply.error());
  }  // else the stream or group went away under it: the next fetch sees to that
  bool closed = false;
  {
    const std::lock_guard lock(self->mutex_);
    reading_ = false;
    if (!read) failure_ = std::move(read.error());
    closed = closed_;
  }
  if (closed) give_back();
  signal_.notify();
}

}  // namespace liveops::adapters::bus_redis
