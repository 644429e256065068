#include "progression/receipt_desk.hpp"

namespace liveops::progression {

using core::Errc;

ReceiptDesk::ReceiptDesk(ports::RewardStore& store, const core::ReceiptSigner& signer, const core::Clock& clock,
                         Counters& counters)
    : store_(store), signer_(signer), clock_(clock), counters_(counters) {}

ports::Task<Verification> ReceiptDesk::verify(std::string token) {
  auto receipt = signer_.verify(token);
  if (!receipt) co_return Verification{.receipt = std::nullopt, .reason = receipt.error().message, .revoked_at = {}};
  auto stored = co_await store_.find_receipt(std::move(receipt->id));
  if (!stored && stored.error().code == Errc::not_found) {
    co_return Verification{.receipt = std::nullopt, .reason = stored.error().message, .revoked_at = {}};
  }
  if (!stored) co_return std::unexpected(stored.error());
  if (stored->revoked_at) {
    co_return Verification{.receipt = std::nullopt,
                           .reason = "the receipt is revoked: its player is disqualified",
                           .revoked_at = stored->revoked_at};
  }
  co_return Verification{.receipt = std::move(*stored), .reason = {}, .revoked_at = {}};
}

ports::Task<ports::RedeemOutcome> ReceiptDesk::redeem(std::string token) {
  auto receipt = signer_.verify(token);
  // The caller proved who it is; it is what it brought that is wrong.
  if (!receipt) co_return core::fail(Errc::invalid_argument, receipt.error().message, receipt.error().detail);
  auto outcome = co_await store_.redeem(std::move(receipt->id), clock_.now());
  if (outcome && outcome->receipt.revoked_at) {
    counters_.redeem_refused.add();
  } else if (outcome) {
    (outcome->first ? counters_.redeemed : counters_.redeemed_before).add();
  }
  co_return outcome;
}

}  // namespace liveops::progression
