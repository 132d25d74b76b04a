// librdkafka configurations from the deployment's properties and ours. Inside daemon/kafka only.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "daemon/kafka/handle.h"
#include "rules/base/result.h"

namespace cellvigil::kafka {

using Properties = std::map<std::string, std::string>;

struct Setting {
    const char* name;
    const char* value;
};

struct ConfPlan {
    std::vector<Setting> fixed;     // not negotiable: a deployment that sets another value is `invalid`
    std::vector<Setting> usual;     // ours unless the deployment says otherwise
    std::vector<Setting> optional;  // as usual, but silently left out where this librdkafka does not know the property
};

// `invalid` names the property and librdkafka's reason; values are never repeated (they may be secrets).
Result<ConfHandle> make_conf(const ConfPlan& plan, const Properties& properties);

// Creates the client; takes the configuration. librdkafka's own words on failure, as `invalid`.
Result<ClientHandle> make_client(rd_kafka_type_t type, ConfHandle conf);

}  // namespace cellvigil::kafka
