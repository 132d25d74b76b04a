#include "daemon/alerts/dispatcher.h"

#include <chrono>
#include <set>
#include <utility>

#include "daemon/alerts/courier.h"
#include "rules/base/ensure.h"

namespace cellvigil::alerts {

class Dispatcher::Impl {
  public:
    Impl(DispatcherOptions options, std::vector<std::unique_ptr<Sink>> sinks) : options_(std::move(options)) {
        ensure(options_.open_store && options_.counters && options_.now,
               "the dispatcher has a store, counters and a clock");
        std::set<std::string> names;
        for (auto& sink : sinks) {
            ensure(names.insert(sink->name()).second, "no two sinks share a cursor");
            couriers_.push_back(std::make_unique<Courier>(options_, std::move(sink)));
        }
        if (!couriers_.empty()) couriers_.front()->also_prune({names.begin(), names.end()});
    }

    void start() {
        for (const auto& courier : couriers_) courier->start();
    }
    void wake() {
        for (const auto& courier : couriers_) courier->wake();
    }
    bool drain(milliseconds at_most) {
        const auto deadline = std::chrono::steady_clock::now() + at_most;
        bool all = true;
        for (const auto& courier : couriers_) all = courier->drain_until(deadline) && all;
        return all;
    }
    void stop() {
        for (const auto& courier : couriers_) courier->stop();
    }
    std::vector<SinkStatus> status() const {
        std::vector<SinkStatus> all;
        for (const auto& courier : couriers_) all.push_back(courier->status());
        return all;
    }

  private:
    const DispatcherOptions options_;
    std::vector<std::unique_ptr<Courier>> couriers_;
};

Dispatcher::Dispatcher(DispatcherOptions options, std::vector<std::unique_ptr<Sink>> sinks)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(sinks))) {}
Dispatcher::~Dispatcher() = default;
void Dispatcher::start() { impl_->start(); }
void Dispatcher::wake() { impl_->wake(); }
bool Dispatcher::drain(milliseconds at_most) { return impl_->drain(at_most); }
void Dispatcher::stop() { impl_->stop(); }
std::vector<SinkStatus> Dispatcher::status() const { return impl_->status(); }

}  // namespace cellvigil::alerts
