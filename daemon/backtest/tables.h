// Operating characteristics as text for people, CSV with a header line, JSON, and a Markdown table for documents.
#pragma once

#include <string>
#include <vector>

#include "daemon/backtest/backtest.h"

namespace cellvigil::backtest {

struct Heading {
    std::string pack;
    std::string preset;
    Base base = Base::at_limit;
    std::uint32_t runs = 0;
    std::uint32_t subjects = 0;
    std::uint64_t seed = 0;
};

std::string as_text(const Heading& heading, const std::vector<Characteristics>& rows);
std::string as_csv(const Heading& heading, const std::vector<Characteristics>& rows);
std::string as_json(const Heading& heading, const std::vector<Characteristics>& rows);
std::string as_markdown(const std::vector<Characteristics>& rows);

}  // namespace cellvigil::backtest
