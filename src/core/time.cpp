#include "core/time.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace liveops::core {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;

constexpr int kFirstYear = 1970;
constexpr int kLastYear = 9999;
constexpr Timestamp kFirst{sys_days{std::chrono::year{kFirstYear} / 1 / 1}};
constexpr Timestamp kEnd{sys_days{std::chrono::year{kLastYear + 1} / 1 / 1}};

/// Reads a text from left to right; every read fails for good once one failed.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  /// Exactly `count` digits with a value within [low, high].
  int number(std::size_t count, int low, int high) {
    int value = 0;
    if (rest_.size() < count) return give_up();
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_digit(rest_[i])) return give_up();
      value = value * 10 + (rest_[i] - '0');
    }
    if (value < low || value > high) return give_up();
    rest_.remove_prefix(count);
    return value;
  }

  void expect(char lower, char upper) {
    if (!take(lower) && !take(upper)) give_up();
  }
  void expect(char c) { expect(c, c); }

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// The digits of a fraction, as microseconds; what is finer is cut.
  microseconds fraction() {
    std::int64_t value = 0;
    std::int64_t unit = 100'000;
    if (rest_.empty() || !is_digit(rest_.front())) give_up();
    while (!rest_.empty() && is_digit(rest_.front())) {
      value += (rest_.front() - '0') * unit;
      unit /= 10;
      rest_.remove_prefix(1);
    }
    return microseconds(value);
  }

  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] bool complete() const { return !failed_ && rest_.empty(); }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  int give_up() {
    failed_ = true;
    rest_ = {};
    return 0;
  }

  std::string_view rest_;
  bool failed_ = false;
};

/// East of Greenwich.
minutes scan_offset(Scanner& in) {
  if (in.take('Z') || in.take('z')) return minutes(0);
  const bool west = in.take('-');
  if (!west) in.expect('+');
  const int hour = in.number(2, 0, 23);
  in.expect(':');
  const int minute = in.number(2, 0, 59);
  const minutes offset = hours(hour) + minutes(minute);
  return west ? -offset : offset;
}

std::optional<Timestamp> scan(std::string_view text) {
  Scanner in(text);
  const int year = in.number(4, kFirstYear - 1, kLastYear);  // with an offset, 1969-12-31 can be 1970 in UTC
  in.expect('-');
  const int month = in.number(2, 1, 12);
  in.expect('-');
  const int day = in.number(2, 1, 31);
  in.expect('t', 'T');
  const int hour = in.number(2, 0, 23);
  in.expect(':');
  const int minute = in.number(2, 0, 59);
  in.expect(':');
  const int second = in.number(2, 0, 60);
  const microseconds fraction = in.take('.') ? in.fraction() : microseconds(0);
  const minutes offset = scan_offset(in);
  if (!in.complete()) return std::nullopt;

  const auto date = std::chrono::year{year} / month / day;
  if (!date.ok()) return std::nullopt;
  const Timestamp whole = sys_days{date} + hours(hour) + minutes(minute) + seconds(second) - offset;
  const bool leap = second == 60;
  // Leap seconds are only ever added at the end of a UTC day.
  if (leap && std::chrono::floor<days>(whole) != whole) return std::nullopt;
  const Timestamp time = leap ? whole : whole + fraction;
  if (time < kFirst || time >= kEnd) return std::nullopt;
  return time;
}

/// Writes a number below 100 as two digits.
void put_two(char* to, std::uint32_t value) {
  to[0] = static_cast<char>('0' + value / 10);
  to[1] = static_cast<char>('0' + value % 10);
}

}  // namespace

Timestamp SystemClock::now() const {
  return std::chrono::floor<microseconds>(std::chrono::system_clock::now());
}

Result<Timestamp> parse_rfc3339(std::string_view text) {
  if (const auto time = scan(text)) return *time;
  return fail(Errc::invalid_argument, "must be an RFC 3339 date-time of 1970-9999, such as 2026-11-22T18:21:24.123Z");
}

std::string format_rfc3339(Timestamp time) {
  std::array<char, kMaxRfc3339Chars> text;
  const std::size_t length = format_rfc3339(time, text);
  return {text.data(), length};
}

std::size_t format_rfc3339(Timestamp time, std::span<char, kMaxRfc3339Chars> to) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00.000000Z";
  static_assert(kForm.size() == kMaxRfc3339Chars);
  const auto day = std::chrono::floor<days>(time);
  const std::chrono::year_month_day date{day};
  const auto micros = static_cast<std::uint64_t>((time - day).count());
  const auto second_of_day = static_cast<std::uint32_t>(micros / 1'000'000);
  const auto fraction = static_cast<std::uint32_t>(micros % 1'000'000);
  const auto year = static_cast<std::uint32_t>(static_cast<int>(date.year()));

  std::ranges::copy(kForm, to.begin());
  put_two(&to[0], year / 100);
  put_two(&to[2], year % 100);
  put_two(&to[5], static_cast<unsigned>(date.month()));
  put_two(&to[8], static_cast<unsigned>(date.day()));
  put_two(&to[11], second_of_day / 3600);
  put_two(&to[14], second_of_day / 60 % 60);
  put_two(&to[17], second_of_day % 60);
  std::size_t length = 19;
  if (fraction != 0) {
    put_two(&to[20], fraction / 10'000);
    put_two(&to[22], fraction / 100 % 100);
    put_two(&to[24], fraction % 100);
    length = fraction % 1000 == 0 ? 23 : 26;
  }
  to[length++] = 'Z';
  return length;
}

}  // namespace liveops::core
