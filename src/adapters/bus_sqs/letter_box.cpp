#include "adapters/bus_sqs/letter_box.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "adapters/bus_sqs/settle.hpp"

namespace liveops::adapters::bus_sqs {

using core::Errc;
using core::Status;
using ports::DeadLetter;
using std::chrono::seconds;

namespace {

constexpr std::size_t kTimeDigits = 20;
constexpr seconds kLook{30};  // for so long a look hides the letters at most

std::unexpected<core::Error> no_such_letter() {
  return core::fail(Errc::not_found, "no such dead letter");
}

std::unexpected<core::Error> unavailable(const core::Error& error) {
  return core::fail(Errc::unavailable, error.message, error.detail);
}

std::int64_t number_of(const std::string& text, std::int64_t otherwise) {
  std::from_chars(text.data(), text.data() + text.size(), otherwise);
  return otherwise;
}

std::string id_prefix(const GroupAtAws& group) {
  return "." + std::string(to_string(group.topic)) + "." + group.group + ".";
}

std::string padded(std::int64_t number) {
  const auto digits = std::to_string(std::max<std::int64_t>(number, 0));
  return std::string(kTimeDigits - std::min(digits.size(), kTimeDigits), '0') + digits;
}

/// Sends one message and says whether the queue has it.
ports::Task<void> send_one(SqsApi& api, std::string url, Message message, bool fifo, Patience patience) {
  std::vector<boost::json::object> one;
  one.push_back(send_entry(message, fifo));
  const auto sent = co_await api.batch("SendMessageBatch", std::move(url), std::move(one), std::move(patience));
  if (!sent) co_return unavailable(sent.error());
  if (sent->front() != EntryOutcome::done) co_return core::fail(Errc::unavailable, "SQS does not take the message");
  co_return Status();
}

}  // namespace

ports::Task<void> add_letter(SqsApi& api, Queue queue, Message letter, Patience patience) {
  if (queue.dead_letter_url.empty()) {
    co_return core::fail(Errc::unavailable,
                         "the queue '" + queue.name + "' has no dead-letter queue: `liveops queues create` makes one");
  }
  co_return co_await send_one(api, queue.dead_letter_url, std::move(letter), queue.dead_letter_name.ends_with(".fifo"),
                              std::move(patience));
}

LetterBox::LetterBox(SqsApi& api, const Options& options, std::vector<GroupAtAws> groups)
    : api_(api), options_(options), groups_(std::move(groups)) {}

LetterBox::Found LetterBox::read(const GroupAtAws& group, Received message) const {
  const auto sent_at = message.sent_at.time_since_epoch().count();
  const auto dead_at = number_of(message.attribute("dead_at"), sent_at);
  DeadLetter letter{.id = padded(dead_at) + id_prefix(group) + message.id,
                    .topic = group.topic,
                    .group = group.group,
                    .reason = message.attribute("reason"),
                    .attempts = static_cast<std::uint32_t>(number_of(message.attribute("attempts"), 0)),
                    .dead_at = core::Timestamp(std::chrono::microseconds(dead_at)),
                    .envelope = {}};
  if (letter.reason.empty()) {
    letter.reason = "received too often: moved here by SQS";
    letter.attempts = group.queue.max_receive_count;
  }
  if (auto envelope = decode(message)) {
    letter.envelope = *std::move(envelope);
  } else {
    letter.envelope.body = std::move(message.body);  // what could not be read is shown as it came
  }
  return {.letter = std::move(letter), .message_id = std::move(message.id), .receipt = std::move(message.receipt)};
}

ports::Task<void> LetterBox::take_all(GroupAtAws group, std::vector<Found>& found) {
  while (!group.queue.dead_letter_url.empty() && found.size() < options_.max_letters) {
    auto polled = co_await api_.receive({.queue_url = group.queue.dead_letter_url,
                                         .max = kMaxEntries,
                                         .wait = options_.letter_wait,
                                         .visibility = kLook,
                                         .fifo = false},
                                        patience());
    if (!polled) co_return unavailable(polled.error());
    if (polled->empty()) break;
    for (auto& message : *polled) found.push_back(read(group, std::move(message)));
  }
  co_return Status();
}

boost::asio::awaitable<void> LetterBox::give_back(GroupAtAws group, std::vector<Found> found) {
  std::vector<std::string> receipts;
  receipts.reserve(found.size());
  for (auto& one : found) receipts.push_back(std::move(one.receipt));
  // Failing that, they are to be seen again half a minute later.
  static_cast<void>(co_await settle(api_, group.queue.dead_letter_url, std::move(receipts), seconds(0), patience()));
}

ports::Task<std::vector<DeadLetter>> LetterBox::list(std::size_t limit, std::string after) {
  std::vector<DeadLetter> letters;
  for (const auto& group : groups_) {
    std::vector<Found> found;
    const auto taken = co_await take_all(group, found);
    for (const auto& one : found) {
      if (one.letter.id > after) letters.push_back(one.letter);
    }
    co_await give_back(group, std::move(found));
    if (!taken) co_return std::unexpected(taken.error());
  }
  std::ranges::sort(letters, {}, &DeadLetter::id);
  if (letters.size() > limit) letters.resize(limit);
  co_return letters;
}

const GroupAtAws* LetterBox::group_of(std::string_view id) const {
  const auto rest = id.substr(std::min(id.size(), kTimeDigits));
  const auto found =
      std::ranges::find_if(groups_, [&](const auto& group) { return rest.starts_with(id_prefix(group)); });
  return found == groups_.end() ? nullptr : &*found;
}

ports::Task<DeadLetter> LetterBox::show(std::string id) {
  const auto* group = group_of(id);
  if (group == nullptr) co_return no_such_letter();
  std::vector<Found> found;
  const auto taken = co_await take_all(*group, found);
  core::Result<DeadLetter> letter = no_such_letter();
  for (const auto& one : found) {
    if (one.letter.id == id) letter = one.letter;
  }
  co_await give_back(*group, std::move(found));
  if (!letter && !taken) co_return std::unexpected(taken.error());
  co_return letter;
}

ports::Task<void> LetterBox::redrive(std::string id) {
  const auto* group = group_of(id);
  if (group == nullptr) co_return no_such_letter();
  std::vector<Found> found;
  auto taken = co_await take_all(*group, found);
  const auto wanted = std::ranges::find(found, id, [](const Found& one) { return one.letter.id; });
  if (wanted == found.end()) {
    co_await give_back(*group, std::move(found));
    if (!taken) co_return taken;
    co_return no_such_letter();
  }
  auto letter = std::move(*wanted);
  found.erase(wanted);
  auto handed = co_await hand_over(*group, std::move(letter));
  co_await give_back(*group, std::move(found));
  co_return handed;
}

ports::Task<void> LetterBox::hand_over(GroupAtAws group, Found letter) {
  auto message = encode(letter.letter.envelope);
  // A redrive that was cut short before the removal is recognised by a FIFO queue when it is asked for again.
  message.deduplication = "redrive-" + letter.message_id;
  auto sent = co_await send_one(api_, group.queue.url, std::move(message), group.queue.fifo(), patience());
  std::vector<std::string> receipts;
  receipts.push_back(std::move(letter.receipt));
  if (!sent) {
    static_cast<void>(co_await settle(api_, group.queue.dead_letter_url, std::move(receipts), seconds(0), patience()));
    co_return sent;
  }
  co_return co_await settle(api_, group.queue.dead_letter_url, std::move(receipts), std::nullopt, patience());
}

}  // namespace liveops::adapters::bus_sqs
