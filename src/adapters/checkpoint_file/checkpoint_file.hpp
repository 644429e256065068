#pragma once

#include <boost/asio/thread_pool.hpp>
#include <filesystem>
#include <string>

#include "ports/checkpoint_store.hpp"

namespace liveops::adapters {

/// CheckpointStore in one file, written by a thread of its own.
///
/// Threads: any; one `save` at a time. Requires: no `save` is under way when it ends.
class CheckpointFile final : public ports::CheckpointStore {
 public:
  /// The directory is made with the first `save` if need be.
  explicit CheckpointFile(std::filesystem::path path);
  ~CheckpointFile() override;

  [[nodiscard]] ports::Task<void> save(std::function<core::Status(const Sink&)> write) override;
  [[nodiscard]] core::Result<std::string> load() override;

 private:
  [[nodiscard]] ports::Task<void> write_beside_and_rename(std::function<core::Status(const Sink&)> write);

  std::filesystem::path path_;
  boost::asio::thread_pool thread_{1};
};

}  // namespace liveops::adapters
