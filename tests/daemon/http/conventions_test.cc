// gzip, entity tags, repeats and cursors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "daemon/http/gzip.h"
#include "daemon/http/reads.h"
#include "daemon/http/repeats.h"
#include "daemon/http/shape.h"

namespace cellvigil::http {
namespace {

TEST(Gzip, gives_back_what_it_was_given) {
    for (const std::size_t size : {0U, 1U, 65'535U, 65'536U, 65'537U, 1'000'000U}) {
        std::string plain(size, 'x');
        for (std::size_t i = 0; i < size; ++i) plain[i] = static_cast<char>(i * 131 % 251);
        const auto back = gunzip(gzip(plain), size);
        ASSERT_TRUE(back.has_value()) << size << " " << back.error().detail;
        EXPECT_EQ(*back, plain) << size;
    }
}

TEST(Gzip, a_bomb_is_refused_at_the_limit) {
    const std::string bomb = gzip(std::string(100'000'000, '\0'));
    EXPECT_LT(bomb.size(), 1'000'000U);
    const auto refused = gunzip(bomb, 1'000'000);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, Errc::conflict);
    EXPECT_TRUE(gunzip(gzip(std::string(1000, 'x')), 1000).has_value()) << "the limit itself may come out";
    EXPECT_FALSE(gunzip(gzip(std::string(1001, 'x')), 1000).has_value());
}

TEST(Gzip, what_is_cut_broken_or_followed_is_refused) {
    const std::string whole = gzip("some text that is long enough");
    for (const std::string& bad : {std::string(), std::string("ab"), whole.substr(0, whole.size() - 1),
                                   whole.substr(0, 12), whole + "x", whole + whole}) {
        const auto refused = gunzip(bad, 1000);
        ASSERT_FALSE(refused.has_value()) << bad.size();
        EXPECT_EQ(refused.error().code, Errc::invalid);
    }
}

TEST(AcceptEncoding, gzip_by_name_or_star_and_not_with_weight_zero) {
    for (const char* text : {"gzip", "br, gzip", "gzip;q=0.5", "*", "identity, *;q=0.1", "x-gzip"})
        EXPECT_TRUE(accepts_gzip(text)) << text;
    for (const char* text : {"", "br", "gzip;q=0", "gzip; q=0.000, *", "*;q=0", "identity"})
        EXPECT_FALSE(accepts_gzip(text)) << text;
}

TEST(Shape, a_tag_that_holds_is_not_modified) {
    Response first;
    first.body = "{}";
    shape(first, {.read = true, .gzip = false, .if_none_match = {}});
    ASSERT_EQ(first.headers[0].first, "etag");
    Response again;
    again.body = "{}";
    shape(again, {.read = true, .gzip = false, .if_none_match = "\"other\", " + first.headers[0].second});
    EXPECT_EQ(again.status, 304);
    EXPECT_EQ(again.body, "");
    Response changed;
    changed.body = "{ }";
    shape(changed, {.read = true, .gzip = false, .if_none_match = first.headers[0].second});
    EXPECT_EQ(changed.status, 200);
}

TEST(Shape, a_handlers_own_tag_stays) {
    Response response;
    response.headers.emplace_back("etag", "\"7\"");
    shape(response, {.read = true, .gzip = false, .if_none_match = "W/\"7\""});
    EXPECT_EQ(response.status, 304);
}

TEST(Shape, large_answers_are_packed_for_who_takes_it) {
    Response response;
    response.body.assign(5000, 'x');
    shape(response, {.read = true, .gzip = true, .if_none_match = {}});
    EXPECT_EQ(gunzip(response.body, 5000), std::string(5000, 'x'));
    Response small;
    small.body = "{}";
    shape(small, {.read = true, .gzip = true, .if_none_match = {}});
    EXPECT_EQ(small.body, "{}");
}

TEST(RepeatedRequests, get_the_first_answer_and_do_nothing) {
    Repeats repeats;
    const Repeats::Clock::time_point now{};
    using Standing = Repeats::Standing;
    EXPECT_EQ(repeats.begin("k", "body", now).standing, Standing::fresh);
    EXPECT_EQ(repeats.begin("k", "body", now).standing, Standing::running);
    EXPECT_EQ(repeats.begin("k", "else", now).standing, Standing::other);
    Response answer;
    answer.status = 202;
    repeats.finish("k", answer, now);
    const auto known = repeats.begin("k", "body", now + std::chrono::hours(23));
    EXPECT_EQ(known.standing, Standing::known);
    EXPECT_EQ(known.answer->status, 202);
    EXPECT_EQ(repeats.begin("k", "body", now + std::chrono::hours(24)).standing, Standing::fresh)
        << "let go after a day";
    answer.status = 503;
    repeats.finish("k", answer, now);
    EXPECT_EQ(repeats.begin("k", "body", now).standing, Standing::fresh) << "what failed may be tried again";
}

TEST(RepeatedRequests, are_bounded) {
    Repeats repeats;
    Response answer;
    answer.body.assign(10U << 20U, 'x');
    for (int i = 0; i < 10; ++i) {
        const std::string key(1, static_cast<char>('a' + i));
        repeats.begin(key, "", {});
        repeats.finish(key, answer, {});
    }
    EXPECT_EQ(repeats.begin("a", "", {}).standing, Repeats::Standing::fresh) << "the oldest went";
    EXPECT_EQ(repeats.begin("j", "", {}).standing, Repeats::Standing::known);
}

TEST(Cursor, belongs_to_its_list) {
    for (const std::string place : {"", "a", "ab", "abc", "3/1204", "S/001.crs"}) {
        const std::string cursor = cursor_of("alerts", place);
        EXPECT_EQ(place_of("alerts", cursor), place);
        EXPECT_FALSE(place_of("quarantine", cursor).has_value());
    }
    EXPECT_FALSE(place_of("alerts", "not a cursor").has_value());
}

}  // namespace
}  // namespace cellvigil::http
