#include "fairness/checkpoint.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <array>
#include <atomic>
#include <random>
#include <thread>
#include <vector>

#include "fairness/test_traffic.hpp"

namespace liveops::fairness {
namespace {

using test::key_of;
using test::kStart;
using test::make_observation;

const CheckpointInfo kInfo{.seed = {1, 2}, .taken_at = kStart, .policy_version = "p-1"};

core::FairnessRules rules_for(std::size_t players) {
  core::FairnessRules rules;
  rules.max_players = players;
  rules.hard.bounds = {{core::EventType::progression, "xp", 50'000}};
  return rules;
}

std::string written(Engine& engine, const CheckpointInfo& info = kInfo) {
  std::string bytes;
  const auto done = write_checkpoint(engine, info, [&bytes](std::string_view piece) {
    bytes.append(piece);
    return core::Status{};
  });
  EXPECT_TRUE(done);
  return bytes;
}

/// Everything that a decision says, as text to compare.
std::string told(const Decision& decision) {
  std::string text = std::string(core::to_string(decision.action)) + (decision.repeated ? " again" : "") + " " +
                     std::to_string(decision.until.time_since_epoch().count());
  for (const Finding& finding : decision.found()) {
    text += "|" + std::string(core::to_string(finding.detector)) + " " + std::to_string(finding.observed) + " " +
            std::to_string(finding.expected) + " " + std::to_string(finding.evidence) + " " +
            std::to_string(finding.peer_quantile) + " " + std::to_string(finding.until.time_since_epoch().count());
  }
  return text;
}

/// Plays the same on both, and expects the same.
void expect_same_decisions(Engine& one, Engine& two, int players, core::Timestamp from) {
  std::mt19937 random(99);
  std::size_t remarks = 0;
  for (int n = 0; n < 20'000; ++n) {
    const core::Timestamp now = from + std::chrono::milliseconds(10 * n);
    // One player floods, one in ten cheats.
    const unsigned number = random() % 4 == 0 ? 1 : random() % static_cast<unsigned>(players);
    const std::int64_t xp = (60 + random() % 80) * (number % 10 == 0 ? 8 : 1);
    const auto observation = make_observation("p-" + std::to_string(number), 1'000'000 + random() % 15'000, xp);
    const Decision expected = one.evaluate(observation, now);
    ASSERT_EQ(told(two.evaluate(observation, now)), told(expected)) << "event " << n << " of " << number;
    remarks += expected.count;
  }
  EXPECT_GT(remarks, 100U) << "the comparison is worth something";
  EXPECT_EQ(one.players(), two.players());
}

/// An engine that has seen `players` play, some of them too well.
std::unique_ptr<Engine> experienced(std::size_t players, std::size_t capacity, core::Timestamp& now) {
  auto engine = std::make_unique<Engine>(rules_for(capacity));
  test::Traffic traffic(*engine, players, 7);
  for (std::size_t i = 0; i < players; i += 10) traffic.players()[i].boost = 4;
  traffic.play_events(80);
  now = traffic.now();
  return engine;
}

TEST(Checkpoint, ARestoredEngineDecidesAsIfNothingHadHappened) {
  core::Timestamp now;
  const auto before = experienced(300, 100'000, now);
  const auto checkpoint = Checkpoint::read(written(*before), "p-1");
  ASSERT_TRUE(checkpoint) << checkpoint.error().message;
  EXPECT_EQ(checkpoint->players(), 300U);
  EXPECT_EQ(checkpoint->info().seed.first, 1U);
  EXPECT_EQ(checkpoint->info().taken_at, kStart);
  Engine after(rules_for(100'000));
  checkpoint->restore(after);
  EXPECT_EQ(after.players(), 300U);
  expect_same_decisions(*before, after, 400, now);
}

/// All players that an engine knows, as bytes in the order of their places.
std::string players_of(Engine& engine) {
  std::string bytes;
  std::array<PlayerState, 64> states;
  for (std::size_t shard = 0; shard < Engine::kShards; ++shard) {
    for (std::size_t from = 0, count = 0; (count = engine.copy_players(shard, from, states)) > 0; from += count) {
      bytes.append(reinterpret_cast<const char*>(states.data()), count * sizeof(PlayerState));
    }
  }
  return bytes;
}

TEST(Checkpoint, OneThatWasFullKnowsTheSamePlayersAgain) {
  core::Timestamp now;
  const auto before = experienced(1000, 640, now);
  Engine after(rules_for(640));
  Checkpoint::read(written(*before), "p-1").value().restore(after);
  EXPECT_EQ(after.players(), before->players());
  EXPECT_TRUE(players_of(after) == players_of(*before));
}

TEST(Checkpoint, ASmallerTableKeepsWhatFits) {
  core::Timestamp now;
  const auto before = experienced(1000, 100'000, now);
  Engine after(rules_for(64));
  Checkpoint::read(written(*before), "p-1").value().restore(after);
  EXPECT_EQ(after.players(), 64U);
}

TEST(Checkpoint, AnEngineThatSawNobodyHasOneToo) {
  Engine before(rules_for(1000));
  const auto checkpoint = Checkpoint::read(written(before), "p-1");
  ASSERT_TRUE(checkpoint);
  EXPECT_EQ(checkpoint->players(), 0U);
}

TEST(Checkpoint, IsCompact) {
  core::Timestamp now;
  const auto engine = experienced(1000, 100'000, now);
  EXPECT_LT(written(*engine).size(), 1000 * 100 + 20'000);
  Engine fresh(rules_for(100'000));
  for (int n = 0; n < 1000; ++n) {
    (void)fresh.evaluate(make_observation("p-" + std::to_string(n), 1, 10), kStart);
  }
  EXPECT_LT(written(fresh).size(), 1000 * 64 + 1'000);
}

TEST(Checkpoint, OneOfAnotherReleaseIsRefused) {
  Engine engine(rules_for(1000));
  for (const std::size_t at : {8U, 12U}) {  // the format, and the size of a player's state
    std::string bytes = written(engine);
    bytes[at] = static_cast<char>(bytes[at] + 1);
    bytes.resize(bytes.size() - sizeof(std::uint32_t));
    const auto crc = static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
    bytes.append(reinterpret_cast<const char*>(&crc), sizeof crc);
    const auto read = Checkpoint::read(std::move(bytes), "p-1");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, core::Errc::conflict);
  }
}

TEST(Checkpoint, OneUnderAnotherPolicyIsRefused) {
  Engine engine(rules_for(1000));
  const auto under = Checkpoint::read(written(engine), "p-2");
  ASSERT_FALSE(under);
  EXPECT_EQ(under.error().code, core::Errc::conflict);
  EXPECT_NE(under.error().message.find("'p-1'"), std::string::npos) << under.error().message;
}

TEST(Checkpoint, EveryBrokenByteIsNoticed) {
  Engine engine(rules_for(1000));
  for (int n = 0; n < 20; ++n) (void)engine.evaluate(make_observation("p-" + std::to_string(n), 1, 10), kStart);
  const std::string whole = written(engine);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string broken = whole;
    broken[at] = static_cast<char>(broken[at] ^ 0x10);
    const auto read = Checkpoint::read(std::move(broken), "p-1");
    ASSERT_FALSE(read) << "byte " << at;
    ASSERT_EQ(read.error().code, core::Errc::corrupt) << "byte " << at;
  }
}

TEST(Checkpoint, OneThatIsCutOffOrNoneIsRefused) {
  Engine engine(rules_for(1000));
  for (int n = 0; n < 20; ++n) (void)engine.evaluate(make_observation("p-" + std::to_string(n), 1, 10), kStart);
  const std::string whole = written(engine);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    ASSERT_FALSE(Checkpoint::read(whole.substr(0, size), "p-1")) << size;
  }
  EXPECT_FALSE(Checkpoint::read(whole + "x", "p-1"));
  EXPECT_FALSE(Checkpoint::read("something else altogether", "p-1"));
}

TEST(Checkpoint, StopsWhereItsSinkFails) {
  Engine engine(rules_for(1000));
  int calls = 0;
  const auto done = write_checkpoint(engine, kInfo, [&calls](std::string_view) -> core::Status {
    ++calls;
    return core::fail(core::Errc::unavailable, "full");
  });
  EXPECT_EQ(done.error().code, core::Errc::unavailable);
  EXPECT_EQ(calls, 1);
}

TEST(Checkpoint, IsWholeWhileEventsAreJudged) {
  Engine engine(rules_for(2000));
  std::atomic<bool> stop{false};
  std::jthread playing([&] {
    std::mt19937 random(5);
    for (std::uint32_t n = 1; !stop.load(); ++n) {
      const auto player = "p-" + std::to_string(random() % 4000);
      (void)engine.evaluate(make_observation(player, n, 100), kStart + std::chrono::milliseconds(n));
      if (n % 50 == 0) engine.erase(key_of(player));
    }
  });
  for (int n = 0; n < 50; ++n) {
    const auto checkpoint = Checkpoint::read(written(engine), "p-1");
    ASSERT_TRUE(checkpoint) << checkpoint.error().message;
    Engine after(rules_for(2000));
    checkpoint->restore(after);
    EXPECT_LE(after.players(), checkpoint->players());
  }
  stop.store(true);
}

}  // namespace
}  // namespace liveops::fairness
