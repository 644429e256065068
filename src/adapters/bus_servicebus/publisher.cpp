#include "adapters/bus_servicebus/publisher.hpp"

#include <algorithm>
#include <utility>

#include "adapters/asio/await_callback.hpp"

namespace liveops::adapters::bus_servicebus {

using core::Errc;
using core::Status;
using ports::PublishOutcome;
using std::chrono::steady_clock;

Publisher::Publisher(Loop& loop, const Access& access, const std::vector<std::string>& addresses)
    : Session(loop, access, "publisher") {
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    links_.push_back(std::make_unique<SenderLink>(
        addresses[i], SenderLink::Events{.wants_link = [this, i] { want_link(i); },
                                         .changed = [this, i](Status status) { changed(i, std::move(status)); },
                                         .busy = [this] { busy(); }}));
  }
  states_.resize(addresses.size());
}

void Publisher::on_up() {
  authorise(links_.front()->address(), [this](Status authorised) {
    {
      const std::lock_guard lock(state_mutex_);
      key_known_ = true;
      key_ = std::move(authorised);
    }
    news().notify();
  });
}

void Publisher::on_down() {
  for (const auto& link : links_) link->drop();
  {
    const std::lock_guard lock(state_mutex_);
    key_known_ = false;
  }
  if (is_closing()) expire(Instant::max());
}

void Publisher::on_tick(Instant now) {
  for (const auto& link : links_) link->tick(now);
}

void Publisher::expire(Instant now) {
  for (const auto& link : links_) link->expire(now);
}

void Publisher::want_link(std::size_t link) {
  authorise(links_[link]->address(), [this, link](const Status& authorised) {
    if (!authorised) {
      links_[link]->failed(authorised.error());
    } else if (is_connected()) {
      links_[link]->open(connection());
    }
  });
}

void Publisher::changed(std::size_t link, Status status) {
  if (!status && status.error().code == Errc::unauthenticated) forget_token(links_[link]->address());
  if (!status && status.error().code != Errc::unavailable) {
    access().log.warn("cannot publish to Service Bus",
                      {{"error", status.error().message}, {"detail", status.error().detail}});
  }
  const std::lock_guard lock(state_mutex_);
  states_[link] = std::move(status);
}

void Publisher::busy() {
  const std::lock_guard lock(state_mutex_);
  busy_until_ = steady_clock::now() + access().options.busy_pause;
}

Status Publisher::check(const std::vector<std::string>& addresses) const {
  if (auto connected = status(); !connected) return connected;
  const std::lock_guard lock(state_mutex_);
  if (!key_known_) return core::fail(Errc::unavailable, "Service Bus was just connected: the key is being looked at");
  if (!key_) return key_;
  if (steady_clock::now() < busy_until_) {
    return core::fail(Errc::unavailable, "Service Bus is too busy: it is given a pause");
  }
  for (std::size_t i = 0; i < links_.size(); ++i) {
    const bool wanted = std::ranges::find(addresses, links_[i]->address()) != addresses.end();
    if (wanted && !states_[i]) {
      return core::fail(Errc::unavailable, states_[i].error().message, states_[i].error().detail);
    }
  }
  return {};
}

ports::Task<std::vector<PublishOutcome>> Publisher::publish(std::vector<std::string> addresses,
                                                            std::vector<std::string> messages) {
  if (auto ready = check(addresses); !ready) co_return std::unexpected(ready.error());
  const auto total = messages.size();
  const auto most = access().options.max_unanswered;
  const auto before = unanswered_.fetch_add(total);
  const auto taken = std::min(total, most - std::min(before, most));
  unanswered_.fetch_sub(total - taken);
  if (taken == 0) co_return std::vector(total, PublishOutcome::retry);
  messages.resize(taken);
  auto outcomes = co_await await_callback<std::vector<PublishOutcome>>([&](auto resume) {
    auto done = [this, taken, told = std::move(resume)](std::vector<PublishOutcome> answers) mutable {
      unanswered_.fetch_sub(taken);  // now: when the caller goes on, this may be gone
      told(std::move(answers));
    };
    Parcel parcel{.messages = std::move(messages),
                  .publication = std::make_shared<Publication>(taken, addresses.size(), std::move(done))};
    const auto deadline = steady_clock::now() + access().options.publish_timeout;
    post([this, to = std::move(addresses), parcel = std::move(parcel), deadline](proton::connection* up) {
      if (up == nullptr) {
        parcel.publication->give_up();
        return;
      }
      for (const auto& link : links_) {
        if (std::ranges::find(to, link->address()) != to.end()) link->send(parcel, deadline);
      }
    });
  });
  outcomes.resize(total, PublishOutcome::retry);
  co_return outcomes;
}

}  // namespace liveops::adapters::bus_servicebus
