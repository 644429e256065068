#include "adapters/bus_servicebus/proton_access.hpp"

#include <proton/codec.h>
#include <proton/disposition.h>

#include <proton/binary.hpp>

namespace liveops::adapters::bus_servicebus {

namespace {

struct SenderAccess : proton::sender {
  explicit SenderAccess(const proton::sender& sender) : proton::sender(sender) {}
  [[nodiscard]] pn_link_t* c() const { return pn_object(); }
};

struct ReceiverAccess : proton::receiver {
  explicit ReceiverAccess(const proton::receiver& receiver) : proton::receiver(receiver) {}
  [[nodiscard]] pn_link_t* c() const { return pn_object(); }
};

struct DeliveryAccess : proton::delivery {
  explicit DeliveryAccess(const proton::delivery& delivery) : proton::delivery(delivery) {}
  [[nodiscard]] pn_delivery_t* c() const { return pn_object(); }
};

struct TrackerAccess : proton::tracker {
  explicit TrackerAccess(const proton::tracker& tracker) : proton::tracker(tracker) {}
  [[nodiscard]] pn_delivery_t* c() const { return pn_object(); }
};

Condition remote_condition(pn_delivery_t* delivery) {
  if (pn_delivery_remote_state(delivery) != PN_REJECTED) return {};
  auto* const condition = pn_disposition_condition(pn_delivery_remote(delivery));
  const auto text = [](const char* value) { return std::string(value == nullptr ? "" : value); };
  return {.name = text(pn_condition_get_name(condition)), .description = text(pn_condition_get_description(condition))};
}

void put_entry(pn_data_t* map, std::string_view key, std::string_view value) {
  pn_data_put_symbol(map, pn_bytes(key.size(), key.data()));
  pn_data_put_string(map, pn_bytes(value.size(), value.data()));
}

}  // namespace

void send_bytes(const proton::sender& sender, std::string_view tag, std::string_view bytes) {
  auto* const link = SenderAccess(sender).c();
  pn_delivery(link, pn_dtag(tag.data(), tag.size()));
  pn_link_send(link, bytes.data(), bytes.size());
  pn_link_advance(link);
}

std::uint64_t max_message_bytes(const proton::sender& sender) {
  return pn_link_remote_max_message_size(SenderAccess(sender).c());
}

void settle_second(const proton::receiver& receiver) {
  pn_link_set_rcv_settle_mode(ReceiverAccess(receiver).c(), PN_RCV_SECOND);
}

void complete(const proton::delivery& delivery) {
  pn_delivery_update(DeliveryAccess(delivery).c(), PN_ACCEPTED);
}

void abandon(const proton::delivery& delivery) {
  auto* const c = DeliveryAccess(delivery).c();
  pn_disposition_set_failed(pn_delivery_local(c), true);
  pn_delivery_update(c, PN_MODIFIED);
}

void dead_letter(const proton::delivery& delivery, const std::string& reason, const std::string& attempts) {
  auto* const c = DeliveryAccess(delivery).c();
  auto* const condition = pn_disposition_condition(pn_delivery_local(c));
  pn_condition_set_name(condition, "com.microsoft:dead-letter");
  auto* const info = pn_condition_info(condition);
  pn_data_put_map(info);
  pn_data_enter(info);
  put_entry(info, "DeadLetterReason", reason);
  put_entry(info, "DeadLetterErrorDescription", reason);
  put_entry(info, "dead-after-attempts", attempts);
  pn_data_exit(info);
  pn_delivery_update(c, PN_REJECTED);
}

void settle(const proton::delivery& delivery) {
  pn_delivery_settle(DeliveryAccess(delivery).c());
}

Condition condition_of(const proton::tracker& tracker) {
  return remote_condition(TrackerAccess(tracker).c());
}

Condition condition_of(const proton::delivery& delivery) {
  return remote_condition(DeliveryAccess(delivery).c());
}

Condition condition_of(const proton::error_condition& error) {
  return {.name = error.name(), .description = error.description()};
}

std::string tag_of(const proton::tracker& tracker) {
  const auto tag = pn_delivery_tag(TrackerAccess(tracker).c());
  return {tag.start, tag.size};
}

std::optional<LockToken> lock_token_of(const proton::delivery& delivery) {
  const auto tag = pn_delivery_tag(DeliveryAccess(delivery).c());
  return lock_token_of(std::string_view(tag.start, tag.size));
}

}  // namespace liveops::adapters::bus_servicebus
