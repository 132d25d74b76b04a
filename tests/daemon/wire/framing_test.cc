#include "daemon/wire/framing.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/daemon/wire/wire_bytes.h"
#include "tests/support/case_name.h"

namespace cellvigil::wire {
namespace {

using namespace std::string_literals;

class Given : public HeaderLookup {
  public:
    explicit Given(std::map<std::string, std::string> headers) : headers_(std::move(headers)) {}
    std::optional<std::string_view> find(std::string_view name) const override {
        const auto found = headers_.find(std::string(name));
        if (found == headers_.end()) return std::nullopt;
        return found->second;
    }

  private:
    std::map<std::string, std::string> headers_;
};

std::map<std::string, std::string> event_headers() {
    return {{"ce_specversion", "1.0"},
            {"ce_id", "m-1"},
            {"ce_source", "/ward"},
            {"ce_type", "org.cellvigil.event.v1.observation"},
            {"content-type", "application/protobuf"}};
}
std::map<std::string, std::string> event_headers_with(const std::string& name, const std::string& value) {
    auto headers = event_headers();
    headers[name] = value;
    return headers;
}
std::map<std::string, std::string> structured(const char* form) {
    return {{"content-type", "application/cloudevents+"s + form + "; charset=UTF-8"}};
}
std::string protobuf_event(const std::string& data) {
    return bytes::chunk(1, "m-1") + bytes::chunk(2, "/ward") + bytes::chunk(3, "1.0") +
           bytes::chunk(4, "org.cellvigil.event.v1.observation") + data;
}
std::string json_event(const std::string& data) {
    return R"({"specversion":"1.0","id":"m-1","source":"/ward","type":"org.cellvigil.event.v1.observation",)" + data +
           "}";
}

struct FramingCase {
    const char* name;
    std::map<std::string, std::string> headers;
    std::string value;
    const char* expected;  // the payload, or "path: reason"
    bool json = false;
};
class Framing : public testing::TestWithParam<FramingCase> {};

TEST_P(Framing, is_told_and_taken_off) {
    Unframer unframer;
    Framed framed;
    std::vector<Issue> issues;
    if (unframer.unframe(GetParam().value, Given(GetParam().headers), framed, issues)) {
        EXPECT_EQ(framed.payload, GetParam().expected);
        EXPECT_EQ(framed.json, GetParam().json);
        EXPECT_TRUE(issues.empty());
    } else {
        ASSERT_FALSE(issues.empty());
        EXPECT_EQ(issues.front().path + ": " + name_of(issues.front().reason), GetParam().expected);
    }
}
INSTANTIATE_TEST_SUITE_P(
    Table, Framing,
    testing::ValuesIn(std::vector<FramingCase>{
        {"bare", {}, "\x0a\x01m", "\x0a\x01m"},
        {"bare_with_foreign_headers", {{"traceparent", "00-1-2-01"}}, "\x0a\x01m", "\x0a\x01m"},
        {"registry_short_index", {}, "\0\0\0\0\7\0\x0a\x01m"s, "\x0a\x01m"},
        {"registry_long_index", {}, "\0\0\0\0\7\2\0\x0a\x01m"s, "\x0a\x01m"},
        {"registry_other_message", {}, "\0\0\0\0\7\2\2\x0a\x01m"s, ": wrong_schema"},
        {"registry_nested_message", {}, "\0\0\0\0\7\4\0\0\x0a\x01m"s, ": wrong_schema"},
        {"registry_cut", {}, "\0\0\0"s, ": unknown_framing"},
        {"registry_index_cut", {}, "\0\0\0\0\7\x80"s, ": unknown_framing"},
        {"event_binary", event_headers(), "\x0a\x01m", "\x0a\x01m"},
        {"event_binary_with_registry", event_headers(), "\0\0\0\0\7\0\x0a\x01m"s, "\x0a\x01m"},
        {"event_binary_json", event_headers_with("content-type", "application/json"), "{}", "{}", true},
        {"event_binary_without_id", event_headers_with("ce_id", ""), "x", "ce_id: missing_field"},
        {"event_binary_other_version", event_headers_with("ce_specversion", "0.3"), "x",
         "ce_specversion: unknown_framing"},
        {"event_binary_other_type", event_headers_with("ce_type", "org.example.other"), "x", "ce_type: wrong_schema"},
        {"event_protobuf_data", structured("protobuf"), protobuf_event(bytes::chunk(6, "\x0a\x01m")), "\x0a\x01m"},
        {"event_protobuf_text", structured("protobuf"), protobuf_event(bytes::chunk(7, "{}")), "{}", true},
        {"event_protobuf_any", structured("protobuf"),
         protobuf_event(bytes::chunk(8, bytes::chunk(1, "type.googleapis.com/cellvigil.v1.EventEnvelope") +
                                            bytes::chunk(2, "\x0a\x01m"))),
         "\x0a\x01m"},
        {"event_protobuf_other_any", structured("protobuf"),
         protobuf_event(bytes::chunk(8,
                                     bytes::chunk(1, "type.googleapis.com/cellvigil.v1.Alert") + bytes::chunk(2, "x"))),
         "proto_data.type_url: wrong_schema"},
        {"event_protobuf_without_data", structured("protobuf"), protobuf_event(""), "data: missing_field"},
        {"event_protobuf_cut", structured("protobuf"), "\x0a\x7f", ": unparsable"},
        {"event_json_base64", structured("json"), json_event(R"("data_base64":"CgFt")"), "\x0a\x01m"},
        {"event_json_bad_base64", structured("json"), json_event(R"("data_base64":"C!Ft")"), "data_base64: unparsable"},
        {"event_json_object", structured("json"), json_event(R"("data":{"message_id":"m"})"), R"({"message_id":"m"})",
         true},
        {"event_json_without_data", structured("json"), json_event(R"("extra":1)"), "data: missing_field"},
        {"event_json_broken", structured("json"), "{", ": unparsable"},
        {"event_json_array", structured("json"), "[]", ": unparsable"},
        {"event_batch",
         {{"content-type", "application/cloudevents-batch+json"}},
         "[]",
         "content-type: unknown_framing"},
        {"event_avro", {{"content-type", "application/cloudevents+avro"}}, "x", "content-type: unknown_framing"},
    }),
    CaseName{});

TEST(Framing, gives_the_id_and_type_of_the_event) {
    Unframer unframer;
    Framed framed;
    std::vector<Issue> issues;
    ASSERT_TRUE(unframer.unframe("x", Given(event_headers()), framed, issues));
    EXPECT_EQ(framed.event_id, "m-1");
    EXPECT_EQ(framed.event_type, "org.cellvigil.event.v1.observation");
    ASSERT_TRUE(unframer.unframe("x", Given(std::map<std::string, std::string>()), framed, issues));
    EXPECT_EQ(framed.event_id, std::nullopt);
}

TEST(Framing, says_every_fault_of_an_event_at_once) {
    Unframer unframer;
    Framed framed;
    std::vector<Issue> issues;
    EXPECT_FALSE(
        unframer.unframe("x", Given(std::map<std::string, std::string>{{"ce_specversion", "2"}}), framed, issues));
    EXPECT_EQ(issues.size(), 3U);
}

}  // namespace
}  // namespace cellvigil::wire
