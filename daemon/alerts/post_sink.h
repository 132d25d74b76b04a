// A sink that posts one JSON document per notification to one address. Private to this folder: sinks.h has its makers.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "daemon/alerts/http_client.h"
#include "daemon/alerts/sink.h"
#include "rules/base/result.h"

namespace cellvigil::alerts {

struct Posting {
    std::string body;
    std::map<std::string, std::string> headers = {};  // besides content-type and user-agent
};
struct PostOptions {
    std::string name;
    milliseconds timeout{};
    bool digest = false;
    bool read_by_people = false;
    DescribeInside inside;  // empty: the sink is not internal
    std::function<Posting(const Notification&, const Thin&, const Inside*)> alert;
    std::function<Posting(const Announcement&)> announcement;
    std::function<Instant()> now;
};
std::unique_ptr<Sink> make_post_sink(PostOptions options, std::unique_ptr<HttpClient> client, Describe describe);

// What became of a post, by its answer; sets the attempt's detail, answered and retry_after.
Fate fate_of(const Result<HttpAnswer>& answer, Instant now, Attempt& attempt);

}  // namespace cellvigil::alerts
