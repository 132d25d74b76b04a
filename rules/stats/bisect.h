// Halving a bracket: for the constants of stopping rules, where one end holds and the other does not.
#pragma once

namespace cellvigil {

// The end nearest to the change at which `holds` is true. holds(good), not holds(bad); one change between them.
// `steps` halvings of the bracket.
template <typename Holds>
double last_holding(double good, double bad, int steps, const Holds& holds) {
    for (int i = 0; i < steps; ++i) {
        const double middle = good + (bad - good) / 2;
        if (middle == good || middle == bad) break;
        if (holds(middle)) {
            good = middle;
        } else {
            bad = middle;
        }
    }
    return good;
}

}  // namespace cellvigil
