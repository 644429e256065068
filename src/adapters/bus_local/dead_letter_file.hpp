#pragma once

#include <filesystem>
#include <memory>

#include "adapters/bus_local/dead_letter_reader.hpp"
#include "ports/dead_letters.hpp"

namespace liveops::adapters::bus_local {

/// The dead letters of a bus directory, opened beside its owner (the command line's view).
///
/// `redrive` leaves a request: a running owner grants it within about a second, else the next one does when it starts.
class DeadLetterFile final : public ports::DeadLetters {
 public:
  /// Errors: `not_found` (no bus there), else as EventBus::open.
  [[nodiscard]] static core::Result<std::unique_ptr<DeadLetterFile>> open(const std::filesystem::path& directory);

  ports::Task<std::vector<ports::DeadLetter>> list(std::size_t limit, std::string after) override;
  ports::Task<ports::DeadLetter> show(std::string id) override;
  ports::Task<void> redrive(std::string id) override;

 private:
  explicit DeadLetterFile(GroupStore store) : reader_(std::move(store)) {}
  DeadLetterReader reader_;
};

}  // namespace liveops::adapters::bus_local
