#include <zlib.h>

#include <string>
#include <utility>

#include "fairness/async/analyst_parts.hpp"
#include "fairness/async/bytes.hpp"

/// Layout, in the machine's (little-endian) order: "LOASYNC", format u32, key of the empty id u64, clock, counters, the
/// shared parts, number of players u32, players; CRC-32 of all before.
namespace liveops::fairness::async {
namespace {

constexpr std::string_view kMagic = "LOASYNC";
constexpr std::uint32_t kFormat = 2;  // raise it when the meaning of a byte changes
constexpr std::size_t kPieceBytes = 65'536;

std::uint32_t crc_of(std::uint32_t crc, std::string_view bytes) {
  return static_cast<std::uint32_t>(crc32_z(crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

/// Hands the buffer on piece by piece.
class Output {
 public:
  explicit Output(const Analyst::Sink& sink) : sink_(sink) {}
  [[nodiscard]] std::string& buffer() { return buffer_; }
  core::Status pass_on() {
    crc_ = crc_of(crc_, buffer_);
    auto taken = sink_(buffer_);
    buffer_.clear();
    return taken;
  }
  core::Status finish() {
    if (auto passed = pass_on(); !passed) return passed;
    const std::uint32_t crc = crc_;
    Writer(buffer_).put(crc);
    return sink_(buffer_);
  }

 private:
  const Analyst::Sink& sink_;
  std::string buffer_;
  std::uint32_t crc_ = 0;
};

std::unexpected<core::Error> broken(std::string why) {
  return core::fail(core::Errc::corrupt, "the checkpoint of the slower tier is broken: " + std::move(why));
}

template <class Parts>
void save_shared(const Parts& parts, Writer& out) {
  out.put(parts.now_us);
  out.put(parts.quarter);
  out.put(parts.longest_interval);
  out.put(parts.events);
  out.put(parts.repeated);
  out.put(parts.turned_away);
  parts.duplicates.save(out);
  parts.kinds.save(out);
  parts.moves.save(out);
  parts.shift.save(out);
  parts.timing.save(out);
  parts.award_shapes.save(out);
  parts.replay.save(out);
  parts.farm.save(out);
  parts.activity.save(out);
  parts.ticks.save(out);
  parts.paces.save(out);
  parts.tempos.save(out);
}

template <class Parts>
bool restore_shared(Parts& parts, Reader& in) {
  return in.take(parts.now_us) && in.take(parts.quarter) && in.take(parts.longest_interval) && in.take(parts.events) &&
         in.take(parts.repeated) && in.take(parts.turned_away) && parts.duplicates.restore(in) &&
         parts.kinds.restore(in) && parts.moves.restore(in) && parts.shift.restore(in) && parts.timing.restore(in) &&
         parts.award_shapes.restore(in) && parts.replay.restore(in) && parts.farm.restore(in) &&
         parts.activity.restore(in) && parts.ticks.restore(in) && parts.paces.restore(in) && parts.tempos.restore(in);
}

template <class Parts>
bool restore_players(Parts& parts, Reader& in) {
  std::uint32_t count = 0;
  if (!in.take(count)) return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (parts.pool.size() == parts.pool.capacity()) return true;  // fewer are watched now
    if (!parts.pool.restore(in, parts.key_of)) return false;
    const std::uint32_t slot = parts.pool.size() - 1;
    if (parts.pool.at(slot).open != 0) parts.open.push_back(slot);
  }
  return in.at_end();
}

}  // namespace

core::Status Analyst::save(const Sink& sink) const {
  Output out(sink);
  Writer writer(out.buffer());
  out.buffer().append(kMagic);
  writer.put(kFormat);
  writer.put(parts_->key_of({}).value);
  save_shared(*parts_, writer);
  writer.put(parts_->pool.size());
  for (std::uint32_t slot = 0; slot < parts_->pool.size(); ++slot) {
    parts_->pool.save(slot, writer);
    if (out.buffer().size() < kPieceBytes) continue;
    if (auto passed = out.pass_on(); !passed) return passed;
  }
  return out.finish();
}

core::Status Analyst::restore(std::string_view bytes) {
  if (bytes.size() < kMagic.size() + 2 * sizeof(std::uint32_t)) return broken("it is cut off");
  const std::string_view body = bytes.substr(0, bytes.size() - sizeof(std::uint32_t));
  std::uint32_t crc = 0;
  if (!Reader(bytes.substr(body.size())).take(crc) || crc != crc_of(0, body)) return broken("its checksum is wrong");
  if (!body.starts_with(kMagic)) return broken("it does not begin as one");
  Reader reader(body.substr(kMagic.size()));
  std::uint32_t format = 0;
  std::uint64_t key = 0;
  if (!reader.take(format) || !reader.take(key)) return broken("its head is cut off");
  if (format != kFormat) {
    return core::fail(core::Errc::conflict, "the checkpoint of the slower tier is of another release");
  }
  auto fresh = std::make_unique<Parts>(parts_->rules, parts_->key_of);
  if (!restore_shared(*fresh, reader)) return broken("what is shared cannot be read");
  if (!restore_players(*fresh, reader)) return broken("its players cannot be read");
  if (fresh->key_of({}).value != key) {  // players have other tags now: pieces and units would seem to be others'
    fresh->replay.forget_pieces();
    fresh->farm.forget_units();
  }
  parts_ = std::move(fresh);
  return {};
}

}  // namespace liveops::fairness::async
