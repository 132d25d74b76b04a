#include "daemon/http/live.h"

#include <boost/json.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "daemon/auth/access.h"
#include "daemon/http/identity.h"
#include "daemon/http/reads.h"
#include "daemon/log/log.h"

namespace cellvigil::http {
namespace {

constexpr milliseconds kLook{500};  // how often the numbers are looked at
constexpr std::size_t kPage = 500;  // outbox rows at once

std::string event_text(std::string_view type, std::int64_t id, std::string_view data) {
    std::string text = "event: ";
    text.append(type).append("\nid: ").append(std::to_string(id)).append("\ndata: ").append(data).append("\n\n");
    return text;
}

// The events of one client. `take` is the io thread's, `put` the hub's.
class Client final : public EventSource {
  public:
    Client(auth::Identity identity, std::optional<std::int64_t> after, std::size_t most)
        : identity_(std::move(identity)), after_(after), most_(most) {}

    std::string take() override {
        const std::lock_guard lock(mutex_);
        waiting_ = 0;
        return std::exchange(text_, {});
    }
    bool over() override {
        const std::lock_guard lock(mutex_);
        return over_;
    }
    void on_ready(std::function<void()> wake) override {
        const std::lock_guard lock(mutex_);
        wake_ = std::move(wake);
        if (wake_ && (over_ || !text_.empty())) wake_();
    }

    // False: too many wait, the client is let go after what it has.
    bool put(std::string_view type, std::int64_t id, std::string_view data) {
        const std::lock_guard lock(mutex_);
        if (over_) return false;
        over_ = waiting_ >= most_;
        if (!over_) {
            text_ += event_text(type, id, data);
            ++waiting_;
        }
        if (wake_) wake_();
        return !over_;
    }
    void end() {
        const std::lock_guard lock(mutex_);
        over_ = true;
        if (wake_) wake_();
    }

    const auth::Identity& identity() const { return identity_; }
    std::optional<std::int64_t> after() const { return after_; }
    std::int64_t position = 0;  // the hub's
    bool begun = false;         // the hub's

  private:
    const auth::Identity identity_;
    const std::optional<std::int64_t> after_;
    const std::size_t most_;
    std::mutex mutex_;
    std::string text_;
    std::size_t waiting_ = 0;
    bool over_ = false;
    std::function<void()> wake_;
};

std::string with_subject(const AlertTold& told) {
    namespace json = boost::json;
    std::string text = told.json;
    text.resize(text.size() - 1);  // the brace
    return text + ",\"subject\":" + json::serialize(json::value(told.subject_key)) + "}";
}

}  // namespace

struct Live::Impl {
    explicit Impl(LiveOptions given) : options(std::move(given)), thread([this] { run(); }) {}
    ~Impl() {
        {
            const std::lock_guard lock(mutex);
            stopping = true;
        }
        changed.notify_one();
        thread.join();
    }

    void run() {
        std::unique_lock lock(mutex);
        while (!stopping) {
            if (clients.empty()) {
                changed.wait(lock, [this] { return stopping || !clients.empty(); });
            } else {
                changed.wait_for(lock, kLook, [this] { return stopping || woken; });
            }
            woken = false;
            std::vector<std::shared_ptr<Client>> present;
            std::erase_if(clients, [&](const std::weak_ptr<Client>& client) {
                auto alive = client.lock();
                if (alive) present.push_back(std::move(alive));
                return client.expired();
            });
            lock.unlock();
            if (!present.empty()) look(present);
            present.clear();
            lock.lock();
        }
        for (const auto& client : clients)
            if (const auto alive = client.lock()) alive->end();
    }

    void look(const std::vector<std::shared_ptr<Client>>& present) {
        if (!session) {
            auto opened = options.open();
            if (!opened) return;
            session = std::move(*opened);
        }
        const Result<void> done = tell(present);
        if (done) return;
        log::debug({"http", "stream_waits", "the store cannot be read for the event streams"}, {{"err", done.error()}});
        session.reset();
    }

    Result<void> tell(const std::vector<std::shared_ptr<Client>>& present) {
        if (auto found = find_end(); !found) return found;
        for (const auto& client : present) {
            if (client->begun) continue;
            client->position = client->after().value_or(end);
            if (auto caught = catch_up(*client); !caught) return caught;
        }
        while (true) {
            const auto rows = session->outbox_after(end, kPage);
            if (!rows) return fail(rows.error());
            for (const auto& entry : *rows) {
                for (const auto& client : present) tell_alert(*client, entry);
                end = entry.sequence;
            }
            if (rows->size() < kPage) break;
        }
        return tell_numbers(present);
    }

    // Where the outbox ends; only once, by walking what the log sink has not told yet.
    Result<void> find_end() {
        if (end >= 0) return {};
        const auto told = session->delivered_upto("log");
        std::int64_t at = told ? *told : 0;
        while (true) {
            const auto rows = session->outbox_after(at, kPage);
            if (!rows) return fail(rows.error());
            if (rows->empty()) break;
            at = rows->back().sequence;
        }
        end = at;
        return {};
    }

    Result<void> catch_up(Client& client) {
        while (client.position < end) {
            const auto rows = session->outbox_after(client.position, kPage);
            if (!rows) return fail(rows.error());
            if (rows->empty()) break;
            for (const auto& entry : *rows)
                if (!tell_alert(client, entry)) return {};
        }
        return {};
    }

    bool tell_alert(Client& client, const store::OutboxEntry& entry) {
        if (entry.sequence <= client.position) return true;
        client.position = entry.sequence;
        const auto told = options.alert(entry.row.body);
        if (!told) return true;
        const bool shown = auth::allows(client.identity(), auth::Permission::read_subjects) &&
                           may_see(client.identity(), told->subject_key);
        return client.put("alert", entry.sequence, shown ? with_subject(*told) : told->json);
    }

    // What changed to all, everything to those who have just come.
    Result<void> tell_numbers(const std::vector<std::shared_ptr<Client>>& present) {
        auto now_cohorts = cohorts_json(*session);
        if (!now_cohorts) return fail(now_cohorts.error());
        auto now_quality = quality_json(*session);
        if (!now_quality) return fail(now_quality.error());
        for (const auto& client : present) {
            for (const auto& [name, json] : *now_cohorts) {
                const auto before = cohorts.find(name);
                if (!client->begun || before == cohorts.end() || before->second != json)
                    client->put("cohort", end, json);
            }
            if (!client->begun || *now_quality != quality) client->put("quality", end, *now_quality);
            client->begun = true;
        }
        cohorts = std::move(*now_cohorts);
        quality = std::move(*now_quality);
        return {};
    }

    const LiveOptions options;
    std::unique_ptr<store::Store> session;
    std::int64_t end = -1;
    std::map<std::string, std::string> cohorts;
    std::string quality;
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::weak_ptr<Client>> clients;
    bool woken = false;
    bool stopping = false;
    std::thread thread;  // last: it uses the others
};

Live::Live(LiveOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Live::~Live() = default;

void Live::wake() {
    const std::lock_guard lock(impl_->mutex);
    impl_->woken = true;
    impl_->changed.notify_one();
}

std::shared_ptr<EventSource> Live::join(auth::Identity identity, std::optional<std::int64_t> after) {
    auto client = std::make_shared<Client>(std::move(identity), after, impl_->options.most_waiting);
    const std::lock_guard lock(impl_->mutex);
    impl_->clients.push_back(client);
    impl_->woken = true;
    impl_->changed.notify_one();
    return client;
}

}  // namespace cellvigil::http
