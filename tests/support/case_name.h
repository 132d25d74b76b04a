// Names a parametrised case by its field `name`.
#pragma once

#include <string>

#include <gtest/gtest.h>

namespace cellvigil {

struct CaseName {
    template <typename Case>
    std::string operator()(const testing::TestParamInfo<Case>& info) const {
        return std::string(info.param.name);
    }
};

}  // namespace cellvigil
