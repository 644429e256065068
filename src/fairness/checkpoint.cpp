#include "fairness/checkpoint.hpp"

#include <zlib.h>

#include <array>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "fairness/checkpoint_format.hpp"

namespace liveops::fairness {
namespace {

using namespace checkpoint_format;

constexpr std::size_t kGroup = 256;          // players copied while their shard is held
constexpr std::size_t kPieceBytes = 65'536;  // handed to the sink at once, about
constexpr std::size_t kCrcBytes = sizeof(std::uint32_t);

std::uint32_t crc_of(std::uint32_t crc, std::string_view bytes) {
  return static_cast<std::uint32_t>(crc32_z(crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

/// Gathers pieces for the sink and adds them up.
class Output {
 public:
  explicit Output(const CheckpointSink& sink) : sink_(sink) { buffer_.reserve(2 * kPieceBytes); }

  [[nodiscard]] std::string& buffer() { return buffer_; }
  core::Status pass_on_if_large() { return buffer_.size() < kPieceBytes ? core::Status{} : pass_on(); }
  core::Status finish() {
    if (auto passed = pass_on(); !passed) return passed;
    append(buffer_, crc_);
    return pass_on();
  }

 private:
  core::Status pass_on() {
    crc_ = crc_of(crc_, buffer_);
    auto taken = sink_(buffer_);
    buffer_.clear();
    return taken;
  }

  const CheckpointSink& sink_;
  std::string buffer_;
  std::uint32_t crc_ = 0;
};

void append_head(std::string& out, const CheckpointInfo& info) {
  out.append(kMagic);
  append(out, kFormat);
  append(out, static_cast<std::uint32_t>(sizeof(PlayerState)));
  append(out, info.seed);
  append(out, std::int64_t{info.taken_at.time_since_epoch().count()});
  append(out, static_cast<std::uint32_t>(info.policy_version.size()));
  out.append(info.policy_version);
}

core::Status write_players(Engine& engine, std::size_t shard, Output& out) {
  std::array<PlayerState, kGroup> group;
  for (std::size_t from = 0;; from += kGroup) {
    const std::size_t count = engine.copy_players(shard, from, group);
    if (count == 0) return {};
    append(out.buffer(), static_cast<std::uint32_t>(count));
    for (const PlayerState& player : std::span(group).first(count)) append_player(out.buffer(), player);
    if (auto passed = out.pass_on_if_large(); !passed) return passed;
  }
}

std::unexpected<core::Error> broken(std::string why) {
  return core::fail(core::Errc::corrupt, "the checkpoint of baselines is broken: " + std::move(why));
}

std::unexpected<core::Error> other(std::string why) {
  return core::fail(core::Errc::conflict, "the checkpoint of baselines is not for this service: " + std::move(why));
}

core::Result<CheckpointInfo> read_head(Reader& reader, std::string_view policy_version) {
  if (reader.take_text(kMagic.size()) != kMagic) return broken("it does not begin as one");
  const auto format = reader.take<std::uint32_t>();
  const auto state_bytes = reader.take<std::uint32_t>();
  if (format != kFormat || state_bytes != sizeof(PlayerState)) return other("another release wrote it");
  const auto seed = reader.take<PlayerHasher::Seed>();
  const auto time = reader.take<std::int64_t>();
  const auto size = reader.take<std::uint32_t>();
  const auto policy = size ? reader.take_text(*size) : std::nullopt;
  if (!seed || !time || !policy) return broken("its head is cut off");
  if (*policy != policy_version) {
    return other("it was made under policy '" + std::string(*policy) + "', in force is '" +
                 std::string(policy_version) + "'");
  }
  return CheckpointInfo{.seed = *seed,
                        .taken_at = core::Timestamp(std::chrono::microseconds(*time)),
                        .policy_version = std::string(*policy)};
}

/// Hands on, in order, all that follows the head: population, players, places of the shards. False: it makes no sense.
template <class Visitor>
bool read_rest(Reader& reader, Visitor& visitor) {
  auto population = reader.take_population();
  if (!population) return false;
  visitor.population(std::move(*population));
  for (auto count = reader.take<std::uint32_t>(); count != 0U; count = reader.take<std::uint32_t>()) {
    if (!count) return false;
    for (std::uint32_t i = 0; i < *count; ++i) {
      const auto player = reader.take_player();
      if (!player) return false;
      visitor.player(*player);
    }
  }
  for (std::size_t shard = 0; shard < Engine::kShards; ++shard) {
    const auto hand = reader.take<std::uint32_t>();
    const auto cursor = reader.take<std::uint32_t>();
    if (!hand || !cursor) return false;
    visitor.place(shard, {.hand = *hand, .cursor = *cursor});
  }
  return reader.at_end();
}

struct Count {
  void population(const Population&) {}
  void player(const PlayerState&) { ++players; }
  void place(std::size_t, Engine::ShardPlace) {}
  std::size_t players = 0;
};

struct Restore {
  void population(const Population& read) { engine.restore(std::make_shared<const Population>(read)); }
  void player(const PlayerState& read) { engine.restore(read); }
  void place(std::size_t shard, Engine::ShardPlace read) { engine.restore(shard, read); }
  Engine& engine;
};

}  // namespace

core::Status write_checkpoint(Engine& engine, const CheckpointInfo& info, const CheckpointSink& sink) {
  Output out(sink);
  append_head(out.buffer(), info);
  append_population(out.buffer(), *engine.population());
  for (std::size_t shard = 0; shard < Engine::kShards; ++shard) {
    if (auto written = write_players(engine, shard, out); !written) return written;
  }
  append(out.buffer(), std::uint32_t{0});
  for (std::size_t shard = 0; shard < Engine::kShards; ++shard) {
    const Engine::ShardPlace place = engine.place(shard);
    append(out.buffer(), static_cast<std::uint32_t>(place.hand));
    append(out.buffer(), static_cast<std::uint32_t>(place.cursor));
  }
  return out.finish();
}

core::Result<Checkpoint> Checkpoint::read(std::string bytes, std::string_view policy_version) {
  Checkpoint checkpoint(std::move(bytes));
  const std::string_view all = checkpoint.bytes_;
  if (all.size() < kCrcBytes) return broken("it is empty");
  const std::string_view body = all.substr(0, all.size() - kCrcBytes);
  Reader end(all.substr(body.size()));
  if (end.take<std::uint32_t>() != crc_of(0, body)) return broken("its checksum is wrong");
  Reader reader(body);
  auto info = read_head(reader, policy_version);
  if (!info) return std::unexpected(info.error());
  checkpoint.info_ = std::move(*info);
  Count count;
  if (!read_rest(reader, count)) return broken("its players cannot be read");
  checkpoint.players_ = count.players;
  return checkpoint;
}

void Checkpoint::restore(Engine& engine) const {
  Reader reader(std::string_view(bytes_).substr(0, bytes_.size() - kCrcBytes));
  if (!read_head(reader, info_.policy_version)) return;  // it was read before: it does not fail
  Restore restore{engine};
  (void)read_rest(reader, restore);
}

}  // namespace liveops::fairness
