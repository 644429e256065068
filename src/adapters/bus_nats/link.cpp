#include "adapters/bus_nats/link.hpp"

#include <pthread.h>

#include <array>
#include <iterator>
#include <random>
#include <utility>

#include "core/crypto/encoding.hpp"

namespace liveops::adapters::bus_nats {

using core::Status;

namespace {

std::string random_inbox() {
  std::random_device device;
  std::string bytes;
  for (int i = 0; i < 16; ++i) bytes.push_back(static_cast<char>(device() & 0xffU));
  return "_INBOX." + core::crypto::to_hex(bytes);
}

}  // namespace

core::Result<std::unique_ptr<Link>> Link::open(const Options& options, Events events) {
  std::unique_ptr<Link> link(new Link(options, std::move(events)));
  if (auto connected = link->connect(); !connected) return std::unexpected(connected.error());
  link->max_payload_bytes_ = link->session_->max_payload_bytes();
  return link;
}

Link::Link(Options options, Events events)
    : options_(std::move(options)), events_(std::move(events)), inbox_(random_inbox()) {
  writer_ = std::thread([this] {
    pthread_setname_np(pthread_self(), "nats-write");
    write_all();
  });
}

Link::~Link() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  writer_.join();
  session_.reset();
}

Status Link::connect() {
  auto opened = Session::open(
      options_, {.message = events_.message, .up = [this] { announce(true); }, .down = [this] { announce(false); }});
  if (!opened) return std::unexpected(opened.error());
  std::shared_ptr<Session> session = *std::move(opened);
  {
    const std::lock_guard ears_lock(ears_mutex_);
    for (const auto ear : ears_) listen_on(*session, ear);
    const std::lock_guard lock(mutex_);
    session.swap(session_);
  }
  session.reset();  // the old one, without the lock, which its last events may want
  announce(true);
  return {};
}

void Link::listen_on(Session& session, std::uint64_t ear) const {
  session.listen(ear, inbox_ + "." + std::to_string(ear) + ".*");
}

void Link::listen(std::uint64_t ear) {
  const std::lock_guard lock(ears_mutex_);
  ears_.insert(ear);
  listen_on(*session(), ear);
}

void Link::forget(std::uint64_t ear) {
  const std::lock_guard lock(ears_mutex_);
  ears_.erase(ear);
  session()->forget(ear);
}

std::shared_ptr<Session> Link::session() {
  const std::lock_guard lock(mutex_);
  return session_;
}

void Link::announce(bool up) {
  up_.store(up);
  events_.state(up);
}

Status Link::tend() {
  if (!session()->is_closed()) return {};
  up_.store(false);
  return connect();
}

bool Link::send(std::vector<Outgoing> messages) {
  if (!is_up()) return false;
  std::size_t bytes = 0;
  for (const auto& message : messages) bytes += message.bytes();
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_ || (queued_bytes_ > 0 && queued_bytes_ + bytes > options_.max_queued_bytes)) return false;
    queued_bytes_ += bytes;
    was_empty = queue_.empty();
    if (was_empty) {
      queue_ = std::move(messages);
    } else {
      queue_.insert(queue_.end(), std::move_iterator(messages.begin()), std::move_iterator(messages.end()));
    }
  }
  if (was_empty) wake_.notify_one();
  return true;
}

void Link::write_all() {
  std::vector<Outgoing> batch;
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    batch.swap(queue_);
    const auto session = session_;
    lock.unlock();
    std::size_t bytes = 0;
    for (const auto& message : batch) {
      bytes += message.bytes();
      if (session) session->write(message);
    }
    batch.clear();
    if (session) session->flush();  // what comes meanwhile goes out together
    lock.lock();
    queued_bytes_ -= bytes;
  }
}

}  // namespace liveops::adapters::bus_nats
