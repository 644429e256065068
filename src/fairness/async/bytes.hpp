#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace liveops::fairness::async {

/// Gathers what a checkpoint holds, as memory has it.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  template <class T>
  void put(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    out_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void put_text(std::string_view text) {
    put(static_cast<std::uint32_t>(text.size()));
    out_.append(text);
  }
  template <class T>
  void put_list(const std::vector<T>& values) {
    static_assert(std::is_trivially_copyable_v<T>);
    put(static_cast<std::uint32_t>(values.size()));
    out_.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  }

 private:
  std::string& out_;
};

/// Reads it back from the front; false once too little is left or a length makes no sense.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}

  template <class T>
  [[nodiscard]] bool take(T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (rest_.size() < sizeof(T)) return false;
    std::copy_n(rest_.begin(), sizeof(T), reinterpret_cast<char*>(&value));
    rest_.remove_prefix(sizeof(T));
    return true;
  }
  [[nodiscard]] bool take_text(std::string& text, std::size_t most) {
    std::uint32_t size = 0;
    if (!take(size) || size > most || rest_.size() < size) return false;
    text.assign(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return true;
  }
  template <class T>
  [[nodiscard]] bool take_list(std::vector<T>& values, std::size_t most) {
    static_assert(std::is_trivially_copyable_v<T>);
    std::uint32_t size = 0;
    if (!take(size) || size > most || rest_.size() < std::size_t{size} * sizeof(T)) return false;
    values.resize(size);
    std::copy_n(rest_.begin(), size * sizeof(T), reinterpret_cast<char*>(values.data()));
    rest_.remove_prefix(std::size_t{size} * sizeof(T));
    return true;
  }
  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace liveops::fairness::async
