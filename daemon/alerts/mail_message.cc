#include "daemon/alerts/mail_message.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "rules/base/hash.h"

namespace cellvigil::alerts {
namespace {

constexpr std::size_t kBase64Line = 57;  // bytes that make a line of 76 characters

std::string base64(std::string_view bytes) {
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int length =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(length));
    return text;
}

std::string in_lines(std::string_view bytes) {
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += kBase64Line)
        out += base64(bytes.substr(at, kBase64Line)) + "\r\n";
    return out;
}

std::string two_digits(unsigned number) {
    return {static_cast<char>('0' + number / 10 % 10), static_cast<char>('0' + number % 10)};
}

// "Fri, 09 Jan 2026 03:12:44 +0000"
std::string mail_date(Instant at) {
    constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(std::chrono::floor<seconds>(at - day));
    return std::string(kDays.at(std::chrono::weekday(day).c_encoding())) + ", " +
           two_digits(static_cast<unsigned>(date.day())) + " " + kMonths.at(static_cast<unsigned>(date.month()) - 1) +
           " " + std::to_string(static_cast<int>(date.year())) + " " +
           two_digits(static_cast<unsigned>(time.hours().count())) + ":" +
           two_digits(static_cast<unsigned>(time.minutes().count())) + ":" +
           two_digits(static_cast<unsigned>(time.seconds().count())) + " +0000";
}

// RFC 2047: words of at most 75 characters, none of which splits a character.
std::string encoded_words(std::string_view text) {
    const bool plain = std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; }) && text.size() < 900;
    if (plain) return std::string(text);
    std::string out;
    while (!text.empty()) {
        std::size_t end = std::min<std::size_t>(text.size(), 45);
        while (end > 1 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
        out += (out.empty() ? "=?utf-8?B?" : "\r\n =?utf-8?B?") + base64(text.substr(0, end)) + "?=";
        text.remove_prefix(end);
    }
    return out;
}

std::string html_escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string text_part(const Wording& wording) {
    std::string text = wording.headline + "\r\n\r\n";
    for (const auto& [label, value] : wording.facts) text += label + ": " + value + "\r\n";
    if (!wording.link.empty()) text += "\r\n" + wording.link + "\r\n";
    return text;
}

std::string html_part(const Wording& wording) {
    std::string html =
        "<!DOCTYPE html>\r\n<html lang=\"en\"><body><h2>" + html_escaped(wording.headline) + "</h2>\r\n<table>\r\n";
    for (const auto& [label, value] : wording.facts)
        html += "<tr><th align=\"left\">" + html_escaped(label) + "</th><td>" + html_escaped(value) + "</td></tr>\r\n";
    html += "</table>\r\n";
    if (!wording.link.empty()) html += "<p><a href=\"" + html_escaped(wording.link) + "\">Open the alert</a></p>\r\n";
    return html + "</body></html>\r\n";
}

}  // namespace

std::string mail_message(const MailHead& head, const Wording& wording) {
    std::string to;
    for (const std::string& one : head.to) to += (to.empty() ? "" : ",\r\n ") + one;
    const std::string text = text_part(wording);
    const std::string border = "cv-" + std::to_string(hash64(head.message_id + text));
    std::string mail = "Date: " + mail_date(head.date) + "\r\nFrom: " + head.from + "\r\nTo: " + to +
                       "\r\nSubject: " + encoded_words("[Cellvigil] " + wording.headline) + "\r\nMessage-ID: <" +
                       head.message_id + ">\r\n";
    if (!head.references.empty()) {
        mail += "In-Reply-To: <" + head.references.back() + ">\r\nReferences:";
        for (const std::string& one : head.references) mail += " <" + one + ">\r\n";
    }
    mail += "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"" +
            border + "\"\r\n\r\n";
    const auto part = [&](const char* type, std::string_view content) {
        mail += "--" + border + "\r\nContent-Type: " + type +
                "; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + in_lines(content) + "\r\n";
    };
    part("text/plain", text);
    part("text/html", html_part(wording));
    return mail + "--" + border + "--\r\n";
}

bool is_mail_address(std::string_view text) {
    const auto at = text.find('@');
    if (text.size() > 254 || at == 0 || at == std::string_view::npos || at + 1 == text.size()) return false;
    if (text.find('@', at + 1) != std::string_view::npos) return false;
    return std::ranges::none_of(
        text, [](char c) { return c <= ' ' || c > '~' || c == '<' || c == '>' || c == ',' || c == ';'; });
}

std::string domain_of(std::string_view address) { return std::string(address.substr(address.find('@') + 1)); }

}  // namespace cellvigil::alerts
