#include "fairness/async/analyst.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "fairness/async/analyst_parts.hpp"
#include "fairness/async/evidence.hpp"

namespace liveops::fairness::async {
namespace {

constexpr std::uint32_t kReportAgainHours = 24;
constexpr std::uint32_t kAnotherDayHours = 16;
constexpr std::uint32_t kTwoWeeksHours = 14 * 24;
constexpr std::size_t kMostReviews = 1000;

core::Timestamp timestamp(std::int64_t us) {
  return core::Timestamp(std::chrono::microseconds(us));
}

double ratio(float evidence, std::uint16_t judged) {
  return judged == 0 ? 1 : static_cast<double>(evidence) / judged;
}

}  // namespace

Analyst::Analyst(const core::AsyncRules& rules, KeyOf key_of)
    : parts_(std::make_unique<Parts>(rules, std::move(key_of))) {}
Analyst::~Analyst() = default;

void Analyst::observe(const core::Event& event) {
  parts_->observe(event);
}

void Analyst::advance(core::Timestamp now) {
  parts_->advance(now.time_since_epoch().count());
}

std::vector<Finding> Analyst::take_findings() {
  return std::exchange(parts_->findings, {});
}

const std::vector<ReviewEntry>& Analyst::review_list() const {
  return parts_->review_list;
}

core::Timestamp Analyst::review_list_at() const {
  return timestamp(parts_->review_list_us);
}

void Analyst::Parts::tell(Player& player, Check check, const Judgement& judgement) {
  if (!judgement.judged) return;
  Said& said = player.said[static_cast<std::size_t>(check)];
  said.judged = 1;
  said.log10_once_in = static_cast<float>(std::log10(std::max(1.0, judgement.once_in)));
  // A fixed rule (unbroken play) says nothing of chance: what the check had to say of that stands.
  if (judgement.e_value != 1) said.log_e = static_cast<float>(std::log(std::max(1e-30, judgement.e_value)));
  said.observed = judgement.observed;
  said.expected = judgement.expected;
  said.peer_quantile = static_cast<float>(judgement.peer_quantile);
  said.samples = judgement.samples;
  said.partner = judgement.partner;
  Proposal proposal = Proposal::none;
  if (judgement.once_in >= rules.review_once_in) proposal = Proposal::review;
  if (judgement.once_in >= rules.flag_once_in && !judgement.review_only) proposal = Proposal::flag;
  if (proposal == Proposal::none) return;
  const bool second = proposal == Proposal::flag && is_second_flag(player);
  if (second && rules.quarantine_second_flag && player.quarantine == 0) proposal = Proposal::quarantine;
  const bool told = said.reported_hour != 0 && hour() < said.reported_hour + kReportAgainHours &&
                    static_cast<std::uint8_t>(proposal) <= said.reported;
  if (told) return;
  said.reported_hour = hour();
  said.reported = static_cast<std::uint8_t>(proposal);
  if (proposal == Proposal::quarantine) player.quarantine = 1;
  if (proposal >= Proposal::flag && (second || hour() >= player.flag_hour + kTwoWeeksHours)) player.flag_hour = hour();
  if (proposal >= Proposal::flag && player.suspect == 0) {
    player.suspect = 1;
    forget(player.tag());
  }
  Finding finding = finding_of(player, check);
  finding.proposal = proposal;
  if (findings.size() >= kMaxFindings) {
    const auto weakest = std::ranges::min_element(findings, {}, &Finding::proposal);
    findings.erase(weakest);
  }
  findings.push_back(std::move(finding));
}

bool Analyst::Parts::is_second_flag(const Player& player) const {
  if (player.flag_hour == 0) return false;
  const std::uint32_t since = hour() - player.flag_hour;
  return since >= kAnotherDayHours && since < kTwoWeeksHours;
}

Finding Analyst::Parts::finding_of(const Player& player, Check check) const {
  const Said& said = player.said[static_cast<std::size_t>(check)];
  return {.player = player.id,
          .check = check,
          .proposal = static_cast<Proposal>(said.reported),
          .observed = static_cast<double>(said.observed),
          .expected = static_cast<double>(said.expected),
          .peer_quantile = static_cast<double>(said.peer_quantile),
          .once_in = std::pow(10.0, static_cast<double>(said.log10_once_in)),
          .e_value = std::exp(static_cast<double>(said.log_e)),
          .samples = said.samples,
          .from = timestamp(player.open != 0 ? player.unit.start_us : player.last_seen_us),
          .to = timestamp(player.last_seen_us),
          .partner = said.partner == 0 ? core::PlayerId() : id_of_tag(said.partner),
          .last_event = player.last_event};
}

core::PlayerId Analyst::Parts::id_of_tag(std::uint32_t tag) const {
  for (std::uint32_t slot = 0; slot < pool.size(); ++slot) {
    if (pool.at(slot).used && pool.at(slot).tag() == tag) return pool.at(slot).id;
  }
  return {};
}

double Analyst::Parts::e_value_of(const Player& player) {
  double sum = 0;
  for (std::size_t i = 0; i < kChecks; ++i) {
    const auto check = static_cast<Check>(i);
    // These two go on between judgements: what counts is their evidence now, not when something was found.
    if (check == Check::replay) {
      sum += ratio(player.replay.evidence, player.replay.lookups);
    } else if (check == Check::farm) {
      sum += ratio(player.farm.evidence, player.farm.judged);
    } else {
      sum += player.said[i].judged == 0 ? 1 : std::exp(static_cast<double>(player.said[i].log_e));
    }
  }
  return sum / kChecks;
}

void Analyst::Parts::make_review_list() {
  struct Candidate {
    double e_value;
    std::uint32_t slot;
  };
  std::vector<Candidate> candidates;
  std::size_t players = 0;
  for (std::uint32_t slot = 0; slot < pool.size(); ++slot) {
    const Player& player = pool.at(slot);
    if (!player.used) continue;
    ++players;
    const double e_value = e_value_of(player);
    if (e_value * rules.review_fdr >= 1) candidates.push_back({e_value, slot});  // less can never be listed
  }
  std::ranges::sort(candidates, [](const Candidate& a, const Candidate& b) {
    return a.e_value != b.e_value ? a.e_value > b.e_value : a.slot < b.slot;
  });
  std::vector<double> e_values;
  for (const Candidate& candidate : candidates) e_values.push_back(candidate.e_value);
  const std::size_t listed = std::min(kMostReviews, e_bh(e_values, players, rules.review_fdr));
  review_list.clear();
  review_list_us = now_us;
  for (std::size_t i = 0; i < listed; ++i) {
    const Player& player = pool.at(candidates[i].slot);
    const auto strongest = std::ranges::max_element(
        player.said, {}, [](const Said& said) { return said.judged == 0 ? -1.0F : said.log_e; });
    review_list.push_back({.player = player.id,
                           .e_value = candidates[i].e_value,
                           .strongest = static_cast<Check>(strongest - player.said.begin())});
  }
}

void Analyst::Parts::forget(std::uint32_t tag) {
  shift.forget(tag);
  timing.forget(tag);
  award_shapes.forget(tag);
  replay.forget(tag);
  farm.forget(tag);
  activity.forget(tag);
  ticks.forget(tag);
  paces.remove(tag);
  tempos.remove(tag);
}

std::optional<Dossier> Analyst::explain(const core::PlayerId& player) const {
  const std::uint32_t slot = parts_->pool.find(parts_->key_of(player.str()));
  if (slot == PlayerPool::kNone) return std::nullopt;
  const Player& known = parts_->pool.at(slot);
  Dossier dossier{.events = known.events,
                  .sessions = known.sessions,
                  .playing = known.open != 0,
                  .first_seen = timestamp(known.first_seen_us),
                  .last_seen = timestamp(known.last_seen_us),
                  .e_value = Parts::e_value_of(known),
                  .checks = {}};
  for (std::size_t i = 0; i < kChecks; ++i) {
    if (known.said[i].judged != 0) dossier.checks.push_back(parts_->finding_of(known, static_cast<Check>(i)));
  }
  return dossier;
}

void Analyst::pardon(const core::PlayerId& player) {
  const std::uint32_t slot = parts_->pool.find(parts_->key_of(player.str()));
  if (slot == PlayerPool::kNone) return;
  Player& known = parts_->pool.at(slot);
  known.suspect = 0;
  known.flag_hour = 0;
  known.quarantine = 0;
  known.said = {};
  known.farm = {};
  known.replay.evidence = 0;
  known.replay.lookups = 0;
  known.replay.hits = 0;
}

void Analyst::use_rules(const core::AsyncRules& rules) {
  parts_->rules = rules;
}

core::Timestamp Analyst::now() const {
  return timestamp(parts_->now_us);
}
std::size_t Analyst::players() const {
  return parts_->pool.size();
}
std::uint64_t Analyst::events() const {
  return parts_->events;
}
std::uint64_t Analyst::duplicates() const {
  return parts_->repeated;
}
std::uint64_t Analyst::turned_away() const {
  return parts_->turned_away;
}

std::size_t Analyst::bytes() const {
  const Parts& parts = *parts_;
  return parts.pool.bytes() + parts.duplicates.bytes() + parts.kinds.bytes() + parts.shift.bytes() +
         parts.timing.bytes() + parts.award_shapes.bytes() + parts.replay.bytes() + parts.farm.bytes() +
         parts.activity.bytes() + parts.ticks.bytes() + parts.paces.bytes() + parts.tempos.bytes() +
         parts.open.capacity() * sizeof(std::uint32_t);
}

std::size_t Analyst::max_bytes() const {
  // All but the players, whose number is bounded: sketches and samples of fixed size.
  constexpr std::size_t kShared = std::size_t{16} << 20U;
  return parts_->pool.max_bytes() + parts_->rules.max_players * 2 * sizeof(std::uint32_t) + kShared;
}

}  // namespace liveops::fairness::async
