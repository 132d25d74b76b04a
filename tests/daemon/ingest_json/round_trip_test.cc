// Law: an envelope written as JSON and read again is the same bytes. And no text, however broken, does more than earn
// issues.
#include <cellvigil/v1/envelope.pb.h>
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/ingest_json/json.h"
#include "daemon/ingest_json/messages.h"
#include "tests/daemon/ingest_json/some_message.h"

namespace cellvigil::ingest {
namespace {

namespace pb = google::protobuf;

std::string some_envelope(Random& random) {
    v1::EventEnvelope envelope;
    fill(envelope, random);
    return envelope.SerializeAsString();
}

TEST(RoundTrip, every_envelope_comes_back_as_the_same_bytes) {
    Random random(20260105);
    for (int i = 0; i < 20'000; ++i) {
        const std::string bytes = some_envelope(random);
        const std::string text = json_of_envelope(bytes);
        const auto items = envelopes_of_json(text);
        ASSERT_EQ(items.size(), 1U) << text;
        ASSERT_TRUE(items[0].issues.empty()) << text << "\n"
                                             << items[0].issues[0].path << ": " << items[0].issues[0].detail;
        ASSERT_EQ(items[0].envelope, bytes) << text;
    }
}

TEST(RoundTrip, envelopes_as_lines_and_as_an_array_come_back_in_order) {
    Random random(7);
    std::vector<std::string> bytes;
    std::string lines;
    std::string array = "[";
    for (int i = 0; i < 200; ++i) {
        bytes.push_back(some_envelope(random));
        lines += json_of_envelope(bytes.back()) + "\n";
        array += (i == 0 ? "" : ",") + json_of_envelope(bytes.back());
    }
    for (const std::string& text : {lines, array + "]"}) {
        const auto items = envelopes_of_json(text);
        ASSERT_EQ(items.size(), bytes.size());
        for (std::size_t i = 0; i < bytes.size(); ++i) EXPECT_EQ(items[i].envelope, bytes[i]);
    }
}

// A type with every kind of field that the wire contract may come to use: single, repeated, optional and in a oneof.
using Field = pb::FieldDescriptorProto;
enum class Shape { single, repeated, optional, first, second };  // the last two: members of the oneofs
struct FieldRow {
    const char* name;
    Field::Type type;
    Shape shape = Shape::single;
};
constexpr auto kRows = std::to_array<FieldRow>({
    {"a_bool", Field::TYPE_BOOL},
    {"an_int32", Field::TYPE_INT32},
    {"a_sint32", Field::TYPE_SINT32},
    {"a_sfixed32", Field::TYPE_SFIXED32},
    {"a_uint32", Field::TYPE_UINT32},
    {"a_fixed32", Field::TYPE_FIXED32},
    {"an_int64", Field::TYPE_INT64},
    {"a_sint64", Field::TYPE_SINT64},
    {"a_sfixed64", Field::TYPE_SFIXED64},
    {"a_uint64", Field::TYPE_UINT64},
    {"a_fixed64", Field::TYPE_FIXED64},
    {"a_double", Field::TYPE_DOUBLE},
    {"a_string", Field::TYPE_STRING},
    {"a_bytes", Field::TYPE_BYTES},
    {"a_clash", Field::TYPE_ENUM},
    {"an_all", Field::TYPE_MESSAGE},
    {"bools", Field::TYPE_BOOL, Shape::repeated},
    {"int32s", Field::TYPE_INT32, Shape::repeated},
    {"uint32s", Field::TYPE_UINT32, Shape::repeated},
    {"int64s", Field::TYPE_SINT64, Shape::repeated},
    {"uint64s", Field::TYPE_UINT64, Shape::repeated},
    {"doubles", Field::TYPE_DOUBLE, Shape::repeated},
    {"strings", Field::TYPE_STRING, Shape::repeated},
    {"many_bytes", Field::TYPE_BYTES, Shape::repeated},
    {"clashes", Field::TYPE_ENUM, Shape::repeated},
    {"times", Field::TYPE_MESSAGE, Shape::repeated},
    {"alls", Field::TYPE_MESSAGE, Shape::repeated},
    {"maybe_bool", Field::TYPE_BOOL, Shape::optional},
    {"maybe_int64", Field::TYPE_INT64, Shape::optional},
    {"maybe_string", Field::TYPE_STRING, Shape::optional},
    {"maybe_bytes", Field::TYPE_BYTES, Shape::optional},
    {"maybe_clash", Field::TYPE_ENUM, Shape::optional},
    {"first_bytes", Field::TYPE_BYTES, Shape::first},
    {"first_time", Field::TYPE_MESSAGE, Shape::first},
    {"second_bool", Field::TYPE_BOOL, Shape::second},
    {"second_all", Field::TYPE_MESSAGE, Shape::second},
});

void add_field(pb::DescriptorProto& type, const FieldRow& row) {
    Field& field = *type.add_field();
    field.set_name(row.name);
    field.set_number(type.field_size());
    field.set_type(row.type);
    field.set_label(row.shape == Shape::repeated ? Field::LABEL_REPEATED : Field::LABEL_OPTIONAL);
    const bool is_time = std::string_view(row.name).find("time") != std::string_view::npos;
    if (row.type == Field::TYPE_MESSAGE)
        field.set_type_name(is_time ? ".google.protobuf.Timestamp" : ".cellvigil.trial.All");
    if (row.type == Field::TYPE_ENUM) field.set_type_name(".cellvigil.trial.Clash");
    if (row.shape == Shape::first) field.set_oneof_index(0);
    if (row.shape == Shape::second) field.set_oneof_index(1);
    if (row.shape != Shape::optional) return;
    field.set_proto3_optional(true);
    field.set_oneof_index(type.oneof_decl_size());
    type.add_oneof_decl()->set_name("_" + std::string(row.name));
}

pb::FileDescriptorProto trial_file() {
    pb::FileDescriptorProto file;
    file.set_name("trial.proto");
    file.set_syntax("proto3");
    file.set_package("cellvigil.trial");
    file.add_dependency("google/protobuf/timestamp.proto");
    pb::EnumDescriptorProto& clash = *file.add_enum_type();
    clash.set_name("Clash");
    constexpr std::array<std::pair<const char*, int>, 4> kEnumerators{
        {{"CLASH_UNSPECIFIED", 0}, {"CLASH_A", 1}, {"CLASH_CLASH_A", 2}, {"OTHER", -3}}};
    for (const auto& [name, number] : kEnumerators) {
        auto& value = *clash.add_value();
        value.set_name(name);
        value.set_number(number);
    }
    pb::DescriptorProto& type = *file.add_message_type();
    type.set_name("All");
    type.add_oneof_decl()->set_name("first");
    type.add_oneof_decl()->set_name("second");
    for (const FieldRow& row : kRows) add_field(type, row);
    return file;
}

class AllKinds : public testing::Test {
  protected:
    AllKinds() {
        type_ = pool_.BuildFile(trial_file())->FindMessageTypeByName("All");
        prototype_ = factory_.GetPrototype(type_);
    }
    std::string understood(std::string_view text) {
        const auto items = messages_of_json(text, forms_.of(*type_), *prototype_);
        if (items.size() != 1) return std::to_string(items.size()) + " items";
        std::string shown;
        for (const Issue& issue : items[0].issues) shown += std::string(name_of(issue.reason)) + " " + issue.path + ";";
        if (!shown.empty()) return shown;
        const std::unique_ptr<pb::Message> message(prototype_->New());
        EXPECT_TRUE(message->ParseFromString(items[0].envelope));
        append_json(shown, *message, forms_.of(*type_));
        return shown;
    }
    pb::DescriptorPool pool_{pb::DescriptorPool::generated_pool()};
    pb::DynamicMessageFactory factory_{&pool_};
    const pb::Descriptor* type_ = nullptr;
    const pb::Message* prototype_ = nullptr;
    Forms forms_;
};

TEST_F(AllKinds, come_back_as_the_same_bytes) {
    Random random(11);
    for (int i = 0; i < 3'000; ++i) {
        const std::unique_ptr<pb::Message> message(prototype_->New());
        fill(*message, random);
        std::string text;
        append_json(text, *message, forms_.of(*type_));
        const auto items = messages_of_json(text, forms_.of(*type_), *prototype_);
        ASSERT_EQ(items.size(), 1U);
        ASSERT_TRUE(items[0].issues.empty()) << text << "\n"
                                             << items[0].issues[0].path << ": " << items[0].issues[0].detail;
        ASSERT_EQ(items[0].envelope, message->SerializeAsString()) << text;
    }
}

TEST_F(AllKinds, bytes_are_base64_of_either_alphabet) {
    EXPECT_EQ(understood(R"({"a_bytes":"+/8="})"), R"({"a_bytes":"+/8="})");
    EXPECT_EQ(understood(R"({"a_bytes":"-_8"})"), R"({"a_bytes":"+/8="})");
    EXPECT_EQ(understood(R"({"a_bytes":"QUJD"})"), R"({"a_bytes":"QUJD"})");
    EXPECT_EQ(understood(R"({"many_bytes":["QQ==","QUI=",""]})"), R"({"many_bytes":["QQ==","QUI=",""]})");
    for (const char* wrong : {"Q", "QQ=", "QQ===", "Q Q=", "QQ==QQ==", "Q\u00e9==", "QR==", "="})
        EXPECT_EQ(understood(std::string("{\"a_bytes\":\"") + wrong + "\"}"), "bad_field a_bytes;") << wrong;
}

TEST_F(AllKinds, one_enumerators_full_name_wins_over_anothers_short_one) {
    EXPECT_EQ(understood(R"({"clashes":["A","CLASH_A","CLASH_CLASH_A","OTHER",-3,2]})"),
              R"({"clashes":["A","A","CLASH_CLASH_A","OTHER","OTHER","CLASH_CLASH_A"]})");
}

TEST_F(AllKinds, limits_of_signed_64_bits) {
    EXPECT_EQ(
        understood(R"({"int64s":[9223372036854775807,"-9223372036854775808",9007199254740992,-9007199254740993]})"),
        R"({"int64s":["9223372036854775807","-9223372036854775808",9007199254740992,"-9007199254740993"]})");
    EXPECT_EQ(understood(R"({"int64s":[9223372036854775808,-9223372036854775809,"1e19"]})"),
              "out_of_range int64s[0];out_of_range int64s[1];out_of_range int64s[2];");
}

TEST_F(AllKinds, each_oneof_is_counted_for_itself) {
    EXPECT_EQ(understood(R"({"first_bytes":"","second_bool":false})"), R"({"first_bytes":"","second_bool":false})");
    EXPECT_EQ(
        understood(R"({"second_all":{},"first_time":"1970-01-01T00:00:00Z","second_bool":true,"first_bytes":""})"),
        "bad_field second_bool;bad_field first_bytes;");
}

TEST_F(AllKinds, issues_of_nested_arrays_say_where) {
    EXPECT_EQ(understood(R"({"alls":[{},{"alls":[{"times":["1970-01-01T00:00:00Z","x"]}]}]})"),
              "bad_time alls[1].alls[0].times[1];");
}

TEST(Writing, numbers_that_are_none_are_shown_and_not_read) {
    v1::EventEnvelope envelope;
    envelope.mutable_observation()->mutable_quantity()->set_value(std::numeric_limits<double>::quiet_NaN());
    envelope.mutable_observation()->set_reference_high(-std::numeric_limits<double>::infinity());
    const std::string text = json_of_envelope(envelope.SerializeAsString());
    EXPECT_EQ(text, R"({"observation":{"quantity":{"value":"NaN"},"reference_high":"-Infinity"}})");
    EXPECT_EQ(envelopes_of_json(text).at(0).issues.size(), 2U);
}

TEST(Writing, bytes_that_are_no_envelope_give_no_text) {
    EXPECT_EQ(json_of_envelope("\xff\xff\xff"), "");
    EXPECT_EQ(json_of_envelope(""), "{}");
}

std::string mutated(std::string text, Random& random) {
    static constexpr std::array<const char*, 16> kTokens{"{",      "}",       "[",    "]",   "\"",
                                                         ",",      ":",       "null", "NaN", "-",
                                                         "1e999",  "\\ud800", "\xff", "\n",  "\"message_id\":",
                                                         "\"x\":{"};
    for (std::uint64_t changes = 1 + below(random, 4); changes > 0; --changes) {
        const std::size_t at = below(random, text.size() + 1);
        const std::size_t length = std::min<std::size_t>(below(random, 9), text.size() - at);
        switch (below(random, 6)) {
            case 0:
                text.insert(at, kTokens.at(below(random, kTokens.size())));
                break;
            case 1:
                text.erase(at, length);
                break;
            case 2:
                text.insert(at, text.substr(below(random, text.size() + 1), 12));
                break;
            case 3:
                text.resize(at);
                break;
            case 4:
                if (at < text.size()) text[at] = static_cast<char>(random());
                break;
            default:
                if (at < text.size())
                    text[at] = static_cast<char>(static_cast<unsigned char>(text[at]) ^ (1U << below(random, 8)));
        }
    }
    return text;
}

// An item is an envelope or its issues, whatever stood there.
void expect_sound(const JsonItem& item, const std::string& text) {
    if (!item.issues.empty()) {
        EXPECT_EQ(item.envelope, "") << text;
        EXPECT_LE(item.issues.size(), kMostIssuesOfItem);
        for (const Issue& issue : item.issues) {
            EXPECT_NE(issue.detail, "");
            EXPECT_TRUE(std::all_of(issue.path.begin(), issue.path.end(), [](char c) { return c > ' ' && c <= '~'; }))
                << text;
        }
        return;
    }
    v1::EventEnvelope envelope;
    EXPECT_TRUE(envelope.ParseFromString(item.envelope)) << text;
    const auto again = envelopes_of_json(json_of_envelope(item.envelope));
    ASSERT_EQ(again.size(), 1U) << text;
    EXPECT_EQ(again[0].envelope, item.envelope) << text;
}

TEST(Mutations, each_item_is_an_envelope_or_issues) {
    Random random(424242);
    std::size_t accepted = 0;
    std::size_t refused = 0;
    for (int i = 0; i < 10'000; ++i) {
        std::string text = mutated(json_of_envelope(some_envelope(random)), random);
        if (i % 4 == 0)
            text.insert(0, "[")
                .append(",")
                .append(mutated(json_of_envelope(some_envelope(random)), random))
                .append("]");
        if (i % 4 == 1) text += "\n" + mutated(json_of_envelope(some_envelope(random)), random);
        for (const JsonItem& item : envelopes_of_json(text)) {
            expect_sound(item, text);
            ++(item.issues.empty() ? accepted : refused);
        }
        ASSERT_FALSE(HasFailure()) << text;
    }
    EXPECT_GT(accepted, 200U);  // some mutations change nothing that matters
    EXPECT_GT(refused, 5'000U);
}

TEST(Mutations, of_one_line_leave_the_lines_around_it_alone) {
    Random random(99);
    const std::string before = some_envelope(random);
    const std::string after = some_envelope(random);
    for (int i = 0; i < 2'000; ++i) {
        std::string line = mutated(json_of_envelope(some_envelope(random)), random);
        std::replace(line.begin(), line.end(), '\n', ' ');
        const auto items = envelopes_of_json(json_of_envelope(before) + "\n" + line + "\n" + json_of_envelope(after));
        ASSERT_GE(items.size(), 2U) << line;
        EXPECT_EQ(items.front().envelope, before) << line;
        EXPECT_EQ(items.back().envelope, after) << line;
    }
}

}  // namespace
}  // namespace cellvigil::ingest
