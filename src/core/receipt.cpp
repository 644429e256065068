#include "core/receipt.hpp"

#include <array>
#include <boost/json.hpp>
#include <chrono>

#include "core/crypto/encoding.hpp"

namespace liveops::core {

namespace json = boost::json;

namespace {

std::int64_t unix_seconds(Timestamp time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

json::array items_json(const Receipt& receipt) {
  json::array items;
  for (const RewardItem& item : receipt.items) {
    items.push_back(json::object{{"item_id", item.item_id.str()}, {"quantity", item.quantity}});
  }
  return items;
}

const json::string* text_in(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value == nullptr ? nullptr : value->if_string();
}

template <class Id>
std::optional<Id> id_in(const json::object& object, std::string_view name) {
  const auto* text = text_in(object, name);
  if (text == nullptr) return std::nullopt;
  auto id = Id::parse(*text);
  return id ? std::optional(std::move(*id)) : std::nullopt;
}

std::optional<std::vector<RewardItem>> items_in(const json::object& object) {
  const auto* value = object.if_contains("items");
  const auto* array = value == nullptr ? nullptr : value->if_array();
  if (array == nullptr) return std::nullopt;
  std::vector<RewardItem> items;
  for (const json::value& element : *array) {
    const auto* item = element.if_object();
    if (item == nullptr) return std::nullopt;
    auto id = id_in<ItemId>(*item, "item_id");
    const auto* quantity = item->if_contains("quantity");
    if (!id || quantity == nullptr || !quantity->is_int64()) return std::nullopt;
    items.push_back({std::move(*id), quantity->get_int64()});
  }
  return items;
}

/// Years 1970 to 9999, as everywhere.
constexpr std::int64_t kLastSecond = 253'402'300'799;

}  // namespace

std::string claims_json(const Receipt& receipt) {
  json::object claims{{"iss", receipt.issuer},
                      {"sub", receipt.player_id.str()},
                      {"jti", receipt.id.str()},
                      {"iat", unix_seconds(receipt.issued_at)},
                      {"reward_id", receipt.reward_id.str()},
                      {"items", items_json(receipt)}};
  if (receipt.season) claims["season"] = receipt.season->str();
  return json::serialize(claims);
}

Result<Receipt> parse_claims(std::string_view text) {
  const auto refused = [] { return fail(Errc::invalid_argument, "the token does not hold the claims of a receipt"); };
  boost::system::error_code error;
  const json::value value = json::parse(text, error);
  const auto* claims = error ? nullptr : value.if_object();
  if (claims == nullptr) return refused();
  const auto* issuer = text_in(*claims, "iss");
  auto player = id_in<PlayerId>(*claims, "sub");
  auto id = id_in<ReceiptId>(*claims, "jti");
  auto reward = id_in<RewardId>(*claims, "reward_id");
  auto items = items_in(*claims);
  auto season = id_in<SeasonId>(*claims, "season");
  const auto* issued = claims->if_contains("iat");
  const bool season_is_well = season.has_value() == claims->contains("season");
  if (issuer == nullptr || !player || !id || !reward || !items || !season_is_well) return refused();
  if (issued == nullptr || !issued->is_int64()) return refused();
  if (issued->get_int64() < 0 || issued->get_int64() > kLastSecond) return refused();
  return Receipt{.id = std::move(*id),
                 .issuer = std::string(*issuer),
                 .player_id = std::move(*player),
                 .reward_id = std::move(*reward),
                 .items = std::move(*items),
                 .season = std::move(season),
                 .issued_at = Timestamp(std::chrono::seconds(issued->get_int64()))};
}

std::string canonical_text(const Receipt& receipt) {
  std::string text = "liveops-receipt-v1\n" + receipt.id.str() + '\n' + receipt.issuer + '\n' +
                     receipt.player_id.str() + '\n' + receipt.reward_id.str() + '\n' +
                     (receipt.season ? receipt.season->str() : "") + '\n' +
                     std::to_string(unix_seconds(receipt.issued_at)) + '\n';
  bool first = true;
  for (const RewardItem& item : receipt.items) {
    if (!first) text += ',';
    first = false;
    text += item.item_id.str() + '=' + std::to_string(item.quantity);
  }
  return text;
}

ReceiptSigner::ReceiptSigner(std::string issuer, const crypto::JwsSigner& jws, std::string_view hmac_secret)
    : issuer_(std::move(issuer)), jws_(jws), hmac_(hmac_secret) {}

SignedReceipt ReceiptSigner::sign(const Receipt& receipt) const {
  const std::string canonical = canonical_text(receipt);
  const std::array<std::string_view, 1> parts{canonical};
  json::object form{{"receipt_id", receipt.id.str()},
                    {"issuer", receipt.issuer},
                    {"player_id", receipt.player_id.str()},
                    {"reward_id", receipt.reward_id.str()},
                    {"items", items_json(receipt)},
                    {"issued_at", format_rfc3339(std::chrono::floor<std::chrono::seconds>(receipt.issued_at))}};
  if (receipt.season) form["season"] = receipt.season->str();
  form["hmac"] = crypto::to_hex(crypto::as_bytes(hmac_.sign(parts)));
  return {.token = jws_.sign(claims_json(receipt)), .json = json::serialize(form)};
}

Result<Receipt> ReceiptSigner::verify(std::string_view token) const {
  const auto claims = jws_.verify(token);
  if (!claims) return std::unexpected(claims.error());
  auto receipt = parse_claims(*claims);
  if (receipt && receipt->issuer != issuer_) {
    return fail(Errc::unauthenticated, "the receipt was issued by somebody else");
  }
  return receipt;
}

}  // namespace liveops::core
