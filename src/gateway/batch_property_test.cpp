#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <boost/json.hpp>
#include <set>

#include "gateway/batch_result.hpp"
#include "gateway/test_gateway.hpp"

/// A batch is nothing but its items sent one after the other.
namespace liveops::gateway {
namespace {

using test::Harness;

/// An item out of a small world, so that keys and faults meet.
struct Item {
  int key = 0;
  int player = 0;
  int xp = 0;
};

void show(const Item& item, std::ostream& out) {
  out << "{key " << item.key << ", player " << item.player << ", xp " << item.xp << "}";
}

std::string player_name(int player) {
  constexpr std::array kNames{"fair", "blocked", "hasty", "bad name", "large", "unlucky"};
  return kNames.at(static_cast<std::size_t>(player));
}

rc::Gen<std::vector<Item>> items() {
  return rc::gen::container<std::vector<Item>>(rc::gen::build<Item>(rc::gen::set(&Item::key, rc::gen::inRange(0, 12)),
                                                                    rc::gen::set(&Item::player, rc::gen::inRange(0, 6)),
                                                                    rc::gen::set(&Item::xp, rc::gen::inRange(-1, 2))));
}

/// Fairness and bus answer by the player alone, so the order of calls cannot matter.
void script(Harness& harness) {
  harness.fairness.verdict = [](const core::Event& event) {
    if (event.player_id.str() == "blocked") return core::Verdict{.action = core::VerdictAction::block};
    if (event.player_id.str() == "hasty") return core::Verdict{.action = core::VerdictAction::throttle};
    return core::Verdict{};
  };
  harness.bus.outcome = [](const core::Envelope& envelope) {
    if (envelope.key == "large") return ports::PublishOutcome::refused;
    return envelope.key == "unlucky" ? ports::PublishOutcome::retry : ports::PublishOutcome::stored;
  };
}

std::string key_of(const Item& item) {
  return "k" + std::to_string(item.key);
}

std::vector<std::string> send_as_batch(Harness& harness, const std::vector<Item>& items) {
  std::string body;
  for (const auto& item : items) {
    body += test::progression_item(key_of(item), player_name(item.player), item.xp) + "\n";
  }
  const auto response = harness.send_batch(body, "application/x-ndjson");
  RC_ASSERT(response.status == 202);
  std::vector<std::string> statuses;
  for (const auto& item : boost::json::parse(response.body).at("results").as_array()) {
    statuses.emplace_back(item.at("status").as_string());
  }
  return statuses;
}

std::string send_alone(Harness& harness, const Item& item) {
  const auto response = harness.send_event(test::progression(player_name(item.player), item.xp), key_of(item));
  switch (response.status) {
    case 202:
      return test::header(response, "Idempotent-Replayed").empty() ? "accepted" : "duplicate";
    case 409:
    case 429:
    case 503:
      return "retry";
    default:
      return "rejected";
  }
}

std::multiset<std::string> published(const Harness& harness) {
  std::multiset<std::string> bodies;
  for (const auto& envelope : harness.bus.published) bodies.insert(envelope.body);
  return bodies;
}

/// Without items whose key was given to another event before: such an item is judged anew by itself when the first one
/// was refused, but in one batch the key is still taken.
std::vector<Item> with_one_event_a_key(const std::vector<Item>& all) {
  std::map<int, std::pair<int, int>> first;
  std::vector<Item> kept;
  for (const auto& item : all) {
    const auto [known, is_new] = first.try_emplace(item.key, item.player, item.xp);
    if (is_new || known->second == std::pair(item.player, item.xp)) kept.push_back(item);
  }
  return kept;
}

TEST(Batch, FaresLikeItsItemsOneByOne) {
  EXPECT_TRUE(rc::check([] {
    const auto sent = with_one_event_a_key(*items());
    RC_PRE(!sent.empty());
    Harness in_batch;
    Harness alone;
    script(in_batch);
    script(alone);
    const auto statuses = send_as_batch(in_batch, sent);
    for (std::size_t i = 0; i < sent.size(); ++i) RC_ASSERT(statuses[i] == send_alone(alone, sent[i]));
    RC_ASSERT(published(in_batch) == published(alone));
    RC_ASSERT(in_batch.keys.table.size() == alone.keys.table.size());
    for (std::size_t r = 0; r < kEventResults; ++r) {
      const std::string result(to_string(static_cast<EventResult>(r)));
      RC_ASSERT(in_batch.counted(result) == alone.counted(result));
    }
  }));
}

TEST(Batch, SentAgainChangesNothing) {
  EXPECT_TRUE(rc::check([] {
    const auto sent = *items();
    RC_PRE(!sent.empty());
    Harness harness;
    script(harness);
    const auto first = send_as_batch(harness, sent);
    const auto before = published(harness);
    const auto again = send_as_batch(harness, sent);
    RC_ASSERT(published(harness) == before);
    for (std::size_t i = 0; i < sent.size(); ++i) {
      RC_ASSERT(again[i] == (first[i] == "accepted" ? "duplicate" : first[i]));
    }
    RC_ASSERT(harness.books_balance());
  }));
}

}  // namespace
}  // namespace liveops::gateway
