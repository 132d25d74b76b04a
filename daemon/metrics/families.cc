#include "daemon/metrics/families.h"

#include <limits>

#include "rules/base/ensure.h"

namespace cellvigil::metrics {

void Families::begin(const char* name, const char* help, prometheus::MetricType type) {
    prometheus::MetricFamily family;
    family.name = name;
    family.help = help;
    family.type = type;
    families_.push_back(std::move(family));
}

prometheus::ClientMetric& Families::next(Labels labels) {
    ensure(!families_.empty(), "a series belongs to a family");
    prometheus::ClientMetric& metric = families_.back().metric.emplace_back();
    for (auto& [name, value] : labels) metric.label.push_back({name, std::move(value)});
    return metric;
}

void Families::add(Labels labels, double value) {
    prometheus::ClientMetric& metric = next(std::move(labels));
    if (families_.back().type == prometheus::MetricType::Counter) {
        metric.counter.value = value;
    } else {
        metric.gauge.value = value;
    }
}

void Families::add_histogram(Labels labels, const double* bounds, const std::uint64_t* buckets, std::size_t bound_count,
                             double sum) {
    auto& histogram = next(std::move(labels)).histogram;
    std::uint64_t count = 0;
    for (std::size_t i = 0; i <= bound_count; ++i) {
        count += buckets[i];
        histogram.bucket.push_back({count, i < bound_count ? bounds[i] : std::numeric_limits<double>::infinity()});
    }
    histogram.sample_count = count;
    histogram.sample_sum = sum;
}

}  // namespace cellvigil::metrics
