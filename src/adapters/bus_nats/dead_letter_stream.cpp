#include "adapters/bus_nats/dead_letter_stream.hpp"

#include <boost/json/serialize.hpp>
#include <charconv>
#include <optional>
#include <utility>

namespace liveops::adapters::bus_nats {

namespace json = boost::json;
using core::Errc;
using core::Result;
using core::Status;
using ports::DeadLetter;
using ports::PublishOutcome;

namespace {

/// Sequences count from 1.
std::optional<std::uint64_t> parse_id(std::string_view id) {
  std::uint64_t sequence = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), sequence);
  if (error != std::errc() || end != id.data() + id.size() || sequence == 0) return std::nullopt;
  return sequence;
}

std::unexpected<core::Error> no_such_letter() {
  return core::fail(Errc::not_found, "no such dead letter");
}

std::string get_request(std::uint64_t sequence) {
  return json::serialize(json::object{{"seq", sequence}});
}

/// A publish that must not fail half.
Status stored(const Result<std::vector<PublishOutcome>>& outcomes, std::string_view why_not) {
  if (!outcomes) return std::unexpected(outcomes.error());
  if (outcomes->front() == PublishOutcome::stored) return {};
  return core::fail(Errc::unavailable, std::string(why_not));
}

}  // namespace

DeadLetterStream::DeadLetterStream(Client& client, const Options& options, const Names& names)
    : client_(client), options_(options), names_(names) {}

ports::Task<void> DeadLetterStream::add(Owner owner, Obituary obituary, std::string frame, std::string message_id) {
  std::vector<Outgoing> one;
  one.push_back({.subject = names_.dead_subject(owner.topic, owner.group),
                 .reply = {},
                 .message_id = std::move(message_id),
                 .data = encode_letter(obituary, frame)});
  co_return stored(co_await client_.publish(std::move(one)), "NATS does not take the dead letter: redrive some");
}

ports::Task<StoredMessage> DeadLetterStream::find(std::string request) {
  const auto answer = co_await client_.ask("STREAM.MSG.GET." + names_.dead_stream(), std::move(request));
  if (!answer) co_return std::unexpected(answer.error());
  co_return parse_message(*answer);
}

Result<DeadLetter> DeadLetterStream::read(const StoredMessage& message) const {
  const auto owner = names_.parse_dead_subject(message.subject);
  auto letter = decode_letter(message.data);
  if (!letter) return std::unexpected(letter.error());
  if (!owner) return core::fail(Errc::corrupt, "a dead letter of an unknown topic", message.subject);
  DeadLetter dead{.id = std::to_string(message.sequence),
                  .topic = owner->topic,
                  .group = owner->group,
                  .reason = std::move(letter->obituary.reason),
                  .attempts = letter->obituary.attempts,
                  .dead_at = letter->obituary.dead_at,
                  .envelope = {}};
  if (auto frame = decode_frame(letter->frame)) {
    dead.envelope = std::move(frame->envelope);
  } else {
    dead.envelope.body = std::move(letter->frame);  // what could not be read is shown as it came
  }
  return dead;
}

ports::Task<std::vector<DeadLetter>> DeadLetterStream::list(std::size_t limit, std::string after) {
  std::vector<DeadLetter> letters;
  auto last = after.empty() ? std::optional<std::uint64_t>(0) : parse_id(after);
  while (last && letters.size() < limit) {
    const auto message = co_await find(next_message_request(*last + 1, names_.dead_subjects()));
    if (!message && message.error().code == Errc::not_found) break;
    if (!message) co_return std::unexpected(message.error());
    last = message->sequence;
    // A message that is no letter cannot be shown or redriven: it is somebody else's in our stream.
    if (auto letter = read(*message)) letters.push_back(*std::move(letter));
  }
  co_return letters;
}

ports::Task<DeadLetter> DeadLetterStream::show(std::string id) {
  const auto sequence = parse_id(id);
  if (!sequence) co_return no_such_letter();
  const auto message = co_await find(get_request(*sequence));
  if (!message && message.error().code == Errc::not_found) co_return no_such_letter();
  if (!message) co_return std::unexpected(message.error());
  co_return read(*message);
}

ports::Task<void> DeadLetterStream::redrive(std::string id) {
  auto letter = co_await show(id);
  if (!letter) co_return std::unexpected(letter.error());
  std::vector<Outgoing> one;
  // A redrive that was cut short before the removal is recognised when it is asked for again.
  one.push_back({.subject = names_.subject(letter->topic, letter->envelope.type),
                 .reply = {},
                 .message_id = "redrive." + id + "." + std::to_string(letter->dead_at.time_since_epoch().count()),
                 .data = encode_frame(letter->envelope, letter->group)});
  auto published = stored(co_await client_.publish(std::move(one)), "NATS does not take the letter now: try again");
  if (!published) co_return published;
  const auto request = json::serialize(json::object{{"seq", *parse_id(id)}, {"no_erase", true}});
  const auto removed = co_await client_.ask("STREAM.MSG.DELETE." + names_.dead_stream(), request);
  if (!removed && removed.error().code != Errc::not_found) co_return std::unexpected(removed.error());
  co_return Status();
}

}  // namespace liveops::adapters::bus_nats
