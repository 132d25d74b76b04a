#include "daemon/alerts/reach.h"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <optional>

namespace cellvigil::alerts {
namespace {

namespace ip = boost::asio::ip;
using Bad = boost::system::error_code;

// IANA's special-purpose registries, and multicast.
constexpr std::array kNotPublic{
    "0.0.0.0/8",      "10.0.0.0/8",    "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24",   "192.0.2.0/24",  "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",  "198.51.100.0/24",
    "203.0.113.0/24", "224.0.0.0/4",   "240.0.0.0/4",    "::/128",         "::1/128",        "100::/64",
    "2001::/23",      "2001:db8::/32", "fc00::/7",       "fe80::/10",      "fec0::/10",      "ff00::/8",
};

bool equal_bits(const auto& a, const auto& b, unsigned bits) {
    for (unsigned i = 0; i < bits; ++i) {
        const unsigned mask = 0x80U >> (i % 8);
        if ((a[i / 8] & mask) != (b[i / 8] & mask)) return false;
    }
    return true;
}

struct Network {
    ip::address base;
    unsigned bits = 0;
};

std::optional<Network> network_of(std::string_view text) {
    Bad bad;
    const auto slash = text.find('/');
    const ip::address base = ip::make_address(std::string(text.substr(0, slash)), bad);
    if (bad) return std::nullopt;
    if (slash == std::string_view::npos) return Network{base, base.is_v4() ? 32U : 128U};
    if (base.is_v4()) {
        const auto network = ip::make_network_v4(std::string(text), bad);
        if (bad) return std::nullopt;
        return Network{base, network.prefix_length()};
    }
    const auto network = ip::make_network_v6(std::string(text), bad);
    if (bad) return std::nullopt;
    return Network{base, network.prefix_length()};
}

bool is_in(const ip::address& address, std::string_view network_text) {
    const auto network = network_of(network_text);
    if (!network || network->base.is_v4() != address.is_v4()) return false;
    if (address.is_v4()) return equal_bits(address.to_v4().to_bytes(), network->base.to_v4().to_bytes(), network->bits);
    return equal_bits(address.to_v6().to_bytes(), network->base.to_v6().to_bytes(), network->bits);
}

// The IPv4 address that an IPv6 one leads to.
ip::address unwrapped(const ip::address& address) {
    if (!address.is_v6()) return address;
    const auto bytes = address.to_v6().to_bytes();
    const auto v4_at = [&](std::size_t i) {
        return ip::address_v4({bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3]});
    };
    if (address.to_v6().is_v4_mapped() || is_in(address, "64:ff9b::/96")) return v4_at(12);
    if (is_in(address, "2002::/16")) return v4_at(2);
    return address;
}

}  // namespace

Reach Reach::everywhere() {
    Reach reach;
    reach.everywhere_ = true;
    return reach;
}

Result<Reach> Reach::public_and(const std::vector<std::string>& networks) {
    Reach reach;
    for (const std::string& text : networks) {
        if (!network_of(text))
            return fail(Errc::invalid, "expected a network such as 10.1.0.0/16, found \"" + text + "\"");
        reach.networks_.push_back(text);
    }
    return reach;
}

bool Reach::allows(std::string_view address) const {
    Bad bad;
    const auto percent = address.find('%');  // an IPv6 scope
    const ip::address parsed = ip::make_address(std::string(address.substr(0, percent)), bad);
    if (bad) return false;
    if (everywhere_) return true;
    const ip::address real = unwrapped(parsed);
    const auto holds = [&](std::string_view network) { return is_in(real, network); };
    if (std::ranges::any_of(networks_, holds)) return true;
    return std::ranges::none_of(kNotPublic, holds);
}

}  // namespace cellvigil::alerts
