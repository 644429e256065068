#include "gateway/key_keeper.hpp"

#include <chrono>
#include <string>
#include <utility>

#include "core/envelope.hpp"
#include "gateway/fingerprint.hpp"

namespace liveops::gateway {
namespace {

constexpr std::size_t kCatchUpBatch = 1000;

std::vector<core::EventId> ids_of(const std::vector<ports::Delivery>& batch) {
  std::vector<core::EventId> ids;
  ids.reserve(batch.size());
  for (const auto& delivery : batch) ids.push_back(delivery.envelope.id);
  return ids;
}

}  // namespace

ports::Task<std::vector<runtime::Poison>> KeyKeeper::handle(const std::vector<ports::Delivery>& batch) {
  const auto held = co_await journal_.holds(ids_of(batch));
  if (!held) co_return std::unexpected(held.error());
  std::vector<runtime::Poison> poison;
  std::vector<ports::KeyJournal::Record> lost;
  Fingerprinter fingerprint;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if ((*held)[i]) continue;
    if (const auto event = core::decode_event(batch[i].envelope)) {
      lost.push_back({{event->id, fingerprint(*event)}, event->received_at});
    } else {
      poison.push_back({i, event.error().message + ": " + event.error().detail});
    }
  }
  if (const auto kept = co_await journal_.keep(std::move(lost)); !kept) co_return std::unexpected(kept.error());
  co_return poison;
}

ports::Task<void> KeyKeeper::catch_up(ports::EventConsumer& consumer) {
  while (true) {
    auto batch = co_await consumer.receive(kCatchUpBatch, std::chrono::milliseconds(0));
    if (!batch) co_return std::unexpected(batch.error());
    if (batch->empty()) co_return core::Status{};
    if (const auto done = co_await finish(consumer, *std::move(batch)); !done) co_return done;
  }
}

ports::Task<void> KeyKeeper::finish(ports::EventConsumer& consumer, std::vector<ports::Delivery> batch) {
  auto poison = co_await handle(batch);
  if (!poison) co_return std::unexpected(poison.error());
  std::vector<std::string> done;
  auto next = poison->begin();
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (next == poison->end() || next->index != i) {
      done.push_back(std::move(batch[i].tag));
      continue;
    }
    const auto moved = co_await consumer.dead_letter(std::move(batch[i]), std::move(next->reason));
    if (!moved) co_return moved;
    ++next;
  }
  co_return co_await consumer.ack(std::move(done));
}

}  // namespace liveops::gateway
