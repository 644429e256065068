#include "simulation/player.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace liveops::simulation {
namespace {

// Streams of random numbers of one seed.
constexpr std::uint64_t kTraits = std::uint64_t{1} << 40U;
constexpr std::uint64_t kPlay = std::uint64_t{2} << 40U;
constexpr std::uint64_t kGroup = std::uint64_t{3} << 40U;
constexpr std::uint64_t kCheat = std::uint64_t{4} << 40U;
constexpr std::uint64_t kCast = std::uint64_t{5} << 40U;

constexpr std::uint64_t kAccomplices = std::uint64_t{1} << 36U;

constexpr double kOldestDays = 60;
constexpr double kMildSpeed = 2;
constexpr double kSmallInjection = 20;

/// The fourteen that are cast; strength makes some of them mild.
constexpr std::array kCastKinds{Kind::speed_hack, Kind::injection,     Kind::drip_amount, Kind::drip_rate, Kind::replay,
                                Kind::bot,        Kind::humanised_bot, Kind::boosting,    Kind::flood,     Kind::ramp,
                                Kind::hugger,     Kind::collusion,     Kind::farm,        Kind::sleeper};

struct Role {
  Kind kind = Kind::honest;
  std::uint32_t group = kNoGroup;
};

std::size_t group_size(const Parameters& parameters, Kind kind) {
  if (kind == Kind::collusion) return 2;
  return kind == Kind::farm ? static_cast<std::size_t>(parameters.farm_players) : 1;
}

/// Who plays which part: the kind that has the fewest players so far, in an order that the seed gives. Groups wait
/// until the others have half as many players.
std::vector<Role> cast_roles(const Parameters& parameters, std::uint64_t seed, std::size_t cheaters) {
  Random random(seed, kCast);
  auto order = kCastKinds;
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  std::array<std::size_t, kKinds> cast{};
  const auto rank = [&](Kind kind) {
    return 2 * cast[static_cast<std::size_t>(kind)] + group_size(parameters, kind) - 1;
  };
  std::vector<Role> roles;
  for (std::uint32_t group = 0; roles.size() < cheaters; ++group) {
    const Kind* next = nullptr;
    for (const Kind& kind : order) {
      if (group_size(parameters, kind) > cheaters - roles.size()) continue;
      if (next == nullptr || rank(kind) < rank(*next)) next = &kind;
    }
    const std::size_t size = group_size(parameters, *next);
    cast[static_cast<std::size_t>(*next)] += size;
    roles.insert(roles.end(), size, {*next, size > 1 ? group : kNoGroup});
  }
  return roles;
}

PlayerClass draw_class(const Parameters& parameters, Random& random) {
  const double dice = random.uniform();
  if (dice < parameters.casual_share) return PlayerClass::casual;
  return dice < parameters.casual_share + parameters.regular_share ? PlayerClass::regular : PlayerClass::hardcore;
}

/// Days that are left to a player of this age (Weibull).
double days_left(const Parameters& parameters, PlayerClass player_class, double age, Random& random) {
  const std::array scales{parameters.casual_lifetime_days, parameters.regular_lifetime_days,
                          parameters.hardcore_lifetime_days};
  const double scale = scales[static_cast<std::size_t>(player_class)];
  const double hazard = std::pow(age / scale, parameters.lifetime_shape) + random.exponential();
  return scale * std::pow(hazard, 1 / parameters.lifetime_shape) - age;
}

Player draw_player(const Parameters& parameters, const PopulationOptions& options, Random& random) {
  constexpr double kLastInstall = 0.8;
  Player player;
  player.player_class = draw_class(parameters, random);
  player.skill = std::exp(parameters.skill_sigma * random.normal());
  if (random.chance(parameters.skill_tail_share))
    player.skill *= std::exp(parameters.skill_tail * random.exponential());
  player.tempo = std::exp(parameters.tempo_sigma * random.normal());
  player.evening_hour = parameters.evening_hour + parameters.hour_sigma * random.normal();
  player.zeal = std::exp(parameters.zeal_sigma * random.normal());
  player.queue_place = random.uniform();
  player.idles = random.chance(parameters.idle_share);
  player.skewed = random.chance(parameters.skewed_share);
  const bool is_new = random.chance(parameters.new_share);
  const double dice = random.uniform();
  if (options.cohort) {
    player.installed_at = dice * kDay;
  } else {
    player.installed_at = is_new ? dice * kLastInstall * options.days * kDay : -dice * kOldestDays * kDay;
  }
  const double age = std::max(0.0, -player.installed_at / kDay);
  const double left = days_left(parameters, player.player_class, age, random);
  player.leaves_at = std::max(player.installed_at, 0.0) + left * kDay;
  return player;
}

double draw_strength(const Parameters& parameters, Kind kind, Random& random) {
  switch (kind) {
    case Kind::speed_hack:
      return random.log_uniform(1.5, 10);
    case Kind::injection:
      return random.log_uniform(5, 1000);
    case Kind::drip_amount:
      return random.uniform(1.15, 1.5);
    case Kind::drip_rate:
      return random.uniform(1.3, 1.8);
    case Kind::boosting:
      return parameters.boost_award * random.uniform(0.8, 1.25);
    case Kind::flood:
      return random.log_uniform(20, 100);  // events a second
    case Kind::ramp:
      return parameters.ramp_factor;
    case Kind::collusion:
      return parameters.collusion_factor;
    default:
      return 1;
  }
}

/// What a sleeper wakes up as: something that is found at once when it is not taken for the player's own habit.
Kind draw_awakening(Random& random) {
  constexpr std::array kAwake{Kind::speed_hack, Kind::injection, Kind::bot, Kind::boosting};
  return kAwake[random.below(kAwake.size())];
}

Kind label_of(Kind kind, double strength) {
  if (kind == Kind::speed_hack && strength < kMildSpeed) return Kind::speed_hack_mild;
  if (kind == Kind::injection && strength < kSmallInjection) return Kind::injection_small;
  return kind;
}

/// Accomplices keep the same hours.
void join(Player& player, const Parameters& parameters) {
  player.player_class = PlayerClass::regular;
  player.evening_hour = parameters.evening_hour;
  player.installed_at = std::min(player.installed_at, 0.0);
  player.skewed = false;
}

void corrupt(Player& player, const Role& role, const Parameters& parameters, const PopulationOptions& options,
             Random& random) {
  const Seconds window = options.days * kDay;
  const bool sleeps = role.kind == Kind::sleeper;
  player.acts = sleeps ? draw_awakening(random) : role.kind;
  player.strength = draw_strength(parameters, player.acts, random);
  player.kind = label_of(role.kind, player.strength);
  player.group = role.group;
  player.idles = false;
  player.leaves_at = kForEver;  // they have an interest in staying
  if (role.group != kNoGroup) join(player, parameters);
  // A fifth of the window at most is over when they come.
  if (player.installed_at > 0 && !options.cohort) player.installed_at /= 4;
  const double share = sleeps ? random.uniform(parameters.sleeper_from, parameters.sleeper_to)
                              : random.uniform(parameters.onset_from, parameters.onset_to);
  const bool at_once = random.chance(parameters.at_once_share) && !sleeps;
  const Seconds from = std::max(player.installed_at, 0.0);
  player.onset = at_once ? from : std::max(from, share * window);
}

void start_now(Player& player) {
  player.installed_at = -kOldestDays * kDay;
  player.leaves_at = kForEver;
  if (player.kind != Kind::honest) player.onset = 0;
}

}  // namespace

std::vector<Player> make_players(const Parameters& parameters, const PopulationOptions& options) {
  const auto cheaters = static_cast<std::size_t>(std::llround(options.cheater_share * options.players));
  const auto roles = cast_roles(parameters, options.seed, cheaters);
  const auto cafe = static_cast<std::uint32_t>(parameters.cafe_players);
  std::vector<Player> players;
  players.reserve(options.players);
  std::uint32_t guests = 0;
  std::size_t next = 0;
  for (std::uint32_t i = 0; i < options.players; ++i) {
    Random random(options.seed, kTraits + i);
    Player player = draw_player(parameters, options, random);
    // Cheaters are spread evenly over the numbers, which mean nothing.
    if ((i + 1) * cheaters / options.players > next) {
      const Role& role = roles[next++];
      const bool alone = role.group == kNoGroup;
      Random wicked(options.seed, kCheat + (alone ? i : kAccomplices + role.group));
      corrupt(player, role, parameters, options, wicked);
    } else if (random.chance(parameters.cafe_share)) {
      player.group = (1U << 30U) + guests++ / cafe;
    }
    if (options.at_once) start_now(player);
    players.push_back(player);
  }
  return players;
}

Random random_of_player(std::uint64_t seed, std::uint32_t player) {
  return {seed, kPlay + player};
}

Random random_of_group(std::uint64_t seed, std::uint32_t group) {
  return {seed, kGroup + group};
}

}  // namespace liveops::simulation
