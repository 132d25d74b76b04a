// `cellvigilctl calc`: every vector of tests/rules/stats/vectors.csv through the command's own dispatcher, and what it
// says to requests that make no sense.
//
// A vector passes when every number is within its relative tolerance (an expected 0: within the tolerance itself;
// tolerance 0: equal), lists and objects element by element; null is "undefined" and must be null. Members beyond the
// expected are allowed.
#include <gtest/gtest.h>

#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "daemon/tools/commands/calc_functions.h"
#include "tests/daemon/tools/command_run.h"

namespace cellvigil::tools {
namespace {

namespace json = boost::json;

struct Vector {
    std::size_t row = 0;
    std::string function;
    std::string inputs;
    std::string expected;
    double tolerance = 0;
};

// One record of RFC 4180; the fields of this file hold no line breaks.
std::vector<std::string> fields_of(const std::string& line) {
    std::vector<std::string> fields(1);
    bool is_quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '"' && is_quoted && i + 1 < line.size() && line[i + 1] == '"') {
            fields.back().push_back('"');
            ++i;
        } else if (c == '"') {
            is_quoted = !is_quoted;
        } else if (c == ',' && !is_quoted) {
            fields.emplace_back();
        } else if (c != '\r') {
            fields.back().push_back(c);
        }
    }
    return fields;
}

std::vector<Vector> vectors() {
    std::ifstream file(std::string(CELLVIGIL_SOURCE_DIR) + "/tests/rules/stats/vectors.csv");
    std::vector<Vector> rows;
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
        const std::vector<std::string> fields = fields_of(line);
        if (fields.size() < 4) continue;
        rows.push_back({rows.size() + 2, fields[0], fields[1], fields[2], json::parse(fields[3]).to_number<double>()});
    }
    return rows;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the file's own values
void compare(const json::value& got, const json::value& expected, double tolerance, const std::string& at,
             std::vector<std::string>& faults) {
    const auto differ = [&] {
        faults.push_back(at + ": " + json::serialize(got) + ", not " + json::serialize(expected));
    };
    if (expected.is_number()) {
        if (!got.is_number()) return differ();
        const auto wanted = expected.to_number<double>();
        const double room = wanted == 0 ? tolerance : tolerance * std::fabs(wanted);
        if (!(std::fabs(got.to_number<double>() - wanted) <= room)) differ();
    } else if (expected.is_array()) {
        if (!got.is_array() || got.get_array().size() != expected.get_array().size()) return differ();
        for (std::size_t i = 0; i < expected.get_array().size(); ++i)
            compare(got.get_array()[i], expected.get_array()[i], tolerance, at + "[" + std::to_string(i) + "]", faults);
    } else if (expected.is_object()) {
        if (!got.is_object()) return differ();
        for (const auto& member : expected.get_object()) {
            const std::string below = at + "." + std::string(member.key());
            const json::value* value = got.get_object().if_contains(member.key());
            if (value == nullptr) {
                faults.push_back(below + " is missing");
            } else {
                compare(*value, member.value(), tolerance, below, faults);
            }
        }
    } else if (got != expected) {
        differ();
    }
}

class Vectors : public testing::TestWithParam<Vector> {};

TEST_P(Vectors, agree) {
    const Vector& vector = GetParam();
    const CalcResult got = calculate(vector.function, json::parse(vector.inputs).get_object());
    ASSERT_TRUE(got.has_value()) << got.error().detail;
    std::vector<std::string> faults;
    compare(*got, json::parse(vector.expected), vector.tolerance, "", faults);
    for (const std::string& fault : faults) ADD_FAILURE() << fault;
}
INSTANTIATE_TEST_SUITE_P(File, Vectors, testing::ValuesIn(vectors()),
                         [](const auto& row) { return row.param.function + "_" + std::to_string(row.param.row); });

TEST(VectorFile, is_whole) {
    const std::vector<Vector> rows = vectors();
    EXPECT_EQ(rows.size(), 211U);
    std::set<std::string> functions;
    for (const Vector& row : rows) functions.insert(row.function);
    EXPECT_EQ(functions.size(), 67U);
}

TEST(VectorComparison, sees_each_kind_of_difference) {
    struct Case {
        const char* got;
        const char* expected;
        double tolerance;
        std::size_t faults;
    };
    for (const Case& one : std::to_array<Case>({{"1.0001", "1", 1e-3, 0},
                                                {"1.01", "1", 1e-3, 1},
                                                {"0", "null", 1, 1},
                                                {"null", "0", 1, 1},
                                                {"null", "null", 0, 0},
                                                {"[1,2]", "[1]", 0, 1},
                                                {"[1,3]", "[1,2]", 0, 1},
                                                {"{\"a\":1,\"b\":2}", "{\"a\":1}", 0, 0},
                                                {"{\"b\":2}", "{\"a\":1}", 0, 1},
                                                {"true", "false", 0, 1},
                                                {"1", "true", 1, 1}})) {
        std::vector<std::string> faults;
        compare(json::parse(one.got), json::parse(one.expected), one.tolerance, "", faults);
        EXPECT_EQ(faults.size(), one.faults) << one.got << " for " << one.expected;
    }
}

// What the command prints reads back as exactly what was computed. (Boost.JSON's own reader may miss the last bit.)
TEST(Calc, prints_full_precision) {
    for (const Vector& row : vectors()) {
        if (row.function != "beta_post_gt" && row.function != "poisson_upper_tail") continue;
        const Ran ran = run({"calc", row.function, row.inputs});
        ASSERT_EQ(ran.code, 0) << ran.err;
        double printed = 0;
        std::from_chars(ran.out.data(), ran.out.data() + ran.out.size(), printed);
        EXPECT_EQ(printed, calculate(row.function, json::parse(row.inputs).get_object())->get_double());
    }
}

TEST(Calc, reads_arguments_from_standard_input) {
    std::istringstream in(R"({"x":5,"n":48,"p":0.05})");
    std::ostringstream out;
    std::ostringstream err;
    Console console{in, out, err};
    EXPECT_EQ(run_command_line({"calc", "binom_upper_tail", "-"}, console), 0);
    EXPECT_NEAR(json::parse(out.str()).get_double(), 0.0906679157693161, 1e-12);
}

TEST(Calc, lists_every_function_once) {
    const Ran ran = run({"calc", "--list", "--json"});
    ASSERT_EQ(ran.code, 0);
    const json::value listed = json::parse(ran.out);
    for (const Vector& row : vectors()) EXPECT_TRUE(listed.get_object().contains(row.function)) << row.function;
    const Ran plain = run({"calc", "--list"});
    std::istringstream lines(plain.out);
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line);) ++count;
    EXPECT_EQ(count, listed.get_object().size());
}

// Values of mpmath with 30 digits (tests/rules/stats/borrowed_posterior_test.cc has the functions' own tables).
struct BorrowedCase {
    const char* name;
    const char* function;
    const char* arguments;
    const char* expected;
};
class Borrowed : public testing::TestWithParam<BorrowedCase> {};
TEST_P(Borrowed, agree_with_independent_values) {
    const CalcResult got = calculate(GetParam().function, json::parse(GetParam().arguments).get_object());
    ASSERT_TRUE(got.has_value()) << got.error().detail;
    std::vector<std::string> faults;
    compare(*got, json::parse(GetParam().expected), 1e-11, "", faults);
    for (const std::string& fault : faults) ADD_FAILURE() << fault;
}
INSTANTIATE_TEST_SUITE_P(
    Requests, Borrowed,
    testing::ValuesIn(std::to_array<BorrowedCase>({
        {"half_weight_is_the_default", "beta_borrow", R"({"x":3,"n":20,"x0":1,"n0":48,"p0":0.05})",
         R"({"a":4,"b":41,"mean":0.088888888888888889,"lo":0.025328421703450754,"hi":0.18656201007202235,
             "above_reference":0.9868158728337912,"above_limit":0.82348903204863316,
             "exceeds_reference":0.97562767467849852})"},
        {"pooled", "beta_borrow", R"({"x":5,"n":30,"x0":3,"n0":48,"weight":1,"p0":0.15})",
         R"({"mean":0.10759493670886076,"above_limit":0.11662191463245949})"},
        {"no_limit_and_no_reference", "beta_borrow", R"({"x":0,"n":10,"x0":0,"n0":0})",
         R"({"above_limit":null,"above_reference":null,"exceeds_reference":null})"},
        {"rate", "gamma_borrow", R"({"x":9,"pt":118.5,"x0":9,"pt0":160,"r0":0.05})",
         R"({"shape":14,"rate":198.5,"mean":0.07052896725440806,"lo":0.038558842701766237,"hi":0.11199191898316814,
             "above_reference":0.76572960299893212,"above_limit":0.86987080362138561,
             "exceeds_reference":0.74042700861748441})"},
        {"prior_of_a_rate", "gamma_borrow", R"({"x":0,"pt":0,"x0":9,"pt0":160})",
         R"({"shape":5,"rate":80,"exceeds_reference":null})"},
        {"two_proportions", "beta_prob_greater", R"({"a1":30.5,"b1":970.5,"a2":3.5,"b2":45.5})", "0.10962612313665904"},
        {"two_rates", "gamma_prob_greater", R"({"shape1":12.5,"rate1":100,"shape2":5.5,"rate2":200})",
         "0.99917273816364634"},
    })),
    [](const auto& row) { return std::string(row.param.name); });

struct BadRequest {
    const char* name;
    const char* function;
    const char* arguments;
    const char* says;
};
class Refusal : public testing::TestWithParam<BadRequest> {};
TEST_P(Refusal, names_the_field_and_prints_no_answer) {
    const Ran ran = run({"calc", GetParam().function, GetParam().arguments});
    EXPECT_EQ(ran.code, 2);
    EXPECT_EQ(ran.out, "");
    EXPECT_NE(ran.err.find(GetParam().says), std::string::npos) << ran.err;
}
INSTANTIATE_TEST_SUITE_P(
    Requests, Refusal,
    testing::ValuesIn(std::to_array<BadRequest>({
        {"unknown_function", "wilson", "{}", "no function 'wilson'"},
        {"no_json", "binom_wilson_ci", "{\"x\":1", "no JSON"},
        {"no_object", "binom_wilson_ci", "[1,48]", "must be one JSON object"},
        {"missing", "binom_wilson_ci", R"({"x":1,"conf":0.95})", "'n' is missing"},
        {"unknown", "binom_wilson_ci", R"({"x":1,"n":48,"conf":0.95,"z":1})", "'z' is no argument"},
        {"a_word", "binom_wilson_ci", R"({"x":"1","n":48,"conf":0.95})", "'x' must be a whole number"},
        {"a_null", "binom_wilson_ci", R"({"x":null,"n":48,"conf":0.95})", "'x' must be a whole number"},
        {"a_fraction", "binom_wilson_ci", R"({"x":1.5,"n":48,"conf":0.95})", "'x' must be a whole number"},
        {"negative", "binom_wilson_ci", R"({"x":-1,"n":48,"conf":0.95})", "'x' must be a whole number, at least 0"},
        {"more_than_all", "binom_wilson_ci", R"({"x":49,"n":48,"conf":0.95})", "'x' must be at most n"},
        {"whole_confidence", "binom_wilson_ci", R"({"x":1,"n":48,"conf":1})",
         "'conf' must be a number, above 0, below 1"},
        {"other_type", "stop_rule_bin", R"({"type":"XX","n":48,"p0":0.05,"alpha":0.05})",
         "'type' is none of Pocock, OBF"},
        {"type_is_no_word", "stop_rule_bin", R"({"type":3,"n":48,"p0":0.05,"alpha":0.05})", "'type' must be a word"},
        {"no_p1", "stop_rule_bin", R"({"type":"SPRT","n":48,"p0":0.05,"alpha":0.05})",
         "'param' must be one number, p1"},
        {"p1_below_p0", "stop_rule_bin", R"({"type":"SPRT","n":48,"p0":0.2,"alpha":0.05,"param":0.1})", "p1 above p0"},
        {"three_parameters", "stop_rule_bin", R"({"type":"BB","n":48,"p0":0.2,"alpha":0.05,"param":[1,2,3]})", "a, b"},
        {"no_list", "hysteresis", R"({"score":1,"raise":0.9,"clear":0.8,"k":1})", "'score' must be a list"},
        {"bad_element", "p_adjust_bh", R"({"p":[0.1,1.5]})", "'p[1]' must be a number, at least 0, at most 1"},
        {"lists_differ", "funnel_overdispersion", R"({"o":[1],"e":[1,2],"trim":0.1})", "'e' must be as long as o"},
        {"bad_row", "prefix_rule", R"({"infusion_table":[[0,1]],"boundary":[0]})",
         "'infusion_table[0]' must be a list of 3"},
        {"more_events_than_patients", "prefix_rule", R"({"infusion_table":[[0,1,2]],"boundary":[0]})", "more events"},
        {"nobody_at_risk", "km_table",
         R"({"times":[1],"conf":0.95,"day":[0,5],"entries":[1,0],"censored":[0,1],"events":[[0,1]]})",
         "day 5: 2 subjects"},
        {"short_cause", "person_time", R"({"day":[0,5],"entries":[1,0],"censored":[0,1],"events":[[0]]})",
         "'events' must be as long as day"},
        {"too_large", "evalue_poisson", R"({"x":3000,"mu":10,"a":1,"b":0.5})", "beyond the range of a double"},
        {"missing_member", "expected_stratified", R"({"strata":[{"n_drug":1,"n":5,"m":3}]})",
         "'strata[0].n_event' is missing"},
        {"weight_above_1", "beta_borrow", R"({"x":3,"n":20,"x0":1,"n0":48,"weight":1.1})",
         "'weight' must be a number, at least 0, at most 1"},
        {"reference_more_than_all", "beta_borrow", R"({"x":3,"n":20,"x0":49,"n0":48})", "'x0' must be at most n0"},
        {"more_than_can_be_compared", "beta_borrow", R"({"x":3,"n":2000000,"x0":4,"n0":48})",
         "'n' must be a whole number"},
        {"no_person_time_at_all", "gamma_borrow", R"({"x":0,"pt":0,"x0":9,"pt0":160,"weight":0})",
         "without person-time"},
        {"event_in_no_person_time", "gamma_borrow", R"({"x":1,"pt":0,"x0":9,"pt0":160})", "the cohort: events need"},
        {"shape_of_0", "beta_prob_greater", R"({"a1":0,"b1":1,"a2":1,"b2":1})", "'a1' must be a number"},
        {"ragged", "mgps_negll", R"({"theta":[1,1,1,1,0.5],"counts":[[1,2],[3]],"zeros":true})", "rows of one length"},
    })),
    [](const auto& row) { return std::string(row.param.name); });

struct UndefinedCase {
    const char* name;
    const char* function;
    const char* arguments;
    const char* answer;
};
class Undefined : public testing::TestWithParam<UndefinedCase> {};
TEST_P(Undefined, is_null_and_not_zero) {
    const Ran ran = run({"calc", GetParam().function, GetParam().arguments});
    EXPECT_EQ(ran.code, 0) << ran.err;
    EXPECT_EQ(ran.out, std::string(GetParam().answer) + "\n");
}
INSTANTIATE_TEST_SUITE_P(
    Answers, Undefined,
    testing::ValuesIn(std::to_array<UndefinedCase>({
        {"nobody", "binom_wilson_ci", R"({"x":0,"n":0,"conf":0.95})", "[null,null]"},
        {"no_person_time", "poisson_garwood_ci", R"({"x":0,"pt":0,"per":100,"conf":0.95})", "[null,null]"},
        {"cannot_signal", "maxsprt_poisson_cv", R"({"T":1,"M":4,"D":0,"alpha":0.05})", "null"},
        {"infinite_ratio", "prr", R"({"a":7,"b":41,"c":0,"d":2897,"conf":0.95})",
         R"({"prr":null,"lower":null,"upper":null})"},
        {"event_in_no_time", "maxsprt_poisson_llr", R"({"c":1,"mu":0})", "null"},
        {"empty_margin", "chisq_2x2", R"({"a":0,"b":0,"c":3,"d":5})", R"({"yates":null,"pearson":null,"evans":false})"},
        {"an_exit_is_missing", "person_time", R"({"day":[0,5],"entries":[2,0],"censored":[0,1],"events":[[0,0]]})",
         R"({"person_days":null,"events":0})"},
        {"sites_alike", "site_gamma_fit", R"({"x":[5,5,5],"exposure":[1,1,1]})",
         R"({"shape":null,"rate":null,"nll_min":null})"},
        {"no_percentage", "percent_half_up", R"({"x":0,"n":0})", "null"},
        {"percentage", "percent_half_up", R"({"x":3,"n":48})", "\"6.3\""},
    })),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace cellvigil::tools
