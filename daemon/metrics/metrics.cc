#include "daemon/metrics/metrics.h"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <optional>
#include <sstream>

#include "daemon/metrics/state.h"
#include "rules/base/ensure.h"

namespace cellvigil::metrics {

class Metrics::Impl {
  public:
    explicit Impl(MetricsOptions options) {
        ensure(options.topics.size() <= kMaxTopics, "there is a counter for every topic");
        ensure(static_cast<bool>(options.now), "ages need a clock");
        state_.options = std::move(options);
    }

    // One scrape at a time; those who count are held up only while the families are put together.
    std::string text() {
        const std::lock_guard one(scrape_);
        const Instant now = state_.options.now();
        const bool failed = !refresh(now);
        // Not under the lock: a disk that does not answer must hold up nobody who counts.
        const auto checks = state_.options.checks ? state_.options.checks() : std::vector<ProbeCheck>{};
        const std::int64_t free_bytes = state_.options.free_bytes ? state_.options.free_bytes() : -1;
        const Signals signals = state_.options.signals ? state_.options.signals() : Signals{};
        const Tables tables = state_.options.tables ? state_.options.tables() : Tables{};
        const auto book = state_.options.book ? state_.options.book(now) : std::nullopt;
        Families out;
        {
            const std::lock_guard lock(mutex_);
            if (failed) ++state_.read_failures;
            add_process(out, state_, checks, now);
            add_ingest(out, state_);
            add_engine(out, state_, now, free_bytes);
            add_delivery(out, state_, now);
            if (committed_) add_committed(out, *committed_, state_.options.min_cell);
            if (book) add_book(out, *book);
            if (state_.options.signals) add_signals(out, signals, state_.options.min_cell, now);
            add_tables(out, tables, state_.options.min_cell);
        }
        std::ostringstream text;
        prometheus::TextSerializer().Serialize(text, without_empty(out.take()));
        return std::move(text).str();
    }

    std::mutex mutex_;
    State state_;

  private:
    bool refresh(Instant now) {
        if (!state_.options.committed) return true;
        if (committed_ && now >= read_at_ && now - read_at_ < state_.options.refresh) return true;
        auto read = state_.options.committed();
        if (!read) return false;
        committed_ = std::move(*read);
        read_at_ = now;
        return true;
    }

    // A family without series would be a header without meaning.
    static std::vector<prometheus::MetricFamily> without_empty(std::vector<prometheus::MetricFamily> families) {
        std::erase_if(families, [](const prometheus::MetricFamily& family) { return family.metric.empty(); });
        return families;
    }

    std::mutex scrape_;
    std::optional<Committed> committed_;  // as are the next: touched by the scrape only
    Instant read_at_{};
};

void EvaluationTimes::observe(double seconds) {
    const auto* bound = std::lower_bound(kEvaluationBounds.begin(), kEvaluationBounds.end(), seconds);
    ++buckets[static_cast<std::size_t>(bound - kEvaluationBounds.begin())];
    sum += seconds;
}

Metrics::Metrics(MetricsOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Metrics::~Metrics() = default;

WorkerCounters& Metrics::add_worker() {
    const std::lock_guard lock(impl_->mutex_);
    return impl_->state_.workers.emplace_back();
}

ProcessCounters& Metrics::process() { return impl_->state_.process; }

ChannelCounters& Metrics::channel(std::string_view sink) {
    const std::lock_guard lock(impl_->mutex_);
    return impl_->state_.channels[std::string(sink)];
}

void Metrics::set_partition(std::string_view topic, std::uint32_t partition, std::int64_t lag,
                            Instant oldest_unprocessed) {
    const std::lock_guard lock(impl_->mutex_);
    impl_->state_.partitions[{std::string(topic), partition}] = {lag, oldest_unprocessed};
}

void Metrics::forget_partition(std::string_view topic, std::uint32_t partition) {
    const std::lock_guard lock(impl_->mutex_);
    impl_->state_.partitions.erase({std::string(topic), partition});
}

void Metrics::see_site(std::string_view study, std::string_view site, Instant last_message, Instant complete_through) {
    const std::lock_guard lock(impl_->mutex_);
    SiteTimes& times = impl_->state_.sites[{std::string(study), std::string(site)}];
    times.last_message = std::max(times.last_message, last_message);
    times.complete_through = std::max(times.complete_through, complete_through);
}

std::vector<SiteSeen> Metrics::sites() const {
    const std::lock_guard lock(impl_->mutex_);
    std::vector<SiteSeen> all;
    for (const auto& [id, times] : impl_->state_.sites) all.push_back({id.first, id.second, times.last_message});
    return all;
}

// cppcheck-suppress passedByValue; it takes the enumerator for the core's struct of that name
void Metrics::count_alert(std::string_view rule, std::string_view severity, AlertChange change) {
    const std::lock_guard lock(impl_->mutex_);
    for (const AlertChange other : {AlertChange::raised, AlertChange::updated, AlertChange::withdrawn})
        impl_->state_.alerts[{std::string(rule), std::string(severity), other}] += other == change ? 1U : 0U;
}

void Metrics::count_request(std::string_view route, std::string_view method, int status, double seconds) {
    const std::lock_guard lock(impl_->mutex_);
    ++impl_->state_.requests[{std::string(route), std::string(method), status}];
    impl_->state_.request_seconds[std::string(route)].observe(seconds);
}

void Metrics::set_config_hash(std::string_view hash) {
    const std::lock_guard lock(impl_->mutex_);
    impl_->state_.options.config_hash = hash;
}

std::string Metrics::text() { return impl_->text(); }

}  // namespace cellvigil::metrics
