#include "rules/pack/screen_spec.h"

namespace cellvigil {

const char* name_of(ScreenMethod method) {
    switch (method) {
        case ScreenMethod::site_outlier:
            return "site_outlier";
        case ScreenMethod::lot_scan:
            return "lot_scan";
        case ScreenMethod::reporting_delay:
            return "reporting_delay";
        case ScreenMethod::completeness:
            return "completeness";
        case ScreenMethod::ic:
            return "ic";
        case ScreenMethod::eb05:
            return "eb05";
        case ScreenMethod::prr:
            return "prr";
        case ScreenMethod::ror:
            return "ror";
    }
    return "unknown";
}

bool compares_products(ScreenMethod method) { return method >= ScreenMethod::ic; }

bool counts_endpoint(ScreenMethod method) {
    return method == ScreenMethod::site_outlier || method == ScreenMethod::lot_scan;
}

std::string line_of(const ScreenSpec& screen) {
    return "screen " + screen.id + " cohort=" + screen.cohort + " method=" + name_of(screen.method) +
           " endpoint=" + row_of(screen.endpoint).name + " alpha=" + std::to_string(screen.alpha_millionths) +
           " least=" + std::to_string(screen.least) + " widest=" + std::to_string(screen.widest) +
           " floor=" + std::to_string(screen.floor_millionths) + "\n";
}

}  // namespace cellvigil
