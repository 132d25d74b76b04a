// What the API tells of the daemon itself: rules, configuration, sites. And how the configuration's words on access
// become the server's options.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "daemon/config/config_yaml.h"
#include "daemon/http/live.h"
#include "daemon/http/server.h"
#include "daemon/settings.h"
#include "rules/base/time.h"
#include "rules/pack/catalogue.h"
#include "rules/pack/rule_set.h"

namespace cellvigil {

std::string rules_json(const RuleSet& rules, const Catalogue& catalogue);
std::string config_json(const config::Loaded& loaded);  // secrets redacted

// When each site was last heard of since the start. Thread-safe.
class Sites {
  public:
    void see(std::string_view study, std::string_view site, Instant last, Instant complete);
    // The configured sites and those heard of.
    std::string json(const config::Config& config) const;

  private:
    struct Seen {
        Instant last = kAlways;
        Instant complete = kAlways;
    };
    mutable std::mutex mutex_;
    std::map<std::string, Seen, std::less<>> seen_;  // "study/site"
};

// What the API tells of rules and configuration, replaced as a whole by a reload. Thread-safe.
class ToldSettings {
  public:
    void set(const Deployment& deployment);
    std::string rules() const;
    std::string config() const;
    pipeline::Settings settings() const;

  private:
    mutable std::mutex mutex_;
    std::string rules_;
    std::string config_;
    pipeline::Settings settings_;
};

http::ServerOptions server_options(const config::Http& http);
http::AuthOptions auth_options(const config::Http& http);
Result<http::AlertTold> told_alert(std::string_view body);

}  // namespace cellvigil
