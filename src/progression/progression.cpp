#include "progression/progression.hpp"

namespace liveops::progression {

Progression::Progression(std::shared_ptr<const GameBook> book, Dependencies with)
    : clock_(with.clock),
      log_(with.log),
      book_(std::move(book)),
      counters_(with.metrics),
      ingest_(with.progress, with.cache, book_, with.clock, counters_, with.log),
      inbox_sweep_(with.progress, with.rewards, with.clock, counters_, with.log, with.inbox_retention),
      query_(with.progress, with.cache, counters_),
      rewards_(with.rewards, with.cache, book_, with.signer, with.clock, counters_),
      receipts_(with.rewards, with.signer, with.clock, counters_),
      revocations_(with.rewards, with.clock, counters_) {}

}  // namespace liveops::progression
