// One event of each kind, every field of it set, for the tests of what reads and writes envelopes.
#pragma once

#include <vector>

#include "rules/event/event.h"

namespace cellvigil::sample {

// Of study "study-1", cohort "cohort-1", site "site-01", subject "s-0001", at +08:00; recorded ten minutes after it was
// true. Views are of literals.
Event event_with(Body body);
Event temperature(Quantity celsius = hundredths(3860));

// Every kind of body, each with every field set to something that admission leaves as it is.
std::vector<Body> full_bodies();

}  // namespace cellvigil::sample
