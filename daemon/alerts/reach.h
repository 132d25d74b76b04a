// Which addresses a webhook may be sent to: a name that somebody else controls must not lead into our own networks.
// Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/base/result.h"

namespace cellvigil::alerts {

class Reach {
  public:
    static Reach everywhere();
    // The public internet, and these networks: "10.1.0.0/16", "fd00::/8", or one address. `invalid` when one is not a
    // network.
    static Result<Reach> public_and(const std::vector<std::string>& networks);

    // `address` in numbers. Loopback, private, link-local, shared, multicast, documentation and reserved ranges are not
    // public; an IPv4 address inside an IPv6 one (mapped, NAT64, 6to4) counts as what it is. What is no address is not
    // allowed.
    bool allows(std::string_view address) const;

  private:
    bool everywhere_ = false;
    std::vector<std::string> networks_;
};

}  // namespace cellvigil::alerts
