// A scrape being put together, as prometheus-cpp's values. Private to this folder.
#pragma once

#include <prometheus/metric_family.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cellvigil::metrics {

using Labels = std::vector<std::pair<const char*, std::string>>;

class Families {
  public:
    // Begin a family; what is added goes there. Its name follows docs/metrics.md.
    void counter(const char* name, const char* help) { begin(name, help, prometheus::MetricType::Counter); }
    void gauge(const char* name, const char* help) { begin(name, help, prometheus::MetricType::Gauge); }
    void histogram(const char* name, const char* help) { begin(name, help, prometheus::MetricType::Histogram); }

    void add(Labels labels, double value);
    void add(Labels labels, std::uint64_t value) { add(std::move(labels), static_cast<double>(value)); }
    void add(Labels labels, std::int64_t value) { add(std::move(labels), static_cast<double>(value)); }
    // `buckets` has one more than `bounds` and is not cumulated.
    void add_histogram(Labels labels, const double* bounds, const std::uint64_t* buckets, std::size_t bound_count,
                       double sum);

    std::vector<prometheus::MetricFamily> take() { return std::move(families_); }

  private:
    void begin(const char* name, const char* help, prometheus::MetricType type);
    prometheus::ClientMetric& next(Labels labels);
    std::vector<prometheus::MetricFamily> families_;
};

// The sum of several threads' histograms of one kind, added as one series.
template <const auto& Bounds>
class HistogramSum {
  public:
    template <typename Histogram>
    void take(const Histogram& histogram) {
        for (std::size_t i = 0; i < buckets_.size(); ++i) buckets_[i] += histogram.bucket(i);
        sum_ += histogram.sum();
    }
    void add_to(Families& families, Labels labels) const {
        families.add_histogram(std::move(labels), Bounds.data(), buckets_.data(), Bounds.size(), sum_);
    }

  private:
    std::array<std::uint64_t, Bounds.size() + 1> buckets_{};
    double sum_ = 0;
};

}  // namespace cellvigil::metrics
