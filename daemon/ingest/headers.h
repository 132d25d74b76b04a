// A message's headers, looked up by name, whatever the case.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>

#include "daemon/journal/frame.h"
#include "daemon/wire/framing.h"

namespace cellvigil::ingest {

class Headers : public wire::HeaderLookup {
  public:
    explicit Headers(std::span<const journal::Header> headers) : headers_(headers) {}
    std::optional<std::string_view> find(std::string_view name) const override {
        for (const journal::Header& header : headers_) {
            if (same_name(header.name, name)) return header.value;
        }
        return std::nullopt;
    }

  private:
    static bool same_name(std::string_view sent, std::string_view lower) {
        return std::equal(sent.begin(), sent.end(), lower.begin(), lower.end(), [](char a, char b) {
            return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
        });
    }
    std::span<const journal::Header> headers_;
};

}  // namespace cellvigil::ingest
