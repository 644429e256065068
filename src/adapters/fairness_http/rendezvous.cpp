#include "adapters/fairness_http/rendezvous.hpp"

namespace liveops::adapters::fairness_http {

Rendezvous::Rendezvous(std::span<const std::string> names) {
  places_.reserve(names.size());
  for (const std::string& name : names) places_.push_back(hash(name));
}

/// FNV-1a, 64 bits.
std::uint64_t Rendezvous::hash(std::string_view text) {
  std::uint64_t value = 0xcbf29ce484222325ULL;
  for (const char c : text) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return value;
}

/// The finalizer of splitmix64 (Steele, Lea, Flood 2014) over both: FNV alone spreads the last characters badly.
std::uint64_t Rendezvous::weight(std::uint64_t place, std::uint64_t key) {
  std::uint64_t value = place * 0x9e3779b97f4a7c15ULL + key;
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
  return value ^ (value >> 31U);
}

}  // namespace liveops::adapters::fairness_http
