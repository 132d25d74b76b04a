// Who may use what: every route of the API with every kind of token, and the description against the router's table.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include "daemon/http/api.h"
#include "daemon/http/openapi.h"
#include "daemon/http/server.h"
#include "daemon/store/memory.h"
#include "tests/daemon/auth/signer.h"
#include "tests/daemon/http/raw_client.h"

namespace cellvigil::http {
namespace {

using auth::Algorithm;
using auth::Signer;
using testing::HasSubstr;
namespace json = boost::json;

constexpr const char* kMetricsToken = "a-static-token-for-scrapers";
const Instant kNow{hours(24 * 20'000)};

class Access : public testing::Test {
  protected:
    Access() {
        api_.reader = std::make_shared<Reader>(
            [this] { return Result<std::unique_ptr<store::Store>>(store::open_memory(database_)); });
        api_.desk.now = [] { return kNow; };
        api_.metrics_text = [] { return std::string("cellvigil_up 1\n"); };
        api_.envelopes_of_json = [](std::string_view) { return std::vector<ingest::JsonItem>{}; };
        keys_text_ = "{\"keys\":[" + signer_.jwk() + "]}";
    }

    void start() {
        ServerOptions options;
        options.auth.required = true;
        options.auth.metrics_token = kMetricsToken;
        options.auth.now = [] { return kNow; };
        auth::TokenPolicy policy;
        policy.issuer = "https://login.example";
        policy.audience = "cellvigil";
        for (const char* name : {"viewer", "reviewer", "safety_lead", "data_manager", "administrator", "auditor"})
            policy.roles.emplace(name, *role_named(name));
        options.auth.tokens = std::move(policy);
        options.auth.keys = std::make_shared<KeySource>(KeySource::Options{.fetch = [this]() -> Result<std::string> {
            ++fetches_;
            if (away_) return fail(Errc::unavailable, "the provider is away");
            return keys_text_;
        }});
        while (fetches_ == 0) std::this_thread::yield();
        auto made = serve(std::move(options), api_routes(api_));
        ASSERT_TRUE(made.has_value()) << made.error().detail;
        server_ = std::move(*made);
    }

    std::string claims(const std::string& role, const std::string& more = "") const {
        const auto now = std::chrono::duration_cast<seconds>(kNow.time_since_epoch()).count();
        return R"({"iss":"https://login.example","aud":"cellvigil","sub":"p1","iat":)" + std::to_string(now) +
               R"(,"exp":)" + std::to_string(now + 600) + R"(,"roles":[")" + role + R"("],"studies":["S"])" + more +
               "}";
    }
    std::string token(const std::string& role) const { return signer_.token(claims(role)); }

    std::string ask(const Route& route, const std::string& authorization) {
        std::string path = route.pattern;
        for (const auto& [name, value] : std::map<std::string, std::string>{{"{study}", "S"},
                                                                            {"{subject}", "001"},
                                                                            {"{cohort}", "A"},
                                                                            {"{alert}", "a"},
                                                                            {"{signal}", "s"},
                                                                            {"{table}", "subjects"}})
            if (const auto at = path.find(name); at != std::string::npos) path.replace(at, name.size(), value);
        return ask(route.method, path, authorization);
    }
    std::string ask(Method method, const std::string& path, const std::string& authorization) {
        std::string request = (method == Method::get ? "GET " : "POST ") + path + " HTTP/1.1\r\nHost: t\r\n";
        if (!authorization.empty()) request += "Authorization: " + authorization + "\r\n";
        if (method == Method::post) request += "Content-Type: application/json\r\nContent-Length: 2\r\n";
        request += "Connection: close\r\n\r\n";
        if (method == Method::post) request += "{}";
        return exchange(server_->port(), request);
    }

    std::shared_ptr<store::MemoryDatabase> database_ = std::make_shared<store::MemoryDatabase>();
    Api api_;
    Signer signer_{Algorithm::es256, "k1"};
    std::string keys_text_;
    std::atomic<int> fetches_{0};
    std::atomic<bool> away_{false};
    std::unique_ptr<Server> server_;
};

TEST_F(Access, every_route_names_who_may_use_it) {
    for (const Route& route : api_routes(api_)) EXPECT_NE(route.guard.kind, Guard::Kind::refused) << route.pattern;
}

TEST_F(Access, routes_of_a_subject_look_at_the_study) {
    for (const Route& route : api_routes(api_)) {
        if (route.pattern.find("{subject}") == std::string::npos) continue;
        EXPECT_TRUE(route.guard.of_study) << route.pattern;
        EXPECT_EQ(route.guard.permission, auth::Permission::read_subjects) << route.pattern;
    }
}

TEST_F(Access, every_route_refuses_whatever_is_not_a_good_token) {
    start();
    const Signer stranger(Algorithm::es256, "k9");
    const Signer forger(Algorithm::es256, "k1");
    const auto now = std::chrono::duration_cast<seconds>(kNow.time_since_epoch()).count();
    const auto in = [&](std::string text, const std::string& from, const std::string& to) {
        text.replace(text.find(from), from.size(), to);
        return text;
    };
    const std::string good = claims("data_manager");
    const std::map<std::string, std::string> bad{
        {"nothing", ""},
        {"basic", "Basic cDpw"},
        {"no_token", "Bearer "},
        {"two_words", "Bearer a b"},
        {"garbage", "Bearer abc"},
        {"expired", "Bearer " + signer_.token(in(good, std::to_string(now + 600), std::to_string(now - 600)))},
        {"audience", "Bearer " + signer_.token(in(good, "\"cellvigil\"", "\"other\""))},
        {"issuer", "Bearer " + signer_.token(in(good, "login", "evil"))},
        {"alg_none", "Bearer " + signer_.token(R"({"alg":"none"})", good)},
        {"alg_hs256", "Bearer " + signer_.token(R"({"alg":"HS256","kid":"k1"})", good)},
        {"unknown_key", "Bearer " + stranger.token(good)},
        {"forged", "Bearer " + forger.token(good)},
        {"metrics_token", std::string("Bearer ") + kMetricsToken},
    };
    for (const Route& route : api_routes(api_)) {
        if (route.guard.kind == Guard::Kind::open) continue;
        for (const auto& [name, authorization] : bad) {
            if (name == "metrics_token" && route.guard.kind == Guard::Kind::scrape) continue;
            const std::string answer = ask(route, authorization);
            EXPECT_EQ(status_of(answer), 401) << route.pattern << " " << name;
            EXPECT_THAT(answer, HasSubstr("www-authenticate: Bearer")) << route.pattern << " " << name;
        }
        EXPECT_EQ(status_of(ask(route, "Bearer " + token("stranger"))), 403) << route.pattern;
    }
    EXPECT_EQ(fetches_, 2) << "an unknown key is asked for once a minute";
}

TEST_F(Access, a_role_opens_what_its_permissions_say) {
    start();
    for (const char* name : {"viewer", "reviewer", "safety_lead", "data_manager", "administrator", "auditor"}) {
        const std::string authorization = "Bearer " + token(name);
        for (const Route& route : api_routes(api_)) {
            if (route.pattern == "/api/v1/stream") continue;  // does not end
            const bool allowed =
                route.guard.kind == Guard::Kind::open || auth::allows(*role_named(name), route.guard.permission);
            EXPECT_EQ(status_of(ask(route, authorization)) != 403, allowed) << name << " " << route.pattern;
        }
    }
}

TEST_F(Access, subjects_of_other_studies_are_refused_and_left_out) {
    store::Commit commit;
    for (const char* key : {"S/001", "T/002"}) {
        store::AlertRow row;
        row.alert_id = std::string("of-") + key[0];
        row.subject_key = key;
        commit.alerts.push_back(row);
    }
    ASSERT_TRUE(store::open_memory(database_)->write(commit).has_value());
    start();
    const std::string authorization = "Bearer " + token("reviewer");
    EXPECT_EQ(status_of(ask(Method::get, "/api/v1/subjects/T/002/timeline", authorization)), 403);
    EXPECT_EQ(status_of(ask(Method::get, "/api/v1/subjects/S/001/timeline", authorization)), 503) << "no views here";
    const std::string list = ask(Method::get, "/api/v1/alerts", authorization);
    EXPECT_THAT(list, HasSubstr("S/001"));
    EXPECT_THAT(list, testing::Not(HasSubstr("T/002")));
    EXPECT_EQ(status_of(ask(Method::get, "/api/v1/alerts/of-S", authorization)), 200);
    EXPECT_EQ(status_of(ask(Method::get, "/api/v1/alerts/of-T", authorization)), 404);
}

TEST_F(Access, the_static_token_opens_metrics_only) {
    start();
    const std::string authorization = std::string("Bearer ") + kMetricsToken;
    EXPECT_EQ(status_of(ask(Method::get, "/metrics", authorization)), 200);
    EXPECT_EQ(status_of(ask(Method::get, "/api/v1/summary", authorization)), 401);
}

TEST_F(Access, a_new_key_is_found_and_old_ones_stay_when_the_provider_is_away) {
    start();
    const Signer next(Algorithm::eddsa, "k2");
    keys_text_ = "{\"keys\":[" + signer_.jwk() + "," + next.jwk() + "]}";
    EXPECT_EQ(status_of(ask(Method::get, "/api/v1/summary", "Bearer " + next.token(claims("viewer")))), 200);
    away_ = true;
    EXPECT_EQ(status_of(ask(Method::get, "/api/v1/summary", "Bearer " + next.token(claims("viewer")))), 200);
    EXPECT_EQ(fetches_, 2);
}

TEST_F(Access, without_any_keys_nobody_comes_in_and_it_is_not_their_fault) {
    away_ = true;
    start();
    EXPECT_EQ(status_of(ask(Method::get, "/api/v1/summary", "Bearer " + token("viewer"))), 503);
    EXPECT_EQ(status_of(ask(Method::get, "/api/v1/summary", "")), 401);
}

TEST_F(Access, a_body_is_not_taken_from_who_may_not_send_it) {
    start();
    RawClient client(server_->port());
    client.send("POST /api/v1/events HTTP/1.1\r\nHost: t\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(status_of(client.answer()), 401);
    EXPECT_TRUE(client.is_closed());
}

TEST_F(Access, the_description_names_just_the_routes_and_their_permissions) {
    const json::value description = json::parse(openapi_json());
    std::map<std::string, std::string> described;
    for (const auto& [path, item] : description.at("paths").as_object())
        for (const auto& [method, operation] : item.as_object()) {
            const auto* permission = operation.as_object().if_contains("x-permission");
            described[std::string(method) + " " + std::string(path)] =
                permission == nullptr ? "open" : std::string(permission->as_string());
        }
    std::map<std::string, std::string> routed;
    for (const Route& route : api_routes(api_)) {
        const char* permission = auth::name_of(route.guard.permission);
        if (route.guard.kind == Guard::Kind::open) permission = "open";
        if (route.guard.kind == Guard::Kind::scrape) permission = "scrape";
        routed[(route.method == Method::get ? "get " : "post ") + route.pattern] = permission;
    }
    EXPECT_EQ(described, routed);
}

TEST(Bearer, one_token_after_the_scheme) {
    EXPECT_EQ(bearer_token("Bearer abc"), "abc");
    EXPECT_EQ(bearer_token("bEARER  abc"), "abc");
    for (const char* text : {"", "Bearer", "Bearer ", "Basic abc", "Bearer a b", "Bearer a\x01", "Bearerabc"})
        EXPECT_FALSE(bearer_token(text).has_value()) << text;
}

}  // namespace
}  // namespace cellvigil::http
