#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <string>

#include "adapters/http_client/client.hpp"
#include "audit/rank_source.hpp"

namespace liveops::apps {

/// Ranks by `GET /leaderboard` of a running leaderboard. Threads: the executor's.
class LeaderboardRanks final : public audit::RankSource {
 public:
  /// `token`: bearer of the requests; empty for a leaderboard that is public.
  LeaderboardRanks(boost::asio::any_io_executor executor, adapters::http_client::Url url, const std::string& token);

  [[nodiscard]] ports::Task<core::Timestamp> time() override;
  [[nodiscard]] ports::Task<audit::RankedPage> page(core::StandingsId table, std::uint64_t offset,
                                                    std::size_t limit) override;

 private:
  [[nodiscard]] ports::Task<std::string> get(std::string target);

  std::string where_;
  adapters::http_client::Client client_;
  adapters::http_client::Headers headers_;
};

}  // namespace liveops::apps
