#include "apps/liveops/gateway_client.hpp"

#include <utility>

#include "core/auth/request_signature.hpp"

namespace liveops::apps {

using adapters::http_client::ClientResponse;

GatewayClient::GatewayClient(boost::asio::any_io_executor executor, adapters::http_client::Url gateway,
                             core::auth::SigningKey key)
    : client_(std::move(executor), std::move(gateway)), key_(std::move(key)) {}

ports::Task<ClientResponse> GatewayClient::post(std::string target, std::string content_type,
                                                std::string idempotency_key, std::string body) {
  auto signature = core::auth::sign_request(key_, clock_.now(), "POST", target, idempotency_key, body);
  adapters::http_client::Headers headers{{"Content-Type", std::move(content_type)},
                                         {"X-Key-Id", std::move(signature.key_id)},
                                         {"X-Timestamp", std::move(signature.timestamp)},
                                         {"X-Signature", std::move(signature.signature)}};
  if (!idempotency_key.empty()) headers.emplace_back("Idempotency-Key", std::move(idempotency_key));
  co_return co_await client_.request("POST", std::move(target), std::move(headers), std::move(body));
}

ports::Task<ClientResponse> GatewayClient::send_event(std::string json, std::string idempotency_key) {
  return post("/events", "application/json", std::move(idempotency_key), std::move(json));
}

ports::Task<ClientResponse> GatewayClient::send_batch(std::string body, std::string content_type) {
  return post("/events/batch", std::move(content_type), "", std::move(body));
}

}  // namespace liveops::apps
