#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "daemon/config/config_yaml.h"
#include "daemon/config/keys.h"

namespace cellvigil::config {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

std::vector<std::string> lines_of(const Loaded& loaded) {
    std::vector<std::string> lines;
    for (const Problem& problem : loaded.problems) lines.push_back(to_text(problem));
    return lines;
}

// A folder of its own with the files a test writes.
class Configuration : public testing::Test {
  protected:
    Configuration() {
        std::string pattern = (std::filesystem::temp_directory_path() / "cellvigil-config-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
    }
    ~Configuration() override { std::filesystem::remove_all(folder_); }

    std::string write(const std::string& name, const std::string& text) {
        const auto path = folder_ / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path) << text;
        return path.string();
    }
    Loaded load_text(const std::string& text, std::map<std::string, std::string> environment = {}) {
        return load({write("cellvigil.yaml", text), std::move(environment)});
    }

    std::filesystem::path folder_;
};

TEST_F(Configuration, nothing_given_is_a_whole_configuration) {
    const Loaded loaded = load({});
    EXPECT_THAT(lines_of(loaded), IsEmpty());
    EXPECT_EQ(loaded.config.input.mode, InputMode::embedded);
    EXPECT_EQ(loaded.config.batch.max_bytes, 4U << 20U);
    const ingest::Study& study = loaded.config.studies.at("CCAR039-SIM");
    EXPECT_THAT(study.cohorts, ElementsAre("C-CAR039"));
    EXPECT_EQ(study.sites.size(), 4U);
    EXPECT_EQ(study.sites.at("site-04").offset, UtcOffset(480));
    EXPECT_EQ(directory_of(loaded.config).studies.size(), 1U);
}

// The struct's own defaults are for tests and tools; they must say what the table says.
TEST_F(Configuration, defaults_of_table_and_struct_agree) {
    const Config table = load({}).config;
    const Config plain;
    EXPECT_EQ(table.data_folder, plain.data_folder);
    EXPECT_EQ(table.input.partitions, plain.input.partitions);
    EXPECT_EQ(table.input.topics, plain.input.topics);
    EXPECT_EQ(table.input.group, plain.input.group);
    EXPECT_EQ(table.workers.count, plain.workers.count);
    EXPECT_EQ(table.batch.max_events, plain.batch.max_events);
    EXPECT_EQ(table.batch.max_bytes, plain.batch.max_bytes);
    EXPECT_EQ(table.batch.max_wait, plain.batch.max_wait);
    EXPECT_EQ(table.batch.idle, plain.batch.idle);
    EXPECT_EQ(table.memory_limit_bytes, plain.memory_limit_bytes);
    EXPECT_EQ(table.http.listen, plain.http.listen);
    EXPECT_EQ(table.http.port, plain.http.port);
    EXPECT_EQ(table.http.max_body_bytes, plain.http.max_body_bytes);
    EXPECT_EQ(table.http.max_header_bytes, plain.http.max_header_bytes);
    EXPECT_EQ(table.http.max_connections, plain.http.max_connections);
    EXPECT_EQ(table.http.header_timeout, plain.http.header_timeout);
    EXPECT_EQ(table.http.body_timeout, plain.http.body_timeout);
    EXPECT_EQ(table.http.idle_timeout, plain.http.idle_timeout);
    EXPECT_EQ(table.http.answer_timeout, plain.http.answer_timeout);
    EXPECT_EQ(table.clock_tolerance, plain.clock_tolerance);
    EXPECT_EQ(table.clock_limit, plain.clock_limit);
    EXPECT_EQ(table.max_message_bytes, plain.max_message_bytes);
    EXPECT_EQ(table.max_headers, plain.max_headers);
    EXPECT_EQ(table.sinks.log, plain.sinks.log);
    EXPECT_EQ(table.sinks.private_networks, plain.sinks.private_networks);
    EXPECT_EQ(table.sinks.keep_days, plain.sinks.keep_days);
    EXPECT_EQ(table.sinks.digest_hour, plain.sinks.digest_hour);
    EXPECT_EQ(table.sinks.digest_offset, plain.sinks.digest_offset);
    EXPECT_EQ(table.min_cell, plain.min_cell);
    EXPECT_EQ(table.metrics_refresh, plain.metrics_refresh);
    EXPECT_EQ(table.metrics_tables_every, plain.metrics_tables_every);
    EXPECT_EQ(table.log_level, plain.log_level);
}

TEST_F(Configuration, a_file_sets_what_it_names) {
    const Loaded loaded = load_text(R"(
data_folder: /var/lib/cellvigil
http: {port: 0, max_body_bytes: 2 MiB}
studies:
  P1:
    cohorts: [A, B]
    sites:
      s1: {utc_offset: "-03:30", units: {THOU/uL: "10*3/uL"}, codes: {ANC: neutrophils}}
      s2:
sinks:
  webhooks:
    safety: {url: "https://example.org/hook", secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw, timeout_ms: 2000}
)");
    EXPECT_THAT(lines_of(loaded), IsEmpty());
    EXPECT_EQ(loaded.config.http.port, 0);
    EXPECT_EQ(loaded.config.http.max_body_bytes, 2U << 20U);
    ASSERT_THAT(loaded.config.studies, testing::SizeIs(1)) << "the embedded study is gone once one is named";
    const ingest::Study& study = loaded.config.studies.at("P1");
    EXPECT_EQ(study.sites.at("s1").offset, UtcOffset(-210));
    EXPECT_EQ(study.sites.at("s1").unit_aliases.at("THOU/uL"), "10*3/uL");
    EXPECT_EQ(study.sites.at("s1").code_aliases.at("ANC"), "neutrophils");
    EXPECT_FALSE(study.sites.at("s2").offset.has_value());
    ASSERT_EQ(loaded.config.sinks.webhooks.size(), 1U);
    EXPECT_EQ(loaded.config.sinks.webhooks[0].timeout, seconds(2));
}

TEST_F(Configuration, a_sites_code_means_something_that_rules_know) {
    const auto with_target = [](const std::string& target) {
        return "studies: {P1: {cohorts: [A], sites: {s1: {codes: {X1: \"" + target + "\"}}}}}\n";
    };
    for (const char* known : {"2160-0", "C01CA03", "neutrophils", "norepinephrine"}) {
        EXPECT_THAT(lines_of(load_text(with_target(known))), IsEmpty()) << known;
    }
    for (const char* unknown : {"2160-1", "S01BA01", "neutrophil", "other", "none"}) {
        EXPECT_THAT(
            lines_of(load_text(with_target(unknown))),
            testing::ElementsAre(testing::HasSubstr("studies.P1.sites.s1.codes.X1: expected a LOINC or ATC code")))
            << unknown;
    }
}

TEST_F(Configuration, conf_d_overrides_the_file_and_the_environment_overrides_both) {
    write("conf.d/20-late.yaml", "http:\n  port: 3\nlog:\n  level: warn\n");
    write("conf.d/10-early.yaml", "http:\n  port: 2\n  max_connections: 9\n");
    write("conf.d/ignored.yml", "nonsense: true\n");
    const Loaded loaded = load_text("http:\n  port: 1\n", {{"CELLVIGIL_LOG_LEVEL", "debug"}, {"HOME", "/"}});
    EXPECT_THAT(lines_of(loaded), IsEmpty());
    EXPECT_EQ(loaded.config.http.port, 3);
    EXPECT_EQ(loaded.config.http.max_connections, 9U);
    EXPECT_EQ(loaded.config.log_level, log::Level::debug);
}

TEST_F(Configuration, variables_of_others_are_ignored_and_told) {
    const Loaded loaded = load({"", {{"CELLVIGIL_SERVICE_HOST", "10.0.0.1"}, {"CELLVIGIL_CONFIG", "x"}}});
    EXPECT_THAT(lines_of(loaded), IsEmpty());
    EXPECT_THAT(loaded.ignored, ElementsAre("CELLVIGIL_SERVICE_HOST"));
}

TEST_F(Configuration, lists_in_the_environment_are_words_between_commas) {
    const Loaded loaded = load({"", {{"CELLVIGIL_INPUT_KAFKA_TOPICS", "a,b"}}});
    EXPECT_THAT(loaded.config.input.topics, ElementsAre("a", "b"));
}

TEST_F(Configuration, every_problem_is_told_with_its_place) {
    const Loaded loaded = load_text("http:\n  prot: 1\n  port: http\nbatch:\n  idle_ms: 70000\nnonsense: {a: 1}\n",
                                    {{"CELLVIGIL_HTTP_PROT", "1"}, {"CELLVIGIL_WORKERS_COUNT", "-1"}});
    const std::string file = (folder_ / "cellvigil.yaml").string();
    EXPECT_THAT(
        lines_of(loaded),
        ElementsAre(
            AllOf(StartsWith(file + ":2:3: http.prot: unknown key; expected one of "), HasSubstr("port"),
                  HasSubstr("listen")),
            file + ":3:9: http.port: expected an integer from 0 to 65535, found \"http\"",
            file + ":5:12: batch.idle_ms: expected an integer from 0 to 60000, found \"70000\"",
            StartsWith(file + ":6:1: nonsense: unknown key; expected one of "),
            "environment CELLVIGIL_HTTP_PROT: no setting has this name; docs/configuration.md lists them",
            "environment CELLVIGIL_WORKERS_COUNT: workers.count: expected an integer from 0 to 256, found \"-1\""));
}

struct RefusedCase {
    const char* name;
    const char* yaml;
    const char* told;
};
void PrintTo(const RefusedCase& row, std::ostream* out) { *out << row.name; }
class Refused : public Configuration, public testing::WithParamInterface<RefusedCase> {};

TEST_P(Refused, with_a_reason) {
    EXPECT_THAT(lines_of(load_text(GetParam().yaml)), Contains(HasSubstr(GetParam().told)));
}
INSTANTIATE_TEST_SUITE_P(
    Files, Refused,
    testing::ValuesIn(std::to_array<RefusedCase>({
        {"not_yaml", "http: [", ":1:1: end of sequence flow not found"},
        {"not_a_map", "- a\n", ":1:1: expected a map of settings"},
        {"documents_without_end", ",:::", "expected one document, found another"},
        {"two_documents", "log: {level: info}\n---\nlog: {level: info}\n", "expected one document, found another"},
        {"key_twice", "http: {port: 1, port: 2}\n", ":1:17: http.port: this key stands twice in the map"},
        {"map_for_value", "http:\n  port: {a: 1}\n",
         ":2:9: http.port: expected an integer from 0 to 65535, found a map"},
        {"nothing_for_value", "http:\n  port:\n",
         ":2:3: http.port: expected an integer from 0 to 65535, found nothing"},
        {"value_for_map", "http: 8080\n", ":1:7: http: expected a map; expected one of"},
        {"value_for_list", "input: {kafka: {topics: a}}\n",
         "input.kafka.topics: expected a list of text that is not empty, found one value"},
        {"empty_list", "input: {kafka: {topics: []}}\n", "found an empty one"},
        {"word_twice", "input: {kafka: {topics: [a, a]}}\n", "\"a\" stands twice in the list"},
        {"choice", "log: {level: loud}\n", "expected debug or info or warn or error, found \"loud\""},
        {"choice_with_bar", "log: {level: debug|info}\n", "expected debug or info or warn or error"},
        {"boolean", "http: {allow_remote: yes}\n", "expected true or false, found \"yes\""},
        {"bytes", "memory: {limit_bytes: 1 GB}\n", "expected a size from 16 MiB to 1024 GiB"},
        {"bytes_too_many", "memory: {limit_bytes: 99999999999 GiB}\n", "expected a size from"},
        {"offset", "studies: {P: {cohorts: [A], sites: {s: {utc_offset: \"+15:00\"}}}}\n",
         "expected an offset from UTC"},
        {"study_without_cohort", "studies: {P: {sites: {s: {}}}}\n", "a study needs a cohort"},
        {"study_without_site", "studies: {P: {cohorts: [A]}}\n", "a study needs a site"},
        {"study_with_slash", "studies: {P/Q: {cohorts: [A], sites: {s: }}}\n", "has no slash"},
        {"remote", "http: {listen: 0.0.0.0}\n", ":1:16: http.listen: reaches beyond the loopback"},
        {"kafka_without_servers", "input: {mode: kafka}\n", "Kafka input needs kafka.bootstrap.servers"},
        {"fixed_property", "kafka: {enable.auto.commit: true}\n", "kafka.enable.auto.commit: this property is fixed"},
        {"alerts_into_events",
         "kafka: {bootstrap.servers: b}\nsinks: {kafka: {enabled: true, topic: cellvigil.events.v1}}\n",
         "sinks.kafka.topic: is one of the topics that are read"},
        {"webhook_without_secret", "sinks: {webhooks: {a: {url: http://h/}}}\n",
         "a webhook needs a secret or a secret_file"},
        {"webhook_secret", "sinks: {webhooks: {a: {url: http://h/, secret: abc}}}\n", "begins with whsec_"},
        {"webhook_address", "sinks: {webhooks: {a: {url: ftp://h/, secret: whsec_a}}}\n",
         "begins with http:// or https://"},
        {"webhook_secret_file", "sinks: {webhooks: {a: {url: http://h/, secret_file: /nowhere}}}\n", "cannot be read"},
        {"chat_address", "sinks: {slack: {a: {url: s3cret}}}\n", "sinks.slack.a.url: expected an address that begins"},
        {"chat_without_address", "sinks: {teams: {a: {digest: true}}}\n", "sinks.teams.a.url: expected an address"},
        {"sink_name", "sinks: {slack: {A B: {url: https://h/}}}\n", "a sink's name is made of"},
        {"mail_without_server", "sinks: {email: {a: {from: a@b, to: [c@d]}}}\n", "a mail server is needed"},
        {"mail_without_sender", "sinks: {email: {a: {host: h, to: [c@d]}}}\n", "a sender is needed"},
        {"mail_without_recipient", "sinks: {email: {a: {host: h, from: a@b}}}\n", "a recipient is needed"},
        {"mail_in_the_open", "sinks: {email: {a: {host: h, from: a@b, to: [c@d], tls: none}}}\n", "with TLS only"},
        {"password_in_the_open",
         "sinks: {email: {a: {host: 127.0.0.1, from: a@b, to: [c@d], tls: none, user: u, password: p}}}\n",
         "sinks.email.a.user: a password is sent with TLS only"},
        {"secret_twice", "sinks: {slack: {a: {url: https://h/, url_file: /nowhere}}}\n",
         "either url or url_file, not both"},
        {"digest_hour", "sinks: {digest: {hour: 24}}\n", "from 0 to 23"},
        {"idle_beyond_batch", "batch: {max_ms: 4}\n", "batch.idle_ms: is longer than batch.max_ms"},
    })),
    [](const auto& row) { return row.param.name; });

TEST_F(Configuration, a_file_that_is_not_there_is_a_problem) {
    EXPECT_THAT(lines_of(load({(folder_ / "none.yaml").string(), {}})),
                ElementsAre(EndsWith("none.yaml: cannot be read")));
}

TEST_F(Configuration, a_secrets_file_without_a_slash_is_one_of_systemds_credentials) {
    std::filesystem::create_directory(folder_ / "credentials");
    std::ofstream(folder_ / "credentials" / "mail") << "hunter2\n";
    std::ofstream(folder_ / "chat") << "https://chat.example/s3cret\n";
    std::ofstream(folder_ / "c.yaml")
        << "sinks:\n  email: {a: {host: h, from: a@b, to: [c@d], password_file: mail}}\n  slack: {a: {url_file: "
        << (folder_ / "chat").string() << "}}\n";
    const Loaded loaded = load(
        {.file = (folder_ / "c.yaml").string(), .environment = {}, .credentials = (folder_ / "credentials").string()});
    EXPECT_THAT(lines_of(loaded), IsEmpty());
    EXPECT_EQ(loaded.config.sinks.emails.at(0).password, "hunter2");
    EXPECT_EQ(loaded.config.sinks.slack.at(0).url, "https://chat.example/s3cret");
    EXPECT_THAT(print_config(loaded), Not(HasSubstr("hunter2")));
    EXPECT_THAT(print_config(loaded), Not(HasSubstr("s3cret")));
}

TEST_F(Configuration, the_wrong_value_of_a_secret_is_not_shown) {
    const Loaded loaded = load_text("sinks: {webhooks: {a: {url: http://h/, secret: hunter2}}}\n");
    for (const std::string& line : lines_of(loaded)) EXPECT_THAT(line, Not(HasSubstr("hunter2")));
}

TEST_F(Configuration, printing_shows_origins_and_hides_secrets) {
    write("secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n");
    const Loaded loaded = load_text(
        "kafka:\n  bootstrap.servers: broker:9092\n  sasl.password: hunter2\nsinks:\n  webhooks:\n    a:\n"
        "      url: http://h/hunter2\n      secret_file: " +
            (folder_ / "secret").string() + "\n",
        {{"CELLVIGIL_HTTP_PORT", "9"}});
    EXPECT_THAT(lines_of(loaded), IsEmpty());
    EXPECT_EQ(loaded.config.sinks.webhooks.at(0).secret, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    const std::string text = print_config(loaded);
    EXPECT_THAT(text, HasSubstr("  port: 9  # environment CELLVIGIL_HTTP_PORT\n"));
    EXPECT_THAT(text, HasSubstr("  idle_ms: 5  # default\n"));
    EXPECT_THAT(text, AllOf(HasSubstr("bootstrap.servers: \"broker:9092\"  # "), HasSubstr("cellvigil.yaml:2:22\n")));
    EXPECT_THAT(text, HasSubstr("sasl.password: \"(redacted)\""));
    EXPECT_THAT(text, AllOf(Not(HasSubstr("hunter2")), Not(HasSubstr("MfKQ9"))));
}

// What is printed can be used as a file, and then says the same (secrets aside).
TEST_F(Configuration, a_printed_configuration_reads_back_as_itself) {
    const Loaded first = load_text(R"(
studies:
  P1: {cohorts: [A, B], sites: {"01": {units: {"x: y": "10*3/uL"}}, s2: }}
  P2: {cohorts: ["true"], sites: {s: {utc_offset: "-03:30"}}}
memory: {limit_bytes: 20000001}
)");
    ASSERT_THAT(lines_of(first), IsEmpty());
    const Loaded second = load({write("printed.yaml", print_config(first)), {}});
    ASSERT_THAT(lines_of(second), IsEmpty()) << print_config(first);
    EXPECT_EQ(first.hash, second.hash) << print_config(first);
}

TEST_F(Configuration, the_hash_tells_secrets_apart) {
    const auto with = [&](const std::string& secret) {
        return load_text("sinks: {webhooks: {a: {url: http://h/, secret: whsec_" + secret + "}}}\n").hash;
    };
    EXPECT_NE(with("a"), with("b"));
    EXPECT_EQ(with("a"), with("a"));
}

TEST_F(Configuration, a_kafka_property_of_one_client_goes_before_the_common_one) {
    const Loaded loaded = load_text(
        "kafka: {bootstrap.servers: a, client.id: all}\ninput: {kafka: {properties: {client.id: in}}}\n"
        "sinks: {kafka: {enabled: true, properties: {client.id: out}}}\n");
    EXPECT_THAT(lines_of(loaded), IsEmpty());
    EXPECT_EQ(loaded.config.input.properties.at("client.id"), "in");
    EXPECT_EQ(loaded.config.sinks.kafka->properties.at("client.id"), "out");
    EXPECT_EQ(loaded.config.sinks.kafka->properties.at("bootstrap.servers"), "a");
}

TEST(ConfigurationTable, every_key_has_a_meaning_and_fixed_ones_a_default_of_their_kind) {
    for (const Key& key : keys()) {
        EXPECT_FALSE(key.meaning.empty()) << key.path;
        EXPECT_THAT(std::string(key.meaning), AllOf(EndsWith("."), Not(HasSubstr("|")))) << key.path;
        EXPECT_TRUE(has_names(key) || read_value(key.expected, key.fallback).has_value()) << key.path;
    }
}

TEST(ConfigurationTable, the_reference_in_docs_is_what_the_program_prints) {
    if (std::getenv("UPDATE_GOLDEN") != nullptr)
        std::ofstream(CELLVIGIL_SOURCE_DIR "/docs/configuration.md") << config_reference();
    std::ifstream file(CELLVIGIL_SOURCE_DIR "/docs/configuration.md");
    std::ostringstream written;
    written << file.rdbuf();
    EXPECT_EQ(written.str(), config_reference()) << "run: cellvigild --print-config-reference > docs/configuration.md";
}

TEST_F(Configuration, alert_policies_are_settings) {
    const Loaded loaded = load_text(
        "alerts: {comment_from: medium, four_eyes_from: info, longest_shelf: {info_h: 1, medium_h: 2, high_h: 0}}\n");
    EXPECT_THAT(lines_of(loaded), IsEmpty());
    const AlertPolicy& policy = loaded.config.alerts;
    EXPECT_EQ(policy.comment_from, Severity::medium);
    EXPECT_EQ(policy.four_eyes_from, Severity::info);
    EXPECT_EQ(policy.longest_shelf[Severity::info], hours(1));
    EXPECT_EQ(policy.longest_shelf[Severity::high], hours(0));
    EXPECT_EQ(policy.longest_shelf[Severity::immediate], hours(0)) << "never, whatever is configured";
    EXPECT_EQ(load_text("{}\n").config.alerts, AlertPolicy{}) << "the defaults are the rules' own";
    EXPECT_THAT(lines_of(load_text("alerts: {longest_shelf: {immediate_h: 5}}\n")), testing::Not(IsEmpty()));
    EXPECT_THAT(lines_of(load_text("alerts: {comment_from: never}\n")), ElementsAre(HasSubstr(":1:")));
}

TEST_F(Configuration, the_rules_of_china_are_the_deployments_to_say) {
    const Loaded loaded = load_text(
        "reporting:\n  jurisdictions: [eu_trial, china_trial]\n  rules:\n    china_trial: {source: \"notice 2018/50\", "
        "fatal_d: 5, serious_d: 10, completion_d: 4, related_only: false}\n");
    EXPECT_THAT(lines_of(loaded), IsEmpty());
    const auto rules = reporting_rules_of(loaded.config.reporting);
    ASSERT_EQ(rules.size(), 2U);
    EXPECT_EQ(rules[0], default_rule(Jurisdiction::eu_trial));
    EXPECT_EQ(rules[1].fatal_days, 5);
    EXPECT_EQ(rules[1].serious_days, 10);
    EXPECT_EQ(rules[1].completion_days, 4);
    EXPECT_FALSE(rules[1].related_only);
    EXPECT_TRUE(rules[1].unexpected_only) << "what is not said stays";
    EXPECT_TRUE(rules[1].verified) << "it names a source";
    const Loaded unsourced =
        load_text("reporting: {jurisdictions: [china_marketed], rules: {china_marketed: {serious_d: 10}}}\n");
    EXPECT_FALSE(reporting_rules_of(unsourced.config.reporting)[0].verified);
}

struct OwnRuleCase {
    const char* name;
    const char* text;
    const char* said;
};
class OwnRule : public Configuration, public testing::WithParamInterface<OwnRuleCase> {};
TEST_P(OwnRule, is_refused_with_line_and_reason) {
    const Loaded loaded = load_text(
        std::string("reporting:\n  jurisdictions: [eu_trial, china_trial]\n  rules:\n    ") + GetParam().text + "\n");
    EXPECT_THAT(lines_of(loaded), testing::Contains(AllOf(HasSubstr(":4:"), HasSubstr(GetParam().said))));
}
INSTANTIATE_TEST_SUITE_P(Wrong, OwnRule,
                         testing::ValuesIn(std::vector<OwnRuleCase>{
                             {"law", "eu_trial: {serious_d: 30}", "are law"},
                             {"unknown", "moon_trial: {serious_d: 30}", "no jurisdiction is called moon_trial"},
                             {"no_effect", "china_marketed: {serious_d: 10}", "has no effect"},
                             {"worse_is_later", "china_trial: {fatal_d: 20, serious_d: 15}", "due later"},
                             {"completes_nothing", "china_trial: {fatal_d: 0, completion_d: 8}",
                              "completes a fatal report"},
                             {"no_number", "china_trial: {serious_d: soon}", "serious_d"},
                             {"zero", "china_trial: {serious_d: 0}", "serious_d"},
                             {"unknown_key", "china_trial: {weekends: no}", "weekends"},
                         }),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace cellvigil::config
