#include "adapters/telemetry/prometheus_metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace liveops::adapters::telemetry {
namespace {

using testing::HasSubstr;

TEST(PrometheusMetrics, SameNameAndLabelsGiveTheSameInstrumentInAnyLabelOrder) {
  PrometheusMetrics metrics("1", "c");
  auto& first = metrics.counter("liveops_a_total", "A.", {{"x", "1"}, {"y", "2"}});
  auto& again = metrics.counter("liveops_a_total", "A.", {{"y", "2"}, {"x", "1"}});
  auto& other = metrics.counter("liveops_a_total", "A.", {{"x", "1"}, {"y", "3"}});
  EXPECT_EQ(&first, &again);
  EXPECT_NE(&first, &other);
}

TEST(PrometheusMetrics, ScrapeShowsCountersGaugesAndHistograms) {
  PrometheusMetrics metrics("1.2.3", "abc");
  metrics.counter("liveops_a_total", "A.", {{"reason", "late"}}).add(3);
  metrics.gauge("liveops_b", "B.", {}).set(-2.5);
  auto& histogram = metrics.histogram("liveops_c_seconds", "C.", {}, {0.1, 1});
  for (const double value : {0.05, 0.1, 0.5, 7.0}) histogram.observe(value);
  const auto text = metrics.scrape();
  EXPECT_THAT(text, HasSubstr("# HELP liveops_a_total A.\n# TYPE liveops_a_total counter\n"));
  EXPECT_THAT(text, HasSubstr("liveops_a_total{reason=\"late\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("liveops_b -2.5\n"));
  EXPECT_THAT(text, HasSubstr("liveops_c_seconds_bucket{le=\"0.1\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("liveops_c_seconds_bucket{le=\"1\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("liveops_c_seconds_bucket{le=\"+Inf\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("liveops_c_seconds_count 4\n"));
  EXPECT_THAT(text, HasSubstr("liveops_build_info{commit=\"abc\",version=\"1.2.3\"} 1\n"));
}

TEST(PrometheusMetrics, ScrapeShowsTheProcess) {
  const auto text = PrometheusMetrics("1", "c").scrape();
  for (const auto* name : {"process_resident_memory_bytes ", "process_cpu_seconds_total ", "process_open_fds ",
                           "process_start_time_seconds "}) {
    EXPECT_THAT(text, HasSubstr(name));
  }
}

TEST(PrometheusMetrics, InstrumentsShowOnlyWhatWasMade) {
  PrometheusMetrics metrics;
  metrics.counter("liveops_x_total", "X.", {}).add();
  EXPECT_EQ(metrics.instruments(), "# HELP liveops_x_total X.\n# TYPE liveops_x_total counter\nliveops_x_total 1\n");
}

TEST(PrometheusMetrics, OneNameCannotBeTwoKinds) {
  PrometheusMetrics metrics("1", "c");
  metrics.counter("liveops_a_total", "A.", {}).add();
  EXPECT_THROW(static_cast<void>(metrics.gauge("liveops_a_total", "A.", {})), std::logic_error);
}

TEST(PrometheusMetrics, CountersNeverGoDown) {
  PrometheusMetrics metrics("1", "c");
  auto& counter = metrics.counter("liveops_a_total", "A.", {});
  counter.add(2);
  counter.add(-1);
  EXPECT_THAT(metrics.scrape(), HasSubstr("liveops_a_total 2\n"));
}

TEST(PrometheusMetrics, NothingIsLostWhenThreadsCountTogether) {
  PrometheusMetrics metrics("1", "c");
  auto& counter = metrics.counter("liveops_a_total", "A.", {});
  auto& histogram = metrics.histogram("liveops_c_seconds", "C.", {}, {1});
  const auto work = [&] {
    for (int i = 0; i < 10'000; ++i) {
      counter.add();
      histogram.observe(0.5);
    }
  };
  {
    const std::jthread one(work);
    const std::jthread two(work);
    EXPECT_FALSE(metrics.scrape().empty());
  }
  const auto text = metrics.scrape();
  EXPECT_THAT(text, HasSubstr("liveops_a_total 20000\n"));
  EXPECT_THAT(text, HasSubstr("liveops_c_seconds_count 20000\n"));
}

}  // namespace
}  // namespace liveops::adapters::telemetry
