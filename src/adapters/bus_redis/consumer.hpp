#pragma once

#include <memory>
#include <utility>

#include "adapters/bus_redis/member.hpp"

namespace liveops::adapters::bus_redis {

/// The port's view of a member; the member itself may still be at work in the background when this has gone.
class Consumer final : public ports::EventConsumer {
 public:
  explicit Consumer(std::shared_ptr<Member> member) : member_(std::move(member)) {}
  ~Consumer() override { member_->close(); }
  Consumer(const Consumer&) = delete;
  Consumer& operator=(const Consumer&) = delete;

  ports::Task<std::vector<ports::Delivery>> receive(std::size_t max, std::chrono::milliseconds wait) override {
    return member_->receive(max, wait);
  }
  ports::Task<void> ack(std::vector<std::string> tags) override { return member_->ack(std::move(tags)); }
  ports::Task<void> nack(std::vector<std::string> tags, std::chrono::milliseconds delay) override {
    return member_->nack(std::move(tags), delay);
  }
  ports::Task<void> dead_letter(ports::Delivery delivery, std::string reason) override {
    return member_->dead_letter(std::move(delivery), std::move(reason));
  }
  ports::Task<void> extend(std::vector<std::string> tags) override { return member_->extend(std::move(tags)); }
  ports::Task<ports::Backlog> backlog() override { return member_->backlog(); }
  void close() override { member_->close(); }

 private:
  std::shared_ptr<Member> member_;
};

}  // namespace liveops::adapters::bus_redis
