// What happens, as it happens, to whoever listens (text/event-stream): alerts from the outbox, cohort numbers and the
// counts of the quarantine when they change. `id:` is the outbox's position up to which the client has everything: it
// comes back with it (Last-Event-ID) and misses nothing, over restarts of the daemon too. Each client has a bounded
// queue; one that does not keep up is let go and comes back. One thread with a store session of its own, asleep while
// nobody listens. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "daemon/auth/token.h"
#include "daemon/http/event_source.h"
#include "daemon/http/reader.h"
#include "rules/base/result.h"

namespace cellvigil::http {

struct AlertTold {
    std::string json;         // an object's text; names no subject
    std::string subject_key;  // "study/subject": added for those who may see it
};

struct LiveOptions {
    Reader::Open open;
    std::function<Result<AlertTold>(std::string_view body)> alert;  // of an outbox row
    std::size_t most_waiting = 1000;                                // events of one client
};

class Live {
  public:
    explicit Live(LiveOptions options);
    ~Live();
    Live(const Live&) = delete;
    Live& operator=(const Live&) = delete;

    void wake();  // the outbox grew
    // `after`: the client's Last-Event-ID; nullopt: from now on.
    std::shared_ptr<EventSource> join(auth::Identity identity, std::optional<std::int64_t> after);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace cellvigil::http
