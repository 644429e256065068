#include "apps/host/io_threads.hpp"

#include <pthread.h>

#include <string>

namespace liveops::apps {

IoThreads::IoThreads(int count) {
  for (int i = 0; i < count; ++i) {
    contexts_.push_back(std::make_unique<boost::asio::io_context>(1));
    guards_.push_back(boost::asio::make_work_guard(*contexts_.back()));
  }
}

IoThreads::~IoThreads() {
  stop();
}

void IoThreads::start() {
  for (std::size_t i = 0; i < contexts_.size(); ++i) {
    threads_.emplace_back([this, i] {
      pthread_setname_np(pthread_self(), ("io-" + std::to_string(i)).c_str());
      contexts_[i]->run();
    });
  }
}

void IoThreads::stop() {
  guards_.clear();
  for (auto& context : contexts_) context->stop();
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

std::vector<boost::asio::io_context*> IoThreads::all() {
  std::vector<boost::asio::io_context*> list;
  list.reserve(contexts_.size());
  for (auto& context : contexts_) list.push_back(context.get());
  return list;
}

}  // namespace liveops::apps
