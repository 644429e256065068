#include "fairness/async/replay_check.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace liveops::fairness::async {
namespace {

constexpr std::size_t kPieces = std::size_t{1} << 18U;
constexpr std::size_t kColumns = std::size_t{1} << 16U;
constexpr std::size_t kRows = 2;
constexpr std::uint64_t kHalveAt = std::uint64_t{1} << 24U;
constexpr std::uint64_t kLearn = 2000;  // tokens before any counts as rare
constexpr unsigned kMostBits = 16;      // of one token, however rare
constexpr unsigned kRareBits = 34;      // of a piece
constexpr std::size_t kLeastDistinct = 3;
constexpr std::uint16_t kMostRepeats =
    4;                                // equal pairs among the player's latest 32 (496 pairs): about 7 bits an event
constexpr double kPauseSeconds = 60;  // ends a chain
constexpr double kStepSeconds = 0.05;
constexpr std::uint32_t kLeastDistance = 16;  // own events between a piece and its repeat
constexpr double kReplayShare = 0.3;
constexpr double kLeastShare = 0.005;
constexpr double kMostEvidence = 1e30;
constexpr std::uint16_t kEnoughLookups = 16;
constexpr std::uint32_t kAdaptEvery = 1U << 15U;
constexpr std::uint32_t kMostSampling = 10;
constexpr std::uint32_t kReachHours = 72;

template <class Values, class Value>
void shift_in(Values& values, Value value) {
  std::rotate(values.begin(), values.begin() + 1, values.end());
  values.back() = value;
}

/// Takes in the next token, and lets the oldest go.
void note(Repeats& repeats, std::uint32_t token) {
  const auto equal = [&repeats](std::uint16_t other) {
    return static_cast<std::uint16_t>(std::ranges::count(repeats.tokens, other));
  };
  const auto short_token = static_cast<std::uint16_t>(token | 1U);  // 0: none yet
  std::uint16_t& place = repeats.tokens[repeats.next];
  if (place != 0) repeats.pairs = static_cast<std::uint16_t>(repeats.pairs - (equal(place) - 1));
  place = 0;
  repeats.pairs = static_cast<std::uint16_t>(repeats.pairs + equal(short_token));
  place = short_token;
  repeats.next = static_cast<std::uint16_t>((repeats.next + 1U) % Repeats::kWindow);
}

template <class Tokens, class Bits>
bool rare(const Tokens& tokens, const Bits& bits, const Repeats& repeats) {
  if (repeats.pairs > kMostRepeats) return false;
  unsigned sum = 0;
  for (const std::uint8_t each : bits) sum += each;
  if (sum < kRareBits) return false;
  Tokens sorted = tokens;
  std::ranges::sort(sorted);
  return std::ranges::unique(sorted).begin() - sorted.begin() >= static_cast<std::ptrdiff_t>(kLeastDistinct);
}

template <class Tokens>
std::uint64_t hash_of(const Tokens& tokens) {
  std::uint64_t hash = tokens.size();
  for (const std::uint32_t token : tokens) hash = mix(hash * 0x9e3779b97f4a7c15ULL + token);
  return hash;
}

}  // namespace

ReplayCheck::ReplayCheck() : pieces_(kPieces), counts_(kRows * kColumns), usual_share_(kLeastShare) {}

std::uint8_t ReplayCheck::bits_of(std::uint32_t token) {
  if (++counted_ >= kHalveAt) {
    counted_ /= 2;
    for (std::uint32_t& count : counts_) count /= 2;
  }
  std::uint32_t least = std::numeric_limits<std::uint32_t>::max();
  for (std::size_t row = 0; row < kRows; ++row) {
    const std::uint64_t place = mix(token + (std::uint64_t{row} << 40U)) % kColumns;
    least = std::min(least, ++counts_[row * kColumns + place]);
  }
  if (counted_ < kLearn) return 0;
  const double bits = std::log2(static_cast<double>(counted_) / static_cast<double>(least));
  return static_cast<std::uint8_t>(std::clamp(bits, 0.0, double{kMostBits}));
}

std::optional<std::uint64_t> ReplayCheck::piece_of(const ReplayState& state) {
  if (state.in_a_row >= kLongGram && rare(state.contents, state.content_bits, state.content_repeats))
    return hash_of(state.contents);
  if (state.in_a_row >= kGram && rare(state.steps, state.step_bits, state.step_repeats)) return hash_of(state.steps);
  return std::nullopt;
}

Judgement ReplayCheck::observe(Player& player, const Reading& reading, double interval_seconds, std::uint32_t hour) {
  ReplayState& state = player.replay;
  ++state.events;
  if (interval_seconds < 0 || interval_seconds > kPauseSeconds) state.in_a_row = 0;
  const auto step = static_cast<std::uint32_t>(std::clamp(interval_seconds, 0.0, kPauseSeconds) / kStepSeconds);
  const std::uint32_t token = mix32((std::uint64_t{reading.content} << 32U) | step);
  shift_in(state.contents, reading.content);
  shift_in(state.content_bits, bits_of(reading.content));
  shift_in(state.steps, token);
  shift_in(state.step_bits, bits_of(token));
  note(state.content_repeats, reading.content);
  note(state.step_repeats, token);
  if (state.in_a_row < kLongGram) ++state.in_a_row;
  const auto piece = piece_of(state);
  if (!piece || (*piece & ((std::uint64_t{1} << sampling_) - 1)) != 0) return {};
  return look_up(player, *piece, hour);
}

Judgement ReplayCheck::look_up(Player& player, std::uint64_t piece, std::uint32_t hour) {
  ReplayState& state = player.replay;
  Piece& place = pieces_[(piece >> kMostSampling) % kPieces];
  const auto check = static_cast<std::uint32_t>(piece >> 32U);
  const bool known = place.hour != 0 && place.check == check;
  const std::uint32_t owner = known ? place.tag : 0;
  const bool own = owner == player.tag();
  const bool hit = known && (!own || state.events - place.event >= kLeastDistance);
  if (place.hour != 0 && !known && hour < place.hour + kReachHours) ++young_;
  place = {.check = check, .tag = player.tag(), .event = state.events, .hour = std::max(1U, hour)};
  if (++stored_ >= kAdaptEvery) adapt_sampling();
  if (known && own && !hit) return {};  // the same few events, over and over
  if (state.last_hit != 0 && state.events - state.last_hit < kLongGram) return {};  // overlaps one that was counted
  constexpr std::uint16_t kMost = std::numeric_limits<std::uint16_t>::max();
  if (state.lookups < kMost) ++state.lookups;
  const double odds = hit ? kReplayShare / usual_share_ : (1 - kReplayShare) / (1 - usual_share_);
  state.evidence = static_cast<float>(std::min(kMostEvidence, (1 + static_cast<double>(state.evidence)) * odds));
  if (!hit) return {};
  state.last_hit = state.events;
  if (state.hits < kMost) ++state.hits;
  return {.judged = true,
          .once_in = std::max(1.0, static_cast<double>(state.evidence)),
          .e_value = static_cast<double>(state.evidence) / state.lookups,
          .observed = static_cast<float>(state.hits) / static_cast<float>(state.lookups),
          .expected = shares_.size() > 0 ? shares_.quantile(0.5) : 0,
          .peer_quantile = shares_.share_below(static_cast<float>(state.hits) / static_cast<float>(state.lookups)),
          .samples = state.hits,
          .partner = own ? 0 : owner};
}

void ReplayCheck::adapt_sampling() {
  if (young_ > stored_ / 2 && sampling_ < kMostSampling) ++sampling_;
  stored_ = 0;
  young_ = 0;
}

void ReplayCheck::close_session(const Player& player, std::uint32_t hour) {
  const ReplayState& state = player.replay;
  if (player.suspect || state.lookups < kEnoughLookups) return;
  shares_.put(player.tag(), static_cast<float>(state.hits) / static_cast<float>(state.lookups), hour);
}

void ReplayCheck::refresh() {
  constexpr double kFew = 0.9;
  constexpr double kTimes = 3;
  shares_.refresh();
  const double usual = shares_.size() > 0 ? static_cast<double>(shares_.quantile(kFew)) : 0;
  usual_share_ = std::clamp(kTimes * usual, kLeastShare, kReplayShare);
}

void ReplayCheck::forget_pieces() {
  std::ranges::fill(pieces_, Piece{});
}

std::size_t ReplayCheck::bytes() const {
  return pieces_.capacity() * sizeof(Piece) + counts_.capacity() * sizeof(std::uint32_t) + shares_.bytes();
}

void ReplayCheck::save(Writer& out) const {
  out.put_list(pieces_);
  out.put_list(counts_);
  out.put(counted_);
  out.put(sampling_);
  out.put(stored_);
  out.put(young_);
  out.put(usual_share_);
  shares_.save(out);
}

bool ReplayCheck::restore(Reader& in) {
  return in.take_list(pieces_, kPieces) && pieces_.size() == kPieces && in.take_list(counts_, kRows * kColumns) &&
         counts_.size() == kRows * kColumns && in.take(counted_) && in.take(sampling_) && sampling_ <= kMostSampling &&
         in.take(stored_) && in.take(young_) && in.take(usual_share_) && usual_share_ > 0 && usual_share_ < 1 &&
         shares_.restore(in);
}

}  // namespace liveops::fairness::async
