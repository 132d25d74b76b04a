#include "daemon/kafka/conf.h"

#include <algorithm>
#include <array>
#include <utility>

namespace cellvigil::kafka {
namespace {

Result<void> set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
    std::array<char, 512> reason{};
    const auto outcome = rd_kafka_conf_set(conf, name.c_str(), value.c_str(), reason.data(), reason.size());
    if (outcome == RD_KAFKA_CONF_OK) return {};
    if (outcome == RD_KAFKA_CONF_UNKNOWN) return fail(Errc::not_found, "kafka." + name + ": unknown to librdkafka");
    std::string said(reason.data());
    if (!value.empty()) {
        for (auto at = said.find(value); at != std::string::npos; at = said.find(value, at + 3)) {
            said.replace(at, value.size(), "***");
        }
    }
    return fail(Errc::invalid, "kafka." + name + ": " + said);
}

}  // namespace

Result<ConfHandle> make_conf(const ConfPlan& plan, const Properties& properties) {
    ConfHandle conf(rd_kafka_conf_new());
    for (const auto& [name, value] : plan.usual) {
        if (auto done = set(conf.get(), name, value); !done) return fail(done.error());
    }
    for (const auto& [name, value] : plan.optional) {
        if (auto done = set(conf.get(), name, value); !done && done.error().code != Errc::not_found) {
            return fail(done.error());
        }
    }
    for (const auto& [name, value] : properties) {
        const auto fixed = std::find_if(plan.fixed.begin(), plan.fixed.end(),
                                        [&wanted = name](const Setting& setting) { return wanted == setting.name; });
        if (fixed != plan.fixed.end() && value != fixed->value) {
            return fail(Errc::invalid, "kafka." + name + ": fixed to " + fixed->value);
        }
        if (auto done = set(conf.get(), name, value); !done) return fail(Errc::invalid, done.error().detail);
    }
    for (const auto& [name, value] : plan.fixed) {
        if (auto done = set(conf.get(), name, value); !done) return fail(done.error());
    }
    return conf;
}

Result<ClientHandle> make_client(rd_kafka_type_t type, ConfHandle conf) {
    std::array<char, 512> reason{};
    rd_kafka_t* client = rd_kafka_new(type, conf.get(), reason.data(), reason.size());
    if (client == nullptr) return fail(Errc::invalid, std::string("kafka: ") + reason.data());
    conf.release();  // rd_kafka_new took it
    return ClientHandle(client);
}

}  // namespace cellvigil::kafka
