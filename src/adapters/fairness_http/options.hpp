#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/auth/key_ring.hpp"

namespace liveops::adapters::fairness_http {

struct Options {
  std::vector<std::string> urls;                      // FAIRNESS_URL; all gateways should have the same
  std::string bearer_token;                           // API_TOKEN; empty: requests are signed with `signing_key`
  std::optional<core::auth::SigningKey> signing_key;  // needed without a token
  std::chrono::milliseconds deadline{20};             // of one check, from the asking to the verdict
  std::chrono::milliseconds request_timeout{1'000};   // then a replica counts as away; connecting takes at most as long
  std::chrono::milliseconds first_backoff{50};        // how long a replica that is away is left alone; doubles
  std::chrono::milliseconds longest_backoff{2'000};
  std::size_t max_waiting = 10'000;  // events per thread and URL; beyond: `unavailable`
  std::string ca_file;               // https: as http_client::ClientOptions
};

}  // namespace liveops::adapters::fairness_http
