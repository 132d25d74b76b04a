#include "daemon/http/key_source.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "daemon/log/log.h"

namespace cellvigil::http {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kMostWaiting = 1000;

}  // namespace

struct KeySource::Impl {
    explicit Impl(Options given) : options(std::move(given)), thread([this] { run(); }) {}
    ~Impl() {
        {
            const std::lock_guard lock(mutex);
            stopping = true;
        }
        changed.notify_one();
        thread.join();
        for (const auto& done : waiting) done();
    }

    void run() {
        std::unique_lock lock(mutex);
        while (!stopping) {
            const auto told = std::exchange(waiting, {});
            asked = false;
            lock.unlock();
            read();
            for (const auto& done : told) done();
            lock.lock();
            // Before the first success it tries again as often as it may.
            const auto pause = known ? options.every : options.least_between;
            changed.wait_for(lock, pause, [this] { return stopping || asked; });
        }
    }

    void read() {
        const auto text = options.fetch();
        auto set = text ? auth::read_jwks(*text) : Result<auth::KeySet>(fail(text.error()));
        if (!set) {
            if (!std::exchange(away, true))
                log::warn({"auth", "keys_away", "the identity provider's keys cannot be read; those known last stay"},
                          {{"err", set.error()}, {"keys", keys() ? keys()->keys.size() : 0}});
            return;
        }
        if (std::exchange(away, false)) log::info({"auth", "keys_back", "the identity provider's keys are read again"});
        for (const std::string& why : set->passed_over)
            log::debug({"auth", "key_passed_over", "a key of the provider is not used"}, {{"why", why}});
        const std::lock_guard lock(mutex);
        known = std::make_shared<const auth::KeySet>(std::move(*set));
    }

    std::shared_ptr<const auth::KeySet> keys() {
        const std::lock_guard lock(mutex);
        return known;
    }

    const Options options;
    std::mutex mutex;
    std::condition_variable changed;
    std::shared_ptr<const auth::KeySet> known;
    std::vector<std::function<void()>> waiting;
    std::optional<Clock::time_point> wanted;  // when a refresh was last granted
    bool asked = false;
    bool stopping = false;
    bool away = false;   // on the thread only
    std::thread thread;  // last: it uses the others
};

KeySource::KeySource(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
KeySource::~KeySource() = default;
std::shared_ptr<const auth::KeySet> KeySource::keys() const { return impl_->keys(); }

bool KeySource::refresh(std::function<void()> done) {
    const std::lock_guard lock(impl_->mutex);
    const auto now = Clock::now();
    const bool joins = impl_->asked;  // the same reading serves all who ask before it begins
    if (!joins && impl_->wanted && now - *impl_->wanted < impl_->options.least_between) return false;
    if (impl_->stopping || impl_->waiting.size() >= kMostWaiting) return false;
    if (!joins) impl_->wanted = now;
    impl_->waiting.push_back(std::move(done));
    impl_->asked = true;
    impl_->changed.notify_one();
    return true;
}

}  // namespace cellvigil::http
