#include "fairness/async/intake_record.hpp"

#include <utility>

#include "core/envelope.hpp"
#include "fairness/async/bytes.hpp"

/// Layout, in the machine's (little-endian) order: format u8, kind u8, number u32, entries. A batch's entry: event id,
/// then type, player and body as texts; a pardon's: the player's id.
namespace liveops::fairness::async {
namespace {

constexpr std::uint8_t kFormat = 1;  // raise it when the meaning of a byte changes
enum class Kind : std::uint8_t { batch, pardons };
constexpr std::size_t kMostText = std::size_t{16} << 20U;

void put_head(Writer& out, Kind kind, std::size_t count) {
  out.put(kFormat);
  out.put(kind);
  out.put(static_cast<std::uint32_t>(count));
}

bool take_event(Reader& in, Intake& intake) {
  core::Envelope envelope;
  if (!in.take(envelope.id) || !in.take_text(envelope.type, kMostText) || !in.take_text(envelope.key, kMostText) ||
      !in.take_text(envelope.body, kMostText)) {
    return false;
  }
  if (auto event = core::decode_event(envelope)) intake.events.push_back(std::move(*event));
  return true;
}

bool take_pardon(Reader& in, Intake& intake) {
  std::string id;
  if (!in.take_text(id, kMostText) || !core::is_valid_name(id)) return false;
  intake.pardoned.push_back(core::PlayerId::trusted(std::move(id)));
  return true;
}

}  // namespace

std::string record_of(const std::vector<ports::Delivery>& batch) {
  std::string record;
  Writer out(record);
  put_head(out, Kind::batch, batch.size());
  for (const ports::Delivery& delivery : batch) {
    out.put(delivery.envelope.id);
    out.put_text(delivery.envelope.type);
    out.put_text(delivery.envelope.key);
    out.put_text(delivery.envelope.body);
  }
  return record;
}

std::string record_of(const std::vector<core::PlayerId>& pardoned) {
  std::string record;
  Writer out(record);
  put_head(out, Kind::pardons, pardoned.size());
  for (const core::PlayerId& player : pardoned) out.put_text(player.str());
  return record;
}

std::optional<Intake> read_record(std::string_view record) {
  Reader in(record);
  std::uint8_t format = 0;
  Kind kind{};
  std::uint32_t count = 0;
  if (!in.take(format) || format != kFormat || !in.take(kind) || !in.take(count)) return std::nullopt;
  Intake intake;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!(kind == Kind::batch ? take_event(in, intake) : take_pardon(in, intake))) return std::nullopt;
  }
  return intake;
}

}  // namespace liveops::fairness::async
