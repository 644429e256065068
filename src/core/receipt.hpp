#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/crypto/digest.hpp"
#include "core/crypto/jws.hpp"
#include "core/ids.hpp"
#include "core/rules.hpp"
#include "core/time.hpp"

namespace liveops::core {

/// What a claimed reward gave to whom.
struct Receipt {
  ReceiptId id;
  std::string issuer;
  PlayerId player_id;
  RewardId reward_id;
  std::vector<RewardItem> items;
  std::optional<SeasonId> season;
  Timestamp issued_at;  // whole seconds, as `iat` is
  friend bool operator==(const Receipt&, const Receipt&) = default;
};

/// The claims of a receipt's JWS: {"iss","sub" (player),"jti" (receipt id),"iat","reward_id","items":[{"item_id",
/// "quantity"}],"season" (only when there is one)}. RFC 7519 section 4.1.
[[nodiscard]] std::string claims_json(const Receipt& receipt);

/// Errors: `invalid_argument` when the text is not what `claims_json` makes.
[[nodiscard]] Result<Receipt> parse_claims(std::string_view json);

/// What the hex HMAC of the JSON form covers, lines separated by LF, none at the end:
///
///     liveops-receipt-v1
///     <receipt id>
///     <issuer>
///     <player id>
///     <reward id>
///     <season, or empty>
///     <issued_at as Unix seconds>
///     <item id>=<quantity>,<item id>=<quantity>,...   (in the receipt's order)
[[nodiscard]] std::string canonical_text(const Receipt& receipt);

/// A receipt in both forms. They carry the same facts.
struct SignedReceipt {
  std::string token;  // JWS compact form over claims_json
  std::string json;   // {"receipt_id","issuer","player_id","reward_id","season"?,"items","issued_at","hmac"}
};

/// Signs receipts and recognises its own.
///
/// Threads: any (const). The JWS signer outlives it.
class ReceiptSigner {
 public:
  /// `hmac_secret`: for the HMAC of the JSON form.
  ReceiptSigner(std::string issuer, const crypto::JwsSigner& jws, std::string_view hmac_secret);

  /// The name that goes into the receipts.
  [[nodiscard]] const std::string& issuer() const { return issuer_; }
  [[nodiscard]] SignedReceipt sign(const Receipt& receipt) const;
  /// The receipt in a token that this signer made. Errors: `invalid_argument` (not a JWS, or one with other claims),
  /// `unauthenticated` (wrong signature, key, algorithm or issuer).
  [[nodiscard]] Result<Receipt> verify(std::string_view token) const;
  /// RFC 7517; see JwsSigner.
  [[nodiscard]] std::string jwks_json() const { return jws_.jwks_json(); }

 private:
  std::string issuer_;
  const crypto::JwsSigner& jws_;
  crypto::HmacKey hmac_;
};

}  // namespace liveops::core
