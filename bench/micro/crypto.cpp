#include "bench/load/made_events.hpp"
#include "bench/micro/sampling.hpp"
#include "core/auth/request_signature.hpp"
#include "core/crypto/jws.hpp"
#include "core/receipt.hpp"

namespace {

using namespace liveops;

const core::Timestamp kNow{std::chrono::seconds(1'790'000'000)};
const std::string kSecret(32, 's');

void signature_check(benchmark::State& state) {
  const core::auth::SigningKey key{core::KeyId::trusted("default"), kSecret};
  const core::auth::SignatureVerifier verifier(core::auth::KeyRing({key}), {});
  const auto body = bench::make_event(42, kNow);
  const auto signature = core::auth::sign_request(key, kNow, "POST", "/events", "key-1", body);
  const std::vector<core::http::HeaderView> headers{{"Host", "127.0.0.1"},
                                                    {"Content-Type", "application/json"},
                                                    {"X-Key-Id", signature.key_id},
                                                    {"X-Timestamp", signature.timestamp},
                                                    {"X-Signature", signature.signature},
                                                    {"Idempotency-Key", "key-1"}};
  core::http::Request request;
  request.method = "POST";
  request.target = request.path = "/events";
  request.headers = headers;
  request.body = body;
  if (!verifier.verify(request, kNow)) return state.SkipWithError("the signature does not match");
  bench::measure(state, [&] { benchmark::DoNotOptimize(verifier.verify(request, kNow)); });
}
BENCHMARK(signature_check);

void sign_receipt(benchmark::State& state) {
  const auto jws = core::crypto::JwsSigner::hs256("k1", kSecret);
  const core::ReceiptSigner signer("liveops-guard", *jws, kSecret);
  const core::Receipt receipt{.id = core::ReceiptId::trusted("r-1"),
                              .issuer = "liveops-guard",
                              .player_id = core::PlayerId::trusted("p-42"),
                              .reward_id = core::RewardId::trusted("starter_chest"),
                              .items = {{core::ItemId::trusted("gold"), 500}},
                              .season = core::SeasonId::trusted("s1"),
                              .issued_at = kNow};
  bench::measure(state, [&] { benchmark::DoNotOptimize(signer.sign(receipt)); });
}
BENCHMARK(sign_receipt);

}  // namespace
