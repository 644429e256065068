#include "fairness/case_record.hpp"

#include <cstring>
#include <memory>
#include <type_traits>

#include "core/crypto/encoding.hpp"

namespace liveops::fairness {
namespace {

constexpr std::string_view kFormat = "c3:";  // raise it when the meaning of a byte changes

}  // namespace

CaseRecord::CaseRecord(const Grounds& grounds, const PlayerState& the_player, const Observation& the_event,
                       core::Timestamp the_time)
    : player(the_player),
      event(the_event),
      now(the_time),
      terms(grounds.terms),
      limits(grounds.limits),
      may_block(grounds.may_block ? 1 : 0),
      alarm(grounds.alarm),
      awards(grounds.population.awards[the_event.kind]),
      tempo(grounds.population.tempo[static_cast<std::size_t>(the_event.type)]),
      usual_scores(grounds.population.awards[0][0]),
      usual_tempo(grounds.population.tempo[0]),
      timing(grounds.population.timing),
      velocity(grounds.population.velocity),
      rates(grounds.population.rates),
      temper(grounds.population.temper),
      steps_back(grounds.population.steps_back),
      samples(grounds.population.samples) {}

Decision CaseRecord::judge_again() const {
  const auto population = std::make_unique<Population>();
  population->awards[0][0] = usual_scores;
  population->tempo[0] = usual_tempo;
  population->awards[event.kind] = awards;
  population->tempo[static_cast<std::size_t>(event.type)] = tempo;
  population->timing = timing;
  population->velocity = velocity;
  population->rates = rates;
  population->temper = temper;
  population->steps_back = steps_back;
  population->samples = samples;
  PlayerState state = player;
  const Grounds grounds{
      .terms = terms, .population = *population, .limits = limits, .may_block = may_block != 0, .alarm = alarm};
  return judge(grounds, state, event, now);
}

std::string encode_case(const CaseRecord& record) {
  static_assert(std::is_trivially_copyable_v<CaseRecord>);
  return std::string(kFormat) +
         core::crypto::to_base64(std::string_view(reinterpret_cast<const char*>(&record), sizeof record));
}

std::optional<CaseRecord> decode_case(std::string_view text) {
  if (!text.starts_with(kFormat)) return std::nullopt;
  const auto bytes = core::crypto::from_base64(text.substr(kFormat.size()));
  if (!bytes || bytes->size() != sizeof(CaseRecord)) return std::nullopt;
  CaseRecord record;
  std::memcpy(static_cast<void*>(&record), bytes->data(), sizeof record);
  const bool sound = record.event.kind < kKinds && static_cast<int>(record.event.type) < core::kEventTypes;
  return sound ? std::optional(record) : std::nullopt;
}

}  // namespace liveops::fairness
