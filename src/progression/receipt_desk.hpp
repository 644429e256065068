#pragma once

#include <optional>
#include <string>

#include "core/receipt.hpp"
#include "core/time.hpp"
#include "ports/reward_store.hpp"
#include "progression/counters.hpp"

namespace liveops::progression {

/// What a look at a token showed.
struct Verification {
  std::optional<ports::StoredReceipt> receipt;  // absent: not valid
  std::string reason;                           // why it is not valid
  std::optional<core::Timestamp> revoked_at;    // of one that is not valid any more
};

/// Checks receipts and takes them in, each once.
///
/// Threads: any.
class ReceiptDesk {
 public:
  ReceiptDesk(ports::RewardStore& store, const core::ReceiptSigner& signer, const core::Clock& clock,
              Counters& counters);

  /// A receipt is valid when this service signed it, has it on record and has not revoked it. Errors: `unavailable`,
  /// `corrupt`.
  [[nodiscard]] ports::Task<Verification> verify(std::string token);

  /// One that is revoked stays unused, and the outcome's receipt says so.
  /// Errors: `invalid_argument` (no receipt, or not signed by this service), `not_found` (signed, but not on record),
  /// `unavailable`, `timeout`, `corrupt`.
  [[nodiscard]] ports::Task<ports::RedeemOutcome> redeem(std::string token);

  /// RFC 7517 JWK Set.
  [[nodiscard]] std::string jwks_json() const { return signer_.jwks_json(); }

 private:
  ports::RewardStore& store_;
  const core::ReceiptSigner& signer_;
  const core::Clock& clock_;
  Counters& counters_;
};

}  // namespace liveops::progression
