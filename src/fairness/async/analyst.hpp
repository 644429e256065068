#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "core/async_rules.hpp"
#include "core/error.hpp"
#include "core/event.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"
#include "fairness/async/finding.hpp"
#include "fairness/player_key.hpp"

namespace liveops::fairness::async {

/// A player on the hourly review list: how likely each is to be honest is unknown, but on average at most
/// `AsyncRules::review_fdr` of a list are (e-BH: Wang and Ramdas 2022, valid under any dependence between players).
struct ReviewEntry {
  core::PlayerId player;
  double e_value = 0;
  Check strongest = Check::session_shift;
};

/// What the analyst holds of one player, for operators.
struct Dossier {
  std::uint64_t events = 0;
  std::uint32_t sessions = 0;
  bool playing = false;  // a session is under way
  core::Timestamp first_seen;
  core::Timestamp last_seen;
  double e_value = 0;           // all checks together
  std::vector<Finding> checks;  // those that have judged, with what they last said
};

/// The slower tier of fairness: reads the whole stream of accepted events and finds, within sessions and days, what no
/// single event shows. It proposes flags, reviews and quarantine, never a throttle or a block.
///
/// Same events in the same order and the same `advance` calls: same findings, bit for bit. Time is that of the events:
/// `received_at` moves the clock (it never runs back), `occurred_at` gives the intervals. An event that comes again is
/// not counted again (a window of the latest 262,144 ids); one that is missing costs a little evidence, no more.
///
/// Memory: `max_bytes()`, most of it touched only as players come. When `max_players` are watched, a new one takes the
/// place of an idle one, or of one who plays less than he does.
/// Threads: one at a time.
class Analyst {
 public:
  /// `key_of` must give the same key for the same id, and keys that nobody can choose (PlayerHasher).
  using KeyOf = std::function<PlayerKey(std::string_view)>;

  Analyst(const core::AsyncRules& rules, KeyOf key_of);
  ~Analyst();
  Analyst(const Analyst&) = delete;
  Analyst& operator=(const Analyst&) = delete;

  /// Learns from one event. Complexity: O(1), allocates only for players not seen before; but every quarter of an hour
  /// of event time one call also settles what the players of that quarter did.
  void observe(const core::Event& event);

  /// Time has come to `now` without further events: sessions end. Needed only where the stream pauses.
  void advance(core::Timestamp now);

  /// What was found since the last call, in the order it was found. At most kMaxFindings wait; beyond, the oldest of
  /// the weakest proposal go.
  [[nodiscard]] std::vector<Finding> take_findings();
  static constexpr std::size_t kMaxFindings = 10'000;

  /// The latest hourly review list, strongest first, and when it was made.
  [[nodiscard]] const std::vector<ReviewEntry>& review_list() const;
  [[nodiscard]] core::Timestamp review_list_at() const;

  /// nullopt when the player is not watched.
  [[nodiscard]] std::optional<Dossier> explain(const core::PlayerId& player) const;

  /// A reviewer found the player honest (or an operator cleared him): evidence begins anew, habits stay.
  void pardon(const core::PlayerId& player);

  /// From now on other rules; what was learnt stays. `max_players` is fixed at construction.
  void use_rules(const core::AsyncRules& rules);

  [[nodiscard]] core::Timestamp now() const;
  [[nodiscard]] std::size_t players() const;
  [[nodiscard]] std::uint64_t events() const;       // counted
  [[nodiscard]] std::uint64_t duplicates() const;   // came again
  [[nodiscard]] std::uint64_t turned_away() const;  // events of players for whom there was no room
  /// In use now, and at most.
  [[nodiscard]] std::size_t bytes() const;
  [[nodiscard]] std::size_t max_bytes() const;

  using Sink = std::function<core::Status(std::string_view)>;
  /// All that was learnt, as bytes. Errors: those of `sink`. Complexity: O(players).
  [[nodiscard]] core::Status save(const Sink& sink) const;
  /// Takes it over. Requires: a new analyst. Errors: `corrupt` (broken, or cut off), `conflict` (of another format);
  /// the analyst is as new then.
  [[nodiscard]] core::Status restore(std::string_view bytes);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace liveops::fairness::async
