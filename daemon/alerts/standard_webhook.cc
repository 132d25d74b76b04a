#include "daemon/alerts/standard_webhook.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <boost/json.hpp>

#include "rules/base/ensure.h"

namespace cellvigil::alerts {
namespace {

std::string base64(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

}  // namespace

Result<std::string> webhook_key(std::string_view secret) {
    constexpr std::string_view kPrefix = "whsec_";
    const auto refuse = [] { return fail(Errc::invalid, "expected whsec_ and the base64 of 24 to 64 bytes"); };
    if (!secret.starts_with(kPrefix)) return refuse();
    std::string text(secret.substr(kPrefix.size()));
    while (text.size() % 4 != 0) text += '=';
    std::string key(text.size(), '\0');
    const int length =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(key.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    if (length < 0) return refuse();
    const std::size_t padding = text.ends_with("==")  ? 2
                                : text.ends_with('=') ? 1
                                                      : 0;  // EVP_DecodeBlock decodes it to zeros
    key.resize(static_cast<std::size_t>(length) - padding);
    if (key.size() < 24 || key.size() > 64) return refuse();
    return key;
}

std::string webhook_signature(std::string_view key, std::string_view id, std::int64_t timestamp,
                              std::string_view body) {
    std::string content(id);
    content.append(".").append(std::to_string(timestamp)).append(".").append(body);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    const auto* made =
        HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(content.data()), content.size(), digest.data(), &length);
    ensure(made != nullptr && length == 32, "HMAC-SHA256 gives 32 bytes");
    return "v1," + base64({reinterpret_cast<const char*>(digest.data()), length});
}

std::string webhook_payload(const Notification& notification, const Thin& thin, std::string_view link_base,
                            const Inside* inside) {
    boost::json::object data{
        {"alert_id", notification.alert_id},
        {"revision", thin.revision},
        {"rule", thin.rule},
        {"rule_version", thin.rule_version},
        {"severity", thin.severity},
        {"study", thin.study},
        {"cohort", thin.cohort},
        {"sites", thin.sites},
        {"event_time", to_rfc3339(thin.event_time)},
        {"title", thin.title},
    };
    if (!link_base.empty()) data["link"] = std::string(link_base) + notification.alert_id;
    if (inside != nullptr) {
        data["subject"] = inside->subject;
        data["site"] = inside->site;
        data["explanation"] = inside->explanation;
    }
    return boost::json::serialize(boost::json::object{{"type", "cellvigil.alert." + thin.state},
                                                      {"timestamp", to_rfc3339(notification.created_at)},
                                                      {"data", std::move(data)}});
}

std::string announcement_payload(const Announcement& announcement) {
    boost::json::object facts;
    for (const auto& [name, text] : announcement.facts) facts[name] = text;
    return boost::json::serialize(
        boost::json::object{{"type", std::string("cellvigil.") + name_of(announcement.kind)},
                            {"timestamp", to_rfc3339(announcement.at)},
                            {"data", boost::json::object{{"title", announcement.title}, {"facts", std::move(facts)}}}});
}

}  // namespace cellvigil::alerts
