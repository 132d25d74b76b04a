#include <boost/url.hpp>

#include <array>
#include <charconv>
#include <chrono>

#include "daemon/alerts/http_client.h"

namespace cellvigil::alerts {
namespace {

std::optional<int> digits(std::string_view text) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 0) return std::nullopt;
    return number;
}

// "Sun, 06 Nov 1994 08:49:37 GMT", the one form of an HTTP date that is still sent.
std::optional<Instant> http_date(std::string_view text) {
    constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (text.size() != 29 || !text.ends_with(" GMT") || text[3] != ',' || text[19] != ':' || text[22] != ':')
        return std::nullopt;
    const auto day = digits(text.substr(5, 2));
    const auto year = digits(text.substr(12, 4));
    const auto hour = digits(text.substr(17, 2));
    const auto minute = digits(text.substr(20, 2));
    const auto second = digits(text.substr(23, 2));
    unsigned month = 0;
    for (unsigned i = 0; i < kMonths.size(); ++i)
        if (text.substr(8, 3) == kMonths[i]) month = i + 1;
    if (!day || !year || !hour || !minute || !second || month == 0) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(month),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    return Instant(std::chrono::sys_days(date)) + hours(*hour) + minutes(*minute) + seconds(*second);
}

}  // namespace

Result<Address> address_of(std::string_view url) {
    const auto parsed = boost::urls::parse_uri(url);
    if (!parsed || (parsed->scheme() != "http" && parsed->scheme() != "https") || parsed->host().empty())
        return fail(Errc::invalid, "expected an address such as https://host/path");
    if (parsed->has_userinfo()) return fail(Errc::invalid, "a user name in the address is not supported");
    Address address;
    address.secure = parsed->scheme() == "https";
    address.host = parsed->host_address();
    address.port = parsed->has_port() ? std::string(parsed->port()) : address.secure ? "443" : "80";
    address.target = std::string(parsed->encoded_target());
    if (address.target.empty() || address.target.front() != '/') address.target.insert(0, "/");
    return address;
}

std::optional<milliseconds> retry_after(std::string_view header, Instant now) {
    if (const auto wait = digits(header)) return seconds(*wait);
    if (const auto at = http_date(header)) return *at > now ? *at - now : milliseconds(0);
    return std::nullopt;
}

}  // namespace cellvigil::alerts
