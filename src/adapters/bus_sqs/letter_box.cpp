#include "adapters/bus_sqs/letter_box.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <utility>

#include "adapters/asio/when_all.hpp"
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

boost::asio::awaitable<LetterBox::Look> LetterBox::take_all(GroupAtAws group) {
  Look look;
  const core::Timestamp begun = api_.client().now();
  while (!group.queue.dead_letter_url.empty() && look.found.size() < options_.max_letters) {
    auto polled = co_await api_.receive({.queue_url = group.queue.dead_letter_url,
                                         .max = kMaxEntries,
                                         .wait = options_.letter_wait,
                                         .visibility = kLook,
                                         .fifo = false},
                                        patience());
    if (!polled) look.outcome = unavailable(polled.error());
    if (!polled || polled->empty()) break;
    // While new ones keep coming no poll is empty: the look ends at those that it did not find there.
    const bool all_new = std::ranges::all_of(*polled, [&](const Received& one) { return one.sent_at > begun; });
    for (auto& message : *polled) look.found.push_back(read(group, std::move(message)));
    if (all_new) break;
  }
  co_return look;
}

boost::asio::awaitable<void> LetterBox::give_back(GroupAtAws group, std::vector<Found> found) {
  std::vector<std::string> receipts;
  receipts.reserve(found.size());
  for (auto& one : found) receipts.push_back(std::move(one.receipt));
  // Failing that, they are to be seen again half a minute later.
  static_cast<void>(co_await settle(api_, group.queue.dead_letter_url, std::move(receipts), seconds(0), patience()));
}

ports::Task<std::vector<DeadLetter>> LetterBox::look() {
  std::vector<boost::asio::awaitable<Look>> looks;
  looks.reserve(groups_.size());
  for (const auto& group : groups_) looks.push_back(take_all(group));
  auto looked = co_await when_all(std::move(looks));
  std::vector<DeadLetter> letters;
  Status outcome;
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    for (const auto& one : looked[i].found) letters.push_back(one.letter);
    co_await give_back(groups_[i], std::move(looked[i].found));
    if (!looked[i].outcome) outcome = std::move(looked[i].outcome);
  }
  if (!outcome) co_return std::unexpected(outcome.error());
  co_return letters;
}

ports::Task<std::vector<DeadLetter>> LetterBox::list(std::size_t limit, std::string after) {
  auto letters = co_await look();
  if (!letters) co_return letters;
  std::erase_if(*letters, [&](const DeadLetter& letter) { return letter.id <= after; });
  std::ranges::sort(*letters, {}, &DeadLetter::id);
  if (letters->size() > limit) letters->resize(limit);
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
  auto look = co_await take_all(*group);
  core::Result<DeadLetter> letter = no_such_letter();
  for (const auto& one : look.found) {
    if (one.letter.id == id) letter = one.letter;
  }
  co_await give_back(*group, std::move(look.found));
  if (!letter && !look.outcome) co_return std::unexpected(look.outcome.error());
  co_return letter;
}

ports::Task<void> LetterBox::redrive(std::vector<std::string> ids) {
  std::map<const GroupAtAws*, std::vector<std::string>> by_group;
  for (auto& id : ids) by_group[group_of(id)].push_back(std::move(id));
  Status outcome;
  for (auto& [group, of_group] : by_group) {
    Status handed = group == nullptr ? no_such_letter() : co_await redrive_of(*group, std::move(of_group));
    if (!handed) outcome = std::move(handed);
  }
  co_return outcome;
}

ports::Task<void> LetterBox::redrive_of(GroupAtAws group, std::vector<std::string> ids) {
  auto look = co_await take_all(group);
  const std::set<std::string> wanted(ids.begin(), ids.end());
  std::vector<Found> others;
  Status outcome;
  std::size_t handed_over = 0;
  for (auto& letter : look.found) {
    if (!outcome || !wanted.contains(letter.letter.id)) {
      others.push_back(std::move(letter));
      continue;
    }
    outcome = co_await hand_over(group, std::move(letter));
    ++handed_over;
  }
  co_await give_back(group, std::move(others));
  if (!outcome || handed_over >= wanted.size()) co_return outcome;
  co_return look.outcome ? no_such_letter() : look.outcome;
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
