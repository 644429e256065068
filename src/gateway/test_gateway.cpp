#include "gateway/test_gateway.hpp"

#include <zlib.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace liveops::gateway::test {

namespace asio = boost::asio;

ports::Task<std::vector<ports::PublishOutcome>> FakeBus::publish(ports::Topic, std::vector<core::Envelope> envelopes) {
  ++calls;
  if (throws) throw std::runtime_error("bug in the bus");
  if (error) co_return core::fail(*error, "the bus is away");
  std::vector<ports::PublishOutcome> outcomes;
  for (auto& envelope : envelopes) {
    outcomes.push_back(outcome ? outcome(envelope) : ports::PublishOutcome::stored);
    if (outcomes.back() == ports::PublishOutcome::stored) published.push_back(std::move(envelope));
  }
  co_return outcomes;
}

ports::Task<std::unique_ptr<ports::EventConsumer>> FakeBus::open_consumer(ports::Topic, std::string) {
  co_return core::fail(core::Errc::unavailable, "nobody consumes here");
}

ports::Task<std::vector<core::Verdict>> FakeFairness::check(std::vector<core::Event> events) {
  ++calls;
  asked += events.size();
  if (hold) {
    boost::system::error_code cancelled;
    co_await hold->async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
  if (throws) throw std::runtime_error("bug in fairness");
  if (error) co_return core::fail(*error, "fairness is away");
  std::vector<core::Verdict> verdicts;
  for (const auto& event : events) verdicts.push_back(verdict ? verdict(event) : core::Verdict{});
  co_return verdicts;
}

ports::Task<std::vector<ports::IdempotencyState>> FakeKeys::begin(std::vector<Entry> entries, core::Timestamp now) {
  ++begins;
  if (begin_fails) co_return core::fail(core::Errc::unavailable, "no keys today");
  std::vector<ports::IdempotencyState> states;
  for (const auto& entry : entries) {
    states.push_back(static_cast<ports::IdempotencyState>(table.begin(entry.id, entry.fingerprint, now)));
  }
  co_return states;
}

ports::Task<void> FakeKeys::complete(std::vector<Entry> entries, core::Timestamp now) {
  ++completes;
  if (complete_fails) {
    for (const auto& entry : entries) table.abandon(entry.id);
    co_return core::fail(core::Errc::unavailable, "disk full");
  }
  for (const auto& entry : entries) table.complete(entry.id, entry.fingerprint, now);
  co_return core::Status{};
}

ports::Task<void> FakeKeys::abandon(std::vector<core::EventId> ids) {
  for (const auto& id : ids) table.abandon(id);
  co_return core::Status{};
}

TestRequest::TestRequest(std::string path, std::string body) : path_(std::move(path)), body_(std::move(body)) {}

TestRequest& TestRequest::with(std::string name, std::string value) {
  headers_.emplace_back(std::move(name), std::move(value));
  return *this;
}

TestRequest& TestRequest::from(std::string key_id) {
  key_id_ = std::move(key_id);
  return *this;
}

core::http::Request TestRequest::view() {
  views_.assign(headers_.begin(), headers_.end());
  core::http::Request request;
  request.method = "POST";
  request.target = path_;
  request.path = path_;
  request.headers = views_;
  request.body = body_;
  request.principal = {core::http::Principal::Kind::signing_key, core::KeyId::trusted(key_id_)};
  request.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  return request;
}

Harness::Harness(const Settings& settings) : gateway(settings, keys, fairness, bus, clock, metrics, log) {}

core::http::Response Harness::send(TestRequest request) {
  const auto view = request.view();
  const bool batch = view.path == "/events/batch";
  return liveops::test::run(batch ? gateway.batches().handle(view) : gateway.events().handle(view));
}

core::http::Response Harness::send_event(const std::string& body, const std::string& key) {
  return send(TestRequest("/events", body).with("Idempotency-Key", key));
}

core::http::Response Harness::send_batch(const std::string& body, const std::string& content_type) {
  return send(TestRequest("/events/batch", body).with("Content-Type", content_type));
}

double Harness::counted(const std::string& result) const {
  return metrics.value("liveops_events_total{result=" + result + "}");
}

bool Harness::books_balance() const {
  double sum = 0;
  for (std::size_t i = 0; i < kEventResults; ++i) sum += counted(std::string(to_string(static_cast<EventResult>(i))));
  return sum == metrics.value("liveops_events_received_total");
}

std::string progression(const std::string& player, int xp) {
  return R"({"type":"progression","player_id":")" + player + R"(","payload":{"xp":)" + std::to_string(xp) + "}}";
}

std::string progression_item(const std::string& key, const std::string& player, int xp) {
  return R"({"idempotency_key":")" + key + R"(",)" + progression(player, xp).substr(1);
}

std::string header(const core::http::Response& response, const std::string& name) {
  for (const auto& [key, value] : response.headers) {
    if (core::http::equals_ignore_case(key, name)) return value;
  }
  return {};
}

std::string gzip(const std::string& plain) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("deflateInit2 failed");
  }
  std::string packed(deflateBound(&stream, plain.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  stream.avail_in = static_cast<uInt>(plain.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int code = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (code != Z_STREAM_END) throw std::runtime_error("deflate failed");
  return packed;
}

}  // namespace liveops::gateway::test
