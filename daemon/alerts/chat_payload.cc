#include "daemon/alerts/chat_payload.h"

#include <boost/json.hpp>

namespace cellvigil::alerts {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostText = 2800;  // Slack refuses a block of more than 3000 characters

// Slack reads these three as markup.
std::string slack_escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&') {
            out += "&amp;";
        } else if (c == '<') {
            out += "&lt;";
        } else if (c == '>') {
            out += "&gt;";
        } else {
            out += c;
        }
    }
    return out;
}

// At a character's border: UTF-8 goes on with bytes 10xxxxxx.
std::string cut(std::string text) {
    if (text.size() <= kMostText) return text;
    std::size_t end = kMostText;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return text.substr(0, end) + "...";
}

}  // namespace

std::string slack_payload(const Wording& wording) {
    std::string lines;
    for (const auto& [label, text] : wording.facts)
        lines += "*" + slack_escaped(label) + ":* " + slack_escaped(text) + "\n";
    const auto section = [](std::string text) {
        return json::object{{"type", "section"},
                            {"text", json::object{{"type", "mrkdwn"}, {"text", cut(std::move(text))}}}};
    };
    json::array blocks{section("*" + slack_escaped(wording.headline) + "*"), section(std::move(lines))};
    if (!wording.link.empty()) blocks.push_back(section("<" + slack_escaped(wording.link) + "|Open the alert>"));
    return json::serialize(json::object{{"text", slack_escaped(wording.headline)}, {"blocks", std::move(blocks)}});
}

std::string teams_payload(const Wording& wording) {
    json::array facts;
    for (const auto& [label, text] : wording.facts) facts.push_back(json::object{{"title", label}, {"value", text}});
    json::object card{
        {"$schema", "http://adaptivecards.io/schemas/adaptive-card.json"},
        {"type", "AdaptiveCard"},
        {"version", "1.4"},
        {"body",
         json::array{
             json::object{{"type", "TextBlock"}, {"text", wording.headline}, {"weight", "Bolder"}, {"wrap", true}},
             json::object{{"type", "FactSet"}, {"facts", std::move(facts)}}}}};
    if (!wording.link.empty())
        card["actions"] =
            json::array{json::object{{"type", "Action.OpenUrl"}, {"title", "Open the alert"}, {"url", wording.link}}};
    return json::serialize(json::object{
        {"type", "message"},
        {"attachments", json::array{json::object{{"contentType", "application/vnd.microsoft.card.adaptive"},
                                                 {"contentUrl", nullptr},
                                                 {"content", std::move(card)}}}}});
}

}  // namespace cellvigil::alerts
