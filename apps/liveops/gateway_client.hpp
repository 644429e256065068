#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <string>

#include "adapters/http_client/client.hpp"
#include "core/auth/key_ring.hpp"
#include "core/time.hpp"

namespace liveops::apps {

/// Signs and posts events over one connection. Threads: the executor's; one request at a time.
class GatewayClient {
 public:
  GatewayClient(boost::asio::any_io_executor executor, adapters::http_client::Url gateway, core::auth::SigningKey key);

  /// POST /events. Errors: as Client::request.
  [[nodiscard]] ports::Task<adapters::http_client::ClientResponse> send_event(std::string json,
                                                                              std::string idempotency_key);

  /// POST /events/batch; `content_type`: application/json or application/x-ndjson. Errors: as Client::request.
  [[nodiscard]] ports::Task<adapters::http_client::ClientResponse> send_batch(std::string body,
                                                                              std::string content_type);

 private:
  [[nodiscard]] ports::Task<adapters::http_client::ClientResponse> post(std::string target, std::string content_type,
                                                                        std::string idempotency_key, std::string body);

  adapters::http_client::Client client_;
  core::auth::SigningKey key_;
  core::SystemClock clock_;
};

}  // namespace liveops::apps
