// Does a site report fewer events than chance would let other sites' patients have? Pure.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace cellvigil {

// P(total <= observed) when the site's `patients` are drawn, with replacement, from `pool`: events per patient of all
// other sites at the same visit or exposure. Exact, by convolution: the limit of simaerep's resampling (Koneswarakantha
// 2020). Below 0.05 a site is listed; Benjamini-Hochberg over the sites at 0.05 alerts. With fewer than 4 patients:
// show, never alert. The pool is not empty; counts are not negative. 1 when the site has no patient.
double site_underreport_probability(std::span<const std::int64_t> pool, std::int64_t patients, std::int64_t observed);

}  // namespace cellvigil
