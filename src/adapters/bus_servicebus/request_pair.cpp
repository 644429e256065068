#include "adapters/bus_servicebus/request_pair.hpp"

#include <proton/delivery.hpp>
#include <proton/error_condition.hpp>
#include <proton/map.hpp>
#include <proton/message_id.hpp>
#include <proton/receiver_options.hpp>
#include <proton/sender_options.hpp>
#include <proton/target_options.hpp>
#include <proton/types.hpp>
#include <proton/uuid.hpp>
#include <utility>
#include <vector>

namespace liveops::adapters::bus_servicebus {

using core::Errc;

namespace {

constexpr int kBothLinks = 2;
constexpr int kReplyCredit = 100;
constexpr std::size_t kMaxWaiting = 1000;

/// $cbs writes status-code, $management statusCode, and likewise the others.
proton::scalar either(const proton::message& message, const char* one, const char* other) {
  const auto& properties = message.properties();
  if (properties.exists(one)) return properties.get(one);
  return properties.exists(other) ? properties.get(other) : proton::scalar();
}

std::string text_of(const proton::scalar& value) {
  if (value.type() == proton::STRING) return proton::get<std::string>(value);
  return value.type() == proton::SYMBOL ? std::string(proton::get<proton::symbol>(value)) : std::string();
}

int number_of(const proton::scalar& value) {
  return value.type() == proton::INT ? proton::get<std::int32_t>(value) : 0;
}

Reply reply_of(const proton::message& message) {
  return {.status = number_of(either(message, "statusCode", "status-code")),
          .condition = text_of(either(message, "errorCondition", "error-condition")),
          .description = text_of(either(message, "statusDescription", "status-description")),
          .body = message.body()};
}

core::Error unavailable(std::string detail) {
  return {.code = Errc::unavailable, .message = "Service Bus does not answer", .detail = std::move(detail)};
}

}  // namespace

RequestPair::RequestPair(std::string address)
    : address_(std::move(address)), reply_to_("replies-" + proton::uuid::random().str()) {}

void RequestPair::ask(proton::connection& connection, proton::message request, Done done, Instant deadline) {
  if (waiting_.size() >= kMaxWaiting) {
    done(std::unexpected(unavailable("too many requests to " + address_)));
    return;
  }
  const auto id = std::to_string(++last_id_);
  request.id(id);
  request.to(address_);
  request.reply_to(reply_to_);
  waiting_.emplace(id, Waiting{std::move(done), deadline});
  if (!receiver_) open(connection);
  if (open_links_ == kBothLinks) {
    send(request);
  } else {
    unsent_.push_back(std::move(request));
  }
}

void RequestPair::open(proton::connection& connection) {
  open_links_ = 0;
  receiver_ = connection.open_receiver(address_, proton::receiver_options()
                                                     .handler(*this)
                                                     .target(proton::target_options().address(reply_to_))
                                                     .credit_window(kReplyCredit)
                                                     .auto_accept(true));
  sender_ = connection.open_sender(address_, proton::sender_options().handler(*this));
}

void RequestPair::on_sender_open(proton::sender& sender) {
  if (sender == sender_) links_opened();
}

void RequestPair::on_receiver_open(proton::receiver& receiver) {
  if (receiver == receiver_) links_opened();
}

void RequestPair::links_opened() {
  if (++open_links_ < kBothLinks) return;
  auto requests = std::exchange(unsent_, {});
  for (auto& request : requests) send(request);
}

void RequestPair::send(proton::message& request) {
  sender_.send(request);
}

void RequestPair::on_sender_close(proton::sender& sender) {
  if (sender == sender_) lost(sender.error().what());
}

void RequestPair::on_receiver_close(proton::receiver& receiver) {
  if (receiver == receiver_) lost(receiver.error().what());
}

void RequestPair::lost(const std::string& why) {
  auto receiver = std::exchange(receiver_, {});
  auto sender = std::exchange(sender_, {});
  receiver.close();
  sender.close();
  fail_all(unavailable(address_ + ": " + why));
}

void RequestPair::on_message(proton::delivery&, proton::message& message) {
  const auto& id = message.correlation_id();
  const auto waiting = waiting_.find(id.type() == proton::STRING ? proton::get<std::string>(id) : std::string());
  if (waiting == waiting_.end()) return;  // too late
  auto done = std::move(waiting->second.done);
  waiting_.erase(waiting);
  done(reply_of(message));
}

void RequestPair::expire(Instant now) {
  std::vector<Done> late;
  for (auto waiting = waiting_.begin(); waiting != waiting_.end();) {
    const auto next = std::next(waiting);
    if (waiting->second.deadline <= now) {
      late.push_back(std::move(waiting->second.done));
      waiting_.erase(waiting);
    }
    waiting = next;
  }
  for (auto& done : late) done(std::unexpected(unavailable(address_ + ": no answer in time")));
}

void RequestPair::fail_all(const core::Error& why) {
  unsent_.clear();
  open_links_ = 0;
  auto waiting = std::exchange(waiting_, {});
  for (auto& [id, one] : waiting) one.done(std::unexpected(why));
}

void RequestPair::drop() {
  receiver_ = {};
  sender_ = {};
  fail_all(unavailable("the connection is gone"));
}

}  // namespace liveops::adapters::bus_servicebus
