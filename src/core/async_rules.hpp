#pragma once

#include <chrono>
#include <cstddef>

namespace liveops::core {

/// What the slower tier of fairness, which reads the event stream, goes by. Every scale comes from the stream itself;
/// these are the operator's choices.
struct AsyncRules {
  bool enabled = true;
  std::size_t max_players = 100'000;         // watched at once; beyond it those who play most stay
  std::size_t min_population = 60;           // players who must be known before any of them is compared with the others
  double flag_once_in = 1e6;                 // judgements of honest players between two false flags of one check
  bool quarantine_second_flag = true;        // who is flagged on another day than the last time, within two weeks
  double review_once_in = 5e4;               // the same for what only a person should look at
  double review_fdr = 0.01;                  // share of honest players on the hourly review list, on average at most
  std::chrono::seconds session_gap{1200};    // a pause this long ends a session and is a break of continuous play
  std::chrono::seconds unbroken{10 * 3600};  // play without such a pause that calls for a review
};

}  // namespace liveops::core
