#include "adapters/bus_redis/dead_letter_streams.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "adapters/bus_redis/frame.hpp"

namespace liveops::adapters::bus_redis {

using core::Errc;
using core::Status;
using ports::DeadLetter;
using ports::Task;
using ports::Topic;

namespace {

constexpr std::size_t kMaxReason = 1024;
constexpr std::size_t kPage = 256;  // letters read at once, whatever the limit

std::unexpected<core::Error> no_such_letter() {
  return core::fail(Errc::not_found, "no such dead letter");
}

redis::Command add_command(std::string key, const DeadLetter& letter) {
  return {"XADD",
          std::move(key),
          "*",
          std::string(kFrameField),
          encode_frame(letter.envelope),
          std::string(kGroupField),
          letter.group,
          std::string(kReasonField),
          letter.reason.substr(0, kMaxReason),
          std::string(kAttemptsField),
          std::to_string(letter.attempts)};
}

}  // namespace

Task<void> DeadLetterStreams::add(DeadLetter letter) {
  const auto key = streams_.keys().dead(letter.topic);
  const auto length = co_await streams_.client().run({"XLEN", key});
  if (!length) co_return as_unavailable(length.error());
  if (static_cast<std::size_t>(length->integer) >= max_letters_) {
    co_return core::fail(Errc::unavailable,
                         "there are " + std::to_string(length->integer) + " dead letters: redrive some");
  }
  const auto added = co_await streams_.client().run(add_command(key, letter));
  if (!added) co_return as_unavailable(added.error());
  co_return Status();
}

Task<std::vector<DeadLetter>> DeadLetterStreams::list(std::size_t limit, std::string after) {
  const auto name = parse_name(after);
  const std::size_t most = std::min(limit, kPage);
  std::vector<DeadLetter> letters;
  std::vector<std::pair<StreamId, std::size_t>> order;
  for (const auto topic : kTopics) {
    // Letters are in order of entry id, then topic.
    StreamId from;
    if (name) from = topic > name->topic ? name->id : name->id.next();
    auto entries = co_await range(topic, from, "+", most);
    if (!entries) co_return std::unexpected(entries.error());
    for (auto& entry : *entries) {
      order.emplace_back(entry.id, letters.size());
      letters.push_back(to_letter(topic, std::move(entry)));
    }
  }
  std::ranges::sort(order);
  std::vector<DeadLetter> page;
  for (std::size_t i = 0; i < std::min(most, order.size()); ++i) page.push_back(std::move(letters[order[i].second]));
  co_return page;
}

Task<DeadLetter> DeadLetterStreams::show(std::string id) {
  const auto name = parse_name(id);
  if (!name) co_return no_such_letter();
  auto entry = co_await find(*name);
  if (!entry) co_return std::unexpected(entry.error());
  co_return to_letter(name->topic, *std::move(entry));
}

Task<void> DeadLetterStreams::redrive(std::string id) {
  const auto name = parse_name(id);
  if (!name) co_return no_such_letter();
  auto entry = co_await find(*name);
  if (!entry) co_return std::unexpected(entry.error());
  const auto shard = shard_of(decode_any(entry->frame).key, spread_);
  // In this order: a letter that is handed out twice does no harm, one that is lost does.
  const auto added =
      co_await streams_.client().run({"XADD", streams_.keys().stream(name->topic, shard), "*", std::string(kFrameField),
                                      std::move(entry->frame), std::string(kGroupField), std::move(entry->group)});
  if (!added) co_return as_unavailable(added.error());
  const auto removed = co_await streams_.client().run({"XDEL", streams_.keys().dead(name->topic), name->id.str()});
  if (!removed) co_return as_unavailable(removed.error());
  co_return Status();
}

std::optional<DeadLetterStreams::Name> DeadLetterStreams::parse_name(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto id = StreamId::parse(text.substr(0, dot));
  const auto* const topic = std::ranges::find(kTopics, text.substr(dot + 1), [](Topic t) { return to_string(t); });
  if (!id || topic == std::end(kTopics)) return std::nullopt;
  return Name{*id, *topic};
}

DeadLetter DeadLetterStreams::to_letter(Topic topic, Entry entry) {
  return {.id = entry.id.str() + "." + std::string(to_string(topic)),
          .topic = topic,
          .group = std::move(entry.group),
          .reason = std::move(entry.reason),
          .attempts = entry.attempts,
          .dead_at = core::Timestamp(std::chrono::milliseconds(entry.id.ms)),
          .envelope = decode_any(entry.frame)};
}

Task<std::vector<Entry>> DeadLetterStreams::range(Topic topic, StreamId from, std::string to, std::size_t limit) {
  auto reply = co_await streams_.client().run(
      {"XRANGE", streams_.keys().dead(topic), from.str(), std::move(to), "COUNT", std::to_string(limit)});
  if (!reply) co_return as_unavailable(reply.error());
  auto entries = read_entries(*std::move(reply));
  if (!entries) co_return as_unavailable(entries.error());
  co_return *std::move(entries);
}

Task<Entry> DeadLetterStreams::find(Name name) {
  auto entries = co_await range(name.topic, name.id, name.id.str(), 1);
  if (!entries) co_return std::unexpected(entries.error());
  if (entries->empty()) co_return no_such_letter();
  co_return std::move(entries->front());
}

}  // namespace liveops::adapters::bus_redis
