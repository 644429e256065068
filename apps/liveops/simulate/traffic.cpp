#include "apps/liveops/simulate/traffic.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace liveops::apps {

namespace {

// Log-normal awards: medians and spread of a casual game; the exact figures only shape the demo.
constexpr double kMedianXp = 40;
constexpr double kXpSigma = 0.5;
constexpr double kMedianScore = 1200;
constexpr double kScoreSigma = 0.6;
constexpr double kSkillSigma = 0.35;
constexpr double kProgressionShare = 0.7;
constexpr double kBossShare = 0.2;
constexpr int kFloodLength = 100;
constexpr int kPicksPerFlood = 20;
constexpr std::int64_t kInjectedXp = 5'000'000;
constexpr double kBoost = 40;

Playstyle cheater(std::uint64_t n) {
  constexpr Playstyle kStyles[] = {Playstyle::flooder, Playstyle::injector, Playstyle::booster};
  return kStyles[n % 3];
}

}  // namespace

Traffic::Traffic(Options options, const core::GameRules& rules) : options_(std::move(options)), random_(options_.seed) {
  for (const auto& boss : rules.bosses) bosses_.push_back(boss.id.str());
  std::uniform_real_distribution<double> share(0, 1);
  std::normal_distribution<double> skill(0, kSkillSigma);
  std::uint64_t cheaters = 0;
  for (std::uint32_t i = 0; i < options_.players; ++i) {
    const bool cheats = share(random_) < options_.cheater_share;
    styles_.push_back(cheats ? cheater(cheaters++) : Playstyle::honest);
    skills_.push_back(std::exp(skill(random_)));
  }
}

std::string Traffic::player_id(std::uint32_t player) const {
  return options_.run_id + "-" + std::to_string(player);
}

std::uint32_t Traffic::pick_player() {
  if (flood_left_ > 0) {
    --flood_left_;
    return flooding_player_;
  }
  const auto player = static_cast<std::uint32_t>(random_() % options_.players);
  if (styles_[player] == Playstyle::flooder && random_() % kPicksPerFlood == 0) {
    flooding_player_ = player;
    flood_left_ = kFloodLength;
  }
  return player;
}

Traffic::Award Traffic::award(Playstyle style) {
  std::normal_distribution<double> normal(0, 1);
  Award award;
  award.xp = std::llround(kMedianXp * std::exp(kXpSigma * normal(random_)));
  award.score = std::llround(kMedianScore * std::exp(kScoreSigma * normal(random_)));
  if (style == Playstyle::injector) award.xp = kInjectedXp;
  if (style == Playstyle::booster) award.score = std::llround(kBoost * static_cast<double>(award.score));
  return award;
}

std::string Traffic::payload_of(const Award& award, std::string& type, std::int64_t& xp) {
  std::uniform_real_distribution<double> share(0, 1);
  const double dice = share(random_);
  if (dice < kProgressionShare || bosses_.empty()) {
    type = "progression";
    xp = award.xp;
    return R"({"xp":)" + std::to_string(award.xp) + R"(,"score":)" + std::to_string(award.score) + "}";
  }
  if (dice < kProgressionShare + kBossShare) {
    type = "boss_kill";
    xp = award.xp;
    const std::string& boss = bosses_[random_() % bosses_.size()];
    return R"({"boss_id":")" + boss + R"(","xp":)" + std::to_string(award.xp) + R"(,"score":)" +
           std::to_string(award.score) + R"(,"duration_ms":)" + std::to_string(30'000 + random_() % 300'000) + "}";
  }
  type = "drop_claimed";
  xp = 0;
  return R"({"drop_id":")" + options_.run_id + "-d" + std::to_string(sequence_) + R"(","item_id":"item-)" +
         std::to_string(random_() % 20) + R"(","quantity":)" + std::to_string(1 + random_() % 3) + "}";
}

SimulatedEvent Traffic::next(core::Timestamp now) {
  SimulatedEvent event;
  event.player = pick_player();
  const Playstyle style = styles_[event.player];
  Award award = this->award(style);
  award.score = std::max<std::int64_t>(1, std::llround(static_cast<double>(award.score) * skills_[event.player]));
  event.cheating = style != Playstyle::honest;
  std::string type;
  const std::string payload = payload_of(award, type, event.xp);
  ++sequence_;
  event.idempotency_key = options_.run_id + "-" + std::to_string(sequence_);
  event.json = R"({"type":")" + type + R"(","player_id":")" + player_id(event.player) + R"(","occurred_at":")" +
               core::format_rfc3339(now) + R"(","seq":)" + std::to_string(sequence_) + R"(,"payload":)" + payload + "}";
  return event;
}

}  // namespace liveops::apps
